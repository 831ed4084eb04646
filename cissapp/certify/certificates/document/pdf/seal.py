"""The right side of the certificate: the seal with the level in it, and the five modules with their figures."""

import math

from cissapp.certify.certificates.document.facts import CertificateFacts
from cissapp.certify.certificates.document.pdf.measures import (
    HEIGHT,
    RIGHT,
    SEAL_LEFT,
    SEAL_WIDTH,
    colour_of,
)
from cissapp.certify.certificates.document.pdf.words import CertificateWords
from cissapp.foundation.paper.canvas import TaggedPaper
from cissapp.foundation.paper.colours import EDGE, INK, LINE, MODULES, SOFT, TRACK, WHITE
from cissapp.foundation.paper.fonts import SANS, SANS_BOLD, SERIF_BOLD
from cissapp.foundation.paper.text import Style, fitted, on_one_line

HIGHEST = 3
CENTRE = (SEAL_LEFT + SEAL_WIDTH / 2, 174.0)
RADIUS, THICK, GAP = 66.0, 22.0, 2.2
FIGURES = 93.0
INSIDE = 48.0
LEVELS, ROW = 309.0, 30.0


def draw_seal(
    paper: TaggedPaper, facts: CertificateFacts, words: tuple[CertificateWords, ...]
) -> None:
    """Draw the ring, each arc filled to the mean of its module, with its figure; the level inside, its name below."""
    x, y = CENTRE
    box = (x - FIGURES, HEIGHT - y - FIGURES, x + FIGURES, HEIGHT - y + FIGURES)
    with paper.piece("Figure", words[0].language, alternative=_said(facts, words[0]), box=box):
        _disc(paper)
        means = [mean / HIGHEST for _module, mean in facts.module_levels]
        paper.arcs(x, y, RADIUS, THICK, gap=GAP, colours=(TRACK,) * len(MODULES))
        paper.arcs(x, y, RADIUS, THICK, gap=GAP, colours=MODULES, shares=means)
        for place, (_module, mean) in enumerate(facts.module_levels):
            _figure(paper, place, words[0].figure(mean))
        paper.write_lines(
            [str(facts.level)], Style(SERIF_BOLD, 60, 66), x, y - 42, INK, centred=True
        )
        label = " · ".join(dict.fromkeys(one.label("level") for one in words))
        small, style = fitted(label, Style(SANS, 9, 12), on_one_line, 2 * INSIDE - 22, smallest=5)
        paper.write_lines(small, style, x, y + 20, SOFT, centred=True)
    _level_name(paper, facts, words)


def _said(facts: CertificateFacts, first: CertificateWords) -> str:
    titles = first.text.module_titles
    figures = (f"{titles[name]}: {first.figure(mean)}" for name, mean in facts.module_levels)
    return "; ".join((f"{first.label('level')} {facts.level}", *figures))


def _disc(paper: TaggedPaper) -> None:
    """Draw what is inside the ring: white, a fine line, a circle of dots."""
    x, y = CENTRE
    paper.fill(WHITE)
    paper.circle(x, HEIGHT - y, RADIUS + THICK / 2 + 5, stroke=0, fill=1)
    paper.stroke(EDGE, 0.7)
    paper.circle(x, HEIGHT - y, INSIDE + 2.5, stroke=1, fill=0)
    paper.saveState()
    paper.setLineCap(1)
    paper.setDash([0, math.radians(4) * INSIDE])
    paper.stroke(EDGE, 1.3)
    paper.circle(x, HEIGHT - y, INSIDE - 1, stroke=1, fill=0)
    paper.restoreState()


def _figure(paper: TaggedPaper, place: int, figure: str) -> None:
    """Write the figure of a module outside its arc."""
    x, y = CENTRE
    angle = math.radians(54 - 72 * place)
    style = Style(SANS_BOLD, 10.5, 13)
    middle = (x + (FIGURES + 1) * math.cos(angle), y - FIGURES * math.sin(angle))
    colour = MODULES[place % len(MODULES)]
    paper.write_lines([figure], style, middle[0], middle[1] - 6.5, colour, centred=True)


def _level_name(
    paper: TaggedPaper, facts: CertificateFacts, words: tuple[CertificateWords, ...]
) -> None:
    y = CENTRE[1] + FIGURES + 9
    for place, one in enumerate(words):
        style = Style(SANS, 10, 13) if place else Style(SERIF_BOLD, 15.5, 19)
        name = one.text.level_names[str(facts.level)]
        lines, style = fitted(name, style, on_one_line, SEAL_WIDTH, smallest=7)
        with paper.piece("P", one.language):
            y = paper.write_lines(lines, style, CENTRE[0], y, colour_of(place), centred=True)


def draw_levels(
    paper: TaggedPaper, facts: CertificateFacts, words: tuple[CertificateWords, ...]
) -> None:
    """Draw the modules, one a row: its title in each language and its figure."""
    with paper.group("Table", words[0].language):
        for place, level in enumerate(facts.module_levels):
            with paper.group("TR"):
                _module(paper, place, level, words, LEVELS + place * ROW)


def _module(
    paper: TaggedPaper,
    place: int,
    level: tuple[str, float],
    words: tuple[CertificateWords, ...],
    y: float,
) -> None:
    module_id, mean = level
    with paper.decoration():
        if place:
            paper.rule(SEAL_LEFT, y, SEAL_WIDTH, LINE)
        colour = MODULES[place % len(MODULES)]
        paper.bar(SEAL_LEFT, y + 5, 3.4, ROW - 10, colour=colour, radius=1.7)
    line = y + (3.6 if len(words) > 1 else 8)
    with paper.group("TH"):
        for order, one in enumerate(words):
            style = Style(SANS, 7.8, 10) if order else Style(SANS_BOLD, 9.2, 12)
            text = one.text.module_titles[module_id]
            title, style = fitted(text, style, on_one_line, SEAL_WIDTH - 46, smallest=5)
            with paper.piece("P", one.language):
                line = paper.write_lines(title, style, SEAL_LEFT + 11, line, colour_of(order))
    figure = words[0].figure(mean)
    strong = Style(SANS_BOLD, 11, 14)
    with paper.piece("TD", words[0].language):
        paper.write_lines([figure], strong, RIGHT - strong.width(figure), y + 8, INK)
