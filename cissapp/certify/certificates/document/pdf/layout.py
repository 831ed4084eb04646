"""Where everything stands on the certificate."""

from cissapp.certify.certificates.document.facts import CertificateFacts
from cissapp.certify.certificates.document.pdf.measures import (
    BOTTOM,
    COLUMN,
    HEIGHT,
    LEFT,
    SIZE,
    colour_of,
)
from cissapp.certify.certificates.document.pdf.panel import draw_panel
from cissapp.certify.certificates.document.pdf.tables import (
    draw_hashes,
    draw_note,
    draw_tables,
    hashes_height,
    note_height,
    table_height,
)
from cissapp.certify.certificates.document.pdf.words import CertificateWords
from cissapp.foundation.paper.canvas import TaggedPaper
from cissapp.foundation.paper.colours import (
    BAD,
    BAD_GROUND,
    INK,
    MODULES,
    PRIMARY,
    SOFT,
    WATERMARK,
)
from cissapp.foundation.paper.fonts import SANS, SANS_BOLD, SERIF, SERIF_BOLD
from cissapp.foundation.paper.text import (
    Style,
    Unprintable,
    fitted,
    lines_of,
    on_one_line,
    printable,
)

LONGEST_NAME = 400


def paint_page(facts: CertificateFacts, words: tuple[CertificateWords, ...]) -> TaggedPaper:
    """Draw the page: heading and finding from the top, notes and tables from the bottom."""
    paper = TaggedPaper(SIZE, font_size=9)
    if facts.demo:
        with paper.decoration():
            middle = (LEFT + COLUMN / 2, HEIGHT / 2 + 86)
            paper.watermark("DEMO", Style(SANS_BOLD, 176, 176), *middle, angle=24, colour=WATERMARK)
    hash_top = BOTTOM - 1 - hashes_height(facts, words)
    note_top = hash_top - 8 - note_height(words)
    table_top = note_top - 14 - table_height(facts)
    y = _heading(paper, facts, words)
    _finding(paper, facts, words, y, table_top - 14)
    draw_tables(paper, facts, words, table_top)
    draw_note(paper, words, note_top)
    draw_panel(paper, facts, words)
    draw_hashes(paper, facts, words, hash_top)
    return paper


def _heading(
    paper: TaggedPaper, facts: CertificateFacts, words: tuple[CertificateWords, ...]
) -> float:
    y = 30.0
    for place, one in enumerate(words):
        style = Style(SANS, 8.8, 12) if place else Style(SANS_BOLD, 11, 15.5)
        colour = SOFT if place else PRIMARY
        with paper.piece("P" if place else "H1", one.language):
            y = paper.write_lines(lines_of(one.text.title, style, COLUMN), style, LEFT, y, colour)
    if facts.demo:
        y = _demo(paper, words, y + 6)
    lines, style = _name(printable(facts.school_name))
    with paper.piece("H2", facts.language):
        y = paper.write_lines(lines, style, LEFT, y + 9, INK)
    where = f"{printable(facts.locality)}, {words[0].country}"
    lines, style = fitted(where, Style(SANS, 11.4, 16), on_one_line, COLUMN, smallest=6)
    with paper.piece("P", facts.language):
        y = paper.write_lines(lines, style, LEFT, y + 1, SOFT)
    with paper.decoration():
        for place, colour in enumerate(MODULES):
            paper.bar(LEFT + place * 25, y + 9, 21, 3, colour=colour, radius=1.5)
    return y + 24


def _name(name: str) -> tuple[list[str], Style]:
    """Set the school's name: on one large line, else on two or three smaller ones."""
    if len(name) > LONGEST_NAME:
        raise Unprintable(f"{len(name)} characters do not fit")
    try:
        return fitted(name, Style(SERIF_BOLD, 32, 38), on_one_line, COLUMN, smallest=24)
    except Unprintable:
        return fitted(name, Style(SERIF_BOLD, 27, 32), _few_lines, COLUMN, smallest=8)


def _few_lines(lines: list[str], style: Style) -> bool:
    return len(lines) * style.leading <= 64


def _demo(paper: TaggedPaper, words: tuple[CertificateWords, ...], y: float) -> float:
    style = Style(SANS_BOLD, 8.2, 12)
    said = "  ·  ".join(one.label("demo") for one in words)
    with paper.decoration():
        paper.bar(LEFT, y, min(style.width(said) + 16, COLUMN), 17, colour=BAD_GROUND, radius=4)
    with paper.piece("P", words[0].language):
        paper.write_lines([said], style, LEFT + 8, y + 2.5, BAD)
    return y + 17


def _finding(
    paper: TaggedPaper,
    facts: CertificateFacts,
    words: tuple[CertificateWords, ...],
    top: float,
    bottom: float,
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
            y = paper.write_lines(blocks[place], styles[place], LEFT, y, colour_of(place)) + 6
