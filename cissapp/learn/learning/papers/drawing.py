"""Lays out a lesson on pages: in reading order, the answers last, the help line on every page."""

from collections.abc import Iterator
from functools import partial

from cissapp.foundation.content.schema import LessonPicture
from cissapp.foundation.paper.colours import TEXT_LINE
from cissapp.foundation.paper.markdown import BULLET, flowed, inline, link
from cissapp.foundation.paper.pages import Leaf, Pages, set_pages
from cissapp.foundation.paper.pieces import Flowing, Piece, rule, step
from cissapp.foundation.paper.styles import BODY, HEADING, SMALLER, TITLE, indented
from cissapp.foundation.paper.text import drawn, legible
from cissapp.learn.learning.papers.printed_lesson import PrintedLesson
from cissapp.learn.learning.papers.styles import (
    BOTTOM,
    CASE,
    FOOT,
    LABEL,
    LABELLED,
    PLACE,
    SIDE,
    SIZES,
    SOURCE,
    TOP,
)
from cissapp.learn.learning.rules.lesson_parts import body_parts


def draw_lesson(sheet: PrintedLesson) -> bytes:
    """Return a lesson as a PDF."""
    pages = Pages(
        size=SIZES[sheet.size],
        side=SIDE,
        top=TOP,
        bottom=BOTTOM,
        title=legible(drawn(sheet.text.title)),
        subject=legible(drawn(sheet.words.place)),
        language=sheet.language,
        foot=partial(_foot, sheet),
    )
    return set_pages(pages, lambda: _story(sheet, pages.column))


def _foot(sheet: PrintedLesson, leaf: Leaf, total: int) -> None:
    """Write the help line and the number of the page below the text, whatever the page holds."""
    width = SIZES[sheet.size][0] - 2 * SIDE
    page = sheet.words.page % {"number": leaf.getPageNumber(), "last": total}
    y = leaf.page_height - BOTTOM + 12
    leaf.rule(SIDE, y, width, TEXT_LINE)
    y += 4
    for line in (*sheet.words.foot, page):
        y = leaf.paragraph(inline(line), FOOT, SIDE, y, width)


# --- the parts of a lesson, in their order -----------------------------------------------------


def _story(sheet: PrintedLesson, width: float) -> Iterator[Flowing]:
    text, words = sheet.text, sheet.words
    yield Piece(inline(words.place), PLACE)
    yield Piece(inline(text.title), TITLE, role="H1")
    yield _heading(words.case)
    yield from flowed(text.case, width, style=CASE)
    for part in body_parts(text.body):
        yield from flowed(part.text, width)
        if part.number == 1 and text.picture:
            yield from _picture(text.picture, sheet.values)
    for heading, country in sheet.countries:
        yield _heading(heading)
        yield from flowed(country, width)
    yield _heading(words.remember)
    yield from _bullets(text.key_messages)
    for label, box in ((words.activity, text.activity), (words.product, text.product)):
        yield Piece(inline(label), LABEL)
        yield Piece(inline(box.title), LABELLED, role="H2")
        yield from flowed(box.text, width)
    if text.product.specimen:
        yield Piece(inline(words.specimen), SMALLER, role="H3")
        yield from flowed(text.product.specimen, width)
    yield _heading(words.ask)
    yield Piece(inline(words.think), PLACE)
    yield from _numbered([one.question for one in text.self_check])
    yield from _ending(sheet)


def _picture(picture: LessonPicture, values: tuple[str, ...]) -> Iterator[Piece]:
    """Write a picture as words: its title, what it shows, and its parts in their order."""
    yield Piece(inline(picture.title), SMALLER, role="H3")
    yield Piece(inline(picture.text), BODY)
    for line in (picture.start, picture.unit):
        if line:
            yield Piece(inline(line), BODY)
    items = []
    for one, value in zip(picture.items, values, strict=True):
        title = f"{one.title}: {value}" if value else one.title
        items.append(f"{title}. {one.text}" if one.text else title)
    yield from _numbered(items)


def _ending(sheet: PrintedLesson) -> Iterator[Flowing]:
    """Yield what stands at the end: sources, the answers."""
    text, words = sheet.text, sheet.words
    yield _heading(words.sources)
    path = (step("L"),)
    for source in text.sources:
        said = link(inline(source.title), str(source.url))
        inside = (*path, step("LI"))
        yield Piece(said, indented(SOURCE, 1), path=inside, role="LBody", bulletText=BULLET)
    yield rule(before=10)
    yield _heading(words.answers)
    yield from _numbered([one.answer for one in text.self_check])


def _heading(text: str) -> Piece:
    return Piece(inline(text), HEADING, role="H2")


def _bullets(texts: list[str]) -> Iterator[Piece]:
    return _listed([(BULLET, text) for text in texts])


def _numbered(texts: list[str]) -> Iterator[Piece]:
    return _listed([(f"{number}.", text) for number, text in enumerate(texts, start=1)])


def _listed(texts: list[tuple[str, str]]) -> Iterator[Piece]:
    path = (step("L"),)
    for mark, text in texts:
        inside = (*path, step("LI"))
        yield Piece(inline(text), indented(BODY, 1), path=inside, role="LBody", bulletText=mark)
