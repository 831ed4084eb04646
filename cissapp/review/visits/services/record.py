"""The text of a visit's record that two people sign, with job titles and criteria but no names."""

import hashlib

from cissapp.foundation.content.values import Standard
from cissapp.foundation.core.db import canonical
from cissapp.review.visits.models import Visit
from cissapp.review.visits.rules import PEOPLE, criteria_to_observe

FORMAT = 1


def record_text(visit: Visit, standard: Standard) -> str:
    """Return the record as canonical text; it is the same text as long as nothing is changed."""
    items = {one.criterion_id: {"mark": one.mark, "note": one.note} for one in visit.items}
    return canonical(
        {
            "format": FORMAT,
            "visit_id": visit.id,
            "application_id": visit.application_id,
            "cycle": visit.application.cycle,
            "round": visit.round,
            "kind": visit.kind,
            "reason": visit.reason,
            "starts_at": visit.starts_at,
            "rubric_version": standard.rubric.version,
            "spoken_to": [] if visit.reason else list(PEOPLE),
            "items": {
                one.id: items.get(one.id, {"mark": None, "note": ""})
                for one in criteria_to_observe(standard.criteria)
            },
        }
    )


def record_hash(content: str) -> str:
    """Return the hash of a record's text."""
    return hashlib.sha256(content.encode()).hexdigest()


def unmarked_criteria(visit: Visit, standard: Standard) -> list[str]:
    """List the criteria of the checklist without a mark."""
    marked = {one.criterion_id for one in visit.items if one.mark is not None}
    return [one.id for one in criteria_to_observe(standard.criteria) if one.id not in marked]
