"""Draws the plots of a report: months, bars, the map. No meaning depends on colour alone."""

from collections.abc import Sequence

from msgspec import Struct

from cissapp.foundation.paper.canvas import Drawing
from cissapp.foundation.paper.colours import EDGE, INK, LINE, PRIMARY, SOFT, TRACK, WHITE
from cissapp.foundation.paper.fonts import SANS, SANS_BOLD
from cissapp.foundation.paper.text import Style, legible
from cissapp.oversee.oversight.rules import AreaPlot

SMALLEST = Style(SANS, 6.5, 8)
SMALL, SMALL_BOLD = Style(SANS, 8, 10), Style(SANS_BOLD, 8, 10)
AREA = "#DBE7E9"
# Background colours of the map and of stacked bars, each with the text colour on it.
SHADES = {
    "none": (WHITE, SOFT),
    "1": ("#D5E4E6", INK),
    "2": ("#A5C6CB", INK),
    "3": ("#2F7886", WHITE),
    "4": ("#084550", WHITE),
}
GROUNDS = {
    "solid": PRIMARY,
    "level-3": "#084550",
    "level-2": PRIMARY,
    "level-1": "#7FB0B9",
    "way": "#C9DDE0",
    "ground": TRACK,
    "untold": WHITE,
}
BAR_ROW, BAR_HEIGHT = 15.0, 8.0
KEY_SIDE, KEY_GAP = 8.0, 14.0
TILE, TILE_GAP = 27.0, 2.0

Part = tuple[str, float, float]


class PaperWord(Struct, frozen=True):
    """Text with its position."""

    x: float
    y: float
    text: str


class PaperBar(Struct, frozen=True):
    """A bar between its name and its figure; without parts it is not drawn."""

    name: str
    parts: tuple[Part, ...]
    text: str


class PaperKey(Struct, frozen=True):
    """A ground of the bars, and what it means, with its position."""

    ground: str
    word: PaperWord


class PaperTile(Struct, frozen=True):
    """A region on the map."""

    row: int
    column: int
    short: str
    text: str
    shade: str


def draw_months(
    paper: Drawing, plot: AreaPlot, months: Sequence[PaperWord], marks: Sequence[PaperWord]
) -> None:
    """Draw values by month as a line with the area under it."""
    right = plot.size.width - plot.size.right
    for rule in plot.rules:
        paper.rule(rule.x, rule.y, right - rule.x, LINE)
        text = str(rule.value)
        _write(paper, PaperWord(rule.x - 6 - SMALL.width(text), rule.y - 5, text), SMALL, SOFT)
    points = [(point.x, point.y) for point in plot.points]
    if len(points) > 1:
        first, last = points[0], points[-1]
        paper.through([*points, (last[0], plot.base), (first[0], plot.base)], ground=AREA)
        paper.through(points, ground=PRIMARY, width=2)
    for word in months:
        _centre(paper, PaperWord(word.x, plot.base + 6, word.text), SMALL, SOFT)
    for mark in marks:
        paper.disc(mark.x, mark.y, 3, colour=PRIMARY)
        _centre(paper, PaperWord(mark.x, mark.y - 15, mark.text), SMALL_BOLD, INK)


def draw_bars(paper: Drawing, bars: Sequence[PaperBar], width: float, *, top: float = 0) -> None:
    """Draw bars below each other: name, bar, figure."""
    begin, end = width * 0.34, width * 0.82
    for number, bar in enumerate(bars):
        y = top + number * BAR_ROW
        _write(paper, PaperWord(0, y, bar.name), SMALL, INK)
        # Beside a bar there is a number, without one there may be a sentence.
        text_x = end + 8 if bar.parts else min(end + 8, width - SMALL_BOLD.width(legible(bar.text)))
        _write(paper, PaperWord(text_x, y, bar.text), SMALL_BOLD, INK)
        if not bar.parts:
            continue
        paper.bar(begin, y + 2, end - begin, BAR_HEIGHT, colour=TRACK)
        for ground, at, length in bar.parts:
            x, long = begin + (end - begin) * at / 100, (end - begin) * length / 100
            if long > 0:
                paper.bar(x, y + 2, long, BAR_HEIGHT, colour=GROUNDS[ground])


def legend_of(words: Sequence[tuple[str, str]], width: float) -> list[PaperKey]:
    """Place grounds and what they mean one after the other, in as many lines as they need."""
    placed, x, y = [], 0.0, 0.0
    for ground, text in words:
        long = KEY_SIDE + 4 + SMALL.width(legible(text))
        if x and x + long > width:
            x, y = 0.0, y + BAR_ROW
        placed.append(PaperKey(ground, PaperWord(x, y, text)))
        x += long + KEY_GAP
    return placed


def draw_legend(paper: Drawing, keys: Sequence[PaperKey]) -> None:
    """Draw a square of each ground with what it means."""
    for key in keys:
        x, y = key.word.x, key.word.y
        paper.bar(x, y + 2, KEY_SIDE, KEY_SIDE, colour=EDGE)
        paper.bar(x + 0.5, y + 2.5, KEY_SIDE - 1, KEY_SIDE - 1, colour=GROUNDS[key.ground])
        _write(paper, PaperWord(x + KEY_SIDE + 4, y, key.word.text), SMALL, INK)


def draw_map(paper: Drawing, tiles: Sequence[PaperTile]) -> None:
    """Draw one square per region, with its share inside."""
    for tile in tiles:
        x, y = tile.column * (TILE + TILE_GAP), tile.row * (TILE + TILE_GAP)
        ground, letters = SHADES[tile.shade]
        paper.bar(x, y, TILE, TILE, colour=EDGE, radius=3)
        paper.bar(x + 0.6, y + 0.6, TILE - 1.2, TILE - 1.2, colour=ground, radius=2.6)
        middle = x + TILE / 2
        _centre(paper, PaperWord(middle, y + 3, tile.short), SMALL_BOLD, letters)
        _centre(paper, PaperWord(middle, y + 14, tile.text), SMALLEST, letters)


def map_size(tiles: Sequence[PaperTile]) -> tuple[float, float]:
    """Return how wide and how high a map is."""
    side = TILE + TILE_GAP
    return (
        (max(tile.column for tile in tiles) + 1) * side,
        (max(tile.row for tile in tiles) + 1) * side,
    )


def _write(paper: Drawing, word: PaperWord, style: Style, colour: str) -> None:
    paper.write_lines([legible(word.text)], style, word.x, word.y, colour)


def _centre(paper: Drawing, word: PaperWord, style: Style, colour: str) -> None:
    paper.write_lines([legible(word.text)], style, word.x, word.y, colour, centred=True)
