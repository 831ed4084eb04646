"""Finds the head of a list below its titles, in one row or in two whose cells were merged."""

from collections.abc import Callable, Sequence

from cissapp.people.enrolment.rules import one_line
from cissapp.people.school_lists.rules.headings import BELOW

Known = Callable[[str], bool]
FEWEST_NUMBERS = 3


def head_of(rows: Sequence[Sequence[str]], known: Known) -> tuple[list[str], int]:
    """Return the headings, and how many rows come before the first row of data.

    The head is the row with the most known headings; among equals the fullest row, then the first.
    """
    texts = [[one_line(text) for text in row] for row in rows]
    place = max(range(len(texts)), key=lambda number: (*_worth(texts[number], known), -number))
    head, end = texts[place], place + 1
    if end < len(texts) and _is_second_row(texts[place], texts[end], known):
        head, end = _joined(texts[place], texts[end]), end + 1
    elif place and _is_second_row(texts[place - 1], texts[place], known):
        head = _joined(texts[place - 1], texts[place])
    if end < len(texts) and _counts_columns(texts[end]):
        end += 1
    return _named(head), end


def _worth(row: Sequence[str], known: Known) -> tuple[int, int]:
    return sum(map(known, row)), sum(map(bool, row))


def _is_second_row(upper: Sequence[str], lower: Sequence[str], known: Known) -> bool:
    """Check whether a row lies below headings that span several columns, and below no others.

    A row of a school has its code or name below a heading that spans a single column.
    """
    over = _over(upper, len(lower))
    lone = [text for place, text in enumerate(upper) if place not in over]
    filled = {place for place, text in enumerate(lower) if text}
    return bool(filled) and filled <= over.keys() and any(map(known, lone))


def _over(upper: Sequence[str], width: int) -> dict[int, str]:
    """Map the columns that a heading spans to its text: it is followed by empty cells."""
    over: dict[int, str] = {}
    started, text = 0, ""
    for place in range(max(width, len(upper))):
        own = upper[place] if place < len(upper) else ""
        if own:
            started, text = place, own
        elif text:
            over[started] = over[place] = text
    return over


def _joined(upper: Sequence[str], lower: Sequence[str]) -> list[str]:
    over = _over(upper, len(lower))
    head = []
    for place in range(max(len(upper), len(lower))):
        own = upper[place] if place < len(upper) else ""
        below = lower[place] if place < len(lower) else ""
        head.append(f"{over[place]}{BELOW}{below}" if below and place in over else below or own)
    return head


def _counts_columns(row: Sequence[str]) -> bool:
    """Check whether a row below the head does nothing but number the columns."""
    filled = [text for text in row if text]
    numbers = [f"{number}" for number in range(1, len(filled) + 1)]
    return len(filled) >= FEWEST_NUMBERS and filled == numbers


def _named(names: list[str]) -> list[str]:
    """Return the headings without trailing empty ones, each made unique."""
    while names and not names[-1]:
        names.pop()
    named: list[str] = []
    for place, name in enumerate(names, 1):
        own = name or f"{place}"
        named.append(f"{own} ({place})" if own in named else own)
    return named
