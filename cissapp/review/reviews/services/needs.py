"""What levels 2 and 3 need besides scores: ticks of a person, and the visit as a fact."""

from collections.abc import Collection
from uuid import UUID

from cissapp.review.reviews.rules.standard import VISIT_NEED
from cissapp.review.visits.queries import signed_visit


def confirmed_needs(application_id: UUID, ticked: Collection[str]) -> set[str]:
    """Return the confirmed needs: those ticked, and the visit once two people have signed its record.

    Ticking the visit has no effect (programme rule 5.1): only the signed record counts.
    """
    visited = {VISIT_NEED} if signed_visit(application_id) else set()
    return {*ticked} - {VISIT_NEED} | visited
