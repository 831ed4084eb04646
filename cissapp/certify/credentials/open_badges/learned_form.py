"""Canonicalises our own documents without parsing each one: the form of a shape is learned once.

A shape is a document with placeholders for its texts. The library canonicalises the shape; from then on,
texts are inserted where the placeholders came out. That only works if a text changes nothing around it, so
everything else goes to the library: placeholders that do not come out whole, names that are not full ones,
several unnamed nodes (which only their content tells apart). Untrusted documents always go there.
"""

import json
import re
from functools import lru_cache
from typing import Any

from msgspec import Struct, field

from cissapp.certify.credentials.open_badges.contexts import FILES, TooComplex, UnknownTerms
from cissapp.certify.credentials.open_badges.linked_data import canonical_form

# The values under these names are terms of the contexts, so they belong to the shape.
WORDS = frozenset({"@context", "type", "achievementType", "resultType", "proofPurpose"})
WORD = re.compile(r"[A-Za-z]+\Z")
# A full name; no context defines one of these beginnings as a term.
NAME = re.compile(r"(?:https?://|did:|urn:)[^\s<>\"{}|\\^`]+\Z")
MARK = "urn:ciss-mark:"
NAMELESS = "_:c14n1"
# A placeholder as a name, or as a whole text.
PLACE = re.compile(rf'<{MARK}(n\d+)>|"{MARK}([nt]\d+)"')
ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r", '"': '\\"'})
SHAPES = 32
ODD_NAME, ODD_TEXT = "https://odd.invalid/ă?a=%5B&b#", 'Ș "\\n\n\t\r\x0b\u2028<urn:a> . {}'


class _NoShape(Exception):
    """A document contains something that none of ours does."""


class _Texts(Struct):
    """The texts of a document by placeholder. A name has one wherever it appears, other texts one each."""

    names: dict[str, str] = field(default_factory=dict)
    by_mark: dict[str, str] = field(default_factory=dict)

    def mark(self, text: str) -> str:
        if NAME.match(text):
            mark = self.names.setdefault(text, f"n{len(self.names)}")
        elif text.startswith(("_:", "@")):
            raise _NoShape
        else:
            mark = f"t{len(self.by_mark)}"
        self.by_mark[mark] = text
        return MARK + mark


def own_form(document: dict[str, Any]) -> bytes:
    """Canonicalise one of our documents, byte for byte like `canonical_form`, raising the same errors."""
    texts = _Texts()
    try:
        shape = json.dumps(_shape(document, texts))
    except _NoShape:
        return canonical_form(document)
    learned = _learn(shape)
    return learned.fill(texts.by_mark) if learned else canonical_form(document)


def _shape(value: Any, texts: _Texts) -> Any:
    if isinstance(value, str):
        return texts.mark(value)
    if isinstance(value, list):
        return [_shape(one, texts) for one in value]
    if isinstance(value, dict):
        return {
            name: _word(one) if name in WORDS else _shape(one, texts) for name, one in value.items()
        }
    return value


def _word(value: Any) -> Any:
    for one in value if isinstance(value, list) else [value]:
        if not isinstance(one, str) or not (one in FILES or WORD.match(one)):
            raise _NoShape
    return value


class _LearnedForm(Struct, frozen=True):
    """The form of a shape: what is between the texts, and which text belongs in each gap."""

    between: tuple[str, ...]
    places: tuple[tuple[str, bool], ...]

    def fill(self, texts: dict[str, str]) -> bytes:
        """Insert the texts. They determine the order of the lines; duplicate lines are dropped."""
        pieces = [self.between[0]]
        for (mark, is_name), after in zip(self.places, self.between[1:], strict=True):
            text = texts[mark]
            pieces += (f"<{text}>" if is_name else f'"{text.translate(ESCAPES)}"', after)
        *lines, _end = "".join(pieces).split("\n")
        return "".join(sorted({f"{line}\n" for line in lines})).encode()


@lru_cache(maxsize=SHAPES)
def _learn(shape: str) -> _LearnedForm | None:
    """Learn the form of a shape and test it on unusual texts; None if it does not hold for all texts."""
    marked = json.loads(shape)
    odd = _Texts()
    try:
        form = canonical_form(marked).decode()
        document = _odd(marked)
        expected = canonical_form(document)
    except (UnknownTerms, TooComplex):
        return None
    _shape(document, odd)
    *between, end = PLACE.split(form)
    learned = _LearnedForm(
        (*between[::3], end),
        tuple(
            (name or text, bool(name))
            for name, text in zip(between[1::3], between[2::3], strict=True)
        ),
    )
    whole = {mark for mark, _is_name in learned.places} == odd.by_mark.keys()
    if not whole or MARK in "".join(learned.between) or NAMELESS in form:
        return None
    return learned if learned.fill(odd.by_mark) == expected else None


def _odd(value: Any) -> Any:
    """Replace each placeholder with an unusual text."""
    if isinstance(value, str) and value.startswith(MARK):
        mark = value.removeprefix(MARK)
        return f"{ODD_NAME}{mark}" if mark.startswith("n") else f"{ODD_TEXT}{mark}"
    if isinstance(value, list):
        return [_odd(one) for one in value]
    if isinstance(value, dict):
        return {name: _odd(one) for name, one in value.items()}
    return value
