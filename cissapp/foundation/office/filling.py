"""Puts values into a text of `modules/`: `{name}` becomes what the school has said."""

import re
from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct, field

PLACE = re.compile(r"\{(\w+)\}")
# Every character with a meaning in Markdown; a backslash before it makes it literal.
SIGNS = re.compile(r"([!-/:-@\[-`{-~])")
BLANK = "……………"


class Value(Struct, frozen=True):
    """The replacement for a placeholder: Markdown, and the school's facts it was made from, by key."""

    text: str
    facts: Mapping[str, str] = field(default_factory=dict)


class Filled(Struct, frozen=True):
    """A text after filling: the facts it contains, and the names of the placeholders left blank."""

    text: str
    facts: dict[str, str]
    missing: tuple[str, ...]


def plain(text: str) -> str:
    """Return a person's words as Markdown that reproduces exactly these words, on one line."""
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
    """List the names of a text's placeholders in order, without duplicates."""
    return list(dict.fromkeys(PLACE.findall(text)))


def fill(text: str, values: Mapping[str, Value], *, blank: str = BLANK) -> Filled:
    """Replace the placeholders of a text by their values; report those without one, which become blanks.

    Inserted values are not scanned again: a brace in a school's name is no placeholder.
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
