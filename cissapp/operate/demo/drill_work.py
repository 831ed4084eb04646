"""The drills of the demonstration: one in time, one late, one still running."""

from datetime import date, datetime, time, timedelta

from cissapp.operate.demo.cast import Fate
from cissapp.people.accounts.models import User
from cissapp.people.deadlines.calendars import calendar_at
from cissapp.people.deadlines.rules import Calendar, local_day, working_days_after
from cissapp.people.schools.models import School
from cissapp.prepare.drills import queries, services
from cissapp.prepare.drills.models import Drill
from cissapp.prepare.drills.rules import ASKS_PERSON, NextStep, Step, Template
from cissapp.prepare.drills.services import Order, Said
from cissapp.prepare.mechanism import queries as mechanism
from cissapp.prepare.mechanism.rules import ChannelMedium, Part
from cissapp.prepare.mechanism.rules.channels import medium_of

# On which working day after the delivery each step happens, and at what time.
IN_TIME = {
    Step.RECEIVED: (0, time(11, 5)),
    Step.ACKNOWLEDGED: (0, time(11, 30)),
    Step.PASSED: (0, time(12, 10)),
    Step.NEXT_STEP: (1, time(9, 20)),
    Step.CLOSED: (1, time(13, 0)),
}
LATE = {
    Step.RECEIVED: (2, time(9, 0)),
    Step.ACKNOWLEDGED: (3, time(10, 15)),
    Step.PASSED: (3, time(11, 0)),
    Step.NEXT_STEP: (5, time(9, 45)),
    Step.CLOSED: (6, time(14, 0)),
}
DAYS = {Fate.CERTIFIED: IN_TIME, Fate.IN_REVIEW: LATE, Fate.READY: {}}
BEGINS = time(10, 0)


def drill(school: School, head: User, member: User, fate: Fate, *, at: datetime) -> None:
    """Drill a way to report of a school on the first working day from a moment on, as its fate wants it."""
    if fate not in DAYS:
        return
    calendar = calendar_at(school.country_code)
    began = working_days_after(local_day(at, calendar) - timedelta(days=1), 1, calendar)
    moment = _moment(began, BEGINS, calendar)
    made = services.start(school, _order(school), by=member, at=moment)
    if not DAYS[fate]:
        return
    steps = DAYS[fate]
    days, clock = steps[Step.RECEIVED]
    found_at = _moment(working_days_after(began, days, calendar), clock, calendar)
    services.find(school, made.code, by=head, at=found_at)
    for step, (days, clock) in steps.items():
        when = _moment(working_days_after(began, days, calendar), clock, calendar)
        services.record(_again(made), _said(school, step, when), by=head, at=when)


def _again(made: Drill) -> Drill:
    found = queries.drill(made.id)
    if found is None:
        raise LookupError(made.id)
    return found


def _order(school: School) -> Order:
    channels = mechanism.entries(school.id, Part.CHANNELS)
    mail = next(one for one in channels if medium_of(one) is ChannelMedium.MAIL)
    return Order(mail.id, Template.PUPIL_TALK, announced=False)


def _said(school: School, step: Step, when: datetime) -> Said:
    person = mechanism.entries(school.id, Part.PERSONS)[0]
    return Said(
        step,
        when,
        person.id if step in ASKS_PERSON else None,
        NextStep.OFFER_TALK if step is Step.NEXT_STEP else None,
    )


def _moment(day: date, clock: time, calendar: Calendar) -> datetime:
    return datetime.combine(day, clock, tzinfo=calendar.zone)
