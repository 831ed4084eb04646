"""Decides whether an uploaded document is taken."""

from cissapp.foundation.core.errors import Busy, Problem, Refused
from cissapp.foundation.intake import isolation
from cissapp.foundation.intake.isolation import look_into
from cissapp.foundation.intake.kinds import kind_of
from cissapp.foundation.intake.media import MediaType
from cissapp.foundation.intake.names import ending
from cissapp.foundation.intake.reasons import Doubt, Reason
from cissapp.foundation.intake.scan import scan
from cissapp.foundation.intake.sentences import SENTENCES
from cissapp.foundation.intake.verdict import Picture, Taken

LARGEST = 10 * 1024 * 1024


def examine(content: bytes, file_name: str, *, clamd_url: str = "") -> Taken:
    """Take a document, or raise `Refused` with the reason; the content decides, and the name must agree.

    Where nobody can look at it now, it is `Busy`: the same file may be sent again.
    """
    try:
        return _examined(content, file_name, clamd_url)
    except Doubt as doubt:
        raise Refused(Problem("file", SENTENCES[doubt.reason])) from doubt


def look_again(content: bytes) -> Taken | None:
    """Look once more into a document that was taken before; None, if that cannot be done."""
    try:
        return look_into(kind_of(content), content)
    except (Doubt, Busy):
        return None


def draw(content: bytes, number: int) -> list[Picture] | None:
    """Draw page `number` of a PDF that was taken, large and small; None, if it cannot be drawn.

    Many looks at once raise `Busy`: the page can be drawn a moment later.
    """
    try:
        return isolation.draw(content, number)
    except Doubt:
        return None


def _examined(content: bytes, file_name: str, clamd_url: str) -> Taken:
    if not content:
        raise Doubt(Reason.EMPTY)
    if len(content) > LARGEST:
        raise Doubt(Reason.TOO_LARGE)
    kind = kind_of(content)
    named = ending(file_name)
    if named not in set(MediaType):
        raise Doubt(Reason.NAME)
    taken = look_into(kind, content)
    if named != taken.media_type:
        raise Doubt(Reason.NAME_DISAGREES)
    if clamd_url:
        scan(content, clamd_url)
    return taken
