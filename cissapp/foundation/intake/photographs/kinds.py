"""The kind of a photograph as its first bytes show it."""

from enum import StrEnum

from cissapp.foundation.intake.kinds import kind_of
from cissapp.foundation.intake.photographs.faults import PhotoFault, PhotoRefused
from cissapp.foundation.intake.reasons import FileRejected, RejectionReason

LARGEST = 12 * 1024 * 1024


class PhotoKind(StrEnum):
    """The supported kinds of photograph, named as by the library that opens them."""

    JPEG = "JPEG"
    PNG = "PNG"
    HEIC = "HEIF"


STILL = {b"heic", b"heix", b"heim", b"heis", b"mif1"}
MOVING = {b"hevc", b"hevx", b"hevm", b"hevs", b"msf1", b"qt  ", b"isom", b"iso2", b"mp41", b"mp42"}
DOCUMENTS = {RejectionReason.OLD_WORD, RejectionReason.LOCKED_OFFICE, RejectionReason.RICH_TEXT}


def photo_kind(content: bytes) -> PhotoKind:
    """Return the kind of a photograph, whatever its name says; raise PhotoRefused for anything else."""
    if not content:
        raise PhotoRefused(PhotoFault.EMPTY)
    if len(content) > LARGEST:
        raise PhotoRefused(PhotoFault.TOO_LARGE)
    if content.startswith(b"\xff\xd8\xff"):
        return PhotoKind.JPEG
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return PhotoKind.PNG
    if content[4:8] == b"ftyp" and content[8:12] in STILL:
        return PhotoKind.HEIC
    raise PhotoRefused(_what_else(content))


def _what_else(content: bytes) -> PhotoFault:
    if content[4:8] == b"ftyp" and content[8:12] in MOVING:
        return PhotoFault.MOVES
    try:
        kind_of(content)
    except FileRejected as rejected:
        if rejected.reason is RejectionReason.PICTURE:
            return PhotoFault.OTHER_PICTURE
        return PhotoFault.IS_DOCUMENT if rejected.reason in DOCUMENTS else PhotoFault.NO_PICTURE
    return PhotoFault.IS_DOCUMENT
