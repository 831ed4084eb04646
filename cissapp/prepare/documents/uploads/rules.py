"""Rules of uploads in parts: their states and limits, and the parsing of tus 1.0 headers."""

import binascii
import hashlib
from base64 import b64decode
from collections.abc import Callable
from datetime import timedelta
from enum import StrEnum
from typing import Any

from msgspec import Struct

from cissapp.foundation.core.errors import N_, Problem, Refused
from cissapp.foundation.intake.examination import LARGEST
from cissapp.foundation.intake.media import MediaType
from cissapp.foundation.intake.names import ending
from cissapp.foundation.intake.reasons import RejectionReason
from cissapp.foundation.intake.sentences import SENTENCES
from cissapp.foundation.intake.worker_pool import TRY_AGAIN

OPEN_MOST = 5
PARTS_MOST = 1000
NAME_MOST = 255
# What its ending tells of a file that is no document; the others are told which endings are taken.
REASON_OF_ENDING = {
    **dict.fromkeys(("jpg", "jpeg", "png", "heic", "heif"), RejectionReason.PICTURE),
    "doc": RejectionReason.OLD_WORD,
    "rtf": RejectionReason.RICH_TEXT,
}
# Counted from the last piece: long enough for a night offline.
LIFETIME = timedelta(hours=48)

# The file is not at fault: it can be sent again unchanged.
FOR_NOW = frozenset({TRY_AGAIN, SENTENCES[RejectionReason.NOT_SCANNED]})

TUS_VERSION = "1.0.0"
TUS_EXTENSIONS = "creation,expiration,checksum,termination"
# tus asks every server for SHA-1; our own pages send SHA-256.
ALGORITHMS: dict[str, Callable[[bytes], Any]] = {
    "sha1": lambda content: hashlib.sha1(content, usedforsecurity=False),
    "sha256": hashlib.sha256,
}


class UploadState(StrEnum):
    """The life of an upload; a used one became a document."""

    RECEIVING = "receiving"
    COMPLETE = "complete"
    USED = "used"


class AnnouncedFile(Struct, frozen=True):
    """What a sender announces about a file; `sha256` in hexadecimal, empty if not known."""

    file_name: str
    size: int
    sha256: str = ""


class Checksum(Struct, frozen=True):
    """The hash that a piece must have."""

    algorithm: str
    digest: bytes


def parse_announcement(length: str | None, metadata: str | None) -> AnnouncedFile:
    """Read what a sender announces (headers `Upload-Length` and `Upload-Metadata`); refuse what is malformed."""
    if length is None or not length.isascii() or not length.isdigit() or len(length) > 15:
        raise _malformed()
    values = _metadata(metadata or "")
    sha256 = values.get("sha256", "").lower()
    if sha256 and (len(sha256) != 64 or not set(sha256) <= set("0123456789abcdef")):
        raise _malformed()
    return AnnouncedFile(values.get("filename", "")[:NAME_MOST], int(length), sha256)


def parse_offset(header: str | None) -> int:
    """Read where a piece begins (header `Upload-Offset`); refuse what is malformed."""
    if header is None or not header.isascii() or not header.isdigit() or len(header) > 15:
        raise _malformed()
    return int(header)


def parse_checksum(header: str | None) -> Checksum | None:
    """Read the hash of a piece (header `Upload-Checksum`); refuse an algorithm that is not known."""
    if not header:
        return None
    algorithm, _, digest = header.partition(" ")
    if algorithm not in ALGORITHMS:
        raise _malformed()
    return Checksum(algorithm, _decoded(digest))


def refuse_announced(given: AnnouncedFile, open_uploads: int) -> None:
    """Refuse what would be refused at the end anyway, before it crosses a slow connection."""
    if given.size == 0:
        raise Refused(Problem("file", SENTENCES[RejectionReason.EMPTY]))
    if given.size > LARGEST:
        raise Refused(Problem("large", SENTENCES[RejectionReason.TOO_LARGE]))
    named = ending(given.file_name)
    if named not in set(MediaType):
        reason = REASON_OF_ENDING.get(named, RejectionReason.NAME)
        raise Refused(Problem("file", SENTENCES[reason]))
    if open_uploads >= OPEN_MOST:
        message = N_(
            "Your school has %(most)s unfinished uploads. Finish one of them or remove it."
        )
        raise Refused(Problem("many", message, {"most": OPEN_MOST}))


def refuse_piece(
    content: bytes, given: Checksum | None, *, begins: int, received: int, size: int, parts: int
) -> None:
    """Refuse a piece that does not begin where the last one ended, is too long, or was damaged."""
    if begins != received:
        message = N_(
            "Another window sent the same file. Check how much has arrived, and continue from there."
        )
        raise Refused(Problem("offset", message))
    if begins + len(content) > size or parts >= PARTS_MOST:
        raise Refused(Problem("large", N_("More data arrived than expected. Start again.")))
    if given and ALGORITHMS[given.algorithm](content).digest() != given.digest:
        message = N_("Part of the file was damaged on the way. It is being sent again.")
        raise Refused(Problem("checksum", message))


def is_of_the_file(problem: Problem) -> bool:
    """Check whether a file is refused for what it is, not because it could not be checked now."""
    return problem.code == "file" and problem.message not in FOR_NOW


def percent(received: int, size: int) -> int:
    """Return how much has arrived, in whole per cent; 100 only if it is all."""
    return 100 * received // size


def _metadata(header: str) -> dict[str, str]:
    values = {}
    for pair in header.split(",") if header else ():
        key, _, value = pair.strip().partition(" ")
        values[key] = _decoded(value).decode("utf-8", "replace")
    return values


def _decoded(value: str) -> bytes:
    try:
        return b64decode(value, validate=True)
    except (binascii.Error, ValueError) as error:
        raise _malformed() from error


def _malformed() -> Refused:
    return Refused(Problem("malformed", N_("We could not understand the request.")))
