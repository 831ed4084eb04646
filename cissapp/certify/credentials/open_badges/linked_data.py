"""Linked data: canonicalises documents for signing (W3C RDF Dataset Canonicalization 1.0).

Nothing is ever fetched: the two contexts are local files. Whatever they do not know is refused, since the
signature would not cover it.
"""

import json
from functools import lru_cache
from typing import Any

from cissapp.certify.credentials.open_badges.contexts import (
    BADGES,
    FILES,
    V2,
    TooComplex,
    UnknownTerms,
    load_context,
)

__all__ = [
    "BADGES",
    "FILES",
    "V2",
    "TooComplex",
    "UnknownTerms",
    "canonical_form",
    "load_context",
]

# Our credentials take about 6 kB as JSON; longer ones from outside are not cached.
LONGEST_KEPT = 20_000


def canonical_form(document: dict[str, Any]) -> bytes:
    """Return the canonical form of a document; raise `UnknownTerms` or `TooComplex`.

    A document that was just signed is canonicalised again when it is checked, so the last forms are cached.
    """
    try:
        text = json.dumps(document, sort_keys=True)
        return _kept_form(text) if len(text) <= LONGEST_KEPT else _form(document)
    except RecursionError as error:
        raise TooComplex("it is nested too deeply") from error


@lru_cache(maxsize=64)
def _kept_form(text: str) -> bytes:
    return _form(json.loads(text))


def _form(document: dict[str, Any]) -> bytes:
    from cissapp.certify.credentials.open_badges import one_form  # noqa: PLC0415 -- PyLD is slow to import

    _refuse_aliases(document)
    return one_form.written(document)


def _refuse_aliases(value: Any, *, top: bool = True) -> None:
    """Refuse other spellings of the same: keywords, full addresses for terms, names of unnamed nodes."""
    if isinstance(value, dict):
        for name, one in value.items():
            if ":" in name or (name.startswith("@") and not (top and name == "@context")):
                raise UnknownTerms(f"it uses the word {name[:40]}")
            if name != "@context":
                _refuse_aliases(one, top=False)
    elif isinstance(value, list):
        for one in value:
            _refuse_aliases(one, top=False)
    elif isinstance(value, str) and value.startswith("_:"):
        raise UnknownTerms("it names a nameless part")
