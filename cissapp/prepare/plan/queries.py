"""Reads of the year plan."""

from collections.abc import Iterator
from datetime import date
from itertools import chain
from uuid import UUID

from blinker import Signal
from msgspec.structs import replace
from sqlalchemy import select

from cissapp.foundation.core.clock import months_after
from cissapp.foundation.core.db import session
from cissapp.foundation.core.errors import N_
from cissapp.people.schools.models import School
from cissapp.prepare.documents.queries import DocumentEntry
from cissapp.prepare.facts.queries import facts_of
from cissapp.prepare.facts.rules import NUMBER_MONTHS, confirmed_until
from cissapp.prepare.plan.models import DatedStep, PlannedAction
from cissapp.prepare.plan.rules import (
    Office,
    PlanDate,
    PlanKind,
    SchoolYear,
    put_together,
    standing_dates,
    with_done,
)

# Asks the rooms above for their dates of a school in a school year; each answers with a list of `PlanDate`.
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
    """Return a school's own dates and its changes to suggested ones, by key."""
    query = select(DatedStep).where(DatedStep.school_id == school_id)
    rows = session.scalars(query.order_by(DatedStep.changed_at, DatedStep.id))
    return {row.key: row for row in rows}


def asked_dates(
    school: School, year: SchoolYear, documents: list[DocumentEntry], today: date
) -> list[PlanDate]:
    """List the dates suggested for a school year, before the school's own changes."""
    answers = [found for _receiver, found in dates_asked.send(school, year=year, today=today)]
    told = list(chain(*answers))
    is_review_known = any(one.kind is PlanKind.POLICY_REVIEW for one in told)
    of_documents = _of_documents(documents, with_review=not is_review_known)
    known = [*told, *of_documents, *_of_numbers(school, year, today)]
    return sorted(put_together(standing_dates(year), known, year), key=_in_order)


def _in_order(asked: PlanDate) -> tuple[date, str]:
    return asked.day, asked.key


def _of_numbers(school: School, year: SchoolYear, today: date) -> Iterator[PlanDate]:
    """Yield the date on which the first confirmation of a contact expires, and the one after that."""
    # The helplines of the country are checked by its group, not by the school.
    own = (fact for fact in facts_of(school, today).values() if not fact.is_helpline)
    untils = [until for fact in own if (until := confirmed_until(fact))]
    standing = with_done(PlanKind.NUMBERS, year, [])
    if untils and year.has(min(untils)):
        first = min(untils)
        yield replace(standing[0], day=first, is_suggestion=False)
        again = months_after(first, NUMBER_MONTHS)
        if year.has(again):
            yield replace(standing[1], day=again)


def _of_documents(documents: list[DocumentEntry], *, with_review: bool) -> Iterator[PlanDate]:
    """Yield when evidence expires, and when the policy is due for review if no other room knows."""
    for document in documents:
        newest, link = document.newest, ("documents.document", {"document_id": document.id})
        is_policy = document.evidence_code == POLICY
        until = newest.expires_on
        if until is None and is_policy:
            until = months_after(newest.uploaded_at.date(), REVIEW_MONTHS)
        if until is None or (is_policy and not with_review):
            continue
        yield PlanDate(
            PlanKind.POLICY_REVIEW if is_policy else PlanKind.DOCUMENT,
            f"{until.year}-{document.id.hex}",
            N_("Review “%(title)s”") if is_policy else N_("Renew “%(title)s” before it expires"),
            until,
            Office.HEAD if is_policy else Office.DEPUTY_HEAD,
            values={"title": document.title},
            link=link,
        )
