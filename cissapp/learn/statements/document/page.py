"""Draws the statement of learning: one plain portrait A4 page, quite unlike a school's certificate."""

from cissapp.foundation.paper.archive import open_pdf, save_pdf
from cissapp.foundation.paper.canvas import A4, Paper
from cissapp.foundation.paper.colours import (
    SLATE,
    SLATE_INK,
    SLATE_LINE,
    SLATE_SOFT,
    SLATE_TINT,
    SLATE_WATERMARK,
)
from cissapp.foundation.paper.fonts import SANS, SANS_BOLD
from cissapp.foundation.paper.metadata import (
    MADE_BY,
    read_text_inside,
    stamp_of,
    write_description,
    write_text_inside,
)
from cissapp.foundation.paper.text import Style, fitted, lines_of, on_two_lines, printable
from cissapp.learn.statements.document.facts import LearningStatement, PrintedStatement
from cissapp.learn.statements.rules import FORMAT

WIDTH, HEIGHT = A4
LEFT, RIGHT, TOP = 64.0, WIDTH - 64.0, 72.0
COLUMN = RIGHT - LEFT
TITLE, NAME, SCHOOL = Style(SANS_BOLD, 20, 26), Style(SANS_BOLD, 15, 21), Style(SANS, 11, 15)
BOX, PLAIN, HEAD = Style(SANS_BOLD, 11.5, 16), Style(SANS, 9.6, 13), Style(SANS, 8, 11)
SMALL = Style(SANS, 8, 11.4)
WATERMARK = Style(SANS_BOLD, 150, 150)
# The start and width of each column of the table, as fractions of the line.
COLUMNS = ((0.0, 0.42), (0.43, 0.2), (0.64, 0.1), (0.75, 0.13), (0.89, 0.11))
PADDING, ROW_GAP = 12.0, 9.0
# The name under which the statement is embedded in the file.
STATEMENT = "CISSStatement"


def draw_page(statement: LearningStatement, words: PrintedStatement) -> bytes:
    """Draw the page with the statement embedded, ready to be signed; raise `Unprintable`."""
    with open_pdf(_Page(statement, words).draw()) as pdf:
        write_description(pdf, title=words.title, language=statement.language, kind=FORMAT)
        stamp = stamp_of(statement.made_at, "Z")
        write_text_inside(pdf, STATEMENT, statement.text(), stamp=stamp)
        return save_pdf(pdf, for_archive=False)


def statement_in(content: bytes) -> str | None:
    """Return the statement embedded in a file; None if there is none. The signature is not checked."""
    return read_text_inside(content, STATEMENT)


class _Page:
    """One page; y is measured from the top."""

    def __init__(self, statement: LearningStatement, words: PrintedStatement) -> None:
        self.statement, self.words, self.y = statement, words, TOP
        self.paper = Paper(A4, language=statement.language)
        self.paper.setTitle(f"{words.title}: {printable(statement.name)}")
        self.paper.setCreator(MADE_BY)

    def draw(self) -> bytes:
        """Draw everything from the top down; return the file."""
        words = self.words
        if words.demo:
            middle = (WIDTH / 2, HEIGHT / 2 + 190)
            self.paper.watermark("DEMO", WATERMARK, *middle, angle=52, colour=SLATE_WATERMARK)
        self._text(words.title, TITLE, SLATE)
        self.y += 8
        self._box(words.box)
        if words.demo:
            self._text(words.demo, PLAIN, SLATE_INK)
            self.y += 8
        self._shrunk(self.statement.name, NAME, SLATE_INK)
        self._shrunk(words.school, SCHOOL, SLATE_SOFT)
        self.y += 12
        self._text(words.lead, PLAIN, SLATE_INK)
        self.y += 10
        self._row(words.head, HEAD, SLATE_SOFT)
        for row in words.rows:
            self._row(row, PLAIN, SLATE_INK)
        self.y += 10
        for note in words.notes:
            self._text(note, SMALL, SLATE_SOFT)
            self.y += 3
        return self.paper.finish()

    def _lines(self, lines: list[str], style: Style, colour: str, x: float) -> None:
        self.y = self.paper.write_lines(lines, style, x, self.y, colour)

    def _text(self, text: str, style: Style, colour: str) -> None:
        self._lines(lines_of(printable(text), style, COLUMN), style, colour, LEFT)

    def _shrunk(self, text: str, style: Style, colour: str) -> None:
        """Draw a name as large as fits on two lines."""
        lines, fitting = fitted(printable(text), style, on_two_lines, COLUMN, smallest=6)
        self._lines(lines, fitting, colour, LEFT)

    def _box(self, text: str) -> None:
        """Draw the disclaimer in a prominent box."""
        lines = lines_of(printable(text), BOX, COLUMN - 2 * PADDING)
        height = len(lines) * BOX.leading + 2 * PADDING
        self.paper.frame(LEFT, self.y, COLUMN, height, ground=SLATE_TINT, edge=SLATE)
        self.y += PADDING - 1
        self._lines(lines, BOX, SLATE_INK, LEFT + PADDING)
        self.y += PADDING + 17

    def _row(self, cells: tuple[str, ...], style: Style, colour: str) -> None:
        top, bottom = self.y, self.y
        for (start, share), cell in zip(COLUMNS, cells, strict=True):
            self.y = top
            lines = lines_of(printable(cell), style, share * COLUMN)
            self._lines(lines, style, colour, LEFT + start * COLUMN)
            bottom = max(bottom, self.y)
        self.y = bottom + ROW_GAP
        self.paper.rule(LEFT, self.y - ROW_GAP / 2, COLUMN, SLATE_LINE)
