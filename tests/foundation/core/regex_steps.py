"""Counts the steps of a regular expression: the library's own engine tells no number, and seconds are none.

It goes back and tries again as the library does, without its short cuts, so that what is linear here is linear
there. Parts that no expression of ours has are refused.
"""

import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from re import _constants as op  # type: ignore[attr-defined] # the library's own names
from re import _parser as parser  # type: ignore[attr-defined] # the library's own reader
from typing import Any

On = Callable[[int], bool]
DEEP = 60_000


@contextmanager
def deep() -> Iterator[None]:
    """Let functions call each other as deep as a text is long, for this block alone.

    Other code, such as the reader of JSON, is kept by the usual limit from running out of its stack.
    """
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, DEEP))
    try:
        yield
    finally:
        sys.setrecursionlimit(before)


class Steps:
    """A search for an expression from every place of a text, as `finditer` does it; or from its beginning alone."""

    def __init__(
        self, pattern: re.Pattern[Any], text: str | bytes, *, anchored: bool = False
    ) -> None:
        self.text = text.decode("latin-1") if isinstance(text, bytes) else text
        self.flags = pattern.flags
        self.groups: dict[int, tuple[int, int]] = {}
        self.count = 0
        tree = list(parser.parse(pattern.pattern, pattern.flags & ~re.DEBUG))
        at = 0
        while at <= (0 if anchored else len(self.text)):
            ends: list[int] = []
            with deep():
                self._match(tree, 0, at, _keep(ends))
            at = max(at + 1, ends[0] if ends else 0)

    def _match(self, items: list[Any], number: int, at: int, on: On) -> bool:
        self.count += 1
        if number == len(items):
            return on(at)
        kind, value = items[number]

        def rest(end: int) -> bool:
            return self._match(items, number + 1, end, on)

        if self._is_single(kind):
            return at < len(self.text) and self._takes(kind, value, self.text[at]) and rest(at + 1)
        return bool(getattr(self, f"_{str(kind).lower()}")(value, at, rest))

    @staticmethod
    def _is_single(kind: Any) -> bool:
        return kind in {op.LITERAL, op.NOT_LITERAL, op.ANY, op.IN}

    def _takes(self, kind: Any, value: Any, letter: str) -> bool:
        source = {
            op.LITERAL: lambda: re.escape(chr(value)),
            op.NOT_LITERAL: lambda: f"[^{re.escape(chr(value))}]",
        }
        if kind in source:
            same = letter == chr(value) or bool(
                self.flags & re.IGNORECASE and letter.casefold() == chr(value).casefold()
            )
            return same is (kind is op.LITERAL)
        if kind is op.ANY:
            return bool(self.flags & re.DOTALL) or letter != "\n"
        return self._in(value, letter)

    def _in(self, parts: list[Any], letter: str) -> bool:
        forms = {letter, *((letter.lower(), letter.upper()) if self.flags & re.IGNORECASE else ())}
        inside = any(_part_takes(part, form) for part in parts for form in forms)
        return inside is (parts[0][0] is not op.NEGATE)

    # --- the parts --------------------------------------------------------------------------

    def _at(self, value: Any, at: int, rest: On) -> bool:
        text = self.text
        word = [
            0 <= one < len(text) and (text[one].isalnum() or text[one] == "_")
            for one in (at - 1, at)
        ]
        holds = {
            op.AT_BEGINNING: at == 0,
            op.AT_BEGINNING_STRING: at == 0,
            op.AT_END: at == len(text),
            op.AT_END_STRING: at == len(text),
            op.AT_BOUNDARY: word[0] != word[1],
            op.AT_NON_BOUNDARY: word[0] == word[1],
        }
        return holds[value] and rest(at)

    def _branch(self, value: Any, at: int, rest: On) -> bool:
        return any(self._match(list(one), 0, at, rest) for one in value[1])

    def _subpattern(self, value: Any, at: int, rest: On) -> bool:
        def close(end: int) -> bool:
            if value[0]:
                self.groups[value[0]] = (at, end)
            return rest(end)

        return self._match(list(value[3]), 0, at, close)

    def _groupref(self, value: Any, at: int, rest: On) -> bool:
        start, end = self.groups.get(value, (0, 0))
        same = self.text.startswith(self.text[start:end], at)
        self.count += end - start
        return same and rest(at + end - start)

    def _atomic_group(self, value: Any, at: int, rest: On) -> bool:
        ends: list[int] = []
        return self._match(list(value), 0, at, _keep(ends)) and rest(ends[0])

    def _assert(self, value: Any, at: int, rest: On) -> bool:
        return self._looks(value, at) and rest(at)

    def _assert_not(self, value: Any, at: int, rest: On) -> bool:
        return not self._looks(value, at) and rest(at)

    def _looks(self, value: Any, at: int) -> bool:
        direction, inner = value
        start = at if direction > 0 else at - inner.getwidth()[0]
        return start >= 0 and self._match(list(inner), 0, start, lambda _end: True)

    def _max_repeat(self, value: Any, at: int, rest: On) -> bool:
        least, most, inner = value
        kind, single = inner[0] if len(inner) == 1 else (None, None)
        if self._is_single(kind):
            end = self._run(kind, single, at, most)
            return any(rest(one) for one in range(end, at + least - 1, -1))
        return self._again(list(inner), at, rest, least, most)

    def _again(self, inner: list[Any], at: int, rest: On, least: int, most: Any) -> bool:
        def more(end: int) -> bool:
            return end > at and self._again(
                inner, end, rest, max(0, least - 1), most - 1 if most is not op.MAXREPEAT else most
            )

        return (most > 0 and self._match(inner, 0, at, more)) or (least <= 0 and rest(at))

    def _run(self, kind: Any, value: Any, at: int, most: Any) -> int:
        end = at
        while end < len(self.text) and end - at < most and self._takes(kind, value, self.text[end]):
            end += 1
        self.count += end - at
        return end

    def _min_repeat(self, value: Any, at: int, rest: On) -> bool:
        least, most, inner = value
        end = at
        while end - at < most:
            if end - at >= least and rest(end):
                return True
            if end >= len(self.text) or not self._takes(*inner[0], self.text[end]):
                return False
            self.count += 1
            end += 1
        return rest(end)

    def _possessive_repeat(self, value: Any, at: int, rest: On) -> bool:
        least, most, inner = value
        times = 0
        while times < most:
            ends: list[int] = []
            if not self._match(list(inner), 0, at, _keep(ends)) or ends[0] == at:
                break
            at, times = ends[0], times + 1
        return times >= least and rest(at)


def _keep(ends: list[int]) -> On:
    def end(at: int) -> bool:
        ends.append(at)
        return True

    return end


CATEGORIES = {
    op.CATEGORY_DIGIT: str.isdecimal,
    op.CATEGORY_SPACE: str.isspace,
    op.CATEGORY_WORD: lambda one: one.isalnum() or one == "_",
}
OTHERS = {
    op.CATEGORY_NOT_DIGIT: op.CATEGORY_DIGIT,
    op.CATEGORY_NOT_SPACE: op.CATEGORY_SPACE,
    op.CATEGORY_NOT_WORD: op.CATEGORY_WORD,
}


def _part_takes(part: Any, letter: str) -> bool:
    kind, value = part
    if kind is op.LITERAL:
        return letter == chr(value)
    if kind is op.RANGE:
        return value[0] <= ord(letter) <= value[1]
    if kind is op.CATEGORY:
        return (
            CATEGORIES[value](letter)
            if value in CATEGORIES
            else not CATEGORIES[OTHERS[value]](letter)
        )
    return False


TRIED = "a1 -.@\"'<"


def letters_of(tree: list[Any]) -> Iterator[str]:
    """Give a letter for each part of an expression, each once."""
    yield from dict.fromkeys(_letters(tree))


def _letters(tree: list[Any]) -> Iterator[str]:
    for kind, value in tree:
        if kind in {op.LITERAL, op.NOT_LITERAL, op.ANY, op.IN}:
            yield _letter(kind, value)
        for inner in _inside(kind, value):
            yield from _letters(inner)


def _letter(kind: Any, value: Any) -> str:
    if kind is op.LITERAL:
        return chr(value)
    if kind is not op.IN:
        return "~"
    negated = value[0][0] is op.NEGATE
    for letter in TRIED:
        if any(_part_takes(part, letter) for part in value) is not negated:
            return letter
    first = value[-1]
    return chr(first[1] if first[0] is op.LITERAL else first[1][0])


def _inside(kind: Any, value: Any) -> list[list[Any]]:
    if kind is op.BRANCH:
        return [list(one) for one in value[1][:6]]
    if kind is op.SUBPATTERN:
        return [list(value[3])]
    if kind in {op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT}:
        return [list(value[2])]
    return [list(value)] if kind is op.ATOMIC_GROUP else []


def sample_of(tree: list[Any]) -> str:
    """Write a text that an expression might take."""
    said = ""
    for kind, value in tree:
        if kind in {op.LITERAL, op.NOT_LITERAL, op.ANY, op.IN}:
            said += _letter(kind, value)
        elif inner := _inside(kind, value):
            said += sample_of(inner[0])
    return said
