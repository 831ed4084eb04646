"""A lesson set on pages: what one reads first comes first, the answers last, the help line on every page."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any

from reportlab.lib.colors import HexColor
from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import BaseDocTemplate, Frame, HRFlowable, PageTemplate, Paragraph

from cissapp.learn.learning.papers.look import (
    BODY,
    BOTTOM,
    FOOT,
    HEADING,
    LABEL,
    LINE,
    PLACE,
    PLAIN,
    SIDE,
    SIZES,
    SOURCE,
    TINT,
    TITLE,
    TOP,
    indented,
    marks,
    printable,
)
from cissapp.learn.learning.papers.markdown import BULLET, flowed, inline, link
from cissapp.learn.learning.papers.pieces import Leaf, Piece, step, tagged
from cissapp.learn.learning.papers.sheets import Sheet

CASE = ParagraphStyle(
    "case", parent=BODY, backColor=HexColor(TINT), borderPadding=(6, 8, 6, 8), leftIndent=8,
    rightIndent=8, spaceBefore=8, spaceAfter=14,
)  # fmt: skip


def draw(sheet: Sheet) -> bytes:
    """Give the file of a lesson. It is set twice: how many pages there are, is known only then."""
    marks()
    _, _, total = _set(sheet, 0)
    content, pages, _ = _set(sheet, total)
    return tagged(content, pages[:total], sheet.language)


def _set(sheet: Sheet, total: int) -> tuple[bytes, list[list[Any]], int]:
    file, leaves = BytesIO(), []
    width, height = SIZES[sheet.size]

    def leaf(*arguments: Any, **values: Any) -> Leaf:
        # The first font named is written into every page, used or not: it is one of ours.
        values |= {"initialFontName": PLAIN, "invariant": 1, "lang": sheet.language}
        leaves.append(Leaf(*arguments, **values))
        return leaves[-1]

    def foot(canvas: Leaf, _document: BaseDocTemplate) -> None:
        _foot(canvas, sheet, total)

    document = BaseDocTemplate(
        file, pagesize=(width, height), title=printable(sheet.text.title), author="CISS",
        subject=printable(sheet.words.place), creator="CISS",
    )  # fmt: skip
    column = width - 2 * SIDE
    frame = Frame(SIDE, BOTTOM, column, height - TOP - BOTTOM, 0, 0, 0, 0)
    document.addPageTemplates(PageTemplate(frames=[frame], onPage=foot))
    document.build(list(_story(sheet, column)), canvasmaker=leaf)
    return file.getvalue(), leaves[0].pages, document.page


def _foot(canvas: Leaf, sheet: Sheet, total: int) -> None:
    """Write the help line and the number of the page below the text, whatever the page holds."""
    width = SIZES[sheet.size][0] - 2 * SIDE
    page = sheet.words.page % {"number": canvas.getPageNumber(), "last": total}
    with canvas.decoration():
        canvas.setStrokeColor(HexColor(LINE))
        canvas.setLineWidth(0.6)
        canvas.line(SIDE, BOTTOM - 12, SIDE + width, BOTTOM - 12)
        y = BOTTOM - 16
        for line in (*sheet.words.foot, page):
            paragraph = Paragraph(inline(line), FOOT)
            _, height = paragraph.wrapOn(canvas, width, BOTTOM)
            y -= height
            paragraph.drawOn(canvas, SIDE, y)


# --- the parts of a lesson, in their order -----------------------------------------------------


def _story(sheet: Sheet, width: float) -> Iterator[Any]:
    text, words = sheet.text, sheet.words
    yield Piece(inline(words.place), PLACE)
    yield Piece(inline(text.title), TITLE, role="H1")
    yield _heading(words.case)
    yield from flowed(text.case, width, style=CASE)
    yield from flowed(text.body, width)
    yield _heading(words.remember)
    yield from _bullets(text.key_messages)
    for label, part in ((words.activity, text.activity), (words.product, text.product)):
        yield Piece(inline(label), LABEL)
        yield Piece(inline(part.title), _close(HEADING), role="H2")
        yield from flowed(part.text, width)
    yield _heading(words.ask)
    yield Piece(inline(words.think), PLACE)
    yield from _numbered([one.question for one in text.self_check])
    yield from _ending(sheet)


def _ending(sheet: Sheet) -> Iterator[Any]:
    """Give what stands at the end: what is to be confirmed, sources, the answers."""
    text, words = sheet.text, sheet.words
    if text.confirm:
        yield _heading(words.confirm)
        yield from _bullets(text.confirm)
    yield _heading(words.sources)
    path = (step("L"),)
    for source in text.sources:
        said = link(inline(source.title), str(source.url))
        inside = (*path, step("LI"))
        yield Piece(said, indented(SOURCE, 1), path=inside, role="LBody", bulletText=BULLET)
    yield HRFlowable(width="100%", color=HexColor(LINE), spaceBefore=10)
    yield _heading(words.answers)
    yield from _numbered([one.answer for one in text.self_check])


def _heading(text: str) -> Piece:
    return Piece(inline(text), HEADING, role="H2")


def _close(style: ParagraphStyle) -> ParagraphStyle:
    """Give a heading that stands close below its label."""
    return ParagraphStyle(f"{style.name}-close", parent=style, spaceBefore=0)


def _bullets(texts: list[str]) -> Iterator[Piece]:
    return _listed([(BULLET, text) for text in texts])


def _numbered(texts: list[str]) -> Iterator[Piece]:
    return _listed([(f"{number}.", text) for number, text in enumerate(texts, start=1)])


def _listed(texts: list[tuple[str, str]]) -> Iterator[Piece]:
    path = (step("L"),)
    for mark, text in texts:
        inside = (*path, step("LI"))
        yield Piece(inline(text), indented(BODY, 1), path=inside, role="LBody", bulletText=mark)
