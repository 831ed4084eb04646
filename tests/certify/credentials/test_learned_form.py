"""What is written by a learned shape is byte for byte what the library writes, whatever the texts are."""

from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cissapp.certify.credentials.open_badges import learned_form, one_form
from cissapp.certify.credentials.open_badges.document import write_credential
from cissapp.certify.credentials.open_badges.learned_form import own_form
from cissapp.certify.credentials.open_badges.linked_data import UnknownTerms, canonical_form
from tests.certify.credentials.specimen import of_first_edition, source

DOCUMENT = write_credential(source())
# Texts that look like the text around them, and whatever else JSON can hold.
TEXTS = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        ('" .\n', "\\n", "\t\r\x0b\u2028", "<urn:a>", "urn:ciss-mark:t3", "@id", "_:b0")
    ),
    st.sampled_from(("https://other.example/a b", "https://other.example/a", "did:web:x", "type")),
)
NAMES = st.from_regex(r"(https://[a-z]{1,3}\.example|urn:ciss-mark|did:web):[a-z0-9%#?ă]{1,4}\Z")


def places(document: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Where texts stand that are no words of the contexts."""
    if isinstance(document, str):
        return [path]
    parts = document.items() if isinstance(document, dict) else ()
    parts = enumerate(document) if isinstance(document, list) else parts
    return [
        place
        for name, one in parts
        if name not in learned_form.WORDS
        for place in places(one, (*path, name))
    ]


def with_texts(texts: dict[tuple[Any, ...], str]) -> dict[str, Any]:
    changed = deepcopy(DOCUMENT)
    for path, text in texts.items():
        part: Any = changed
        for step in path[:-1]:
            part = part[step]
        part[path[-1]] = text
    return changed


def form_of(write, document: dict[str, Any]) -> bytes | str:
    try:
        return write(document)
    except (UnknownTerms, UnicodeEncodeError) as error:
        return type(error).__name__


@settings(max_examples=25)
@given(st.dictionaries(st.sampled_from(places(DOCUMENT)), TEXTS | NAMES, min_size=1, max_size=6))
def test_with_any_texts_it_is_what_the_library_writes(texts):
    document = with_texts(texts)

    assert form_of(own_form, document) == form_of(canonical_form, document)


@pytest.mark.parametrize("language", ["ro", "uk", "en"])
def test_credentials_of_both_editions_are_written_by_their_shape(language, monkeypatch):
    documents = [write_credential(source(language)), write_credential(source(language))]
    documents[1] = of_first_edition(documents[1])
    forms = [one_form.written(one) for one in documents]
    for one in documents:
        own_form({**one, "name": "Another"})  # learns its shape

    def unasked(_document: dict[str, Any]) -> bytes:
        raise AssertionError

    monkeypatch.setattr(learned_form, "canonical_form", unasked)
    assert [own_form(one) for one in documents] == forms


@pytest.mark.parametrize(
    "changes",
    [
        {"evidence": [{"type": ["Evidence"], "name": "without a name of its own"}]},
        {"name": "_:b0"},
        {"id": "no full name"},
        {"unknown": "a word"},
        {"@context": ["https://other.example"]},
        {"type": ["https://other.example/Type"]},
        {"name": {"@value": "x"}},
        {"credentialSubject": {**DOCUMENT["credentialSubject"], "id": "mailto:a@b.example"}},
    ],
)
def test_what_is_not_made_as_ours_goes_to_the_library(changes):
    document = {**DOCUMENT, **changes}

    assert form_of(own_form, document) == form_of(canonical_form, document)
