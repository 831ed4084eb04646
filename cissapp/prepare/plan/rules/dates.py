"""The dates of a school year: those that every school has, and those that other rooms know."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from cissapp.foundation.core.errors import N_

FIRST_MONTH = 9
# Plans exist from the year before the current one to the year after the next.
YEARS_BACK, YEARS_AHEAD = 1, 2


class Office(StrEnum):
    """The job title that the plan suggests for a task."""

    HEAD = "head"
    DEPUTY_HEAD = "deputy_head"
    DESIGNATED_PERSON = "designated_person"
    PSYCHOLOGIST = "psychologist"
    IT_PERSON = "it_person"
    CLASS_TEACHERS = "class_teachers"


class PlanKind(StrEnum):
    """The purpose of a date in the plan."""

    TIMETABLE = "timetable"
    NUMBERS = "numbers"
    TRAINING = "training"
    ASK_BEFORE = "ask_before"
    POSTERS = "posters"
    DRILL = "drill"
    PARENTS = "parents"
    INTERNET_DAY = "internet_day"
    ASK_AFTER = "ask_after"
    HANDOVER = "handover"
    POLICY_REVIEW = "policy_review"
    DOCUMENT = "document"
    CONFIRMATION = "confirmation"
    RENEWAL = "renewal"
    OWN = "own"


class SchoolYear(Struct, frozen=True):
    """A school year: it begins on 1 September of `first`, and ends on 31 August."""

    first: int

    @classmethod
    def of(cls, day: date) -> "SchoolYear":
        """Return the school year that contains a date."""
        return cls(day.year if day.month >= FIRST_MONTH else day.year - 1)

    @property
    def begins_on(self) -> date:
        """Its first day."""
        return date(self.first, FIRST_MONTH, 1)

    @property
    def ends_on(self) -> date:
        """Its last day."""
        return date(self.first + 1, FIRST_MONTH, 1) - timedelta(days=1)

    @property
    def half(self) -> date:
        """The first day of its second half."""
        return date(self.first + 1, 2, 1)

    @property
    def name(self) -> str:
        """The label of the year, such as 2026/2027."""
        return f"{self.first}/{self.first + 1}"

    def has(self, day: date) -> bool:
        """Check whether a day is in it."""
        return self.begins_on <= day <= self.ends_on

    def day(self, month: int, day: int) -> date:
        """Return the date in this year with this month and day."""
        return date(self.first if month >= FIRST_MONTH else self.first + 1, month, day)


class PlanDate(Struct, frozen=True):
    """A date for the plan: what is done, by whom, by when, and where.

    `name` distinguishes dates of one kind and never changes; `what` is a sentence to be translated, with
    placeholders for `values`. `link` is an endpoint with its values. `done_on` is set if the task is done.
    A suggestion is not binding: it is never late until the school adopts it.
    """

    kind: PlanKind
    name: str
    what: str
    day: date
    office: Office
    criteria: tuple[str, ...] = ()
    values: Mapping[str, Any] = field(default_factory=dict)
    link: tuple[str, Mapping[str, Any]] | None = None
    done_on: date | None = None
    is_suggestion: bool = False

    @property
    def key(self) -> str:
        """The key under which the school's changes of the date are stored."""
        return f"{self.kind.value}-{self.name}"


def safer_internet_day(year: SchoolYear) -> date:
    """Return the second Tuesday of February."""
    first = date(year.first + 1, 2, 1)
    return first + timedelta(days=(1 - first.weekday()) % 7 + 7)


TRAIN_STAFF = N_("Train all staff on risks, signs and procedure, and count who attended")
_K, _O = PlanKind, Office
# Month, day, kind, number, what, office, criteria, endpoint.
_STANDING: tuple[tuple[int, int, PlanKind, int, str, Office, tuple[str, ...], str | None], ...] = (
    (9, 10, _K.TIMETABLE, 1, N_("Timetable lessons on online safety for every grade"), _O.DEPUTY_HEAD, ("C1",), None),
    (9, 15, _K.NUMBERS, 1, N_("Confirm that every number on posters and documents is right"), _O.DESIGNATED_PERSON, (), "facts.numbers"),
    (9, 25, _K.TRAINING, 1, TRAIN_STAFF, _O.DEPUTY_HEAD, ("C5",), None),
    (10, 5, _K.ASK_BEFORE, 1, N_("Ask pupils whether they know who to tell, before the lessons"), _O.CLASS_TEACHERS, ("C3", "C11"), "awareness.rounds"),
    (10, 15, _K.POSTERS, 1, N_("Walk round: is every poster up, and is it right?"), _O.CLASS_TEACHERS, ("B3",), "posters.posters"),
    (11, 15, _K.DRILL, 1, N_("Ask the national group for a drill of one way to report"), _O.DESIGNATED_PERSON, ("B2",), "drills.of_school"),
    (11, 25, _K.PARENTS, 1, N_("Hold the parents’ evening on life online"), _O.CLASS_TEACHERS, ("C7",), None),
    (2, 15, _K.NUMBERS, 2, N_("Confirm that every number on posters and documents is right"), _O.DESIGNATED_PERSON, (), "facts.numbers"),
    (3, 15, _K.POSTERS, 2, N_("Walk round: is every poster up, and is it right?"), _O.CLASS_TEACHERS, ("B3",), "posters.posters"),
    (4, 15, _K.DRILL, 2, N_("Ask the national group for a drill of one way to report"), _O.DESIGNATED_PERSON, ("B2",), "drills.of_school"),
    (5, 10, _K.ASK_AFTER, 1, N_("Ask pupils again, and compare"), _O.CLASS_TEACHERS, ("C3", "C11"), "awareness.rounds"),
    (6, 5, _K.HANDOVER, 1, N_("Update the handover sheet and plan the next two years"), _O.HEAD, ("C12",), None),
)  # fmt: skip


def standing_dates(year: SchoolYear) -> list[PlanDate]:
    """List the dates that every school has in a school year."""
    found = [
        PlanDate(
            kind,
            f"{year.first}-{number}",
            what,
            year.day(month, day),
            office,
            criteria,
            link=(endpoint, {}) if endpoint else None,
            is_suggestion=True,
        )
        for month, day, kind, number, what, office, criteria, endpoint in _STANDING
    ]
    what = N_("Safer Internet Day: lessons, posters and a message to parents")
    internet_day = safer_internet_day(year)
    name = f"{year.first}-1"
    return [
        *found,
        PlanDate(
            PlanKind.INTERNET_DAY,
            name,
            what,
            internet_day,
            Office.DEPUTY_HEAD,
            ("C9",),
            is_suggestion=True,
        ),
    ]


def with_done(kind: PlanKind, year: SchoolYear, done: Sequence[date]) -> list[PlanDate]:
    """Return the standing dates of a kind, the first ones marked done on the dates in `done`."""
    standing = sorted(
        (one for one in standing_dates(year) if one.kind is kind), key=lambda one: one.day
    )
    days: list[date | None] = [*sorted(done), *([None] * len(standing))]
    return [replace(one, done_on=day) for one, day in zip(standing, days, strict=False)]


def done_by_half(kind: PlanKind, year: SchoolYear, done: Iterable[date]) -> list[PlanDate]:
    """Return the standing dates of a kind, each done on the first date of `done` in its half of the year."""
    days = sorted(done)
    found = []
    for one in standing_dates(year):
        if one.kind is kind:
            is_second = one.day >= year.half
            half = [day for day in days if (day >= year.half) is is_second]
            found.append(replace(one, done_on=next(iter(half), None)))
    return found


def put_together(
    standing: Iterable[PlanDate], known: Iterable[PlanDate], year: SchoolYear
) -> Iterator[PlanDate]:
    """Yield the dates of a year; for a kind that other rooms know, theirs replace the standing ones."""
    known = [one for one in known if year.has(one.day)]
    kinds = {one.kind for one in known}
    yield from known
    yield from (one for one in standing if one.kind not in kinds)
