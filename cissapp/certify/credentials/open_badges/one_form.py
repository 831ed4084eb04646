"""Canonicalises documents with PyLD, which is imported on first use."""

import re
from typing import Any

from pyld import jsonld
from pyld.canon import URDNA2015

from cissapp.certify.credentials.open_badges.contexts import (
    TooComplex,
    UnknownTerms,
    load_context,
)

# Nodes without a name are told apart by trying orders; our documents need next to none.
MOST_STEPS = 300
# Names that are not full ones are resolved against this address, and recognised by it.
NOWHERE = "https://no-full-name.invalid/"
ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+\Z")


# The arguments with which the library asks for the terms of a type.
OF_TYPE = {"propagate": False}


class _Strict(jsonld.JsonLdProcessor):
    """The library's processor, which raises where the original would drop something."""

    def __init__(self) -> None:
        super().__init__(on_property_dropped=self._refuse)
        self._known: dict[tuple[str | None, int], tuple[Any, Any]] = {}

    @staticmethod
    def _refuse(name: object) -> None:
        raise UnknownTerms(f"its contexts do not know the word {str(name)[:40]}")

    def _process_context(
        self, active_ctx: Any, local_ctx: Any, options: Any, *given: Any, **named: Any
    ) -> Any:
        """Cache the terms of a type, which the library asks for again in each part of a document."""
        of_type = not given and named == OF_TYPE
        key = (active_ctx.get("_uuid"), id(local_ctx))
        known, meaning = self._known.get(key, (None, None)) if of_type else (None, None)
        if known is not local_ctx or meaning is None:
            meaning = super()._process_context(active_ctx, local_ctx, options, *given, **named)
            if of_type and key[0]:
                self._known[key] = (local_ctx, meaning)
        return meaning

    def expand(self, input_: Any, options: Any) -> Any:
        expanded = super().expand(input_, options)
        _refuse_relative(expanded)
        return expanded


class _Bounded(URDNA2015):
    """The library's algorithm, with a limit for documents crafted to take for ever."""

    steps = 0

    def hash_n_degree_quads(self, id_: str, issuer: Any) -> Any:
        self.steps += 1
        if self.steps > MOST_STEPS:
            raise TooComplex("its nameless parts cannot be told apart")
        return super().hash_n_degree_quads(id_, issuer)


def written(document: dict[str, Any]) -> bytes:
    """Canonicalise a document with the library; raise `UnknownTerms` or `TooComplex`."""
    options = {"documentLoader": load_context, "base": NOWHERE, "processingMode": "json-ld-1.1"}
    try:
        dataset = _Strict().to_rdf(document, options)
        written = _Bounded().main(dataset, {"format": "application/n-quads"})
    except jsonld.JsonLdError as error:
        raise UnknownTerms("its words do not fit its contexts") from error
    return str(written).encode()


def _refuse_relative(value: Any) -> None:
    """Refuse names and types that are not full addresses: they would be missing from what is signed."""
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
