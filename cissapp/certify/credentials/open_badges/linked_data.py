"""Linked data: writes a document in the one form that is signed (W3C RDF Dataset Canonicalization 1.0).

Nothing is ever fetched: the two contexts are files here. Whatever the contexts do not know is refused,
since the signature would not cover it.
"""

import json
import re
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from pyld import jsonld
from pyld.canon import URDNA2015

CONTEXTS = Path(__file__).parent.parent / "contexts"
V2 = "https://www.w3.org/ns/credentials/v2"
BADGES = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
FILES = {V2: "credentials-v2.json", BADGES: "open-badges-3.0.3.json"}

# Nodes without a name are told apart by trying orders; our documents need next to none.
MOST_STEPS = 300
# Our credentials take about 6 kB as JSON; a stranger's may be longer, and is not kept.
LONGEST_KEPT = 20_000
# What is no full name becomes one under this address, and is recognised by it.
NOWHERE = "https://no-full-name.invalid/"
ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+\Z")


class UnknownTerms(ValueError):
    """A document says something in words that the contexts do not know, or that would not be signed."""


class TooComplex(ValueError):
    """A document cannot be brought into its one form in reasonable time; it is none of ours."""


@cache
def _context(address: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((CONTEXTS / FILES[address]).read_text("utf-8"))
    return found


def load_context(address: str, _options: Any = None) -> dict[str, Any]:
    """Load a context from its file; refuse every other address."""
    if address not in FILES:
        raise UnknownTerms(f"the context {address[:100]} is not one of ours")
    return {
        "contentType": "application/ld+json",
        "contextUrl": None,
        "documentUrl": address,
        "document": _context(address),
    }


class _Strict(jsonld.JsonLdProcessor):
    """The library's processor, which refuses where it would leave something out."""

    def __init__(self) -> None:
        super().__init__(on_property_dropped=self._refuse)

    @staticmethod
    def _refuse(name: object) -> None:
        raise UnknownTerms(f"its contexts do not know the word {str(name)[:40]}")

    def expand(self, input_: Any, options: Any) -> Any:
        expanded = super().expand(input_, options)
        _refuse_relative(expanded)
        return expanded


class _Bounded(URDNA2015):
    """The library's algorithm, with an end for documents that are made to take for ever."""

    steps = 0

    def hash_n_degree_quads(self, id_: str, issuer: Any) -> Any:
        self.steps += 1
        if self.steps > MOST_STEPS:
            raise TooComplex("its nameless parts cannot be told apart")
        return super().hash_n_degree_quads(id_, issuer)


def canonical_form(document: dict[str, Any]) -> bytes:
    """Write a document in its one form; raise `UnknownTerms` or `TooComplex`.

    What was just signed is written once more when it is checked: the form of the last documents is kept.
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
    _refuse_aliases(document)
    options = {"documentLoader": load_context, "base": NOWHERE, "processingMode": "json-ld-1.1"}
    try:
        dataset = _Strict().to_rdf(document, options)
        written = _Bounded().main(dataset, {"format": "application/n-quads"})
    except jsonld.JsonLdError as error:
        raise UnknownTerms("its words do not fit its contexts") from error
    return str(written).encode()


def _refuse_aliases(value: Any, *, top: bool = True) -> None:
    """Refuse other ways to write the same: keywords, full addresses for terms, names of nameless parts."""
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


def _refuse_relative(value: Any) -> None:
    """Refuse names and types that are no full addresses: they fall out of what is signed."""
    if isinstance(value, list):
        for one in value:
            _refuse_relative(one)
    elif isinstance(value, dict):
        named = value.get("@id", [])
        for name in [*([named] if isinstance(named, str) else []), *_types(value)]:
            if name.startswith(NOWHERE) or not ABSOLUTE.match(name):
                raise UnknownTerms(f"{name[:40]} is no full name")
        for key, one in value.items():
            if key not in {"@id", "@type", "@value"}:
                _refuse_relative(one)


def _types(value: dict[str, Any]) -> list[str]:
    found = value.get("@type", [])
    return [found] if isinstance(found, str) else list(found)
