"""The deadlines of a person as an iCalendar file (RFC 5545): what is due, at which school, on which day."""

from collections.abc import Iterable
from datetime import timedelta

from flask_babel import gettext as _

from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.roles import Role
from cissapp.people.deadlines.mails import place_of
from cissapp.people.deadlines.models import Deadline
from cissapp.people.deadlines.rules import KIND_NAMES
from cissapp.people.notices.mails import link_to

# How often a calendar should look again.
REFRESH = timedelta(hours=6)


def calendar_file(deadlines: Iterable[Deadline], person: Actor) -> bytes:
    """Write deadlines as entries of whole days, in the language that is switched on.

    Nothing but the name of what is due, the school and the day: a calendar is often seen by others.
    """
    from icalendar import Calendar, Event, vDuration  # noqa: PLC0415 -- slow import

    calendar = Calendar()
    calendar.add("prodid", "-//CISS//deadlines//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", _("CISS deadlines"))
    calendar.add("refresh-interval", vDuration(REFRESH), parameters={"value": "DURATION"})
    calendar.add("x-published-ttl", "PT6H")
    for deadline in deadlines:
        event = Event()
        event.add("uid", f"{deadline.id}@ciss")
        event.add("dtstamp", deadline.counted_from_at)
        event.add("dtstart", deadline.due_on)
        event.add("dtend", deadline.due_on + timedelta(days=1))
        event.add("summary", _title(deadline, person))
        event.add("transp", "TRANSPARENT")
        event.add("url", link_to(place_of(deadline, person)))
        calendar.add_component(event)
    written: bytes = calendar.to_ical()
    return written


def _title(deadline: Deadline, person: Actor) -> str:
    what = _(KIND_NAMES[deadline.kind])
    if person.role is Role.SCHOOL_MANAGER:
        return f"CISS: {what}"
    return f"CISS: {what}, {deadline.school.name}"
