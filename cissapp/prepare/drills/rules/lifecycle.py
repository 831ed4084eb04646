"""The life of a drill: its states, the steps that the school records, and who may do what when."""

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from cissapp.foundation.core.errors import N_, Problem, Refused

# A drill ends by itself after this many working days; a school has at most this many in 365 days.
ANSWER_WORKING_DAYS = 10
YEARLY = 4


class DrillState(StrEnum):
    """Where a drill is in its life."""

    PREPARED = "prepared"
    RUNNING = "running"
    FINISHED = "finished"
    NO_ANSWER = "no_answer"
    CALLED_OFF = "called_off"


STATE_NAMES = {
    DrillState.PREPARED: N_("To be delivered"),
    DrillState.RUNNING: N_("Running"),
    DrillState.FINISHED: N_("Finished"),
    DrillState.NO_ANSWER: N_("No answer"),
    DrillState.CALLED_OFF: N_("Cancelled"),
}

LIVE = frozenset({DrillState.PREPARED, DrillState.RUNNING})


class ResponseStep(StrEnum):
    """What the school does with the message, in this order."""

    RECEIVED = "received"
    ACKNOWLEDGED = "acknowledged"
    PASSED = "passed"
    NEXT_STEP = "next_step"
    CLOSED = "closed"


# The steps that name one of the declared people.
ASKS_PERSON = frozenset({ResponseStep.RECEIVED, ResponseStep.PASSED})

STEP_NAMES = {
    ResponseStep.RECEIVED: N_("Message received"),
    ResponseStep.ACKNOWLEDGED: N_("Receipt acknowledged"),
    ResponseStep.PASSED: N_("Passed to the right person"),
    ResponseStep.NEXT_STEP: N_("Next step chosen"),
    ResponseStep.CLOSED: N_("Closed"),
}


class DrillAction(StrEnum):
    """What can be done with a drill."""

    DELIVER = "deliver"
    RECORD = "record"
    CLOSE = "close"
    TIME_OUT = "time_out"
    CALL_OFF = "call_off"


MACHINE: dict[DrillAction, tuple[DrillState, DrillState]] = {
    DrillAction.DELIVER: (DrillState.PREPARED, DrillState.RUNNING),
    DrillAction.RECORD: (DrillState.RUNNING, DrillState.RUNNING),
    DrillAction.CLOSE: (DrillState.RUNNING, DrillState.FINISHED),
    DrillAction.TIME_OUT: (DrillState.RUNNING, DrillState.NO_ANSWER),
    DrillAction.CALL_OFF: (DrillState.PREPARED, DrillState.CALLED_OFF),
}


def advance(action: DrillAction, state: DrillState) -> DrillState:
    """Return the next state; raise `Refused`, if the action is not possible now."""
    source, target = MACHINE[action]
    if state is not source:
        message = N_("Someone else changed this first. Here is how it stands now.")
        raise Refused(Problem("state", message))
    return target


def next_step(recorded: Collection[ResponseStep]) -> ResponseStep | None:
    """Return the step that comes next; None, when all are recorded."""
    return next((step for step in ResponseStep if step not in recorded), None)


class DrillStartFacts(Struct, frozen=True):
    """What is known when someone wants to start a drill."""

    declared: bool
    outside: bool
    open_already: bool
    in_last_year: int


def start_problems(start: DrillStartFacts) -> list[Problem]:
    """List why no drill may start: an undeclared way, a helpline, another drill, or too many in a year."""
    found = []
    if not start.declared:
        found.append(Problem("channel", N_("Choose one of the ways that the school has declared.")))
    elif start.outside:
        message = N_(
            "This way to report is outside the school. A drill never takes up a helpline’s time."
        )
        found.append(Problem("channel", message))
    if start.open_already:
        found.append(Problem("open", N_("This school already has a drill in progress.")))
    if start.in_last_year >= YEARLY:
        message = N_("This school has had %(most)s drills in the last 365 days. That is enough.")
        found.append(Problem("yearly", message, {"most": YEARLY}))
    return found


def moment_problems(moment: datetime, *, not_before: datetime, now: datetime) -> list[Problem]:
    """List what is wrong with the time that someone entered: too early, or in the future."""
    if moment > now:
        return [Problem("moment", N_("This time is in the future."))]
    if moment < not_before:
        message = N_("This is earlier than the step before it: %(before)s.")
        return [Problem("moment", message, {"before": not_before})]
    return []
