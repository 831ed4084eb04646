"""The layout of plots, the same on the page and on paper, without words or colours."""

from collections.abc import Sequence

from msgspec import Struct

# Grid lines above zero.
MOST_RULES = 4


class PlotSize(Struct, frozen=True):
    """The size of a plot, and its margins for labels."""

    width: float
    height: float
    left: float
    right: float = 16
    top: float = 30
    bottom: float = 26


class PlotPoint(Struct, frozen=True):
    """A value with its position."""

    x: float
    y: float
    value: int


class AreaPlot(Struct, frozen=True):
    """Values over time as a line with the area under it; `rules` are the grid lines of the scale."""

    size: PlotSize
    points: tuple[PlotPoint, ...]
    rules: tuple[PlotPoint, ...]

    @property
    def base(self) -> float:
        """The position of zero."""
        return self.size.height - self.size.bottom


def rules_of_scale(most: int) -> list[int]:
    """List the values marked on a scale from zero to the greatest value: round ones, at most five."""
    step = 1
    while most // step > MOST_RULES:
        # 1, 2, 5, 10, 20, 50 and so on: the first digit tells which comes next.
        step = step * 5 // 2 if str(step)[0] == "2" else step * 2
    return list(range(0, most + 1, step))


def area_plot(values: Sequence[int], size: PlotSize) -> AreaPlot:
    """Place values from left to right over a scale that begins at zero."""
    top = max([1, *values])
    height = size.height - size.top - size.bottom
    width = size.width - size.left - size.right
    apart = width / max(len(values) - 1, 1)

    def place(x: float, value: int) -> PlotPoint:
        return PlotPoint(round(x, 1), round(size.top + height * (1 - value / top), 1), value)

    points = [place(size.left + apart * number, value) for number, value in enumerate(values)]
    return AreaPlot(
        size, tuple(points), tuple(place(size.left, value) for value in rules_of_scale(top))
    )


def line_of(plot: AreaPlot) -> str:
    """Return the line through all points as path data."""
    return "M" + "L".join(f"{point.x} {point.y}" for point in plot.points)


def area_of(plot: AreaPlot) -> str:
    """Return the area under the line as path data."""
    first, last = plot.points[0], plot.points[-1]
    return f"{line_of(plot)}L{last.x} {plot.base}L{first.x} {plot.base}Z"


def shares_of(parts: Sequence[int], whole: int) -> list[tuple[float, float]]:
    """Return the start and length of each part, in per cent of the whole."""
    placed, at = [], 0.0
    for part in parts:
        length = min(part * 100 / whole, 100 - at) if whole else 0.0
        placed.append((round(at, 2), round(length, 2)))
        at += length
    return placed


def map_class(percent: int | None) -> int:
    """Return the class of a share on the map: 1 below 20 %, then 20-39, 40-59, 60 and more."""
    return 0 if percent is None else min(percent // 20, 3) + 1
