"""Writes of drills: start, deliver, cancel, open by code, record steps, end."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from cissapp.foundation.audit.rules import Event
from cissapp.foundation.audit.services import record as audit
from cissapp.foundation.content.installed import content
from cissapp.foundation.core.actor import SYSTEM, Actor
from cissapp.foundation.core.bulk.long_work import batches_of, each_kept
from cissapp.foundation.core.db import lock, session
from cissapp.foundation.core.errors import N_, Problem, Refused
from cissapp.people.accounts.services.attempts import count_or_refuse, forget_attempts
from cissapp.people.deadlines import services as deadlines
from cissapp.people.deadlines.queries.calendars import calendar_at
from cissapp.people.deadlines.queries.calendars import hours_of as hours_of_country
from cissapp.people.deadlines.rules import DeadlineKind, WorkingHours, local_day, working_days_after
from cissapp.people.schools.models import School
from cissapp.prepare.drills import mails, queries
from cissapp.prepare.drills.models import Drill, DrillOutcome, DrillStep
from cissapp.prepare.drills.rules import (
    ANSWER_WORKING_DAYS,
    ASKS_PERSON,
    DrillAction,
    DrillState,
    MessageTemplate,
    ResponseStep,
    advance,
    new_code,
    next_step,
    normalise_code,
)
from cissapp.prepare.drills.rules.answer_key import is_right
from cissapp.prepare.drills.rules.codes import WRONG_CODES
from cissapp.prepare.drills.rules.inputs import DrillOrder, StepReport
from cissapp.prepare.drills.rules.lifecycle import DrillStartFacts, moment_problems, start_problems
from cissapp.prepare.drills.rules.messages import MESSAGES
from cissapp.prepare.drills.rules.results import measure_response
from cissapp.prepare.mechanism import queries as mechanism
from cissapp.prepare.mechanism.models import ReportingChannel, ReportingPerson
from cissapp.prepare.mechanism.rules import ChannelKind, ChannelMedium, MechanismPart
from cissapp.prepare.mechanism.rules.channels import hours_of, medium_of

# --- the group ---------------------------------------------------------------------------------


def start(school: School, order: DrillOrder, *, by: Actor, at: datetime) -> Drill:
    """Start a drill of a declared channel; an e-mail message is sent at once. Raise `Refused`."""
    lock(f"drill:{school.id}")
    channel = queries.channel(school.id, order.channel_id)
    wish = DrillStartFacts(
        declared=channel is not None,
        outside=channel is not None and channel.kind is ChannelKind.OUTSIDE,
        open_already=queries.open_drill(school.id) is not None,
        in_last_year=queries.count_in_last_year(school.id, at),
    )
    found = start_problems(wish)
    if found or channel is None:
        raise Refused(*found)
    drill = _prepared(school, channel, order, by=by, at=at)
    facts = {"medium": drill.medium.value, "announced": drill.announced}
    _record(Event.DRILL_STARTED, drill, by=by, at=at, **facts)
    _due(drill, at, by=by, at=at)
    if order.announced:
        mails.announce(drill, at=at)
    if drill.medium is ChannelMedium.MAIL:
        deliver(drill, moment=at, by=by, at=at)
        mails.send_message(drill, at=at)
    return drill


def _prepared(
    school: School, channel: ReportingChannel, order: DrillOrder, *, by: Actor, at: datetime
) -> Drill:
    """Copy the school's description of the channel into a new drill."""
    drill = Drill(
        school_id=school.id,
        school=school,
        channel_id=channel.id,
        channel_kind=channel.kind,
        medium=medium_of(channel),
        address=channel.contact,
        opens=channel.opens,
        closes=channel.closes,
        code=_unused_code(school),
        template=order.template,
        language=_language(school, channel.languages),
        announced=order.announced,
        state=DrillState.PREPARED,
        started_at=at,
        started_by_id=by.id,
    )
    session.add(drill)
    session.flush()
    session.refresh(drill, ["steps", "result", "group_id"])
    return drill


def _unused_code(school: School) -> str:
    """Draw a code until the school has none like it; another school may have the same."""
    while True:
        code = new_code()
        if not queries.code_exists(school.id, code):
            return code


def _language(school: School, languages: list[str]) -> str:
    """Return the language of instruction, or another one that the channel supports if it lacks that."""
    known = [one for one in languages if one in MESSAGES[MessageTemplate.PUPIL_TALK]]
    return school.language if not known or school.language in known else known[0]


def _due(drill: Drill, moment: datetime, *, by: Actor, at: datetime) -> None:
    """Open the deadline of a drill, ten working days after `moment`."""
    calendar = calendar_at(drill.school.country_code)
    last = working_days_after(local_day(moment, calendar), ANSWER_WORKING_DAYS, calendar)
    deadlines.meet(DeadlineKind.DRILL, subject_id=drill.id, at=at)
    deadlines.open(
        DeadlineKind.DRILL,
        subject_id=drill.id,
        school=drill.school,
        due_on=last,
        person_id=drill.started_by_id,
        by=by,
        at=at,
    )


def deliver(drill: Drill, *, moment: datetime, by: Actor, at: datetime) -> None:
    """Record when the message was put into the channel; the time limit runs from then."""
    _alone(drill)
    target = advance(DrillAction.DELIVER, drill.state)
    if found := moment_problems(moment, not_before=drill.started_at, now=at):
        raise Refused(*found)
    drill.state, drill.delivered_at, drill.delivered_by_id = target, moment, by.id
    session.flush()
    _record(Event.DRILL_DELIVERED, drill, by=by, at=at)
    if moment != drill.started_at:
        _due(drill, moment, by=by, at=at)


def call_off(drill: Drill, *, by: Actor, at: datetime) -> None:
    """Cancel a drill whose message has not been delivered; it does not count."""
    _alone(drill)
    drill.state, drill.finished_at = advance(DrillAction.CALL_OFF, drill.state), at
    session.flush()
    deadlines.meet(DeadlineKind.DRILL, subject_id=drill.id, at=at)
    _record(Event.DRILL_CALLED_OFF, drill, by=by, at=at)


# --- the school --------------------------------------------------------------------------------


def open_by_code(school: School, typed: str, *, by: Actor, at: datetime) -> Drill:
    """Open the running drill of a school by its code; raise `Refused` if the code does not match.

    Raise `TooManyAttempts` once too many codes of a day were wrong.
    """
    count_or_refuse(WRONG_CODES, str(school.id), at=at)
    drill = queries.open_drill(school.id)
    sought = (DrillState.RUNNING, normalise_code(typed))
    if drill is None or (drill.state, drill.code) != sought:
        message = N_("No drill at your school has this code. Check it against the message.")
        raise Refused(Problem("code", message))
    forget_attempts(WRONG_CODES, str(school.id))
    if drill.found_at is None:
        note_found(drill, by=by, at=at)
    return drill


def note_found(drill: Drill, *, by: Actor, at: datetime) -> None:
    """Record when the school found a drill."""
    _alone(drill)
    drill.found_at = at
    session.flush()
    _record(Event.DRILL_FOUND, drill, by=by, at=at)


def record_step(drill: Drill, said: StepReport, *, by: Actor, at: datetime) -> None:
    """Record the step that comes next; the last one ends the drill and discloses it. Raise `Refused`."""
    _alone(drill)
    recorded = {one.step: one for one in drill.steps}
    if said.step is not next_step(recorded):
        message = N_("Someone else recorded this step first. Here is how it is now.")
        raise Refused(Problem("state", message))
    closes = said.step is ResponseStep.CLOSED
    target = advance(DrillAction.CLOSE if closes else DrillAction.RECORD, drill.state)
    found = moment_problems(said.happened_at, not_before=_latest(drill), now=at)
    person = _person(drill, said.person_id) if said.person_id else None
    found += _choice_problems(said, person)
    if found:
        raise Refused(*found)
    _keep(drill, said, person, by=by, at=at)
    if closes:
        _end(drill, target, answered=True, by=by, at=at)


def _latest(drill: Drill) -> datetime:
    moments = [one.happened_at for one in drill.steps]
    return max([*moments, drill.delivered_at or drill.started_at])


def _person(drill: Drill, person_id: UUID) -> ReportingPerson | None:
    persons = mechanism.entries(drill.school_id, MechanismPart.PERSONS)
    return next((one for one in persons if one.id == person_id), None)


def _choice_problems(said: StepReport, person: ReportingPerson | None) -> list[Problem]:
    if said.step in ASKS_PERSON and person is None:
        return [Problem("person_id", N_("Choose one of the people your school has declared."))]
    if said.step is ResponseStep.NEXT_STEP and said.choice is None:
        return [Problem("choice", N_("Choose the next step."))]
    return []


def _keep(
    drill: Drill, said: StepReport, person: ReportingPerson | None, *, by: Actor, at: datetime
) -> None:
    asks_person = said.step in ASKS_PERSON
    right = {
        ResponseStep.PASSED: person is not None and person.trained,
        ResponseStep.NEXT_STEP: said.choice is not None and is_right(drill.template, said.choice),
    }
    row = DrillStep(
        drill_id=drill.id,
        step=said.step,
        place=list(ResponseStep).index(said.step) + 1,
        happened_at=said.happened_at,
        noted_at=at,
        noted_by_id=by.id,
        person_id=said.person_id if asks_person else None,
        choice=said.choice if said.step is ResponseStep.NEXT_STEP else None,
        is_right=right.get(said.step),
    )
    drill.steps.append(row)
    session.flush()
    _record(Event.DRILL_STEP_RECORDED, drill, by=by, at=at, step=said.step.value)


# --- the end -----------------------------------------------------------------------------------


def end_overdue(*, at: datetime) -> int:
    """End the drills whose deadline has passed and return their number; undelivered ones are cancelled.

    Each batch is committed separately.
    """

    def end(drill_ids: Sequence[UUID]) -> int:
        found = queries.still_overdue(drill_ids, at.date())
        for drill in found:
            _time_out(drill, at=at)
        return len(found)

    return each_kept(batches_of(queries.overdue(at.date())), end)


def _time_out(drill: Drill, *, at: datetime) -> None:
    if drill.state is DrillState.PREPARED:
        call_off(drill, by=SYSTEM, at=at)
        return
    _alone(drill)
    target = advance(DrillAction.TIME_OUT, drill.state)
    _end(drill, target, answered=False, by=SYSTEM, at=at)


def _end(drill: Drill, target: DrillState, *, answered: bool, by: Actor, at: datetime) -> None:
    """Measure the drill, store the result and disclose it to the school."""
    drill.state, drill.finished_at = target, at
    row = _outcome(drill, answered=answered, at=at)
    session.add(row)
    session.flush()
    session.refresh(drill, ["result"])
    deadlines.meet(DeadlineKind.DRILL, subject_id=drill.id, at=at)
    _record(Event.DRILL_FINISHED, drill, by=by, at=at, answered=answered, in_time=row.in_time)
    mails.disclose(drill, queries.result_of(row), at=at)


def _outcome(drill: Drill, *, answered: bool, at: datetime) -> DrillOutcome:
    calendar = calendar_at(drill.school.country_code)
    steps = {one.step: one for one in drill.steps}
    found = measure_response(
        drill.delivered_at or drill.started_at,
        {step: one.happened_at for step, one in steps.items()},
        hours=_hours(drill),
        calendar=calendar,
    )
    passed, chosen = steps.get(ResponseStep.PASSED), steps.get(ResponseStep.NEXT_STEP)
    return DrillOutcome(
        drill_id=drill.id,
        school_id=drill.school_id,
        medium=drill.medium,
        announced=drill.announced,
        finished_on=local_day(at, calendar),
        finished_at=at,
        answered=answered,
        in_time=found.in_time,
        **{f"to_{step.value}": found.minutes.get(step) for step in ResponseStep},
        right_person=passed.is_right if passed else None,
        right_step=chosen.is_right if chosen else None,
    )


def _hours(drill: Drill) -> WorkingHours:
    """Return the hours of the channel, or those of schools in the country if it names none."""
    if own := hours_of(drill):
        return WorkingHours(*own)
    return hours_of_country(content().countries[drill.school.country_code])


def _alone(drill: Drill) -> None:
    """Lock the drills of this school until commit, and reload this one."""
    lock(f"drill:{drill.school_id}")
    session.refresh(drill)


def _record(event: Event, drill: Drill, *, by: Actor, at: datetime, **facts: object) -> None:
    audit(event, drill, by=by, at=at, school_id=drill.school_id, **facts)
    session.flush()
