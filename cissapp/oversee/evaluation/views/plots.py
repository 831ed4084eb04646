"""Positions of the marks of a plot, in its own units."""

from collections.abc import Sequence

from flask_babel import format_decimal
from msgspec import Struct
from msgspec.structs import replace

from cissapp.oversee.evaluation.rules import Gain, QuestionFigures

# As wide as a phone, so that no text of it is shrunk there; the label stands above its line.
EDGE, WIDTH, LINE = 40, 320, 44
MARGIN, TOP = 10, 24
LEAST_SHOWN = -0.2


class GainMark(Struct, frozen=True):
    """A line of a plot of gains: its label above it, the ends of the interval and the gain."""

    label: str
    y: int
    low: float | None
    x: float
    high: float | None


class PlotLine(Struct, frozen=True):
    """A grid line with its number."""

    x: float
    text: str


class GainPlot(Struct, frozen=True):
    """Gains with their intervals, one below the other."""

    width: int
    height: int
    rules: tuple[PlotLine, ...]
    marks: tuple[GainMark, ...]


def gain_plot(named: Sequence[tuple[str, Gain]]) -> GainPlot | None:
    """Place the shown gains on a scale that ends at 1; None if there are none."""
    shown = [(name, one, one.gain) for name, one in named if one.gain is not None]
    if not shown:
        return None
    ends = [min(gain, one.interval.low if one.interval else gain) for _, one, gain in shown]
    least = max(min(LEAST_SHOWN, *ends), -1.0)

    def across(value: float) -> float:
        kept = min(max(value, least), 1.0)
        return round(MARGIN + (kept - least) / (1 - least) * WIDTH, 1)

    marks = [
        GainMark(
            name,
            TOP + LINE * number + LINE * 3 // 4,
            across(one.interval.low) if one.interval else None,
            across(gain),
            across(one.interval.high) if one.interval else None,
        )
        for number, (name, one, gain) in enumerate(shown)
    ]
    rules = tuple(PlotLine(across(value), format_decimal(value)) for value in RULES)
    return GainPlot(WIDTH + 2 * MARGIN, TOP + LINE * len(marks) + 6, rules, tuple(marks))


# Hake's thresholds between low, medium and high, and the ends.
RULES = (0.0, 0.3, 0.7, 1.0)

# How near the number of a question may be to another's, across and upwards, for both to be read.
ROOM = (22, 14)
STEPS = (0.0, 0.25, 0.5, 0.75, 1.0)
WORST = -0.4


class Dot(Struct, frozen=True):
    """A question on the map: its number in the table, its position, whether it is flagged, and numbered."""

    number: int
    x: float
    y: float
    flagged: bool
    numbered: bool = True


class ItemPlot(Struct, frozen=True):
    """Questions by difficulty (across) and discrimination (up)."""

    across: tuple[PlotLine, ...]
    up: tuple[PlotLine, ...]
    dots: tuple[Dot, ...]


def item_plot(numbered: Sequence[tuple[int, QuestionFigures, bool]]) -> ItemPlot | None:
    """Place the questions (number, figures, whether flagged) that have both figures; None if none has."""
    dots = [
        Dot(number, _across(one.whole.difficulty), _up(one.whole.discrimination), flagged)
        for number, one, flagged in numbered
        if one.whole.difficulty is not None and one.whole.discrimination is not None
    ]
    if not dots:
        return None
    return ItemPlot(
        tuple(PlotLine(_across(step), format_decimal(step)) for step in STEPS),
        tuple(PlotLine(_up(step), format_decimal(step)) for step in (WORST, 0.0, 0.5, 1.0)),
        _with_room(dots),
    )


def _with_room(dots: list[Dot]) -> tuple[Dot, ...]:
    """Mark which questions are numbered: the flagged ones first, and none whose number would overlap another."""
    placed: list[Dot] = []
    for dot in sorted(dots, key=lambda one: not one.flagged):
        across, up = ROOM
        if all(abs(one.x - dot.x) >= across or abs(one.y - dot.y) >= up for one in placed):
            placed.append(dot)
    taken = {one.number for one in placed}
    return tuple(replace(one, numbered=one.number in taken) for one in dots)


def _across(share: float) -> float:
    return round(EDGE + share * WIDTH, 1)


def _up(value: float) -> float:
    kept = min(max(value, WORST), 1.0)
    return round(EDGE / 2 + (1 - kept) / (1 - WORST) * WIDTH, 1)
