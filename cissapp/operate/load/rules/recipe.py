"""A recipe: the rows of a pattern with a slot for every value that differs in a copy.

A text of the pattern is split where it names something of its own: an id, a date, a name, the hash of
another text. A copy's values form one list; a row is a selection from it, which costs next to nothing.
"""

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from operator import itemgetter
from typing import Any

Values = list[Any]
Step = Callable[[Values], None]
# What replaces a piece of a text in a copy: constant texts, and names of slots.
Pieces = Sequence["str | SlotName"]

ID = r"(?<![0-9a-f-])(?:[0-9a-f]{64}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{32})(?![0-9a-f-])"
DAY = r"(?<!\d)\d{4}-\d{2}-\d{2}(?!\d)"


HEX = 32


class SlotName(str):
    """The name of a slot, as distinct from a constant text."""

    __slots__ = ()


# The first half of every id of a copy, without dashes and with them; the second half is a counter.
PREFIX, DASHED = SlotName("prefix"), SlotName("dashed prefix")
SHIFT = SlotName("shift")


class Recipe:
    """The slots of a pattern, and the steps that fill them for a copy."""

    def __init__(self, names: Sequence[str], pieces: Mapping[str, Pieces]) -> None:
        self.values: Values = []
        self.steps: list[Step] = []
        self._slots: dict[object, int] = {}
        self._pieces = dict(pieces)
        for name in (PREFIX, DASHED, SHIFT, *names):
            self._slots[SlotName, name] = self._new(None)
        words = sorted((re.escape(word) for word in pieces), key=len, reverse=True)
        self._token = re.compile("|".join([*words, ID, DAY]))

    def _new(self, value: Any) -> int:
        self.values.append(value)
        return len(self.values) - 1

    def own(self, number: int, key: str) -> None:
        """Replace an id of 32 digits by one of the copy's own, in both ways of writing it."""
        self._pieces[key] = (PREFIX, f"{number:016x}")
        dashed = "-".join((key[:8], key[8:12], key[12:16], key[16:20], key[20:]))
        self._pieces[dashed] = (DASHED, f"-0000-{number:012x}")

    def own_file(self, number: int, key: str) -> None:
        """Replace the key of a stored file by one of the copy's own."""
        found = re.search(ID, key.rpartition("/")[2].partition(".")[0])
        if found and len(found[0]) == HEX:
            self.own(number, found[0])

    def own_secret(self, number: int, old: str) -> None:
        """Replace the hash of a single-use link by one of the copy's own, for which no link exists."""
        self._pieces[old] = (PREFIX, PREFIX, PREFIX, f"{number:016x}")

    def given_hash(self, name: str, old: str) -> None:
        """Replace this hash, wherever it occurs, by the value that a copy is given under a name."""
        self._pieces[old] = (SlotName(name),)

    def named(self, name: str) -> int:
        """Return the slot of a name, which the caller fills."""
        return self._slots[SlotName, name]

    def constant(self, value: Any) -> int:
        """Return the slot of a constant value."""
        key = (type(value), value)
        if key not in self._slots:
            self._slots[key] = self._new(value)
        return self._slots[key]

    def value(self, old: Any) -> int:
        """Return the slot of a value of the pattern; only texts have parts that differ in a copy."""
        return self.text(old) if isinstance(old, str) else self.constant(old)

    def text(self, old: str) -> int:
        """Return the slot of a text, split where it names something that differs in a copy."""
        known = self._slots.get(("text", old))
        if known is None:
            known = self._slots["text", old] = self._joined(self._cut(old))
        return known

    def hash_of(self, old: str, text: str) -> int:
        """Return the slot of the hash of a text, which replaces the old hash from now on."""
        source, slot = self.text(text), self._new(None)

        def step(values: Values) -> None:
            values[slot] = hashlib.sha256(values[source].encode()).hexdigest()

        self.steps.append(step)
        self._name(old, slot)
        return slot

    def link_of(self, old: str, text: str) -> int:
        """Return the slot of a row's hash in a chain, computed over the previous row's hash and its own text."""
        source, slot, last = self.text(text), self._new(None), self.named("last row")

        def step(values: Values) -> None:
            linked = f"{values[last]}{values[source]}".encode()
            values[slot] = values[last] = hashlib.sha256(linked).hexdigest()

        self.steps.append(step)
        self._name(old, slot)
        return slot

    def last_row(self) -> int:
        """Return the slot of the hash of the last row in the chain at this step."""
        slot, last = self._new(None), self.named("last row")

        def step(values: Values) -> None:
            values[slot] = values[last]

        self.steps.append(step)
        return slot

    def _name(self, old: str, slot: int) -> None:
        name = SlotName(f"hash {slot}")
        self._slots[SlotName, name] = slot
        self._pieces[old] = (name,)

    def _cut(self, old: str) -> list[int]:
        parts, at = [], 0
        for found in self._token.finditer(old):
            pieces = self._pieces_of(found[0])
            if pieces is None:
                continue
            if found.start() > at:
                parts.append(self.constant(old[at : found.start()]))
            parts += pieces
            at = found.end()
        if at < len(old) or not parts:
            parts.append(self.constant(old[at:]))
        return parts

    def _pieces_of(self, token: str) -> list[int] | None:
        pieces = self._pieces.get(token)
        if pieces is not None:
            return [
                self.named(one) if isinstance(one, SlotName) else self.constant(one)
                for one in pieces
            ]
        return [self._day(date.fromisoformat(token))] if re.fullmatch(DAY, token) else None

    def _day(self, old: date) -> int:
        if old not in self._slots:
            slot, shift = self._new(None), self.named(SHIFT)

            def step(values: Values) -> None:
                values[slot] = (old + timedelta(days=values[shift])).isoformat()

            self.steps.append(step)
            self._slots[old] = slot
        return self._slots[old]

    def _joined(self, parts: list[int]) -> int:
        if len(parts) == 1:
            return parts[0]
        slot, pick = self._new(None), itemgetter(*parts)

        def step(values: Values) -> None:
            values[slot] = "".join(pick(values))

        self.steps.append(step)
        return slot

    def copy(self, named: Mapping[str, Any]) -> Values:
        """Return the values of a copy, given those that have names."""
        values = self.values.copy()
        for name, value in named.items():
            values[self._slots[SlotName, name]] = value
        for step in self.steps:
            step(values)
        return values
