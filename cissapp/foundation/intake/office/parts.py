"""Members of a package that are not XML: pictures and fonts, by what is in them."""

from cissapp.foundation.intake import pictures
from cissapp.foundation.intake.kinds import EICAR, OLE, PROGRAMS
from cissapp.foundation.intake.reasons import FileFinding, FileRejected, RejectionReason

FONTS = (b"\0\x01\0\0", b"OTTO", b"true", b"ttcf", b"wOFF", b"wOF2")
OTHER_FILES = (
    b"PK\x03\x04",
    b"PK\x05\x06",
    b"%PDF-",
    b"{\\rt",
    b"Rar!",
    b"7z\xbc\xaf",
    OLE,
    *PROGRAMS,
)
FILMS = (b"ID3", b"OggS", b"\x1aE\xdf\xa3", b"FLV", b"\xff\xfb", b"#EXTM3U", b"\x30\x26\xb2\x75")


def refuse_other_file(data: bytes) -> None:
    """Refuse a member that is a whole other file: program, archive, document, film."""
    if EICAR in data[:4_096]:
        raise FileRejected(RejectionReason.VIRUS)
    if data.startswith(OTHER_FILES):
        raise FileRejected(RejectionReason.EMBEDDED)
    is_sound = data.startswith(b"RIFF") and data[8:12] in {b"WAVE", b"AVI "}
    if is_sound or data.startswith(FILMS) or (data[4:8] == b"ftyp"):
        raise FileRejected(RejectionReason.FILM)


def check_picture(data: bytes) -> set[FileFinding]:
    """Reject a member that is not a picture, or is too large."""
    refuse_other_file(data)
    if not pictures.check(data):
        raise FileRejected(RejectionReason.FOREIGN_PART)
    return {FileFinding.PLACE} if pictures.names_place(data) else set()


def is_font(data: bytes) -> bool:
    """Return whether the bytes are a font."""
    return data.startswith(FONTS)
