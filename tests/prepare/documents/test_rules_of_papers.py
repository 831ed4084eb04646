"""Pages that are named, days of evidence, and what changed between two texts."""

import random
from datetime import date, timedelta
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cissapp.foundation.core.errors import Problem
from cissapp.prepare.documents.rules import differences as rules
from cissapp.prepare.documents.rules.dates import (
    EvidenceDates,
    Expiry,
    date_problems,
    due_reminder,
    expiry_of,
)
from cissapp.prepare.documents.rules.differences import (
    Passage,
    TextChange,
    TextPiece,
    differences,
    sentences,
)
from cissapp.prepare.documents.rules.pages import (
    PART,
    first_page,
    page_problem,
    page_spans,
    pages_named,
    parts_of,
    written_pages,
)

DAY = date(2026, 11, 25)

# --- pages -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("7", [(7, 7)]),
        ("3-4, 7", [(3, 4), (7, 7)]),
        (" 3 – 4 ;7 ", [(3, 4), (7, 7)]),
        ("7, 3", [(7, 7), (3, 3)]),
        ("3000", [(3000, 3000)]),
        ("", None),
        ("page 3", None),
        ("4-3", None),
        ("0", None),
        ("3001", None),
        ("1-2-3", None),
        ("1,,2", None),
        ("1, " * 100 + "1", None),
        ("9" * 5_000, None),
    ],
)
def test_pages_are_numbers_and_spans(said, expected):
    assert page_spans(said) == expected


SPANS = st.lists(st.tuples(st.integers(1, 900), st.integers(0, 90)), min_size=1, max_size=9).map(
    lambda pairs: [(first, first + more) for first, more in pairs]
)


@given(SPANS)
def test_what_is_written_is_read_back(said):
    assert page_spans(written_pages(said)) == said


@given(SPANS)
def test_every_page_named_is_counted_once(said):
    expected = sorted({page for first, last in said for page in range(first, last + 1)})

    assert pages_named(written_pages(said)) == expected


@given(st.text(max_size=300))
def test_no_text_breaks_the_reading_of_pages(said):
    assert page_spans(said) is None or written_pages(page_spans(said))


@pytest.mark.parametrize(
    ("said", "pages", "expected"),
    [("7, 3", 9, 7), ("7", 5, 5), ("7", None, 7), ("", 5, 1), ("in words", 5, 1)],
)
def test_a_reader_begins_on_the_first_page_that_is_named(said, pages, expected):
    assert first_page(said, pages) == expected


def test_pages_must_be_in_the_document():
    no_list = "“%(said)s” is not a list of pages in “%(title)s”. Enter pages like this: 3-4, 7."
    beyond = "“%(title)s” has %(pages)s pages. It has no page %(page)s."

    assert [
        page_problem("1-12", "Policy", 12),
        page_problem("1-12", "Policy", None),
        page_problem("2, 9-13", "Policy", 12),
        page_problem("chapter 2", "Policy", 12),
    ] == [
        None,
        None,
        Problem("documents", beyond, {"title": "Policy", "pages": 12, "page": 13}),
        Problem("documents", no_list, {"said": "chapter 2", "title": "Policy"}),
    ]


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=9_000))
def test_parts_hold_the_whole_text_and_none_is_long(text):
    parts = parts_of(text)

    assert "".join("".join(parts).split()) == "".join(text.split())
    assert max(len(part) for part in parts) <= PART + 1


def test_a_part_ends_with_a_paragraph():
    assert parts_of("a" * 3_000 + "\n" + "b" * 3_000) == ["a" * 3_000, "b" * 3_000]


# --- days ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days", "expected"),
    [(-1, Expiry.EXPIRED), (0, Expiry.SOON), (60, Expiry.SOON), (61, None)],
)
def test_evidence_holds_on_its_last_day(days, expected):
    assert expiry_of(DAY + timedelta(days=days), DAY) == expected


def test_what_has_no_last_day_does_not_lapse():
    assert expiry_of(None, DAY) is None


@pytest.mark.parametrize(
    ("days", "reminded", "expected"),
    [
        (61, None, None), (60, None, 60), (59, None, 60), (59, 60, None), (15, 60, None),
        (14, 60, 14), (14, None, 14), (0, 60, 14), (0, 14, None), (-1, None, None),
    ],
)  # fmt: skip
def test_each_reminder_is_due_once_and_late_rather_than_never(days, reminded, expected):
    assert due_reminder(DAY + timedelta(days=days), DAY, reminded) == expected


@pytest.mark.parametrize(
    ("dates", "codes"),
    [
        (EvidenceDates(), []),
        (EvidenceDates(DAY, DAY, DAY, DAY), []),
        (EvidenceDates(evidence_on=DAY + timedelta(days=1)), ["evidence_on"]),
        (EvidenceDates(covers_from=DAY, covers_to=DAY - timedelta(days=1)), ["covers_to"]),
        (EvidenceDates(evidence_on=DAY, expires_on=DAY - timedelta(days=1)), ["expires_on"]),
        (EvidenceDates(expires_on=date(9999, 1, 1)), ["expires_on"]),
        (EvidenceDates(covers_from=date(1, 1, 1)), ["covers_from"]),
    ],
)
def test_days_that_cannot_be_right_are_said(dates, codes):
    assert [one.code for one in date_problems(dates, DAY)] == codes


# --- what changed ----------------------------------------------------------------------------


def compared(old: list[str], new: list[str]) -> list[Passage]:
    return differences(sentences(old), sentences(new))


def test_a_word_that_changed_is_found_with_its_page():
    old = ["Who this is for. All pupils.", "Reports go to the head. Nobody is punished."]
    new = ["Who this is for. All pupils.", "Reports go to the founder. Nobody is punished."]

    assert compared(old, new) == [
        Passage(
            2,
            2,
            (
                TextPiece(TextChange.SAME, "Reports go to the"),
                TextPiece(TextChange.REMOVED, "head."),
                TextPiece(TextChange.ADDED, "founder."),
            ),
        )
    ]


def test_known_edits_are_found_each_in_its_place():
    old = ["One is first. Two is second. Three is third.", "Four is fourth. Five is fifth."]
    new = ["One is first. Three is third.", "Four is not fourth. Five is fifth. Six is new."]

    assert compared(old, new) == [
        Passage(1, None, (TextPiece(TextChange.REMOVED, "Two is second."),)),
        Passage(
            2,
            2,
            (
                TextPiece(TextChange.SAME, "Four is"),
                TextPiece(TextChange.ADDED, "not"),
                TextPiece(TextChange.SAME, "fourth."),
            ),
        ),
        Passage(None, 2, (TextPiece(TextChange.ADDED, "Six is new."),)),
    ]


def test_where_a_line_breaks_is_no_change():
    assert compared(["One is first. Two\nis second."], ["One is\nfirst. Two is second."]) == []


def test_paragraphs_of_a_text_without_pages_are_compared_by_line():
    old, new = (
        sentences([text], by_line=True) for text in ("Heading\nOne. Two.", "Title\nOne. Two.")
    )

    assert differences(old, new) == [
        Passage(
            1, 1, (TextPiece(TextChange.REMOVED, "Heading"), TextPiece(TextChange.ADDED, "Title"))
        )
    ]


WORDS = st.lists(st.sampled_from(["pupil", "adult", "phone", "head", "report."]), max_size=60)


def side(passages: list[Passage], mark: TextChange) -> str:
    return " ".join(
        piece.text
        for one in passages
        for piece in one.pieces
        if piece.mark in {mark, TextChange.SAME}
    )


@given(WORDS, WORDS)
def test_no_word_is_lost_and_none_is_made_up(old, new):
    """What the passages leave out stands in both texts."""
    passages = compared([" ".join(old)], [" ".join(new)])

    left_old = len(old) - len(side(passages, TextChange.REMOVED).split())
    left_new = len(new) - len(side(passages, TextChange.ADDED).split())
    assert left_old == left_new >= 0
    if old == new:
        assert passages == []


@given(WORDS)
def test_everything_is_new_against_nothing(new):
    assert side(compared([], [" ".join(new)]), TextChange.ADDED) == " ".join(new)


def words(source: random.Random, of: str, count: int) -> str:
    return " ".join(source.choices(of.split(), k=count))


@cache
def hard_texts() -> dict[str, tuple[list[str], list[str]]]:
    """Texts of 200 pages, of up to half a million characters, that make comparing slow."""
    source = random.Random(7)
    vocabulary = " ".join(f"word{number}" for number in range(3_000))
    usual = [". ".join(words(source, vocabulary, 14) for _ in range(20)) + "." for _ in range(200)]
    edited = [page.replace("word1", "change1", 3) for page in usual]
    held = [f"Place {number}. " for number in range(1_200)]
    return {
        "edited": (usual, edited),
        "unrelated": (usual, [page.replace("word", "term") for page in usual]),
        "turned round": (usual, usual[::-1]),
        "two sentences": tuple([words(source, "a. b.", 800) for _ in range(200)] for _ in range(2)),  # type: ignore[dict-item]
        "no sentences": tuple([words(source, "a b", 1_200) for _ in range(200)] for _ in range(2)),  # type: ignore[dict-item]
        "alternating": (
            [one + "a b " * 99 + "." for one in held],
            [one + "b a c " * 66 + "." for one in held],
        ),
        "alike": (["a. b. a. " * 700] * 40, ["b. a. b. a. a. " * 500] * 40),
        "one word": (["x" * 500_000], ["y" * 500_000]),
        "brackets": (["." * 500_000], ["?" * 500_000]),
    }


HARD = (
    "edited",
    "unrelated",
    "turned round",
    "two sentences",
    "no sentences",
    "alternating",
    "alike",
)
HARD += ("one word", "brackets")


@pytest.mark.parametrize("name", HARD)
def test_two_hundred_pages_are_compared_within_the_budget_of_pairs(name, monkeypatch):
    """The work grows with the pairs that are compared; how long it takes stands in benchmarks/differences.py."""
    assert tuple(hard_texts()) == HARD
    old, new = hard_texts()[name]
    asked: list[int] = []
    allows = rules._Budget.allows

    def counted(budget, pairs):
        allowed = allows(budget, pairs)
        asked.extend([pairs] * allowed)
        return allowed

    monkeypatch.setattr(rules._Budget, "allows", counted)

    assert compared(old, new)
    assert max(asked, default=0) <= rules.CLOSE_LOOK
    assert sum(asked) <= rules.ALL_CLOSE_LOOKS


def test_a_text_that_is_too_long_is_shown_as_a_whole(monkeypatch):
    monkeypatch.setattr(rules, "CLOSE_LOOK", 3)

    assert compared(["a b c."], ["a b d."]) == [
        Passage(
            1, 1, (TextPiece(TextChange.REMOVED, "a b c."), TextPiece(TextChange.ADDED, "a b d."))
        )
    ]
