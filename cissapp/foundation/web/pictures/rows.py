"""Pictures whose items stand in a row or in rows: steps, a grid, a cycle."""

from collections.abc import Sequence
from math import ceil

from cissapp.foundation.content.schema.pictures import LessonPicture, PictureItem
from cissapp.foundation.web.pictures.cards import PHONE, Frame, column_width, columns_for
from cissapp.foundation.web.pictures.shapes import Drawing, Point

GAP, ROW_GAP, CLOSE = 30.0, 38.0, 12.0
GUTTER = 30.0


def steps(picture: LessonPicture, width: float) -> Drawing:
    """Draw one thing after the other, in as many columns as the words allow."""
    items = picture.items
    wanted = 1 if width < PHONE else (2 if len(items) == 4 else 3)
    columns = columns_for(items, width, GAP, wanted)
    return _stacked(items, width) if columns == 1 else _in_rows(items, width, columns)


def grid(picture: LessonPicture, width: float) -> Drawing:
    """Draw four fields, two by two where the words allow."""
    drawing, items = Drawing(width), picture.items
    columns = columns_for(items, width, CLOSE, 2)
    frame = Frame(column_width(width, CLOSE, columns))
    top = 0.0
    for row in _rows(items, columns):
        height = max(frame.height(one) for one in row)
        for place, one in enumerate(row):
            frame.draw(drawing, one, place * (frame.width + CLOSE), top, height)
        top += height + CLOSE
    return drawing


def cycle(picture: LessonPicture, width: float) -> Drawing:
    """Draw a cycle: out along the upper row, back along the lower one."""
    items = picture.items
    half = ceil(len(items) / 2)
    if width < PHONE or columns_for(items, width, GAP, half) < half:
        return _stacked(items, width, returns=True)
    return _round(items, width, half)


def _rows(items: Sequence[PictureItem], columns: int) -> list[Sequence[PictureItem]]:
    return [items[at : at + columns] for at in range(0, len(items), columns)]


def _stacked(items: Sequence[PictureItem], width: float, *, returns: bool = False) -> Drawing:
    """Draw items one below the other; `returns` leads from the last back to the first."""
    drawing, top = Drawing(width), 0.0
    left = GUTTER if returns else 0.0
    middles: list[float] = []
    for number, one in enumerate(items, start=1):
        frame = Frame(width - left, number)
        height = frame.height(one)
        frame.draw(drawing, one, left, top, height)
        middles.append(top + height / 2)
        top += height
        if number < len(items):
            centre = left + frame.width / 2
            drawing.arrow((centre, top), (centre, top + GAP))
            top += GAP
    if returns:
        back: tuple[Point, ...] = ((left, middles[-1]), (7, middles[-1]), (7, middles[0]))
        drawing.arrow(*back, (left, middles[0]))
    return drawing


def _in_rows(items: Sequence[PictureItem], width: float, columns: int) -> Drawing:
    """Draw steps in rows, each read from the left; an arrow leads from the end of a row to the next."""
    drawing, top = Drawing(width), 0.0
    column, number, from_above = column_width(width, GAP, columns), 0, 0.0
    for row in _rows(items, columns):
        frames = [Frame(column, number + at + 1, beside=False) for at in range(len(row))]
        height = max(frame.height(one) for frame, one in zip(frames, row, strict=True))
        if number:
            middle = top - ROW_GAP / 2
            edge = top - ROW_GAP
            turn = ((from_above, edge), (from_above, middle), (column / 2, middle))
            drawing.arrow(*turn, (column / 2, top))
        for place, (frame, one) in enumerate(zip(frames, row, strict=True)):
            x = place * (column + GAP)
            frame.draw(drawing, one, x, top, height)
            if place:
                drawing.arrow((x - GAP, top + height / 2), (x, top + height / 2))
        number += len(row)
        from_above = (len(row) - 1) * (column + GAP) + column / 2
        top += height + ROW_GAP
    return drawing


def _round(items: Sequence[PictureItem], width: float, half: int) -> Drawing:
    """Draw a cycle as two rows: the upper read from the left, the lower from the right."""
    drawing, column = Drawing(width), column_width(width, GAP, half)
    frames = [Frame(column, at + 1, beside=False) for at in range(len(items))]
    there = list(zip(frames[:half], items[:half], strict=True))
    back = list(zip(frames[half:], items[half:], strict=True))[::-1]
    high = max(frame.height(one) for frame, one in there)
    low = max(frame.height(one) for frame, one in back)
    below = high + ROW_GAP
    shift = (width - len(back) * column - (len(back) - 1) * GAP) / 2
    for place, (frame, one) in enumerate(there):
        x = place * (column + GAP)
        frame.draw(drawing, one, x, 0, high)
        if place:
            drawing.arrow((x - GAP, high / 2), (x, high / 2))
    for place, (frame, one) in enumerate(back):
        x = shift + place * (column + GAP)
        frame.draw(drawing, one, x, below, low)
        if place:
            drawing.arrow((x, below + low / 2), (x - GAP, below + low / 2))
    # Where both rows have a box, the connecting arrows are vertical.
    inner = (shift + column) / 2
    drawing.arrow((width - inner, high), (width - inner, below))
    drawing.arrow((inner, below), (inner, high))
    return drawing
