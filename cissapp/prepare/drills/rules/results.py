"""The result of a drill: working minutes until each step, and whether the limits of criterion B7 were met."""

from collections.abc import Mapping
from datetime import date, datetime

from msgspec import Struct

from cissapp.foundation.core.errors import N_
from cissapp.people.deadlines.rules import (
    Calendar,
    WorkingHours,
    local_day,
    working_days_after,
    working_minutes,
)
from cissapp.prepare.drills.rules.lifecycle import ResponseStep
from cissapp.prepare.mechanism.rules import ChannelMedium
from cissapp.prepare.mechanism.rules.parts import ANSWER_DAYS, PLAN_DAYS


class DrillMeasurement(Struct, frozen=True):
    """The minutes until each recorded step, and whether the time limits were met."""

    minutes: Mapping[ResponseStep, int]
    in_time: bool


class DrillResult(Struct, frozen=True):
    """The outcome of a drill as coded facts: no job title, address or person.

    Minutes are working minutes since the message was delivered; None if the school did not reach that
    step.
    """

    medium: ChannelMedium
    announced: bool
    finished_on: date
    answered: bool
    in_time: bool
    to_received: int | None
    to_acknowledged: int | None
    to_passed: int | None
    to_next_step: int | None
    to_closed: int | None
    right_person: bool | None
    right_step: bool | None

    def minutes(self, step: ResponseStep) -> int | None:
        """Return the working minutes until a step."""
        found: int | None = getattr(self, f"to_{step.value}")
        return found


def measure_response(
    delivered_at: datetime,
    moments: Mapping[ResponseStep, datetime],
    *,
    hours: WorkingHours,
    calendar: Calendar,
) -> DrillMeasurement:
    """Measure the time from delivery to each step.

    In time (criterion B7) means: acknowledged by the next working day, the next step chosen within three
    working days, and the drill closed.
    """
    minutes = {
        step: working_minutes(delivered_at, at, hours, calendar) for step, at in moments.items()
    }
    began = local_day(delivered_at, calendar)
    limits = {ResponseStep.ACKNOWLEDGED: ANSWER_DAYS, ResponseStep.NEXT_STEP: PLAN_DAYS}
    kept = all(
        step in moments
        and local_day(moments[step], calendar) <= working_days_after(began, days, calendar)
        for step, days in limits.items()
    )
    return DrillMeasurement(minutes, kept and ResponseStep.CLOSED in moments)


def went_well(result: DrillResult) -> list[str]:
    """List what went well, as sentences."""
    said = [
        (result.to_received is not None, N_("The message arrived and was read.")),
        (result.to_acknowledged is not None, N_("The person who wrote got an answer.")),
        (result.right_person is True, N_("It reached a person who is trained to take reports.")),
        (result.right_step is True, N_("The next step was the right one.")),
        (result.in_time, N_("Everything happened within the programme’s time limits.")),
    ]
    return [sentence for met, sentence in said if met]


def to_mend(result: DrillResult) -> list[str]:
    """List what to improve, in sentences that blame nobody."""
    said = [
        (
            result.to_received is None,
            N_(
                "The message was not found within ten working days. Try this way yourselves, and name who checks it each day."
            ),
        ),
        (
            result.to_received is not None and not result.answered,
            N_(
                "The message was read but not followed through to the end. Agree who closes a report."
            ),
        ),
        (
            result.answered and not result.in_time,
            N_(
                "An answer is due on the next working day, and a plan within three. Agree who covers when someone is away."
            ),
        ),
        (
            result.right_person is False,
            N_(
                "It was passed to a person who is not recorded as trained. Train this person, or change how a report is passed on."
            ),
        ),
        (
            result.right_step is False,
            N_(
                "Another next step would have been better. Read module 4 again, and discuss it in the team."
            ),
        ),
    ]
    return [sentence for applies, sentence in said if applies]
