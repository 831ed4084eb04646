"""A person's deadlines as an iCalendar file (RFC 5545): what is due, at which school, on which date."""

from collections.abc import Iterable
from datetime import timedelta

from flask_babel import gettext as _

from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.roles import Role
from cissapp.people.deadlines.mails import place_of
from cissapp.people.deadlines.models import Deadline
from cissapp.people.deadlines.rules import KIND_NAMES, CalendarEntry
from cissapp.people.notices.mails import link_to

# How often calendar applications should refresh the feed.
REFRESH = timedelta(hours=6)


def entries_of(deadlines: Iterable[Deadline], person: Actor) -> list[CalendarEntry]:
    """Return deadlines as all-day entries, in the current language.

    They contain only the name of what is due, the school and the date: others often see a calendar.
    """
    return [
        CalendarEntry(
            f"{deadline.id}@ciss",
            deadline.counted_from_at,
            deadline.due_on,
            _title(deadline, person),
            link_to(place_of(deadline, person)),
        )
        for deadline in deadlines
    ]


def calendar_file(entries: Iterable[CalendarEntry], name: str) -> bytes:
    """Write entries as a calendar of this name."""
    from icalendar import Calendar, Event, vDuration  # noqa: PLC0415 -- slow import

    calendar = Calendar()
    calendar.add("prodid", "-//CISS//deadlines//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", vDuration(REFRESH), parameters={"value": "DURATION"})
    calendar.add("x-published-ttl", "PT6H")
    for entry in entries:
        event = Event()
        event.add("uid", entry.uid)
        event.add("dtstamp", entry.changed_at)
        event.add("dtstart", entry.day)
        event.add("dtend", entry.day + timedelta(days=1))
        event.add("summary", entry.summary)
        event.add("transp", "TRANSPARENT")
        event.add("url", entry.address)
        calendar.add_component(event)
    written: bytes = calendar.to_ical()
    return written


def _title(deadline: Deadline, person: Actor) -> str:
    what = _(KIND_NAMES[deadline.kind])
    if person.role is Role.SCHOOL_MANAGER:
        return f"CISS: {what}"
    return f"CISS: {what}, {deadline.school.name}"
