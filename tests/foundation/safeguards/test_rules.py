"""Signs in texts: numbers with their check digits, names with a case, disclosures; and what is harmless."""

import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from cissapp.foundation.safeguards.rules import (
    Sign,
    SignKind,
    counts_of,
    find_signs,
    folding,
    identity,
    kinds_of,
)
from tests.foundation.safeguards.measured import (
    ANY,
    HALVES,
    KINDS,
    LANGUAGES,
    Count,
    counts,
    counts_of_set,
    labelled,
    of_set,
)
from tests.shipped import SHIPPED

ROOT = Path(__file__).parents[3]
# What was measured on the labelled texts: recall by half and kind, over all languages. Never lower it silently.
FLOORS = {
    ("tuned", SignKind.IDENTITY_NUMBER): 1.0,
    ("tuned", SignKind.CHILD_NAMED): 1.0,
    ("tuned", SignKind.DISCLOSURE): 1.0,
    ("held_out", SignKind.IDENTITY_NUMBER): 1.0,
    ("held_out", SignKind.CHILD_NAMED): 1.0,
    ("held_out", SignKind.DISCLOSURE): 0.95,
}
# The same for any sign in the other sets, a little below what was measured. The halves of "independent" and
# "fresh" were both known when the phrases were written; "last" was not: docs/safeguards.md.
FLOORS_OF_SETS = {
    ("independent", "odd"): 0.95,
    ("independent", "even"): 0.95,
    ("fresh", "odd"): 0.95,
    ("fresh", "even"): 0.95,
    ("last", "whole"): 0.17,
}
PRECISE = 0.95


# --- the labelled texts ----------------------------------------------------------------------


def test_there_are_enough_labelled_texts() -> None:
    texts = list(labelled())

    assert len(texts) >= 150
    assert {(one.language, one.half) for one in texts} == {
        (language, half) for language in LANGUAGES for half in HALVES
    }


@pytest.mark.parametrize("half", HALVES)
def test_as_much_is_found_as_was_measured(half: str) -> None:
    found: dict[SignKind, Count] = {kind: Count() for kind in KINDS}
    for (of_half, _language, kind), count in counts().items():
        if of_half == half:
            found[kind].right += count.right
            found[kind].missed += count.missed
            found[kind].wrong += count.wrong

    below = {k: c.recall for k, c in found.items() if c.recall < FLOORS[half, k]}
    assert below == {}
    assert {k: c.wrong for k, c in found.items() if c.wrong} == {}


@pytest.mark.parametrize(("name", "half"), FLOORS_OF_SETS)
def test_as_much_is_found_in_the_other_sets(name: str, half: str) -> None:
    found = counts_of_set(one for one in of_set(name) if one.half == half)[ANY]

    assert found.recall >= FLOORS_OF_SETS[name, half]
    assert found.precision >= PRECISE


def explained() -> Iterator[tuple[str, str]]:
    """Each paragraph of the content that explains something, with its language.

    A case tells a story, and so does a question: an alarm about it is right.
    """
    for entry, texts in SHIPPED.translations.entries.items():
        for language, by_key in texts.items():
            for key, text in by_key.items():
                if entry.startswith("benchmarks/") or key == "case":
                    continue
                if "questions.yaml" in entry and not key.endswith(("fact", ".why")):
                    continue
                yield from ((language, one) for one in text.split("\n\n"))


def test_what_lessons_and_standard_explain_raises_an_alarm_once_in_500_paragraphs_at_most() -> None:
    pieces: Counter[str] = Counter()
    alarms: dict[str, list[str]] = defaultdict(list)
    for language, piece in explained():
        pieces[language] += 1
        if find_signs(piece):
            alarms[language].append(piece[:80])

    # Of a language that was just begun a few are no share yet.
    too_many = {one: seen for one, seen in alarms.items() if len(seen) > max(3, pieces[one] // 500)}
    assert pieces["en"] > 3_000
    assert too_many == {}


# --- identity numbers ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "adds_up"),
    [
        (identity.moldova, "2006001234561"),
        (identity.ukraine, "4021501344"),
        (identity.ukraine_record, "2012040512345"),
        (identity.belarus, "5120311A012PB2"),
        (identity.russia, "11223344595"),
    ],
)
def test_a_wrong_check_digit_is_no_number(number, adds_up) -> None:
    assert number(adds_up)
    if number is not identity.ukraine_record:
        others = [adds_up[:-1] + digit for digit in "0123456789" if digit != adds_up[-1]]
        assert [one for one in others if number(one)] == []


@pytest.mark.parametrize(
    "text",
    [
        "2006001234561",
        "2 006 001 23456 1",
        "2.0.0.6.0.0.1.2.3.4.5.6.1",
        "２００６００１２３４５６１",
        "20060\u200b01234561",
        "٢٠٠٦٠٠١٢٣٤٥٦١",
        "5120311А012РВ2",
        "5120311a012pb2",
        "СНИЛС 11223344595",
        "свідоцтво I-БК № 123456",
    ],
)
def test_a_number_is_found_however_it_is_written(text: str) -> None:
    assert kinds_of(find_signs(f"The number is {text}, he says.")) == [SignKind.IDENTITY_NUMBER]


@pytest.mark.parametrize(
    "text",
    [
        "+373 22 123 456, 0 800 500 225, 0671234567",
        "IBAN UA213223130000026007233566001",
        "25.11.2026 14:30, 2026-11-25 10:30:12",
        "IDNO 1008600038413",
        "ISBN 978-3-16-148410-0",
    ],
)
def test_other_numbers_are_none(text: str) -> None:
    assert find_signs(text) == []


# --- names and stories -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "Psychologist Maria Popa, room 7, for pupils of class 7",
        "Liceul „Mihai Eminescu”, clasa a 7-a",
        "Signed: director Ion Rusu. Pupils of class 7 were told.",
        "If somebody hurts me, I tell an adult.",
        "“He touches me” is such a sentence.",
        "Staff must never hit a child.",
        "If a child tells you that he was hit, thank him and write down his words.",
        "Please send me the photos of the poster by Friday.",
        "Am discutat cu părinții despre șantajul cu poze intime și despre frica copiilor.",
        "Ми поговорили з батьками про шантаж інтимними фото і про страх дітей.",
        "Полиция сказала нам не смотреть на изображения и сохранить телефон.",
        "Вучні сказалі нам, што баяцца сабак у двары.",
        "Учень отримав погрозу. Коли про це дізнається класний керівник?",
        "Учень 12 років плаче. Тому вчитель залишається з ним.",
        "Питання про учня 8 класу: «Коли він отримав лист?»",
    ],
)
def test_adults_schools_rules_and_examples_are_harmless(text: str) -> None:
    assert find_signs(text) == []


def test_a_case_of_a_name_that_is_an_everyday_word_is_a_name_inside_a_sentence() -> None:
    assert kinds_of(find_signs("У 8 класі в Коли синяк.")) == [SignKind.CHILD_NAMED]
    assert find_signs("У 8 класі нічого. Коли синяк, учень іде до медсестри.") == []


def test_a_whole_text_in_quotation_marks_is_still_a_disclosure() -> None:
    assert kinds_of(find_signs("“He touches me and I do not know what to do”")) == [
        SignKind.DISCLOSURE
    ]


def test_a_sign_says_where_it_stands_and_not_what() -> None:
    text = "Ещё: Мене б’є вітчим."

    (sign,) = find_signs(text)

    assert text[sign.start : sign.end] == "Мене б’є"
    assert sign == Sign(SignKind.DISCLOSURE, 5, 13)
    assert counts_of([sign, sign]) == {"disclosure": 2}


def test_given_name_and_surname_are_one_sign() -> None:
    seen = find_signs("Pupil Emma Brown, class 7B, was beaten.")

    assert [(sign.kind, sign.start, sign.end) for sign in seen] == [(SignKind.CHILD_NAMED, 6, 16)]


@pytest.mark.parametrize(
    "text", ["Мене бє вітчим", "мене б'є вітчим", "dont tell my mum", "don't tell my mum"]
)
def test_a_phrase_is_found_with_and_without_its_apostrophe(text: str) -> None:
    assert kinds_of(find_signs(text)) == [SignKind.DISCLOSURE]


@given(some.text(max_size=400))
def test_no_text_breaks_it_and_every_place_is_inside(text: str) -> None:
    assert all(0 <= sign.start < sign.end <= len(text) for sign in find_signs(text))


def steps(text: str) -> int:
    """Count the lines of our code that run while a text is looked at: unlike seconds, the same each time."""
    count = 0

    def line(frame: FrameType, event: str, argument: object) -> Any:
        nonlocal count
        count += event == "line"
        return line

    before = sys.gettrace()
    sys.settrace(line)
    try:
        find_signs(text)
    finally:
        sys.settrace(before)
    return count


@pytest.mark.parametrize(
    "piece",
    [
        "my father ",
        "1 ",
        "I am so ",
        "Ana 12 years ",
        "«",
        "б’є ",
        "says if i ",
        "a",
        "ж",
        "a'",
        "1a",
    ],
)
def test_a_long_text_takes_work_in_proportion(piece: str) -> None:
    find_signs(piece * 4)  # lists are read, and words that come again are known

    assert steps((piece * 4_000)[:4_000]) <= 2.1 * steps((piece * 2_000)[:2_000]) + 200


@given(some.text(min_size=1, max_size=12))
@settings(max_examples=25, deadline=None)
def test_no_piece_that_comes_again_and_again_takes_more(piece: str) -> None:
    text = piece * 120
    find_signs(text)

    assert steps(text * 2) <= 2.1 * steps(text) + 400


@pytest.mark.parametrize("letter", ["a", "ж", "i"])
def test_one_long_word_takes_no_time(letter: str) -> None:
    """A second for each 20,000 letters was a site that stood still; it may take no more steps than letters."""
    assert steps(letter * 50_000) < 12 * 50_000


def test_a_sign_that_stands_for_a_sentence_does_not_make_a_text_longer_than_is_looked_at() -> None:
    assert len(folding.folded("\ufdfa" * 60_000).text) < folding.LONGEST + 20
