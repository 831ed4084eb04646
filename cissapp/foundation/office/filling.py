"""Puts values into a text of `modules/`: `{name}` becomes what the school has said."""

import re
from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct, field

PLACE = re.compile(r"\{(\w+)\}")
# Whatever Markdown could take for a sign of its own; a backslash before it makes it a mere character.
SIGNS = re.compile(r"([!-/:-@\[-`{-~])")
BLANK = "……………"


class Value(Struct, frozen=True):
    """What stands for a place: Markdown, and the facts of the school that it was made of, by key."""

    text: str
    facts: Mapping[str, str] = field(default_factory=dict)


class Filled(Struct, frozen=True):
    """A text with its values: the facts that it carries, and the names of the places that stayed blank."""

    text: str
    facts: dict[str, str]
    missing: tuple[str, ...]


def plain(text: str) -> str:
    """Return a person's words as Markdown that says just these words, on one line."""
    return SIGNS.sub(r"\\\1", " ".join(text.split()))


def bullets(lines: Iterable[str]) -> str:
    """Return lines of Markdown as a list."""
    return "\n".join(f"- {line}" for line in lines)


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return cells of Markdown, each on one line, as a table."""
    return "\n".join(_row(one) for one in (head, ["---"] * len(head), *rows))


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def places(text: str) -> list[str]:
    """List the names of the places of a text, each once, in their order."""
    return list(dict.fromkeys(PLACE.findall(text)))


def fill(text: str, values: Mapping[str, Value], *, blank: str = BLANK) -> Filled:
    """Put the values into the places of a text; one that is missing becomes a blank, and is named.

    What a value says is never looked through again: a brace in a school's name opens no place.
    """
    used = places(text)
    facts: dict[str, str] = {}
    for name in used:
        facts.update(values[name].facts if name in values else {})

    def put(found: re.Match[str]) -> str:
        value = values.get(found.group(1))
        return value.text if value else blank

    missing = tuple(name for name in used if name not in values)
    return Filled(PLACE.sub(put, text), facts, missing)
