"""Draws levels: a radar of the five modules, and for each module its levels over time.

Lines differ in dashes and markers, so that they can be distinguished without colour.
"""

from collections.abc import Iterable, Mapping, Sequence
from math import cos, pi, sin

from msgspec import Struct, field

from cissapp.foundation.web.pictures import NARROW, WIDE
from cissapp.foundation.web.pictures.measures import lines_of, width_of
from cissapp.foundation.web.pictures.shapes import Anchor, Drawing, Point, Words
from cissapp.review.history.rules.levels import HIGHEST, OWN, Measurement, MeasurementKind

NUMBER_OUT, TITLE, LEADING, GAP = 26.0, 14.0, 18.0, 20.0
MARK = 5.0
TREND_WIDTH, TREND_HEIGHT = 320.0, 132.0
TREND_LEFT, TREND_TOP, TREND_BOTTOM = 30.0, 12.0, 102.0


class Curve(Struct, frozen=True):
    """A line with its markers; `tone` is the kind of levels that it shows."""

    tone: str
    path: str
    marks: tuple[str, ...]


class Chart(Struct):
    """A drawing of levels: rings or rules in the background, words and numbers, and the curves on top."""

    drawing: Drawing
    grid: list[str] = field(default_factory=list)
    curves: list[Curve] = field(default_factory=list)


def radar(series: Iterable[Measurement], titles: Mapping[str, str], width: float) -> Chart:
    """Draw measurements on an axis for each module; a wide canvas shows the titles at the axes."""
    wide = width >= WIDE
    radius = 150.0 if wide else width / 2 - 2 * NUMBER_OUT + 12
    sides = len(titles)
    centre = (width / 2, radius + (80 if wide else NUMBER_OUT + 18))
    chart = Chart(Drawing(width, centre[1] + radius * cos(pi / sides) + (48 if wide else 40)))
    for level in range(1, HIGHEST + 1):
        ring = [_at(centre, radius * level / HIGHEST, side, sides) for side in range(sides)]
        chart.grid.append(_path(ring, closed=True))
    for number, title in enumerate(titles.values()):
        chart.grid.append(_path([centre, _at(centre, radius, number, sides)]))
        _name_axis(chart.drawing, _at(centre, radius + NUMBER_OUT, number, sides), number, title)
    for one in series:
        points = [
            _at(centre, radius * one.modules.get(name, 0) / HIGHEST, number, sides)
            for number, name in enumerate(titles)
        ]
        chart.curves.append(_curve(one.kind, points, closed=True))
    # Drawn over the curves, because the scale is read along the vertical axis.
    for level in range(1, HIGHEST + 1):
        y = centre[1] - radius * level / HIGHEST
        chart.drawing.write(Words(centre[0] + 7, y + 5, str(level), TITLE, tone="soft"))
    return chart


def _name_axis(drawing: Drawing, at: Point, number: int, title: str) -> None:
    """Draw the number of a module at its axis, and on a wide canvas its title beside, above or below."""
    drawing.number(*at, number + 1)
    if drawing.width < WIDE:
        return
    x, y = at
    middle = drawing.width / 2
    if abs(x - middle) < 1:
        room = drawing.width - 2 * GAP
        lines, start, anchor, left = lines_of(title, room, TITLE), -GAP, "middle", middle
    else:
        right = x > middle
        room = (drawing.width - x if right else x) - GAP
        lines, anchor = lines_of(title, room, TITLE), "start"
        widest = max(width_of(one, TITLE) for one in lines)
        left = x + GAP if right else max(0.0, x - GAP - widest)
        start = 5 - (len(lines) - 1) * LEADING / 2
    for place, line in enumerate(lines):
        at_y = y + start + place * LEADING
        drawing.write(Words(left, at_y, line, TITLE, anchor=_anchor(anchor)))


def _anchor(name: str) -> Anchor:
    return "middle" if name == "middle" else "start"


def trend(history: Sequence[Measurement], module_id: str) -> Chart:
    """Draw the levels of one module over time; the numbers below are those of the table."""
    chart = Chart(Drawing(TREND_WIDTH, TREND_HEIGHT))
    step = (TREND_WIDTH - TREND_LEFT - 14) / max(1, len(history) - 1)
    spots = [TREND_LEFT + 8 + step * place for place in range(len(history))]
    for level in range(HIGHEST + 1):
        y = _height(level)
        chart.grid.append(_path([(TREND_LEFT, y), (TREND_WIDTH - 2, y)]))
        chart.drawing.write(Words(8, y + 5, str(level), TITLE, tone="soft"))
    for place, x in enumerate(spots):
        number = Words(x, TREND_HEIGHT - 6, str(place + 1), TITLE, anchor="middle", tone="soft")
        chart.drawing.write(number)
    for kinds in (OWN, (MeasurementKind.DECIDED,)):
        points = [
            (x, _height(one.modules[module_id]))
            for x, one in zip(spots, history, strict=True)
            if one.kind in kinds and module_id in one.modules
        ]
        if points:
            chart.curves.append(_curve(kinds[0], points))
    return chart


def _height(level: float) -> float:
    return TREND_BOTTOM - (TREND_BOTTOM - TREND_TOP) * level / HIGHEST


def charts_of(series: Sequence[Measurement], titles: Mapping[str, str]) -> dict[str, Chart]:
    """Draw the radar for a phone and for a wider page."""
    return {
        name: radar(series, titles, width) for name, width in (("narrow", NARROW), ("wide", WIDE))
    }


def sample(kind: MeasurementKind) -> Curve:
    """Draw a short line with its marker for the legend."""
    return Curve(kind.value, "M0 9H44", (_mark(kind, (22, 9)),))


def _at(centre: Point, distance: float, side: int, sides: int) -> Point:
    """Return a point on an axis; the first axis is vertical, the others follow clockwise."""
    angle = 2 * pi * side / sides - pi / 2
    return centre[0] + distance * cos(angle), centre[1] + distance * sin(angle)


def _path(points: Sequence[Point], *, closed: bool = False) -> str:
    through = "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
    return f"M{through}{'z' if closed else ''}"


def _curve(kind: MeasurementKind, points: Sequence[Point], *, closed: bool = False) -> Curve:
    return Curve(kind.value, _path(points, closed=closed), tuple(_mark(kind, at) for at in points))


def _mark(kind: MeasurementKind, at: Point) -> str:
    """Draw a marker: a square for a decision, a circle for a round, a diamond for today."""
    x, y = at
    if kind is MeasurementKind.DECIDED:
        return f"M{x - MARK:.1f} {y - MARK:.1f}h{2 * MARK:g}v{2 * MARK:g}h-{2 * MARK:g}z"
    if kind is MeasurementKind.TODAY:
        wide = MARK + 2
        return _path([(x, y - wide), (x + wide, y), (x, y + wide), (x - wide, y)], closed=True)
    turn = f"a{MARK:g} {MARK:g} 0 1 1"
    return f"M{x - MARK:.1f} {y:.1f}{turn} {2 * MARK:g} 0{turn} -{2 * MARK:g} 0z"
