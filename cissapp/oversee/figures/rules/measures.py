"""What a brief contains: steps to certification, shares, renewals, workload, regions to help."""

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum

from msgspec import Struct

from cissapp.foundation.content.packs import Denominator
from cissapp.oversee.figures.rules.columns import Cell, FigureTable


class Stage(StrEnum):
    """How far a school is, in three stages; each school is at one of them."""

    NOT_BEGUN = "not_begun"
    ON_THE_WAY = "on_the_way"
    CERTIFIED = "certified"


class Step(StrEnum):
    """A step on the way to the first certificate, in order."""

    REGISTERED = "registered"
    IN_TRAINING = "in_training"
    SUBMITTED = "submitted"
    IN_REVIEW = "in_review"
    CERTIFIED = "certified"


class Measure(StrEnum):
    """A measure computed once a day from all schools; `detail` is its step, month or criterion.

    `ONCE_REVIEWED` and `ONCE_BELOW` are in months that were kept before levels counted in lots (`Lots`). Two such
    months may tell the levels of a single school, so they are never shown.
    """

    REACHED = "reached"
    MEDIAN_DAYS = "median_days"
    CERTIFIED_PUPILS = "certified_pupils"
    RENEWALS_BEGUN = "renewals_begun"
    ENDING = "ending"
    EXPECTED = "expected"
    REVIEWERS = "reviewers"
    DUE = "due"
    WAITING = "waiting"
    REVIEWED = "reviewed_in_lots"
    BELOW = "below_in_lots"
    ONCE_REVIEWED = "reviewed"
    ONCE_BELOW = "below"
    CHANGED = "changed"


# The measures of an area: their kind and detail, with the value.
Measured = Mapping[tuple[Measure, str], int]


class Need(StrEnum):
    """Why a region needs help, in order of priority."""

    NO_SCHOOL = "no_school"
    LONG_TRAINING = "long_training"
    WAITING_FOR_REVIEW = "waiting_for_review"
    NOT_SUBMITTED = "not_submitted"
    EXPIRING = "expiring"
    OPEN_QUESTIONS = "open_questions"


class Why(StrEnum):
    """Why the public list gained or lost schools; `LOST` is the sum of the three before it."""

    CERTIFIED = "certified"
    EXPIRED = "expired"
    ENDED = "ended"
    LEFT = "left"
    LOST = "lost"
    MOVED = "moved"
    OTHER = "other"


class FunnelStep(Struct, frozen=True):
    """A step: schools that ever reached it, median days since the previous step, schools there now."""

    step: Step
    reached: Cell
    median_days: int | None
    waiting: Cell


class Share(Struct, frozen=True):
    """A share of the schools or pupils of an area; `whole` is None if there is no confirmed total."""

    part: int
    whole: int | None
    denominator: Denominator | None


class MonthFigure(Struct, frozen=True):
    """Schools with a certificate in force at the end of a month; public, so never hidden."""

    month: date
    certified: int
    levels: tuple[int, int, int]


class ChangeReason(Struct, frozen=True):
    """A reason why the number of certified schools changed, and by how many."""

    why: Why
    number: int


class Renewals(Struct, frozen=True):
    """Certificates expiring within 90 days, renewals begun (None in a region), and expiries by month ahead."""

    expiring: Cell
    begun: Cell | None
    by_month: tuple[tuple[date, int], ...]


class Load(Struct, frozen=True):
    """The reviewers' workload: open cases, number of reviewers, what is due and expected (None in a region)."""

    open_cases: Cell
    reviewers: int
    due_in_30_days: Cell | None
    expected_in_90_days: Cell | None


class RegionToHelp(Struct, frozen=True):
    """A region that needs help, and why; with what can be shown of it."""

    region_code: str
    need: Need
    number: int | None
    days: int | None
    certified: Cell
    schools: int


class WeakCriterion(Struct, frozen=True):
    """A criterion, and the share of reviewed schools in which it is below level 2."""

    criterion_id: str
    percent: int
    schools: int


class FrozenMonth(Struct, frozen=True):
    """The kept figures of a month; a version above 1 is a correction, with its reason."""

    month: date
    frozen_at: datetime
    version: int
    reason: str


class Brief(Struct, frozen=True):
    """Everything that a brief of a country or region shows; `on` is the frozen month, or None for now.

    `before` has the regions that can be compared. `edition` is the version of the month. Funnel, renewals, load,
    regions and criteria date from `measured_at`, which is None if nothing was measured yet. `country_schools_share`
    is the share of schools that a region is compared with; None for a country, and while it is not confirmed.
    `is_weak_withheld`: the month was kept before levels counted in lots, so it shows no weak criteria.
    """

    on: date | None
    counted_at: datetime
    against: FrozenMonth | None
    table: FigureTable
    before: FigureTable | None
    months: tuple[MonthFigure, ...]
    funnel: tuple[FunnelStep, ...]
    longest: Step | None
    schools_share: Share
    pupils_share: Share
    renewals: Renewals
    load: Load
    to_help: tuple[RegionToHelp, ...]
    weak: tuple[WeakCriterion, ...]
    country_schools_share: Share | None = None
    reasons: tuple[ChangeReason, ...] = ()
    edition: FrozenMonth | None = None
    measured_at: datetime | None = None
    is_weak_withheld: bool = False

    @property
    def is_measured(self) -> bool:
        """Return whether what is counted at night was counted: before that, a zero would not be true."""
        return self.measured_at is not None
