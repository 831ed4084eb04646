"""The agenda of a visit in the reader's language, and the calendar entry."""

from datetime import datetime, timedelta
from uuid import UUID

from flask_babel import gettext as _
from msgspec import Struct

from cissapp.foundation.content.values import Standard
from cissapp.people.schools.models import School
from cissapp.review.visits.models import Visit
from cissapp.review.visits.rules import (
    KIND_NAMES,
    PEOPLE,
    PUPILS,
    criteria_to_ask_about,
    criteria_to_observe,
)

LASTS = timedelta(hours=4)


def people_to_meet() -> list[str]:
    """List whom the visitors speak to."""
    return [_(one) for one in PEOPLE]


def interview_criteria(standard: Standard, language: str) -> list[str]:
    """List the criteria that the visitors ask people about, with their questions."""
    return [
        f"{one.id} · {one.text(language).title}: {one.text(language).question}"
        for one in criteria_to_ask_about(standard.criteria)
    ]


def observed_criteria(standard: Standard, language: str) -> list[str]:
    """List the critical criteria that the visitors look at without asking people about them."""
    interviews = criteria_to_ask_about(standard.criteria)
    return [
        f"{one.id} · {one.text(language).title}"
        for one in criteria_to_observe(standard.criteria)
        if one not in interviews
    ]


def agenda_as_text(standard: Standard, language: str) -> str:
    """Render the agenda as plain text for an email."""
    parts = [
        (_("Who we speak to"), people_to_meet()),
        (_("What we ask about"), interview_criteria(standard, language)),
        (_("What we look at"), observed_criteria(standard, language)),
    ]
    written = ["\n".join([f"{title}:", *(f"- {line}" for line in lines)]) for title, lines in parts]
    return "\n\n".join([*written, _(PUPILS)])


def calendar_entry(visit: Visit, *, address: str) -> bytes:
    """Render an agreed date as an iCalendar file (RFC 5545); raise ValueError without a date."""
    if visit.starts_at is None or visit.agreed_at is None:
        raise ValueError("no date is agreed")
    entry = AgreedDate(visit.id, _(KIND_NAMES[visit.kind]), visit.agreed_at, visit.starts_at, LASTS)
    return written_entry(entry, visit.application.school, address=address)


class AgreedDate(Struct, frozen=True):
    """An agreed meeting: its kind, when it was agreed, when it starts, and how long it lasts."""

    id: UUID
    kind: str
    agreed_at: datetime
    starts_at: datetime
    lasts: timedelta


def written_entry(entry: AgreedDate, school: School, *, address: str) -> bytes:
    """Render a meeting at a school as an iCalendar file (RFC 5545); `address` is the URL of its page."""
    from icalendar import Calendar, Event  # noqa: PLC0415 -- slow import

    event = Event()
    event.add("uid", f"{entry.id}@ciss")
    event.add("dtstamp", entry.agreed_at)
    event.add("dtstart", entry.starts_at)
    event.add("duration", entry.lasts)
    event.add("summary", f"CISS: {entry.kind}, {school.name}")
    event.add("location", school.locality)
    event.add("url", address)
    calendar = Calendar()
    calendar.add("prodid", "-//CISS//meetings//EN")
    calendar.add("version", "2.0")
    calendar.add_component(event)
    written: bytes = calendar.to_ical()
    return written
