"""Why a person may not hear an appeal: what bars anyone from a panel, and a part in the case without a role."""

from datetime import date
from uuid import UUID

from cissapp.foundation.core.errors import Problem
from cissapp.prepare.applications.models import Application
from cissapp.prepare.applications.queries.submissions import completeness_checks
from cissapp.review.appeals.models import Appeal
from cissapp.review.independence import queries as independence
from cissapp.review.independence.rules import involvement as rules
from cissapp.review.independence.rules.involvement import TOOK_PART
from cissapp.review.visits.queries import visitors


def took_part(of: Application) -> set[UUID]:
    """Return who checked an application for completeness, or was at the visit to its school.

    Neither is a role of the case, so the same people may review or decide later; but a panel is of people who
    took no part (programme rule 5.2).
    """
    checked = {one.sifter_id for one in completeness_checks(of).values()}
    return checked | visitors(of.id)


def reasons_not_to_hear(appeal: Appeal, person_id: UUID | None, *, today: date) -> list[Problem]:
    """List why a person may not hear an appeal: closed, linked, a role in the case, or a part without a role."""
    own = independence.involvement_of(appeal.application, person_id, today=today)
    found = rules.reasons_not_to_hear(own)
    return found or ([TOOK_PART] if person_id in took_part(appeal.application) else [])
