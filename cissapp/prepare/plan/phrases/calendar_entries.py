"""The entries that the year plan adds to the calendars of a school's people."""

from datetime import UTC, datetime, time

from flask import url_for

from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.roles import Role
from cissapp.foundation.web import filters
from cissapp.people.deadlines.rules import CalendarEntry
from cissapp.people.notices.mails import link_to
from cissapp.people.schools.models import School
from cissapp.people.schools.queries import own_school
from cissapp.prepare.documents.queries import documents
from cissapp.prepare.plan.phrases.lines import PlanLine, year_plan
from cissapp.prepare.plan.rules import SchoolYear


def entries_of_person(person: Actor) -> list[CalendarEntry]:
    """List the open steps of a person's school; empty for people of no school."""
    school = own_school(person) if person.role is Role.SCHOOL_MANAGER else None
    return entries_of_school(school, SchoolYear.of(filters.today())) if school else []


def entries_of_school(school: School, year: SchoolYear) -> list[CalendarEntry]:
    """List the open steps of a school year, in the active language."""
    today = filters.today()
    plan = year_plan(school, year, documents(school.id), today)
    return [
        _entry(school, year, line)
        for line in plan.lines
        if line.done_on is None and (line.due_on >= today or line.is_late(today))
    ]


def _entry(school: School, year: SchoolYear, line: PlanLine) -> CalendarEntry:
    sign = str(line.action.id) if line.action else f"{line.key}-{school.id}"
    # The same plan yields the same file, so that a calendar that polls again learns that nothing changed.
    changed_at = line.changed_at or datetime.combine(year.begins_on, time(), tzinfo=UTC)
    summary = f"CISS: {line.what} ({line.who})"
    return CalendarEntry(
        f"{sign}@ciss", changed_at, line.due_on, summary, link_to(url_for("plan.plan"))
    )
