"""What the answers reveal about a question: difficulty, discrimination, use of its options."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from math import sqrt

from msgspec import Struct, field

from cissapp.oversee.evaluation.rules.hiding import hidden_rows, may_stand_beside
from cissapp.oversee.evaluation.rules.intervals import (
    Interval,
    Moments,
    apart,
    correlation,
    difference,
)
from cissapp.oversee.evaluation.rules.reasons import LEAST, NoFigureReason

FULL_POINTS = 100


class AnswerBundle(Struct, frozen=True):
    """A number of identical answers to one question: language, chosen options, points (0 to 100).

    `rest` is the sum of the shares (0 to 1) that these people reached on the other questions of their
    attempt, `rest_squares` the sum of the squares. `strong` counts those in the top third by this share.
    """

    question_id: str
    language: str
    chosen: tuple[str, ...]
    points: int
    count: int
    rest: float
    rest_squares: float
    strong: int


class Sums(Struct, frozen=True):
    """Sums over answers: the share of points of the question (x) and of the other questions (r)."""

    n: int = 0
    x: float = 0.0
    xx: float = 0.0
    r: float = 0.0
    rr: float = 0.0
    xr: float = 0.0

    @property
    def discrimination(self) -> float | None:
        """The correlation of the question with the rest; None where one of them does not vary."""
        own = self.n * self.xx - self.x**2
        rest = self.n * self.rr - self.r**2
        # The sums are of shares, so that rounding stays far below this.
        if min(own, rest) < 1e-9 * self.n**2:
            return None
        found = (self.n * self.xr - self.x * self.r) / (sqrt(own) * sqrt(rest))
        return min(max(found, -1.0), 1.0)

    @property
    def share(self) -> Moments:
        """Mean and variance of the share of points."""
        return self._moments(self.x, self.xx)

    @property
    def beyond(self) -> Moments:
        """Mean and variance of the share of points less that in the other questions."""
        return self._moments(self.x - self.r, self.xx - 2 * self.xr + self.rr)

    def _moments(self, total: float, squares: float) -> Moments:
        spread = max(squares - total**2 / self.n, 0.0)
        return Moments(self.n, total / self.n, spread / (self.n - 1))


def sums_of(bundles: Iterable[AnswerBundle]) -> Sums:
    """Add up answers."""
    n, x, xx, r, rr, xr = 0, 0.0, 0.0, 0.0, 0.0, 0.0
    for one in bundles:
        share = one.points / FULL_POINTS
        n += one.count
        x += share * one.count
        xx += share * share * one.count
        r += one.rest
        rr += one.rest_squares
        xr += share * one.rest
    return Sums(n, x, xx, r, rr, xr)


class OptionUse(Struct, frozen=True):
    """An option: the share that chose it, overall and among the strong, and how they did on the rest.

    `strong` is None for fewer than 10 strong people; `rest` (0 to 1) is None if it would reveal something
    about fewer than 10.
    """

    option: str
    right: bool
    share: float
    strong: float | None
    rest: float | None


class Figures(Struct, frozen=True):
    """The figures of a question, in one language or in all; all are None if `reason` says why.

    `difficulty` is the mean share of points (so that 1 is easy), `discrimination` the correlation with
    the other questions. `apart` is the distance of the difficulty from the mean of the other languages,
    equally weighted; it is set only if neither chance nor the people's other answers explain it.
    """

    people: int | None = None
    difficulty: float | None = None
    discrimination: float | None = None
    interval: Interval | None = None
    options: tuple[OptionUse, ...] = ()
    apart: float | None = None
    reason: NoFigureReason | None = None


class AnswerKey(Struct, frozen=True):
    """The options of a question in their order, and which of them are right."""

    options: tuple[str, ...] = ()
    right: frozenset[str] = frozenset()


class QuestionFigures(Struct, frozen=True):
    """A question with its figures in all languages, and in each."""

    question_id: str
    asked: AnswerKey
    whole: Figures
    languages: Mapping[str, Figures]


class _Group(Struct, frozen=True, dict=True):
    """The answers of a group while its figures are computed."""

    bundles: Sequence[AnswerBundle]
    # Parts whose sums are shown separately; showing the whole also reveals the sum of the remainder.
    told: Sequence[Sequence[AnswerBundle]] = field(default=())

    @cached_property
    def sums(self) -> Sums:
        return sums_of(self.bundles)

    @cached_property
    def strong(self) -> int:
        return sum(one.strong for one in self.bundles)


def item_of(question_id: str, bundles: Sequence[AnswerBundle], asked: AnswerKey) -> QuestionFigures:
    """Compute the figures of a question; hide those of fewer than 10 people, and what would reveal them."""
    by_language: dict[str, list[AnswerBundle]] = {}
    for one in bundles:
        by_language.setdefault(one.language, []).append(one)
    counts = {name: sum(one.count for one in own) for name, own in by_language.items()}
    whole_reason, reasons = hidden_rows(counts)
    shown = [own for name, own in by_language.items() if name not in reasons]
    groups = {name: _Group(own) for name, own in by_language.items() if name not in reasons}
    languages = {
        name: Figures(reason=reasons[name])
        if name in reasons
        else _figures(groups[name], asked, [one for other, one in groups.items() if other != name])
        for name in sorted(by_language)
    }
    if whole_reason or not bundles:
        return QuestionFigures(
            question_id, asked, Figures(reason=whole_reason or NoFigureReason.FEW), languages
        )
    return QuestionFigures(question_id, asked, _figures(_Group(bundles, shown), asked), languages)


def _figures(group: _Group, asked: AnswerKey, others: Sequence[_Group] = ()) -> Figures:
    sums = group.sums
    found = sums.discrimination
    return Figures(
        people=sums.n,
        difficulty=sums.x / sums.n,
        discrimination=found,
        interval=None if found is None else correlation(found, sums.n),
        options=tuple(_use(group, option, option in asked.right) for option in asked.options),
        apart=_apart(sums, [one.sums for one in others]),
    )


def _apart(own: Sums, others: Sequence[Sums]) -> float | None:
    """Return how far a language lies from the others, if neither chance nor the people explain it."""
    if not others:
        return None
    shares, beyonds = [one.share for one in others], [one.beyond for one in others]
    gap, side = apart(own.share, shares), apart(own.beyond, beyonds)
    raw, beyond = difference(own.share, shares), difference(own.beyond, beyonds)
    if not raw.excludes(0) or not beyond.excludes(0) or gap * side <= 0:
        return None
    return gap


def _use(group: _Group, option: str, right: bool) -> OptionUse:  # noqa: FBT001 -- it is a value
    took = _took(group.bundles, option)
    count = sum(one.count for one in took)
    # People who chose it in a shown language are already counted there.
    told = [sum(one.count for one in _took(part, option)) for part in group.told]
    rest = may_stand_beside(count, told)
    strong = sum(one.strong for one in took)
    return OptionUse(
        option,
        right,
        count / group.sums.n,
        strong / group.strong if group.strong >= LEAST else None,
        sum(one.rest for one in took) / count if rest else None,
    )


def _took(bundles: Iterable[AnswerBundle], option: str) -> list[AnswerBundle]:
    return [one for one in bundles if option in one.chosen]
