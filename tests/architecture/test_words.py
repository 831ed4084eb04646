"""Pages and code use the words of the glossary; what still has others is listed, and the list only shrinks."""

import re

import pytest

from config import ROOT
from tests.architecture import words


def words_of_glossary() -> set[str]:
    """Return the words of the column "not", without what is said of them in brackets."""
    glossary = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    table = glossary.partition("## Words that were chosen\n")[2].partition("\n## ")[0]
    rows = [line.strip("| ").split("|") for line in table.splitlines() if line.startswith("|")][2:]
    cells = [re.sub(r"\([^)]*\)", "", row[3]) for row in rows if len(row) > 3]
    return {word.strip() for cell in cells for word in cell.split(",") if word.strip()}


def test_every_word_of_the_glossary_is_looked_for_or_said_not_to_be():
    assert words_of_glossary() == {*words.PAGES, *words.NAMES, *words.NOT_JUDGED}


def test_documents_have_the_words_of_the_glossary():
    found = [
        (name, word)
        for name, line in words.documents()
        for word in words.in_a_message(line)
        if word in words.DOCUMENTS
    ]
    assert found == []


def test_nothing_new_has_a_word_that_was_replaced():
    assert sorted(words.found() - set(words.listed())) == []


def test_what_was_mended_is_out_of_the_list():
    """`python -m tests.architecture.words` takes it out."""
    assert sorted(set(words.listed()) - words.found()) == []
    assert words.listed() == sorted(set(words.listed()))


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Your dossier is here.", ["dossier"]),
        ("Hand the answers in", []),
        ("The school hands in its application.", ["hand in"]),
        ("Hand in the quiz", []),
        ("Look for a quotation mark too many.", []),
        ("This document is tied to a list or database.", []),
        ("You are tied to this school.", ["tie"]),
        ("The key fell into other hands.", ["fell into other hands"]),
        ("A line is never changed or removed.", []),
        ("Read it without a line", ["without a line"]),
        ("Prospects: elapsed, ceilings, Christie, seating", []),
    ],
)
def test_which_sentences_are_found(sentence: str, expected: list[str]):
    assert words.in_a_message(sentence) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Sift", ["sift"]),
        ("keeps_from_sifting", ["sift"]),
        ("DossierLock", ["dossier"]),
        ("self_assessment", []),
        ("assessed", ["assessor"]),
        ("HandedIn", ["hand in"]),
        ("hand_over", []),
        ("versions_of", []),
        ("inclusion_proof", []),
        ("ideal", []),
        ("properties", []),
    ],
)
def test_which_names_are_found(name: str, expected: list[str]):
    assert words.in_a_name(name) == expected


def test_who_learns_hands_a_quiz_in():
    assert words.in_a_name("hand_in", "learn") == []
