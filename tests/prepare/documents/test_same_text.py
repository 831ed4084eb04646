"""When two files have the same text."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cissapp.prepare.documents.rules.same_text import (
    LEAST,
    LONGEST,
    normalised_text,
    normalised_text_sha256,
)

TEXT = "The designated person answers every report within two working days. " * 5


@pytest.mark.parametrize(
    "saved",
    [
        TEXT,
        TEXT.replace(" ", "\n"),
        TEXT.replace(" ", "\u00a0 \t"),
        TEXT.replace("answers", "ans\u00adwers"),
        TEXT.replace("r", "r\u200b"),
        f"\ufeff{TEXT}\f",
        TEXT.replace("fi", "ﬁ"),
        unicodedata.normalize("NFD", TEXT),
    ],
)
def test_a_text_that_was_laid_out_anew_is_the_same(saved: str):
    assert normalised_text_sha256(saved) == normalised_text_sha256(TEXT) is not None


@pytest.mark.parametrize(
    ("was", "now"),
    [("two", "ten"), ("The", "the"), ("days.", "days"), ("report", "repоrt"), ("in", "in 1")],
)
def test_one_letter_makes_another_text(was: str, now: str):
    assert normalised_text_sha256(TEXT.replace(was, now, 1)) != normalised_text_sha256(TEXT)


@given(st.text())
def test_a_normalised_text_stays_as_it_is(text: str):
    assert normalised_text(normalised_text(text)) == normalised_text(text)


@pytest.mark.parametrize(
    ("text", "more"),
    [
        ("", {}),
        ("1 2 3", {}),
        ("a" * (LEAST - 1), {}),
        ("-" * 10 * LEAST, {}),
        ("a" * LONGEST, {}),
        (TEXT, {"pages": 3, "texts": [TEXT, ""]}),
        (TEXT, {"pages": 4, "texts": [TEXT, "", "", ""]}),
    ],
)
def test_a_text_that_cannot_stand_for_the_file_has_no_hash(text: str, more):
    assert normalised_text_sha256(text, **more) is None


def test_every_page_must_be_read():
    read = normalised_text_sha256(TEXT, pages=2, texts=[TEXT, ""])

    assert read == normalised_text_sha256(TEXT, pages=None, texts=[]) is not None
