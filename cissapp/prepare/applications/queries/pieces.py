"""Reads what a school has made of its application, for the lessons that lead to it."""

from uuid import UUID

from cissapp.prepare.applications.rules.pieces import MadePieces
from cissapp.prepare.applications.submission_content.evidence import gather_evidence


def made_pieces(school_id: UUID) -> MadePieces:
    """Gather which pieces are there, in a constant number of queries."""
    found = gather_evidence(school_id)
    present = found.document_ids
    return MadePieces(
        policy=found.has_policy,
        ways=bool(found.channels),
        escalation=bool(found.steps),
        shown=frozenset(
            key for key, score in found.scores.items() if present & set(score.document_ids)
        ),
        scored=frozenset(found.scores),
    )
