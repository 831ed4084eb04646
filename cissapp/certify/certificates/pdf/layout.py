"""Where everything stands on the certificate."""

from reportlab.lib.colors import HexColor

from cissapp.certify.certificates.facts import Facts
from cissapp.certify.certificates.pdf.panel import panel
from cissapp.certify.certificates.pdf.tables import (
    hashes,
    hashes_height,
    note,
    note_height,
    table,
    table_height,
)
from cissapp.certify.certificates.pdf.words import Words
from cissapp.foundation.paper.canvas import HEIGHT, Paper
from cissapp.foundation.paper.look import (
    BAD,
    BAD_GROUND,
    BOTTOM,
    COLUMN,
    INK,
    LEFT,
    MODULES,
    PRIMARY,
    SOFT,
    WATERMARK,
    tone,
)
from cissapp.foundation.paper.text import (
    SANS,
    SANS_BOLD,
    SERIF,
    SERIF_BOLD,
    Style,
    Unprintable,
    fitted,
    lines_of,
    printable,
)

LONGEST_NAME = 400


def paint(facts: Facts, words: tuple[Words, ...]) -> Paper:
    """Draw the page: heading and finding from the top, notes and tables from the bottom."""
    paper = Paper()
    if facts.demo:
        with paper.decoration():
            _watermark(paper)
    hash_top = BOTTOM - 1 - hashes_height(facts, words)
    note_top = hash_top - 8 - note_height(words)
    table_top = note_top - 14 - table_height(facts)
    y = _heading(paper, facts, words)
    _finding(paper, facts, words, y, table_top - 14)
    table(paper, facts, words, table_top)
    note(paper, words, note_top)
    panel(paper, facts, words)
    hashes(paper, facts, words, hash_top)
    return paper


def _watermark(paper: Paper) -> None:
    paper.saveState()
    paper.setFillColor(HexColor(WATERMARK))
    paper.setFont(SANS_BOLD, 176)
    paper.translate(LEFT + COLUMN / 2, HEIGHT / 2 - 86)
    paper.rotate(24)
    paper.drawCentredString(0, 0, "DEMO")
    paper.restoreState()


def _heading(paper: Paper, facts: Facts, words: tuple[Words, ...]) -> float:
    y = 30.0
    for place, one in enumerate(words):
        style = Style(SANS, 8.8, 12) if place else Style(SANS_BOLD, 11, 15.5)
        colour = SOFT if place else PRIMARY
        with paper.piece("P" if place else "H1", one.language):
            y = paper.lines(lines_of(one.text.title, style, COLUMN), style, LEFT, y, colour)
    if facts.demo:
        y = _demo(paper, words, y + 6)
    lines, style = _name(printable(facts.school_name))
    with paper.piece("H2", facts.language):
        y = paper.lines(lines, style, LEFT, y + 9, INK)
    where = f"{printable(facts.locality)}, {words[0].country}"
    lines, style = fitted(where, Style(SANS, 11.4, 16), _one_line, COLUMN, smallest=6)
    with paper.piece("P", facts.language):
        y = paper.lines(lines, style, LEFT, y + 1, SOFT)
    with paper.decoration():
        for place, colour in enumerate(MODULES):
            paper.bar(LEFT + place * 25, y + 9, 21, 3, colour=colour, radius=1.5)
    return y + 24


def _name(name: str) -> tuple[list[str], Style]:
    """Set the school's name: on one large line, else on two or three smaller ones."""
    if len(name) > LONGEST_NAME:
        raise Unprintable(f"{len(name)} characters do not fit")
    try:
        return fitted(name, Style(SERIF_BOLD, 32, 38), _one_line, COLUMN, smallest=24)
    except Unprintable:
        return fitted(name, Style(SERIF_BOLD, 27, 32), _few_lines, COLUMN, smallest=8)


def _one_line(lines: list[str], _style: Style) -> bool:
    return len(lines) == 1


def _few_lines(lines: list[str], style: Style) -> bool:
    return len(lines) * style.leading <= 64


def _demo(paper: Paper, words: tuple[Words, ...], y: float) -> float:
    style = Style(SANS_BOLD, 8.2, 12)
    said = "  ·  ".join(one.label("demo") for one in words)
    with paper.decoration():
        paper.bar(LEFT, y, min(style.width(said) + 16, COLUMN), 17, colour=BAD_GROUND, radius=4)
    with paper.piece("P", words[0].language):
        paper.lines([said], style, LEFT + 8, y + 2.5, BAD)
    return y + 17


def _finding(
    paper: Paper, facts: Facts, words: tuple[Words, ...], top: float, bottom: float
) -> None:
    """Write what was found in each language, as large as the room allows."""
    texts = [printable(one.finding(facts)) for one in words]
    for percent in range(100 if len(words) > 1 else 120, 58, -2):
        styles = [
            (Style(SANS, 8.6, 12) if place else Style(SERIF, 12.4, 17.8)).scaled(percent / 100)
            for place in range(len(words))
        ]
        blocks = [lines_of(text, style, COLUMN) for text, style in zip(texts, styles, strict=True)]
        height = sum(
            len(block) * style.leading for block, style in zip(blocks, styles, strict=True)
        )
        if top + height + 6 * (len(words) - 1) <= bottom:
            break
    else:
        raise Unprintable("what was found does not fit on the page")
    y = top
    for place, one in enumerate(words):
        with paper.piece("P", one.language):
            y = paper.lines(blocks[place], styles[place], LEFT, y, tone(place)) + 6
