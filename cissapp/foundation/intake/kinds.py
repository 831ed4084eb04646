"""The kind of a file as its first bytes show it."""

import re
from enum import StrEnum

from cissapp.foundation.intake.reasons import FileRejected, RejectionReason

LOOKED_AT = 1024


class FileFamily(StrEnum):
    """The two families of files that are examined."""

    PDF = "pdf"
    PACKAGE = "package"


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
PROGRAMS = (
    b"MZ",
    b"\x7fELF",
    b"#!",
    b"\xca\xfe\xba\xbe",
    b"\xfe\xed\xfa",
    b"\xcf\xfa\xed\xfe",
    b"L\0\0\0\x01\x14\x02",
)
ARCHIVES = (
    b"PK\x05\x06",
    b"PK\x07\x08",
    b"PK00PK",
    b"Rar!\x1a\x07",
    b"7z\xbc\xaf\x27\x1c",
    b"\x1f\x8b",
    b"BZh",
    b"\xfd7zXZ\0",
    b"MSCF",
    b"\x28\xb5\x2f\xfd",
    b"!<arch>",
    b"ITSF",
    b"\x60\xea",
)
PICTURES = (
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"BM",
    b"II*\0",
    b"MM\0*",
    b"\x00\x00\x01\x00",
    b"8BPS",
    b"\xd7\xcd\xc6\x9a",
    b"\x00\x00\x00\x0cjP",
    b"gimp xcf",
    b"AT&TFORM",
)
MARKUP = re.compile(
    rb"<\s*(!doctype html|html|head|body|script|svg|iframe|img|meta|\?php|hta:)", re.IGNORECASE
)
EICAR = b"".join((b"X5O!P%@AP[4", b"\\PZX54(P^)7CC)7}$", b"EICAR-STANDARD"))


def kind_of(content: bytes) -> FileFamily:
    """Return the family of a file by its first bytes; reject others, each with its own reason."""
    if content.startswith(b"%PDF-"):
        return FileFamily.PDF
    if content.startswith(b"PK\x03\x04"):
        return FileFamily.PACKAGE
    raise FileRejected(_what_else(content))


def _what_else(content: bytes) -> RejectionReason:
    head = content[:LOOKED_AT]
    if head.startswith(OLE):
        return _which_office(content)
    for reason, signatures in (
        (RejectionReason.PROGRAM, PROGRAMS),
        (RejectionReason.ARCHIVE, ARCHIVES),
        (RejectionReason.PICTURE, PICTURES),
    ):
        if head.startswith(signatures):
            return reason
    return _which_text(head)


def _which_office(content: bytes) -> RejectionReason:
    if "EncryptedPackage".encode("utf-16-le") in content:
        return RejectionReason.LOCKED_OFFICE
    if "WordDocument".encode("utf-16-le") in content:
        return RejectionReason.OLD_WORD
    return RejectionReason.OLD_OFFICE


def _which_text(head: bytes) -> RejectionReason:
    if EICAR in head:
        return RejectionReason.VIRUS
    if head.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"{\\rt"):
        return RejectionReason.RICH_TEXT
    if head[4:8] == b"ftyp" and head[8:11] in {b"hei", b"mif", b"avi"}:
        return RejectionReason.PICTURE
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return RejectionReason.PICTURE
    return _which_late(head)


def _which_late(head: bytes) -> RejectionReason:
    found = MARKUP.search(head.replace(b"\0", b""))
    if found:
        return RejectionReason.PICTURE if found[1].lower() == b"svg" else RejectionReason.WEB_PAGE
    if b"%PDF-" in head:
        return RejectionReason.PDF_JUNK_BEFORE
    if b"PK\x03\x04" in head:
        return RejectionReason.ZIP_JUNK
    return RejectionReason.UNKNOWN_KIND
