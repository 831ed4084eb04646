"""The certificate page: its frame and header, the large first word, the school, the finding."""

from cissapp.certify.certificates.document.facts import CertificateFacts
from cissapp.certify.certificates.document.pdf.foot import draw_foot, draw_signature
from cissapp.certify.certificates.document.pdf.measures import (
    BAR,
    COLUMN,
    DATES,
    FRAME,
    FRAME_INSIDE,
    HEAD,
    HEIGHT,
    LEFT,
    RIGHT,
    SIZE,
    WIDTH,
    colour_of,
)
from cissapp.certify.certificates.document.pdf.seal import CENTRE, draw_levels, draw_seal
from cissapp.certify.certificates.document.pdf.words import CertificateWords
from cissapp.foundation.paper.canvas import TaggedPaper, size_of
from cissapp.foundation.paper.colours import (
    BAD,
    BAD_GROUND,
    ECHO,
    EDGE,
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
# The space for the logo, in points, and the distance of its centre from the top.
LOGO_WIDTH, LOGO_HEIGHT, LOGO_MIDDLE = 64.0, 52.0, 54.0
PROGRAMME = "Certified Internet Safe School"
ECHOES = (96.0, 122.0, 150.0, 180.0, 212.0)


def paint_page(
    facts: CertificateFacts, words: tuple[CertificateWords, ...], logo: bytes | None
) -> TaggedPaper:
    """Draw the page: who and what was found on the left, the level on the right, how to check it below."""
    paper = TaggedPaper(SIZE, font_size=9)
    with paper.decoration():
        _ground(paper, demo=facts.demo)
    _group(paper, facts, words, _logo(paper, logo) if logo else LEFT)
    _programme(paper)
    y = _word(paper, words)
    if facts.demo:
        y = _demo(paper, words, y + 3)
    y = _school(paper, facts, words, y + (2 if facts.demo else 10))
    _finding(paper, facts, words, y + 9, DATES - 8)
    draw_signature(paper, facts, words)
    draw_seal(paper, facts, words)
    draw_levels(paper, facts, words)
    draw_foot(paper, facts, words)
    return paper


def _ground(paper: TaggedPaper, *, demo: bool) -> None:
    """Draw the bar of five colours, the frame, the echo of the ring, and the word over a demonstration."""
    x, y = CENTRE
    paper.saveState()
    inside = paper.beginPath()
    inside.rect(FRAME_INSIDE, FRAME_INSIDE, WIDTH - 2 * FRAME_INSIDE, HEIGHT - 2 * FRAME_INSIDE)
    paper.clipPath(inside, stroke=0, fill=0)
    paper.stroke(ECHO, 0.7)
    for radius in ECHOES:
        paper.circle(x, HEIGHT - y, radius, stroke=1, fill=0)
    paper.restoreState()
    if demo:
        middle = (LEFT + COLUMN / 2, HEIGHT / 2 + 92)
        paper.watermark("DEMO", Style(SANS_BOLD, 176, 176), *middle, angle=22, colour=WATERMARK)
    share = WIDTH / len(MODULES)
    for place, colour in enumerate(MODULES):
        gap = 3 if place else 0
        paper.bar(place * share + gap, 0, share - gap, BAR, colour=colour)
    for edge, width in ((FRAME, 1.0), (FRAME_INSIDE, 0.5)):
        paper.stroke(EDGE, width)
        paper.rect(edge, edge, WIDTH - 2 * edge, HEIGHT - 2 * edge, stroke=1, fill=0)


def _logo(paper: TaggedPaper, content: bytes) -> float:
    """Draw the logo of the group, as large as its place allows; return where its name begins beside it."""
    width, height = size_of(content)
    scale = min(LOGO_WIDTH / width, LOGO_HEIGHT / height)
    width, height = width * scale, height * scale
    # Decoration only: the name that the logo stands for is written beside it.
    with paper.decoration():
        paper.picture(content, LEFT, LOGO_MIDDLE - height / 2, width, height)
    return LEFT + width + 11


def _group(
    paper: TaggedPaper, facts: CertificateFacts, words: tuple[CertificateWords, ...], left: float
) -> None:
    """Write which group issued the certificate."""
    said = " · ".join(dict.fromkeys(one.label("issued_by") for one in words))
    with paper.piece("P", words[0].language):
        y = paper.write_lines([said], Style(SANS, 8.4, 11.5), left, HEAD + 2, SOFT)
    name, style = printable(facts.group_name), Style(SANS_BOLD, 12.5, 16)
    lines, style = _on_few_lines(name, style, LEFT + COLUMN - left, height=30, smallest=4.5)
    with paper.piece("P", facts.language):
        paper.write_lines(lines, style, left, y, INK)


def _programme(paper: TaggedPaper) -> None:
    """Write the name of the programme, with its ring."""
    style, below = Style(SANS_BOLD, 11, 15), Style(SANS, 9, 12)
    right = RIGHT - 43
    with paper.piece("P", "en"):
        y = paper.write_lines([PROGRAMME], style, right - style.width(PROGRAMME), HEAD + 5, INK)
        paper.write_lines(["CISS"], below, right - below.width("CISS"), y, SOFT)
    with paper.decoration():
        paper.arcs(RIGHT - 17, HEAD + 21, 14.5, 5, gap=4, colours=MODULES)


def _word(paper: TaggedPaper, words: tuple[CertificateWords, ...]) -> float:
    """Draw the first word of the title large, the rest below it, then the title in English."""
    word, rest = words[0].word_and_rest()
    large, style = fitted(word, Style(SERIF_BOLD, 57, 62), on_one_line, COLUMN, smallest=30)
    with paper.piece("H1", words[0].language):
        y = paper.write_lines([f"{large[0]} "], style, LEFT - 2, HEAD + 48, PRIMARY)
        small, style = fitted(rest, Style(SERIF, 13, 17), on_one_line, COLUMN, smallest=7)
        y = paper.write_lines(small, style, LEFT, y + 1, INK)
    for one in words[1:]:
        with paper.piece("P", one.language):
            y = paper.write_lines([one.text.title], Style(SANS, 9, 12), LEFT, y, SOFT)
    return y


def _demo(paper: TaggedPaper, words: tuple[CertificateWords, ...], y: float) -> float:
    style = Style(SANS_BOLD, 8.2, 12)
    said = "  ·  ".join(one.label("demo") for one in words)
    with paper.decoration():
        paper.bar(LEFT, y, min(style.width(said) + 16, COLUMN), 17, colour=BAD_GROUND, radius=4)
    with paper.piece("P", words[0].language):
        paper.write_lines([said], style, LEFT + 8, y + 2.5, BAD)
    return y + 17


def _school(
    paper: TaggedPaper, facts: CertificateFacts, words: tuple[CertificateWords, ...], y: float
) -> float:
    lines, style = _name(printable(facts.school_name))
    with paper.piece("H2", facts.language):
        y = paper.write_lines(lines, style, LEFT, y, INK)
    where = f"{printable(facts.locality)}, {words[0].country}"
    lines, style = fitted(where, Style(SANS, 12.4, 17), on_one_line, COLUMN, smallest=6)
    with paper.piece("P", facts.language):
        return paper.write_lines(lines, style, LEFT, y + 2, SOFT)


def _name(name: str) -> tuple[list[str], Style]:
    """Set the school's name: on one large line, else on two smaller ones, else smaller still."""
    if len(name) > LONGEST_NAME:
        raise Unprintable(f"{len(name)} characters do not fit")
    try:
        return fitted(name, Style(SERIF_BOLD, 31, 37), on_one_line, COLUMN, smallest=26)
    except Unprintable:
        return _on_few_lines(name, Style(SERIF_BOLD, 26, 30), COLUMN, height=62, smallest=8)


def _on_few_lines(
    text: str, style: Style, width: float, *, height: float, smallest: float
) -> tuple[list[str], Style]:
    """Fit a text into a height, as large as possible."""

    def fits(lines: list[str], tried: Style) -> bool:
        return len(lines) * tried.leading <= height

    return fitted(text, style, fits, width, smallest)


def _finding(
    paper: TaggedPaper,
    facts: CertificateFacts,
    words: tuple[CertificateWords, ...],
    top: float,
    bottom: float,
) -> None:
    """Draw the finding in each language, as large as space allows."""
    texts = [printable(one.finding(facts)) for one in words]
    for percent in range(100, 50, -2):
        styles = [
            (Style(SANS, 9.2, 12.8) if place else Style(SERIF, 12.8, 18)).scaled(percent / 100)
            for place in range(len(words))
        ]
        blocks = [lines_of(text, style, COLUMN) for text, style in zip(texts, styles, strict=True)]
        height = sum(
            len(block) * style.leading for block, style in zip(blocks, styles, strict=True)
        )
        if top + height + 4 * (len(words) - 1) <= bottom:
            break
    else:
        raise Unprintable("what was found does not fit on the page")
    y = top
    for place, one in enumerate(words):
        with paper.piece("P", one.language):
            y = paper.write_lines(blocks[place], styles[place], LEFT, y, colour_of(place)) + 4
