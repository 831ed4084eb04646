"""Pictures with a figure of their own: a ladder, rings, a fork, bars."""

from collections.abc import Sequence

from babel.numbers import format_decimal

from cissapp.foundation.content.schema.pictures import LessonPicture, PictureItem
from cissapp.foundation.web.pictures.cards import (
    BESIDE,
    PAD,
    PHONE,
    TEXT,
    TEXT_LEADING,
    TITLE,
    TITLE_LEADING,
    Frame,
    card_of,
)
from cissapp.foundation.web.pictures.measures import lines_of, width_of
from cissapp.foundation.web.pictures.shapes import BADGE, NUMBER, Box, Disc, Drawing, Words

CLOSE, GAP = 10.0, 30.0
INNERMOST, BAND = 30.0, 30.0
BAR = 16.0
SHORT_UNIT = 4


def ladder(picture: LessonPicture, width: float) -> Drawing:
    """Draw steps that lead up: the first stands lowest and furthest left."""
    drawing, top = Drawing(width), 0.0
    count = len(picture.items)
    indent = 12.0 if width < PHONE else 40.0
    for number in range(count, 0, -1):
        one = picture.items[number - 1]
        frame = Frame(width - (count - 1) * indent, number)
        height = frame.height(one)
        frame.draw(drawing, one, (number - 1) * indent, top, height)
        top += height + CLOSE
    return drawing


def rings(picture: LessonPicture, width: float) -> Drawing:
    """Draw rings round a centre, numbered from within; the words stand beside or below them."""
    drawing, items = Drawing(width), picture.items
    largest = INNERMOST + (len(items) - 1) * BAND
    narrow = width < PHONE
    left = 0.0 if narrow else 2 * largest + GAP
    cards = [card_of(one, width - left - BESIDE) for one in items]
    heights = [max(card.height, 2 * BADGE) for card in cards]
    total = sum(heights) + (len(items) - 1) * 16
    x = width / 2 if narrow else largest + 1
    y = largest + 1 if narrow else max(largest + 1, total / 2)
    for number in range(len(items), 0, -1):
        drawing.disc(Disc(x, y, INNERMOST + (number - 1) * BAND, tone=f"ring-{number}"))
        up = y - (number - 1) * BAND - (INNERMOST - BAND / 2 if number > 1 else 0) + 5
        tone = "on" if number == 1 else "ink"
        drawing.write(Words(x, up, str(number), NUMBER, bold=True, anchor="middle", tone=tone))
    top = y + largest + 20 if narrow else y - total / 2
    for number, (card, height) in enumerate(zip(cards, heights, strict=True), start=1):
        drawing.number(left + BADGE, top + BADGE, number)
        card.write(drawing, left + BESIDE, top + 3)
        top += height + 16
    return drawing


def fork(picture: LessonPicture, width: float) -> Drawing:
    """Draw a question, and the ways that lead from it."""
    return _fork_down(picture, width) if width < PHONE else _fork_across(picture, width)


def _start_lines(picture: LessonPicture, width: float) -> list[str]:
    return lines_of(picture.start or "", width - 2 * PAD, TITLE, bold=True)


def _start(drawing: Drawing, lines: Sequence[str], y: float, width: float) -> None:
    """Draw the box of the question, from the left edge."""
    drawing.box(Box(0, y, width, len(lines) * TITLE_LEADING + 2 * PAD, tone="chief"))
    for number, line in enumerate(lines):
        at = y + PAD + number * TITLE_LEADING + TITLE - 1
        drawing.write(Words(PAD, at, line, TITLE, bold=True, tone="on"))


def _fork_across(picture: LessonPicture, width: float) -> Drawing:
    drawing, chief = Drawing(width), 200.0
    left = chief + 2 * GAP
    frame = Frame(width - left)
    heights = [frame.height(one) for one in picture.items]
    total = sum(heights) + (len(heights) - 1) * CLOSE
    lines = _start_lines(picture, chief)
    high = len(lines) * TITLE_LEADING + 2 * PAD
    middle = max(total, high) / 2
    top = middle - total / 2
    for one, height in zip(picture.items, heights, strict=True):
        frame.draw(drawing, one, left, top, height)
        at, turn = top + height / 2, chief + GAP
        drawing.arrow((chief, middle), (turn, middle), (turn, at), (left, at))
        top += height + CLOSE
    _start(drawing, lines, middle - high / 2, chief)
    return drawing


def _fork_down(picture: LessonPicture, width: float) -> Drawing:
    drawing, spine, left = Drawing(width), 12.0, 34.0
    lines = _start_lines(picture, width)
    _start(drawing, lines, 0, width)
    begin = len(lines) * TITLE_LEADING + 2 * PAD
    top, frame = begin + CLOSE + 4, Frame(width - left)
    for one in picture.items:
        height = frame.height(one)
        frame.draw(drawing, one, left, top, height)
        drawing.arrow((spine, begin), (spine, top + height / 2), (left, top + height / 2))
        top += height + CLOSE
    return drawing


def bars(picture: LessonPicture, width: float, language: str) -> Drawing:
    """Draw horizontal bars that start from zero, each with its words and its figure."""
    drawing, top = Drawing(width), 0.0
    unit = picture.unit or ""
    if len(unit) > SHORT_UNIT:
        for line in lines_of(unit, width, TEXT):
            drawing.write(Words(0, top + TEXT, line, TEXT, tone="soft"))
            top += TEXT_LEADING
        top += CLOSE
    said = [written_value(one, picture, language) for one in picture.items]
    room = width - max(width_of(one, TITLE, bold=True) for one in said) - CLOSE
    most = max(one.value or 0 for one in picture.items) or 1
    for one, value in zip(picture.items, said, strict=True):
        long = room * (one.value or 0) / most
        top = _bar(drawing, one, value, top, long)
    return drawing


def _bar(drawing: Drawing, item: PictureItem, value: str, top: float, long: float) -> float:
    """Draw a bar with its words; return where the next one begins."""
    card = card_of(item, drawing.width)
    for number, line in enumerate(card.title):
        at = top + number * TITLE_LEADING + TITLE
        drawing.write(Words(0, at, line, TITLE, bold=True))
    top += len(card.title) * TITLE_LEADING + 4
    drawing.box(Box(0, top, max(long, 2), BAR, tone="bar", radius=3))
    drawing.write(Words(max(long, 2) + CLOSE, top + BAR - 2, value, TITLE, bold=True))
    top += BAR + 4
    for number, line in enumerate(card.text):
        drawing.write(Words(0, top + number * TEXT_LEADING + TEXT, line, TEXT, tone="soft"))
    return top + len(card.text) * TEXT_LEADING + 14


def written_value(item: PictureItem, picture: LessonPicture, language: str) -> str:
    """Write the figure of a bar in a language, with its unit where that is short; nothing for other kinds."""
    if item.value is None:
        return ""
    number = format_decimal(item.value, format="#,##0.##", locale=language)
    unit = picture.unit or ""
    return f"{number}\u00a0{unit}" if 0 < len(unit) <= SHORT_UNIT else str(number)
