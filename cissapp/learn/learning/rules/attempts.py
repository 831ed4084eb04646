"""When an attempt may begin, when it closes automatically, and how much of it is shown afterwards."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from msgspec import Struct

from cissapp.foundation.content.schema import FeedbackLevel, Policy
from cissapp.foundation.core.errors import N_, Problem
from cissapp.learn.learning.rules.grading import FULL
from cissapp.learn.learning.rules.states import HANDED_IN, AttemptPurpose, AttemptState, ExtraTime

FACTORS = {
    ExtraTime.NONE: 1.0,
    ExtraTime.QUARTER: 1.25,
    ExtraTime.HALF: 1.5,
    ExtraTime.DOUBLE: 2.0,
}


class AttemptFacts(Struct, frozen=True):
    """What is known of an attempt without its questions; `points` are hundredths of a question."""

    id: UUID
    state: AttemptState
    started_at: datetime
    expires_at: datetime
    closed_at: datetime | None
    points: int | None
    total: int
    answered: int
    policy: Policy
    purpose: AttemptPurpose = AttemptPurpose.QUIZ
    saved_at: datetime | None = None
    reminded_at: datetime | None = None

    @property
    def percent(self) -> int:
        """The share of the points, never rounded up."""
        return percent_of(self.points, self.total)

    @property
    def earned(self) -> float:
        """The points in questions: 8.5 of 10."""
        return (self.points or 0) / FULL


def percent_of(points: int | None, total: int) -> int:
    """Compute the percentage of points earned, never rounded up; 0 if nothing was asked."""
    return (points or 0) // total if total else 0


def is_pass(points: int, total: int, percent: int) -> bool:
    """Check whether these points are enough to pass."""
    return total > 0 and points >= percent * total


# --- beginning -------------------------------------------------------------------------------


def failures(attempts: Iterable[AttemptFacts]) -> list[AttemptFacts]:
    """List the attempts that failed since the last pass, the newest first."""
    found = []
    for one in sorted(attempts, key=lambda each: each.started_at, reverse=True):
        if one.state is AttemptState.PASSED:
            break
        if one.state is AttemptState.FAILED:
            found.append(one)
    return found


def is_last_failure(failed: Sequence[AttemptFacts]) -> bool:
    """Check whether the newest failure was the last before a rest, by the policy it was begun with."""
    return bool(failed) and len(failed) % failed[0].policy.attempts == 0


def was_last_failure(attempts: Iterable[AttemptFacts], attempt_id: UUID) -> bool:
    """Check whether this attempt was the last failure before a rest, also when others came after it."""
    failed = failures(attempts)
    place = next((at for at, one in enumerate(failed) if one.id == attempt_id), None)
    return place is not None and is_last_failure(failed[place:])


def opens_at(attempts: Iterable[AttemptFacts]) -> datetime | None:
    """Compute when the next attempt opens: some hours after a failure, some days after several in a row."""
    failed = failures(attempts)
    if not failed or failed[0].closed_at is None:
        return None
    policy = failed[0].policy
    hours = timedelta(hours=policy.retake_after_hours)
    rest = timedelta(days=policy.rest_days)
    return failed[0].closed_at + (max(rest, hours) if is_last_failure(failed) else hours)


def start_problem(
    attempts: Collection[AttemptFacts], now: datetime, *, retest: bool = False
) -> Problem | None:
    """Return why no new attempt may begin: the module is passed, or it is too early.

    `retest` says that the module changed so much that a new attempt is asked for.
    """
    if not retest and any(one.state is AttemptState.PASSED for one in attempts):
        return Problem("passed", N_("You have already passed this module. It counts permanently."))
    opens = opens_at(attempts)
    if opens and now < opens:
        return Problem("waiting", N_("The next attempt opens on %(when)s."), {"when": opens})
    return None


def may_test(
    purpose: AttemptPurpose, *, begun: bool, passed_module: bool, before: bool, after: bool
) -> bool:
    """Check whether the short test before or after a module is open.

    The first is open until anything of the module is opened, the second once the module is passed and the
    first was taken; each can be taken once.
    """
    if purpose == AttemptPurpose.BEFORE:
        return not begun and not before
    return passed_module and before and not after


# --- ending ----------------------------------------------------------------------------------


def expires_at(started: datetime, policy: Policy, extra: ExtraTime) -> datetime:
    """Compute when an attempt that begins now closes by itself: after days, or after the time limit."""
    end = started + timedelta(days=policy.open_days)
    if policy.minutes is None or extra is ExtraTime.NO_LIMIT:
        return end
    return min(end, started + timedelta(minutes=policy.minutes * FACTORS[extra]))


def is_due(state: AttemptState, expires: datetime, now: datetime) -> bool:
    """Check whether the time of an open attempt is over."""
    return state is AttemptState.OPEN and now >= expires


def is_timed(policy: Policy, started: datetime, expires: datetime) -> bool:
    """Check whether an attempt has a time limit: then its end counts as handing in."""
    return policy.minutes is not None and expires < started + timedelta(days=policy.open_days)


def hand_in_problems(module_id: str, unanswered: Iterable[int]) -> list[Problem]:
    """Name every question that still needs an answer, with its page."""
    return [
        Problem(
            "unanswered",
            N_("You have not answered question %(position)s."),
            {"position": position},
            ("learning.question", {"module_id": module_id, "position": position}),
        )
        for position in unanswered
    ]


# --- feedback --------------------------------------------------------------------------------


def feedback_level(
    purpose: AttemptPurpose,
    state: AttemptState,
    policy: Policy,
    *,
    last_failure: bool,
    another_open: bool,
    passed_since: bool = False,
) -> FeedbackLevel:
    """Return how much of an attempt is shown.

    Nothing while it is open, expired or voided, and nothing of the test before a module, whose questions
    are used again. While another attempt at the module is open, the right answers of earlier ones are hidden.
    Once the module is passed, as much is shown of a failure as of the pass.
    """
    if state not in HANDED_IN or purpose is AttemptPurpose.BEFORE:
        return FeedbackLevel.NONE
    level = policy.feedback.after_pass
    if state is AttemptState.FAILED and not passed_since:
        level = policy.feedback.after_last_fail if last_failure else policy.feedback.after_fail
    if another_open and level is FeedbackLevel.QUESTION:
        return FeedbackLevel.SCORE
    return level
