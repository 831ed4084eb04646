"""What the words of an answer tell: measured on labelled answers in five languages."""

from collections import Counter
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from cissapp.foundation.content.reader import SAFE
from cissapp.prepare.applications.rules.clarity import (
    Clarity,
    check_clarity,
    language_of,
    mentions,
)
from cissapp.prepare.applications.rules.clarity_words import CLARITY_WORDS, Aspect

LABELLED = yaml.load(
    (Path(__file__).parent / "labelled_answers.yaml").read_text(encoding="utf-8"), SAFE
)
LETTERS = {"w": Aspect.WHO, "t": Aspect.WHEN, "e": Aspect.EVIDENCE}
ANSWERS = [
    (set_, language, {LETTERS[letter] for letter in one["says"]}, one["text"])
    for set_, languages in LABELLED.items()
    for language, answers in languages.items()
    for one in answers
]

# What docs/rehearsal.md reports, a little lower: no change of the lists may fall below it.
FLOOR_PRECISION, FLOOR_RECALL = 0.90, 0.95


def measured(set_: str, aspect: Aspect) -> tuple[float, float]:
    """Precision and recall of "this is missing"; the language is guessed, as on the page."""
    count = Counter(
        (aspect not in said, not mentions(text, aspect, language_of(text)))
        for of, _language, said, text in ANSWERS
        if of == set_
    )
    right = count[True, True]
    return right / (right + count[False, True]), right / (right + count[True, False])


def test_there_are_enough_answers_in_each_language_and_of_each_kind():
    assert len(ANSWERS) >= 120
    assert len({text for *_rest, text in ANSWERS}) == len(ANSWERS)
    for set_ in ("tune", "check"):
        assert {language for of, language, *_rest in ANSWERS if of == set_} == set(
            CLARITY_WORDS[Aspect.WHO]
        )
        for aspect in Aspect:
            with_it = sum(aspect in said for of, _language, said, _text in ANSWERS if of == set_)
            assert with_it >= 20


@pytest.mark.parametrize("aspect", list(Aspect))
@pytest.mark.parametrize("set_", ["tune", "check"])
def test_what_is_missing_is_found_with_the_stated_precision_and_recall(set_, aspect):
    precision, recall = measured(set_, aspect)

    assert precision >= FLOOR_PRECISION
    assert recall >= FLOOR_RECALL


def test_the_language_of_an_answer_is_guessed():
    wrong = [text for _set, language, _said, text in ANSWERS if language_of(text) != language]

    assert len(wrong) <= 1
    assert [t for _s, language, _said, t in ANSWERS if language_of(t, language) != language] == []


@pytest.mark.parametrize(
    ("text", "lacks", "short"),
    [
        ("Pupils are told about the rules and everybody follows them.", set(Aspect), False),
        (
            "The rules hang on the notice board beside the canteen and on the school page.",
            {Aspect.WHO, Aspect.WHEN},
            False,
        ),
        ("We do it.", set(Aspect), True),
        (
            "The deputy head goes through the policy every September; the register is on page 4.",
            set(),
            False,
        ),
    ],
)
def test_an_answer_is_asked_for_what_it_lacks(text, lacks, short):
    assert check_clarity(text) == Clarity(frozenset(lacks), short)


def test_pages_that_are_named_beside_it_are_evidence():
    text = "The deputy head goes through the policy with all staff every September."

    assert check_clarity(text).missing == {Aspect.EVIDENCE}
    assert check_clarity(text, shown=["page 4"]).is_clear


@given(
    st.sampled_from([text for *_rest, text in ANSWERS]),
    st.sampled_from([text for *_rest, text in ANSWERS]),
)
def test_saying_more_in_the_same_language_never_lacks_more(one, more):
    if language_of(one) == language_of(more) == language_of(f"{one} {more}"):
        assert check_clarity(f"{one} {more}").missing <= check_clarity(one).missing


def test_of_a_language_whose_words_nobody_has_listed_nothing_is_asked():
    text = "Le directeur répond dans les deux jours, et l’arrêté du 3 mars le montre à tout le personnel."

    assert language_of(text, "fr") == "fr"
    assert check_clarity(text, "fr").missing == frozenset()
