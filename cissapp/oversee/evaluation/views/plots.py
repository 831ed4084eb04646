"""Positions of the marks of a plot, in its own units."""

from collections.abc import Sequence

from msgspec import Struct

from cissapp.oversee.evaluation.rules import Gain, QuestionFigures

LABELS, WIDTH, LINE = 190, 400, 26
TOP = 24
LEAST_SHOWN = -0.2


class GainMark(Struct, frozen=True):
    """A line of a plot of gains: its label, the ends of the interval and the gain."""

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
        return round(LABELS + (kept - least) / (1 - least) * WIDTH, 1)

    marks = [
        GainMark(
            name,
            TOP + LINE * number + LINE // 2,
            across(one.interval.low) if one.interval else None,
            across(gain),
            across(one.interval.high) if one.interval else None,
        )
        for number, (name, one, gain) in enumerate(shown)
    ]
    rules = tuple(PlotLine(across(value), text) for value, text in RULES)
    return GainPlot(LABELS + WIDTH + 12, TOP + LINE * len(marks) + 6, rules, tuple(marks))


# Hake's thresholds between low, medium and high, and the ends.
RULES = ((0.0, "0"), (0.3, "0.3"), (0.7, "0.7"), (1.0, "1"))

SIDE, EDGE = 320, 40
STEPS = (0.0, 0.25, 0.5, 0.75, 1.0)
WORST = -0.4


class Dot(Struct, frozen=True):
    """A question on the map: its number in the table, its position, and whether it is flagged."""

    number: int
    x: float
    y: float
    flagged: bool


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
        tuple(PlotLine(_across(step), f"{step:g}") for step in STEPS),
        tuple(PlotLine(_up(step), f"{step:g}") for step in (WORST, 0.0, 0.5, 1.0)),
        tuple(dots),
    )


def _across(share: float) -> float:
    return round(EDGE + share * SIDE, 1)


def _up(value: float) -> float:
    kept = min(max(value, WORST), 1.0)
    return round(EDGE / 2 + (1 - kept) / (1 - WORST) * SIDE, 1)
