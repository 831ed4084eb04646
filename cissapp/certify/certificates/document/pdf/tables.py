"""The tables of the certificate: levels of the modules, facts; and the note that ends it."""

from collections.abc import Iterator

from cissapp.certify.certificates.document.facts import CertificateFacts
from cissapp.certify.certificates.document.pdf.measures import COLUMN, LEFT, RIGHT, colour_of
from cissapp.certify.certificates.document.pdf.words import CertificateWords
from cissapp.foundation.paper.canvas import TaggedPaper
from cissapp.foundation.paper.colours import ACCENT, INK, LINE, MODULES, SOFT, TRACK, WARM
from cissapp.foundation.paper.fonts import SANS, SANS_BOLD
from cissapp.foundation.paper.text import (
    HARD_SPACE,
    Style,
    Unprintable,
    fitted,
    lines_of,
    on_one_line,
    on_two_lines,
    printable,
)

HIGHEST = 3
HEAD = 15.0
ROW = 27.0
LEVELS_WIDTH = 306.0
FACTS_LEFT = LEFT + LEVELS_WIDTH + 32
FACTS_WIDTH = RIGHT - FACTS_LEFT
TRACK_WIDTH = 62.0

TITLE, BELOW = Style(SANS_BOLD, 8.8, 11.6), Style(SANS, 7.4, 9.8)
HEADING = Style(SANS, 7.4, 10)


def table_height(facts: CertificateFacts) -> float:
    """Measure the height of the tables."""
    return HEAD + ROW * len(facts.module_levels)


def draw_tables(
    paper: TaggedPaper, facts: CertificateFacts, words: tuple[CertificateWords, ...], top: float
) -> None:
    """Draw both tables side by side."""
    _levels(paper, facts, words, top)
    _facts(paper, facts, words, top)


def _levels(
    paper: TaggedPaper, facts: CertificateFacts, words: tuple[CertificateWords, ...], top: float
) -> None:
    language = words[0].language
    end = LEFT + LEVELS_WIDTH
    with paper.group("Table", language):
        with paper.group("TR"):
            criteria = f"{words[0].label('criteria_version')} {facts.criteria_version}"
            with paper.piece("TH", language):
                paper.write_lines([criteria], HEADING, LEFT, top, SOFT)
            scale = f"{words[0].label('level')} 0–{HIGHEST}"
            with paper.piece("TH", language):
                paper.write_lines([scale], HEADING, end - HEADING.width(scale), top, SOFT)
        for place, level in enumerate(facts.module_levels):
            with paper.group("TR"):
                _module(paper, place, level, words, top + HEAD + place * ROW)


def _module(
    paper: TaggedPaper,
    place: int,
    level: tuple[str, float],
    words: tuple[CertificateWords, ...],
    y: float,
) -> None:
    """Draw a row: the module's title in each language, its level as a bar and as a figure."""
    module_id, mean = level
    end = LEFT + LEVELS_WIDTH
    track = end - TRACK_WIDTH - 26
    colour = MODULES[place % len(MODULES)]
    with paper.decoration():
        paper.bar(LEFT, y - 0.5, LEVELS_WIDTH, 0.5, colour=LINE)
        paper.bar(LEFT, y + 4, 4, ROW - 8, colour=colour, radius=2)
        paper.bar(track, y + 10.5, TRACK_WIDTH, 5, colour=TRACK, radius=2.5)
        length = max(TRACK_WIDTH * mean / HIGHEST, 5)
        paper.bar(track, y + 10.5, length, 5, colour=colour, radius=2.5)
    line = y + (3 if len(words) > 1 else 7.4)
    with paper.group("TH"):
        for order, one in enumerate(words):
            style = BELOW if order else TITLE
            text = one.text.module_titles[module_id]
            title, style = fitted(text, style, on_one_line, track - LEFT - 18, smallest=5)
            with paper.piece("P", one.language):
                line = paper.write_lines(title, style, LEFT + 12, line, colour_of(order))
    figure = words[0].figure(mean)
    strong = Style(SANS_BOLD, 10, 13)
    with paper.piece("TD", words[0].language):
        paper.write_lines([figure], strong, end - strong.width(figure), y + 6.4, INK)


def _facts(
    paper: TaggedPaper, facts: CertificateFacts, words: tuple[CertificateWords, ...], top: float
) -> None:
    rows = list(_rows(facts, words[0]))
    height = table_height(facts) / len(rows)
    with paper.group("Table", words[0].language):
        for place, row in enumerate(rows):
            y = top + place * height
            if place:
                with paper.decoration():
                    paper.bar(FACTS_LEFT, y - 0.5, FACTS_WIDTH, 0.5, colour=LINE)
            with paper.group("TR"):
                _fact(paper, row, words, y)


def _rows(facts: CertificateFacts, first: CertificateWords) -> Iterator[tuple[str, str]]:
    yield "valid_from", first.day(facts.valid_from_on)
    yield "valid_until", first.day(facts.valid_until_on)
    yield "number", facts.number
    yield "issued_by", facts.group_name
    yield "documents", str(len(facts.documents))
    yield "signed", f"PAdES, {facts.key_id}"


def _fact(
    paper: TaggedPaper, row: tuple[str, str], words: tuple[CertificateWords, ...], y: float
) -> None:
    name, value = row
    label = " / ".join(dict.fromkeys(one.label(name) for one in words))
    small, style = fitted(label, Style(SANS, 7.2, 9), on_one_line, FACTS_WIDTH, smallest=4)
    with paper.piece("TH", words[0].language):
        y = paper.write_lines(small, style, FACTS_LEFT, y + 2.6, SOFT)
    lines, style = _value(printable(value))
    with paper.piece("TD", words[0].language):
        paper.write_lines(lines, style, FACTS_LEFT, y, INK)


def _value(text: str) -> tuple[list[str], Style]:
    """Set a value on one line as one reads it, else on two smaller ones."""
    strong = Style(SANS_BOLD, 9.2, 11.4)
    try:
        return fitted(text, strong, on_one_line, FACTS_WIDTH, smallest=7)
    except Unprintable:
        return fitted(text, Style(SANS_BOLD, 6.0, 6.1), on_two_lines, FACTS_WIDTH, smallest=3)


# --- the hashes --------------------------------------------------------------------------------

SMALL = Style(SANS, 6.2, 8.2)
SHOWN_MARKS = 12
MOST_LINES = 2


def hash_lines(facts: CertificateFacts, words: tuple[CertificateWords, ...]) -> list[str]:
    """Write the hash of all that is certified, then the beginning of that of each document.

    The whole hashes are inside the file and on the page that checks it; what does not fit here is counted.
    """
    label = " / ".join(dict.fromkeys(one.label("documents") for one in words))
    shown = [
        f"{one.evidence_code}{HARD_SPACE}{one.version}{HARD_SPACE}{one.sha256[:SHOWN_MARKS]}…"
        for one in facts.documents
    ]
    lines: list[str] = []
    for left_out in range(len(shown) + 1):
        kept = shown[: len(shown) - left_out]
        more = [f"+{HARD_SPACE}{left_out}"] if left_out else []
        lines = lines_of(f"{label}: {' · '.join([*kept, *more])}", SMALL, COLUMN)
        if len(lines) <= MOST_LINES:
            break
    return [f"SHA-256 {facts.sha256}", *(lines if shown else [])]


def draw_hashes(
    paper: TaggedPaper, facts: CertificateFacts, words: tuple[CertificateWords, ...], top: float
) -> None:
    """Write the hashes at the foot of the page."""
    for place, line in enumerate(hash_lines(facts, words)):
        with paper.piece("P", words[0].language):
            paper.write_lines([line], SMALL, LEFT, top + place * SMALL.leading, SOFT)


def hashes_height(facts: CertificateFacts, words: tuple[CertificateWords, ...]) -> float:
    """Measure the height of the hashes."""
    return len(hash_lines(facts, words)) * SMALL.leading


# --- the note ----------------------------------------------------------------------------------

PLAIN, STRONG = Style(SANS, 8.8, 12), Style(SANS_BOLD, 8.8, 12)
BELOW_NOTE = Style(SANS, 7.6, 10.4)
PADDING = 8.0


def _note_lines(words: tuple[CertificateWords, ...]) -> list[tuple[str, list[str], Style]]:
    width = COLUMN - 2 * PADDING - 10
    blocks = []
    for place, one in enumerate(words):
        if place:
            said = [(f"{one.text.not_meaning} {one.worried()}", BELOW_NOTE)]
        else:
            said = [(one.text.not_meaning, PLAIN), (one.worried(), STRONG)]
        for text, style in said:
            blocks.append((one.language, lines_of(printable(text), style, width), style))
    return blocks


def note_height(words: tuple[CertificateWords, ...]) -> float:
    """Measure the height of the note."""
    blocks = _note_lines(words)
    return (
        sum(len(lines) * style.leading for _, lines, style in blocks)
        + 2 * PADDING
        + 2 * (len(blocks) - 1)
    )


def draw_note(paper: TaggedPaper, words: tuple[CertificateWords, ...], top: float) -> None:
    """Draw the note: what the certificate does not mean, and whom to call for a child."""
    with paper.decoration():
        paper.bar(LEFT, top, COLUMN, note_height(words), colour=WARM, radius=6)
        paper.bar(LEFT, top, 5, note_height(words), colour=ACCENT, radius=2.5)
    y = top + PADDING - 1
    for language, lines, style in _note_lines(words):
        with paper.piece("P", language):
            y = (
                paper.write_lines(
                    lines, style, LEFT + PADDING + 8, y, SOFT if style is BELOW_NOTE else INK
                )
                + 2
            )
