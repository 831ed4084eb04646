"""Which pieces of an application exist already: what a lesson's activity made is not asked for again."""

from collections.abc import Sequence

from msgspec import Struct

from cissapp.foundation.content.schema import LessonPiece


class MadePieces(Struct, frozen=True):
    """What a school has made: its policy, its lists of the mechanism, criteria with a document, criteria scored."""

    policy: bool = False
    ways: bool = False
    escalation: bool = False
    shown: frozenset[str] = frozenset()
    scored: frozenset[str] = frozenset()


def is_made(piece: LessonPiece, criteria: Sequence[str], made: MadePieces) -> bool:
    """Check whether a piece is there; a document counts once it shows one of the criteria."""
    match piece:
        case LessonPiece.POLICY:
            return made.policy
        case LessonPiece.WAYS:
            return made.ways
        case LessonPiece.ESCALATION:
            return made.escalation
        case LessonPiece.DOCUMENT:
            return bool(made.shown & set(criteria))
        case LessonPiece.ASSESSMENT:
            return made.scored >= set(criteria)
