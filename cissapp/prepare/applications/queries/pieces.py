"""Reads which pieces of its application a school has made, for the lessons that lead to them."""

from uuid import UUID

from cissapp.foundation.content.schema import LessonPiece
from cissapp.prepare.applications.rules.pieces import MadePieces
from cissapp.prepare.assessment import queries as assessment
from cissapp.prepare.documents import queries as documents
from cissapp.prepare.mechanism import queries as mechanism
from cissapp.prepare.mechanism.rules import MechanismPart
from cissapp.prepare.toolkit import queries as toolkit


def made_pieces(school_id: UUID, piece: LessonPiece) -> MadePieces:
    """Check which pieces of one kind exist, in two queries at most; other kinds keep their defaults."""
    match piece:
        case LessonPiece.POLICY:
            return MadePieces(policy=toolkit.has_own_policy(school_id))
        case LessonPiece.WAYS:
            return MadePieces(ways=bool(mechanism.entries(school_id, MechanismPart.CHANNELS)))
        case LessonPiece.ESCALATION:
            return MadePieces(
                escalation=bool(mechanism.entries(school_id, MechanismPart.ESCALATION))
            )
        case LessonPiece.DOCUMENT:
            present = {one.id for one in documents.documents(school_id)}
            return MadePieces(
                shown=frozenset(
                    key
                    for key, score in assessment.scores(school_id).items()
                    if present & set(score.document_ids)
                )
            )
        case LessonPiece.ASSESSMENT:
            return MadePieces(scored=frozenset(assessment.scores(school_id)))
