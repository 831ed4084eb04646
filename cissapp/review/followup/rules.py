"""What a school waits for, who acts next, and when it counts as stuck."""

from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from statistics import median

from msgspec import Struct

from cissapp.foundation.core.errors import N_

FILTERS_MOST = 20
FILTER_NAME_LENGTH = 60
# The date by which schools without a deadline are sorted: after all others.
NEVER_DUE = date.max


class FollowupStep(StrEnum):
    """What a school waits for; each school waits for exactly one thing, or for nothing."""

    NOT_INVITED = "not_invited"
    INVITED = "invited"
    TRAINING = "training"
    PREPARING = "preparing"
    COMPLETENESS_CHECK = "completeness_check"
    REVIEWERS = "reviewers"
    REVIEW = "review"
    ANSWER = "answer"
    DECISION = "decision"
    EXPIRING = "expiring"
    SUSPENDED = "suspended"
    ENDED = "ended"
    NOTHING = "nothing"


class NextActor(StrEnum):
    """Who acts next."""

    SCHOOL = "school"
    COORDINATOR = "coordinator"
    REVIEWERS = "reviewers"
    DECIDER = "decider"
    NOBODY = "nobody"


class FollowupOrder(StrEnum):
    """The order of the list."""

    SILENCE = "silence"
    DUE = "due"
    STEP = "step"
    NAME = "name"


STEP_NUMBERS = {step: number for number, step in enumerate(FollowupStep)}

STEP_NAMES = {
    FollowupStep.NOT_INVITED: N_("Nobody invited yet"),
    FollowupStep.INVITED: N_("Invited, nobody has joined yet"),
    FollowupStep.TRAINING: N_("In training"),
    FollowupStep.PREPARING: N_("Preparing the application"),
    FollowupStep.COMPLETENESS_CHECK: N_("Waiting for the completeness check"),
    FollowupStep.REVIEWERS: N_("Waiting for reviewers"),
    FollowupStep.REVIEW: N_("Being reviewed"),
    FollowupStep.ANSWER: N_("Waiting for the school’s answer"),
    FollowupStep.DECISION: N_("Waiting for the decision"),
    FollowupStep.EXPIRING: N_("Certificate expires soon"),
    FollowupStep.SUSPENDED: N_("Certificate suspended"),
    FollowupStep.ENDED: N_("Not certified, or certificate ended"),
    FollowupStep.NOTHING: N_("Certified, nothing to do"),
}

ACTS_NEXT = {
    FollowupStep.NOT_INVITED: NextActor.COORDINATOR,
    FollowupStep.INVITED: NextActor.SCHOOL,
    FollowupStep.TRAINING: NextActor.SCHOOL,
    FollowupStep.PREPARING: NextActor.SCHOOL,
    FollowupStep.COMPLETENESS_CHECK: NextActor.REVIEWERS,
    FollowupStep.REVIEWERS: NextActor.COORDINATOR,
    FollowupStep.REVIEW: NextActor.REVIEWERS,
    FollowupStep.ANSWER: NextActor.SCHOOL,
    FollowupStep.DECISION: NextActor.DECIDER,
    FollowupStep.EXPIRING: NextActor.SCHOOL,
    FollowupStep.SUSPENDED: NextActor.SCHOOL,
    FollowupStep.ENDED: NextActor.SCHOOL,
    FollowupStep.NOTHING: NextActor.NOBODY,
}

NEXT_ACTOR_NAMES = {
    NextActor.SCHOOL: N_("The school"),
    NextActor.COORDINATOR: N_("You, the coordinator"),
    NextActor.REVIEWERS: N_("The reviewers"),
    NextActor.DECIDER: N_("The person who decides"),
    NextActor.NOBODY: N_("Nobody"),
}

# A wait for the school counts from its own last act; a wait for the group, from the time at which
# the application came to it.
COUNTED_FROM_SCHOOL = frozenset(
    {
        FollowupStep.NOT_INVITED,
        FollowupStep.INVITED,
        FollowupStep.TRAINING,
        FollowupStep.PREPARING,
        FollowupStep.EXPIRING,
        FollowupStep.SUSPENDED,
        FollowupStep.ENDED,
    }
)

# The number of days after which a school is stuck at a step without a deadline. With a deadline it is
# stuck once that has passed. A step that is not listed is never stuck.
STUCK_AFTER_DAYS = {
    FollowupStep.NOT_INVITED: 7,
    FollowupStep.INVITED: 14,
    FollowupStep.TRAINING: 14,
    FollowupStep.PREPARING: 21,
    FollowupStep.COMPLETENESS_CHECK: 10,
    FollowupStep.REVIEWERS: 7,
    FollowupStep.REVIEW: 30,
    FollowupStep.ANSWER: 21,
    FollowupStep.DECISION: 14,
    FollowupStep.EXPIRING: 30,
    FollowupStep.SUSPENDED: 21,
}

ORDER_NAMES = {
    FollowupOrder.SILENCE: N_("Longest without activity first"),
    FollowupOrder.DUE: N_("Earliest deadline first"),
    FollowupOrder.STEP: N_("By step"),
    FollowupOrder.NAME: N_("By name"),
}


def stuck_before(step: FollowupStep, today: date) -> datetime | None:
    """Return the time before which a wait without a deadline must have begun to be stuck; None for never."""
    days = STUCK_AFTER_DAYS.get(step)
    if days is None:
        return None
    # Only whole days count: after 14 days means with 14 full days in between, whatever the hour.
    return datetime.combine(today - timedelta(days=days - 1), time(), tzinfo=UTC)


def days_between(since: datetime, today: date) -> int:
    """Count the days from a timestamp to a date; 0 on the same day."""
    return max((today - since.date()).days, 0)


class FollowupFilter(Struct, frozen=True):
    """How the list is filtered and sorted."""

    search: str = ""
    region_code: str = ""
    step: FollowupStep | None = None
    stuck: bool = False
    order: FollowupOrder = FollowupOrder.SILENCE


class MeasuredSpan(StrEnum):
    """A measured span on the way to a certificate."""

    JOINING = "joining"
    APPLYING = "applying"
    COMPLETENESS_CHECK = "completeness_check"
    REVIEW = "review"
    DECISION = "decision"
    WHOLE = "whole"


SPAN_NAMES = {
    MeasuredSpan.JOINING: N_("From the first invitation to the first person joining"),
    MeasuredSpan.APPLYING: N_("From joining to the first submission"),
    MeasuredSpan.COMPLETENESS_CHECK: N_("From a submission to its completeness check"),
    MeasuredSpan.REVIEW: N_("From a submission to the first review"),
    MeasuredSpan.DECISION: N_("From the first review to the decision"),
    MeasuredSpan.WHOLE: N_("From the first submission to the last decision"),
}


class SpanFigure(Struct, frozen=True):
    """How many days a span took: the median, the longest, and how many were measured."""

    span: MeasuredSpan
    median_days: float | None
    longest_days: int | None
    count: int


def span_figure(span: MeasuredSpan, days: list[int]) -> SpanFigure:
    """Compute the figure of a span from the days it took each time."""
    if not days:
        return SpanFigure(span, None, None, 0)
    return SpanFigure(span, float(median(days)), max(days), len(days))
