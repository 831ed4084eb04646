"""Draws the statement of learning: one A4 page upright, plain, in no way like a school's certificate."""

from dataclasses import dataclass
from io import BytesIO
from xml.sax.saxutils import escape

import pikepdf
from pikepdf import Dictionary, Name, Pdf, Stream, String
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from cissapp.foundation.paper.text import SANS, SANS_BOLD, Style, drawn, fitted, lines_of, printable
from cissapp.learn.statements.facts import Statement
from cissapp.learn.statements.rules import FORMAT

WIDTH, HEIGHT = A4
LEFT, RIGHT, TOP = 64.0, WIDTH - 64.0, 72.0
COLUMN = RIGHT - LEFT
INK, SOFT, LINE, SLATE, GROUND, DEMO = (
    "#22262E",
    "#596072",
    "#C9CEDA",
    "#3B4768",
    "#EEF1F7",
    "#E9EBF1",
)
TITLE, NAME, SCHOOL = Style(SANS_BOLD, 20, 26), Style(SANS_BOLD, 15, 21), Style(SANS, 11, 15)
BOX, PLAIN, HEAD = Style(SANS_BOLD, 11.5, 16), Style(SANS, 9.6, 13), Style(SANS, 8, 11)
SMALL = Style(SANS, 8, 11.4)
# Where each column of the table begins and how wide it is, as shares of the line.
COLUMNS = ((0.0, 0.42), (0.43, 0.2), (0.64, 0.1), (0.75, 0.13), (0.89, 0.11))
PADDING, ROW_GAP = 12.0, 9.0

XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:format>application/pdf</dc:format>
<dc:type><rdf:Bag><rdf:li>{format}</rdf:li></rdf:Bag></dc:type>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language>
</rdf:Description>
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>"""


@dataclass(frozen=True)
class Words:
    """What is printed, in one language; `rows` are the cells of the table, one row a module."""

    title: str
    school: str
    box: str
    lead: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...]
    demo: str | None


def draw(statement: Statement, words: Words) -> bytes:
    """Draw the page, with what is stated inside the file; raise `Unprintable`."""
    page = _Page(statement, words)
    page.fill()
    return _finished(page.bytes(), statement, words)


def statement_in(content: bytes) -> str | None:
    """Give the text of the statement in a file; None, if there is none. The signature says if it is true."""
    try:
        with pikepdf.open(BytesIO(content)) as pdf:
            return bytes(pdf.Root.PieceInfo.CISSStatement.Private.read_bytes()).decode()
    except (pikepdf.PdfError, AttributeError, KeyError, TypeError, ValueError):
        return None


def _finished(content: bytes, statement: Statement, words: Words) -> bytes:
    """Say what the file is, as XMP and for computers; ready to be signed."""
    out = BytesIO()
    with pikepdf.open(BytesIO(content)) as pdf:
        xml = XMP.format(
            format=FORMAT, title=escape(words.title), language=escape(statement.language)
        )
        pdf.Root.Metadata = Stream(pdf, xml.encode(), Type=Name.Metadata, Subtype=Name.XML)
        pdf.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
        pdf.Root.PieceInfo = _piece(pdf, statement)
        pdf.save(out, deterministic_id=True, recompress_flate=True)
    return out.getvalue()


def _piece(pdf: Pdf, statement: Statement) -> Dictionary:
    stamp = String(f"D:{statement.made_at:%Y%m%d%H%M%SZ}")
    inside = Stream(pdf, statement.text().encode())
    return Dictionary(CISSStatement=Dictionary(LastModified=stamp, Private=inside))


class _Page:
    """One page; y is measured from the top, as one reads."""

    def __init__(self, statement: Statement, words: Words) -> None:
        self.statement, self.words, self.y = statement, words, TOP
        self.file = BytesIO()
        self.canvas = Canvas(
            self.file, pagesize=A4, invariant=1, initialFontName=SANS, lang=statement.language
        )
        self.canvas.setTitle(f"{words.title}: {printable(statement.name)}")
        self.canvas.setCreator("CISS")

    def bytes(self) -> bytes:
        """Close the page, and give the file."""
        self.canvas.showPage()
        self.canvas.save()
        return self.file.getvalue()

    def fill(self) -> None:
        """Draw everything from the top down."""
        words = self.words
        if words.demo:
            self._watermark()
        self._text(words.title, TITLE, SLATE)
        self.y += 8
        self._box(words.box)
        if words.demo:
            self._text(words.demo, PLAIN, INK)
            self.y += 8
        self._shrunk(self.statement.name, NAME, INK)
        self._shrunk(words.school, SCHOOL, SOFT)
        self.y += 12
        self._text(words.lead, PLAIN, INK)
        self.y += 10
        self._row(words.head, HEAD, SOFT)
        for row in words.rows:
            self._row(row, PLAIN, INK)
        self.y += 10
        for note in words.notes:
            self._text(note, SMALL, SOFT)
            self.y += 3

    def _watermark(self) -> None:
        self.canvas.saveState()
        self.canvas.setFillColor(HexColor(DEMO))
        self.canvas.setFont(SANS_BOLD, 150)
        self.canvas.translate(WIDTH / 2, HEIGHT / 2 - 190)
        self.canvas.rotate(52)
        self.canvas.drawCentredString(0, 0, "DEMO")
        self.canvas.restoreState()

    def _lines(self, lines: list[str], style: Style, colour: str, x: float) -> None:
        self.canvas.setFillColor(HexColor(colour))
        self.canvas.setFont(style.font, style.size)
        for line in lines:
            self.y += style.leading
            self.canvas.drawString(x, HEIGHT - self.y + style.leading * 0.26, drawn(line))

    def _text(self, text: str, style: Style, colour: str) -> None:
        self._lines(lines_of(printable(text), style, COLUMN), style, colour, LEFT)

    def _shrunk(self, text: str, style: Style, colour: str) -> None:
        """Write a name as large as it fits on two lines."""
        lines, fitting = fitted(printable(text), style, _two_lines, COLUMN, smallest=6)
        self._lines(lines, fitting, colour, LEFT)

    def _box(self, text: str) -> None:
        """Write what this is not, in a box that nobody overlooks."""
        lines = lines_of(printable(text), BOX, COLUMN - 2 * PADDING)
        height = len(lines) * BOX.leading + 2 * PADDING
        self.canvas.setFillColor(HexColor(GROUND))
        self.canvas.setStrokeColor(HexColor(SLATE))
        self.canvas.setLineWidth(1.4)
        self.canvas.rect(LEFT, HEIGHT - self.y - height, COLUMN, height, stroke=1, fill=1)
        self.y += PADDING - 1
        self._lines(lines, BOX, INK, LEFT + PADDING)
        self.y += PADDING + 17

    def _row(self, cells: tuple[str, ...], style: Style, colour: str) -> None:
        top, bottom = self.y, self.y
        for (start, share), cell in zip(COLUMNS, cells, strict=True):
            self.y = top
            lines = lines_of(printable(cell), style, share * COLUMN)
            self._lines(lines, style, colour, LEFT + start * COLUMN)
            bottom = max(bottom, self.y)
        self.y = bottom + ROW_GAP
        self.canvas.setStrokeColor(HexColor(LINE))
        self.canvas.setLineWidth(0.6)
        edge = HEIGHT - self.y + ROW_GAP / 2
        self.canvas.line(LEFT, edge, RIGHT, edge)


def _two_lines(lines: list[str], _style: Style) -> bool:
    return len(lines) <= 2
