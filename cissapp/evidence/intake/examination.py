"""Decides whether an uploaded document is taken."""

from cissapp.core.errors import Problem, Refused
from cissapp.evidence.intake.isolation import look_into
from cissapp.evidence.intake.kinds import kind_of
from cissapp.evidence.intake.names import ending
from cissapp.evidence.intake.reasons import Doubt, Reason
from cissapp.evidence.intake.scan import scan
from cissapp.evidence.intake.sentences import SENTENCES
from cissapp.evidence.intake.verdict import Taken
from cissapp.evidence.rules import MediaType

LARGEST = 10 * 1024 * 1024


def examine(content: bytes, file_name: str, *, clamd_url: str = "") -> Taken:
    """Take a document, or raise Refused with the reason; the content decides, and the name must agree."""
    try:
        return _examined(content, file_name, clamd_url)
    except Doubt as doubt:
        raise Refused(Problem("file", SENTENCES[doubt.reason])) from doubt


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
