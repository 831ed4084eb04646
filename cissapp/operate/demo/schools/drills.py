"""The drills of the demonstration: one in time, one late, one still running."""

from datetime import date, datetime, time, timedelta

from cissapp.operate.demo.schools.cast import DemoState
from cissapp.people.accounts.models import User
from cissapp.people.deadlines.queries.calendars import calendar_at
from cissapp.people.deadlines.rules import Calendar, local_day, working_days_after
from cissapp.people.schools.models import School
from cissapp.prepare.drills import queries, services
from cissapp.prepare.drills.models import Drill
from cissapp.prepare.drills.rules import ASKS_PERSON, MessageTemplate, NextStepChoice, ResponseStep
from cissapp.prepare.drills.rules.inputs import DrillOrder, StepReport
from cissapp.prepare.mechanism import queries as mechanism
from cissapp.prepare.mechanism.rules import ChannelMedium, MechanismPart
from cissapp.prepare.mechanism.rules.channels import medium_of

# On which working day after the delivery each step happens, and at what time.
IN_TIME = {
    ResponseStep.RECEIVED: (0, time(11, 5)),
    ResponseStep.ACKNOWLEDGED: (0, time(11, 30)),
    ResponseStep.PASSED: (0, time(12, 10)),
    ResponseStep.NEXT_STEP: (1, time(9, 20)),
    ResponseStep.CLOSED: (1, time(13, 0)),
}
LATE = {
    ResponseStep.RECEIVED: (2, time(9, 0)),
    ResponseStep.ACKNOWLEDGED: (3, time(10, 15)),
    ResponseStep.PASSED: (3, time(11, 0)),
    ResponseStep.NEXT_STEP: (5, time(9, 45)),
    ResponseStep.CLOSED: (6, time(14, 0)),
}
DAYS = {DemoState.CERTIFIED: IN_TIME, DemoState.IN_REVIEW: LATE, DemoState.READY: {}}
BEGINS = time(10, 0)


def drill(school: School, head: User, member: User, state: DemoState, *, at: datetime) -> None:
    """Run a drill of a school's way to report on the first working day from `at`, as its state asks for."""
    if state not in DAYS:
        return
    calendar = calendar_at(school.country_code)
    began = working_days_after(local_day(at, calendar) - timedelta(days=1), 1, calendar)
    moment = _moment(began, BEGINS, calendar)
    made = services.start(school, _order(school), by=member, at=moment)
    if not DAYS[state]:
        return
    steps = DAYS[state]
    days, clock = steps[ResponseStep.RECEIVED]
    found_at = _moment(working_days_after(began, days, calendar), clock, calendar)
    services.note_found(made, by=head, at=found_at)
    for step, (days, clock) in steps.items():
        when = _moment(working_days_after(began, days, calendar), clock, calendar)
        services.record_step(_again(made), _said(school, step, when), by=head, at=when)


def _again(made: Drill) -> Drill:
    found = queries.drill(made.id)
    if found is None:
        raise LookupError(made.id)
    return found


def _order(school: School) -> DrillOrder:
    channels = mechanism.entries(school.id, MechanismPart.CHANNELS)
    mail = next(one for one in channels if medium_of(one) is ChannelMedium.MAIL)
    return DrillOrder(mail.id, MessageTemplate.PUPIL_TALK, announced=False)


def _said(school: School, step: ResponseStep, when: datetime) -> StepReport:
    person = mechanism.entries(school.id, MechanismPart.PERSONS)[0]
    return StepReport(
        step,
        when,
        person.id if step in ASKS_PERSON else None,
        NextStepChoice.OFFER_TALK if step is ResponseStep.NEXT_STEP else None,
    )


def _moment(day: date, clock: time, calendar: Calendar) -> datetime:
    return datetime.combine(day, clock, tzinfo=calendar.zone)
