"""Why a person may not hear an appeal: what bars anyone from a panel, and a part in the case without a role."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from cissapp.foundation.core.errors import Problem
from cissapp.prepare.applications.models import Application
from cissapp.prepare.applications.queries.submissions import completeness_checks
from cissapp.review.appeals.models import Appeal
from cissapp.review.independence import queries as independence
from cissapp.review.independence.rules import CaseRole
from cissapp.review.independence.rules import involvement as rules
from cissapp.review.independence.rules.involvement import TOOK_PART
from cissapp.review.visits.queries import visitors


def took_part(of: Application) -> set[UUID]:
    """Return who checked an application for completeness, or took part in the visit to its school.

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


def reasons_never_to_hear(
    appeal: Appeal, person_ids: Collection[UUID], *, today: date
) -> dict[UUID, list[Problem]]:
    """Return by person why they cannot hear an appeal, whatever they declare; empty if they may after declaring."""
    case = appeal.application
    past = independence.past_involvements(person_ids, today=today, school_ids=[case.school_id])
    declared, with_part = independence.declarations_of(case), took_part(case)
    found: dict[UUID, list[Problem]] = {}
    for person_id, own in past.items():
        involvement = own.involvement_of(case, declared.get(person_id))
        reasons = rules.reasons_never_to_assign(involvement, CaseRole.PANEL_MEMBER)
        found[person_id] = reasons or ([TOOK_PART] if person_id in with_part else [])
    return found


def barred_members(appeal: Appeal, *, today: date) -> dict[UUID, list[Problem]]:
    """Return the members who have not left the panel and cannot hear the appeal, with the reasons of each."""
    members = [one.person_id for one in appeal.hearing]
    found = reasons_never_to_hear(appeal, members, today=today) if members else {}
    return {person_id: reasons for person_id, reasons in found.items() if reasons}
