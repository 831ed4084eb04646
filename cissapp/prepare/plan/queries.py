"""Reads of the year plan."""

from collections.abc import Iterator
from datetime import date
from itertools import chain
from uuid import UUID

from blinker import Signal
from sqlalchemy import select

from cissapp.foundation.core.clock import months_after
from cissapp.foundation.core.db import session
from cissapp.foundation.core.errors import N_
from cissapp.people.schools.models import School
from cissapp.prepare.documents.queries import DocumentEntry
from cissapp.prepare.plan.models import DatedStep, PlannedAction
from cissapp.prepare.plan.rules import (
    Office,
    PlanDate,
    PlanKind,
    SchoolYear,
    put_together,
    standing_dates,
)

# Asks the rooms above which dates they know of a school in a school year: each answers with a list of `PlanDate`.
dates_asked = Signal()

POLICY = "POL"
REVIEW_MONTHS = 12


def action(action_id: UUID) -> PlannedAction | None:
    """Find an action."""
    return session.get(PlannedAction, action_id)


def actions(school_id: UUID) -> list[PlannedAction]:
    """List the actions of a school, the first due first."""
    query = select(PlannedAction).where(PlannedAction.school_id == school_id)
    return list(
        session.scalars(
            query.order_by(PlannedAction.due_on, PlannedAction.added_at, PlannedAction.id)
        )
    )


def steps(school_id: UUID) -> dict[str, DatedStep]:
    """Return what a school says of its dates, by their keys."""
    query = select(DatedStep).where(DatedStep.school_id == school_id)
    rows = session.scalars(query.order_by(DatedStep.changed_at, DatedStep.id))
    return {row.key: row for row in rows}


def asked_dates(
    school: School, year: SchoolYear, documents: list[DocumentEntry], today: date
) -> list[PlanDate]:
    """List the dates of a school year that the plan is asked to hold, as they are suggested."""
    answers = [
        found for _receiver, found in dates_asked.send(school, year=year, today=today) if found
    ]
    known = [*chain(*answers), *_of_documents(documents)]
    return sorted(put_together(standing_dates(year), known, year), key=_in_order)


def _in_order(asked: PlanDate) -> tuple[date, str]:
    return asked.day, asked.key


def _of_documents(documents: list[DocumentEntry]) -> Iterator[PlanDate]:
    """Yield when the policy is to be reviewed, and when evidence expires."""
    for document in documents:
        newest, link = document.newest, ("documents.document", {"document_id": document.id})
        is_policy = document.evidence_code == POLICY
        until = newest.expires_on
        if until is None and is_policy:
            until = months_after(newest.uploaded_at.date(), REVIEW_MONTHS)
        if until is None:
            continue
        yield PlanDate(
            PlanKind.POLICY_REVIEW if is_policy else PlanKind.DOCUMENT,
            f"{until.year}-{document.id.hex}",
            N_("Review “%(title)s”") if is_policy else N_("Renew “%(title)s”: it expires"),
            until,
            Office.HEAD if is_policy else Office.DEPUTY_HEAD,
            values={"title": document.title},
            link=link,
        )
