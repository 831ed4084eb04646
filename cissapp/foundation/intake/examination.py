"""Decides whether an uploaded document is accepted."""

from collections.abc import Sequence

from cissapp.foundation.core.errors import Busy, Problem, Refused
from cissapp.foundation.intake import isolation, ocr
from cissapp.foundation.intake.isolation import examine_in_worker
from cissapp.foundation.intake.kinds import kind_of
from cissapp.foundation.intake.media import MediaType
from cissapp.foundation.intake.names import ending
from cissapp.foundation.intake.ocr import ReadPicture
from cissapp.foundation.intake.reasons import FileRejected, RejectionReason
from cissapp.foundation.intake.results import AcceptedFile, DrawnPage, ReadSquares
from cissapp.foundation.intake.scan import scan
from cissapp.foundation.intake.sentences import SENTENCES

LARGEST = 10 * 1024 * 1024


def examine(content: bytes, file_name: str, *, clamd_url: str = "") -> AcceptedFile:
    """Examine a document and accept it, or raise `Refused`; its content decides, and the name must match.

    Raise `Busy` if it cannot be examined now: the same file may be sent again.
    """
    try:
        return _examined(content, file_name, clamd_url)
    except FileRejected as rejected:
        raise Refused(Problem("file", SENTENCES[rejected.reason])) from rejected


def examine_again(content: bytes) -> AcceptedFile | None:
    """Examine a previously accepted document again; None if that is not possible."""
    try:
        return examine_in_worker(kind_of(content), content)
    except (FileRejected, Busy):
        return None


def draw_page(content: bytes, number: int) -> list[DrawnPage] | None:
    """Draw page `number` of an accepted PDF, large and small; None if it cannot be drawn.

    Raise `Busy` under load: the page can be drawn a moment later.
    """
    return draw_pages(content, number, number)[0]


def draw_pages(content: bytes, first: int, last: int) -> list[list[DrawnPage] | None]:
    """Draw a page of an accepted PDF, and those after it as long as the time of one worker allows.

    A page that cannot be drawn is None, and is the only one. Raise `Busy` under load.
    """
    return [*isolation.draw(content, first, last)] or [None]


def read_squares(content: bytes) -> ReadSquares | None:
    """Read the QR codes of a picture or of the first page of a PDF; None if it cannot be opened.

    Nothing of it is stored. Raise `Busy` under load.
    """
    try:
        return isolation.read_squares(content)
    except FileRejected:
        return None


def read_page(content: bytes, number: int, languages: Sequence[str]) -> ReadPicture | None:
    """Read page `number` of an accepted PDF by OCR; None if it cannot be drawn or read.

    It takes seconds: never call it inside a transaction. Raise `Busy` under load.
    """
    for (page,) in isolation.draw(content, number, to_read=True):
        return ocr.read_picture(page.content, languages)
    return None


def _examined(content: bytes, file_name: str, clamd_url: str) -> AcceptedFile:
    if not content:
        raise FileRejected(RejectionReason.EMPTY)
    if len(content) > LARGEST:
        raise FileRejected(RejectionReason.TOO_LARGE)
    kind = kind_of(content)
    named = ending(file_name)
    if named not in set(MediaType):
        raise FileRejected(RejectionReason.NAME)
    taken = examine_in_worker(kind, content)
    if named != taken.media_type:
        raise FileRejected(RejectionReason.NAME_DISAGREES)
    if clamd_url:
        scan(content, clamd_url)
    return taken
