"""Files of other kinds and under other names, each with the one reason for which it must be refused."""

# fmt: off
from collections.abc import Callable, Iterator

from cissapp.foundation.intake.reasons import RejectionReason
from tests.foundation.intake.packages import OLE, PNG, PROGRAM, content, docx, odt
from tests.foundation.intake.pdfs import drawn

Make = Callable[[], bytes]


def cases() -> Iterator[tuple[str, str, Make, RejectionReason]]:
    yield "pdf-named-docx", "policy.docx", drawn, RejectionReason.NAME_DISAGREES
    yield "docx-named-pdf", "policy.pdf", docx, RejectionReason.NAME_DISAGREES
    yield "docx-named-odt", "policy.odt", docx, RejectionReason.NAME_DISAGREES
    yield "odt-named-docx", "policy.docx", odt, RejectionReason.NAME_DISAGREES
    for name in ("policy.pdf.exe", "policy.docm", "policy", "policy.", ".pdf.js", "policy.pdf\0.exe", "policy\u202efdp.exe", "", "policy.pdf/a"):
        yield f"name-{name!r}", name, drawn, RejectionReason.NAME
    ole = RejectionReason.OLD_OFFICE
    yield "doc", "policy.doc", lambda: OLE + "WordDocument".encode("utf-16-le"), RejectionReason.OLD_WORD
    yield ("doc-named-docx", "policy.docx", lambda: OLE + "WordDocument".encode("utf-16-le"), RejectionReason.OLD_WORD)
    yield ("locked-docx", "policy.docx", lambda: OLE + "EncryptedPackage".encode("utf-16-le"), RejectionReason.LOCKED_OFFICE)
    yield "msi", "policy.docx", lambda: OLE, ole
    yield "rtf", "policy.docx", lambda: b"{\\rtf1\\ansi}", RejectionReason.RICH_TEXT
    yield "html", "policy.docx", lambda: b"<html><body>policy</body></html>", RejectionReason.WEB_PAGE
    yield "svg", "policy.pdf", lambda: b"<svg xmlns='http://www.w3.org/2000/svg'/>", RejectionReason.PICTURE
    yield "png", "policy.pdf", lambda: PNG, RejectionReason.PICTURE
    yield "photo", "policy.jpg", lambda: b"\xff\xd8\xff\xe0" + bytes(99), RejectionReason.PICTURE
    yield "program", "policy.pdf", lambda: PROGRAM, RejectionReason.PROGRAM
    yield "elf", "policy.pdf", lambda: b"\x7fELF" + bytes(99), RejectionReason.PROGRAM
    yield "shell", "policy.pdf", lambda: b"#!/bin/sh\n", RejectionReason.PROGRAM
    yield "shortcut", "policy.pdf", lambda: b"L\0\0\0\x01\x14\x02" + bytes(99), RejectionReason.PROGRAM
    for name, start in {"rar": b"Rar!\x1a\x07", "7z": b"7z\xbc\xaf\x27\x1c", "gzip": b"\x1f\x8b\x08", "xz": b"\xfd7zXZ\0", "cab": b"MSCF"}.items():
        yield name, "policy.docx", lambda start=start: start + bytes(99), RejectionReason.ARCHIVE
    yield "flat-odt", "policy.odt", content, RejectionReason.UNKNOWN_KIND
    yield "zeros", "policy.pdf", lambda: bytes(5_000), RejectionReason.UNKNOWN_KIND
