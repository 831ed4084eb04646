"""Second and third reviews: the draw, the difference rule, combined levels, references."""

from fractions import Fraction
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cissapp.foundation.content.loader import load
from cissapp.review.reviews.rules.places import (
    ReviewPlace,
    aims_high,
    combine_scores,
    combined_level,
    differences,
    is_drawn,
    levels_differ,
    recommends_high,
)
from cissapp.review.reviews.rules.references import (
    Reference,
    needs_reference,
    parse_reference,
    reference_problems,
)
from config import ROOT

STANDARD = load(ROOT / "modules").standard
RULE, CRITERIA = STANDARD.decision, STANDARD.criteria
IDS = [one.id for one in CRITERIA]
LEVELS = st.sampled_from([None, 0, 1, 2, 3])
some_scores = st.fixed_dictionaries(dict.fromkeys(IDS, LEVELS))


def with_percent(percent: int):
    second = RULE.second_review.model_copy(update={"percent": percent})
    return RULE.model_copy(update={"second_review": second})


# --- the draw --------------------------------------------------------------------------------


def test_the_draw_can_be_done_again_by_anybody():
    """The formula of decision.yaml, written anew: SHA-256 of seed and id, first 8 bytes below the share."""
    import hashlib

    ids = [UUID(int=n) for n in range(2000)]
    text = f"{RULE.second_review.seed}:"
    again = [
        Fraction(int(hashlib.sha256(f"{text}{one}".encode()).hexdigest()[:16], 16), 2**64)
        < Fraction(RULE.second_review.percent, 100)
        for one in ids
    ]

    assert [is_drawn(one, RULE) for one in ids] == again


def test_about_a_tenth_is_drawn():
    share = sum(is_drawn(UUID(int=n), RULE) for n in range(20_000)) / 20_000

    assert 0.09 < share < 0.11


@given(st.uuids())
def test_none_or_all_are_drawn_at_the_ends(one):
    assert not is_drawn(one, with_percent(0))
    assert is_drawn(one, with_percent(100))


@given(st.uuids(), st.integers(0, 99))
def test_who_is_drawn_at_a_share_is_drawn_at_a_larger_one(one, percent):
    assert is_drawn(one, with_percent(percent)) <= is_drawn(one, with_percent(percent + 1))


def test_another_seed_draws_others():
    other = RULE.second_review.model_copy(update={"seed": "another"})
    rule = RULE.model_copy(update={"second_review": other})
    ids = [uuid4() for _ in range(3000)]

    assert {one for one in ids if is_drawn(one, RULE)} != {
        one for one in ids if is_drawn(one, rule)
    }


def test_level_3_asks_for_a_second_review():
    three, two = dict.fromkeys(IDS, 3), dict.fromkeys(IDS, 2)

    assert (aims_high(three, RULE, CRITERIA), aims_high(two, RULE, CRITERIA)) == (True, False)
    assert [recommends_high(one, RULE) for one in (None, 1, 2, 3)] == [False, False, False, True]


# --- differences -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("criterion", "one", "other", "expected"),
    [
        ("A1", 2, 2, False),
        ("A1", 2, 3, False),
        ("A1", 1, 2, True),
        ("A1", 0, 1, False),
        ("A1", 1, 3, True),
        ("A4", 1, 2, True),
        ("A5", 1, 2, False),
        ("A5", 0, 2, True),
        ("A5", 3, 1, True),
        ("A5", None, 3, False),
        ("A5", None, None, False),
    ],
)
def test_when_two_levels_differ_too_much(criterion, one, other, expected):
    asked = STANDARD.by_id[criterion]

    assert levels_differ(asked, one, other, RULE) is expected
    assert levels_differ(asked, other, one, RULE) is expected


@given(some_scores, some_scores)
def test_differences_are_those_of_each_criterion_in_the_order_of_the_rubric(first, second):
    found = differences(first, second, RULE, CRITERIA)

    assert found == [
        one.id for one in CRITERIA if levels_differ(one, first[one.id], second[one.id], RULE)
    ]
    assert found == differences(second, first, RULE, CRITERIA)


@pytest.mark.parametrize(
    ("levels", "expected"),
    [
        ([2], 2),
        ([None], None),
        ([2, 3], 2),
        ([3, 0], 0),
        ([None, 3], 3),
        ([None, None], None),
        ([0, 3, 2], 2),
        ([3, 1, 3], 3),
        ([0, 2, 0], 0),
        ([None, 3, 1], 1),
        ([None, None, 3], None),
    ],
)
def test_the_combined_level(levels, expected):
    assert combined_level(levels) == expected


@given(st.lists(LEVELS, min_size=1, max_size=3))
def test_the_combined_level_is_one_that_was_given_and_the_order_does_not_count(levels):
    found = combined_level(levels)

    assert found in levels
    assert found == combined_level(levels[::-1])
    if len(levels) == 2 and None not in levels:
        assert found == min(levels)


@given(some_scores, some_scores, st.dictionaries(st.sampled_from(IDS), LEVELS))
def test_reviews_are_combined_criterion_by_criterion(first, second, third):
    found = combine_scores(
        {ReviewPlace.FIRST: first, ReviewPlace.SECOND: second, ReviewPlace.THIRD: third}
    )

    assert found == {
        one: combined_level([first[one], second[one], *([third[one]] if one in third else [])])
        for one in IDS
    }


# --- references ------------------------------------------------------------------------------

VERSION = UUID("00000000-0000-4000-8000-000000000001")
KNOWN = {"mechanism", str(VERSION)}


@pytest.mark.parametrize(
    ("level", "own", "expected"),
    [
        (0, 0, True),
        (1, 1, True),
        (2, 2, False),
        (3, 3, True),
        (2, 0, True),
        (2, 3, False),
        (2, None, False),
        (None, 2, False),
    ],
)
def test_which_scores_need_a_reference(level, own, expected):
    assert needs_reference(level, own) is expected
    assert bool(reference_problems(level, own, [], KNOWN)) is expected


@pytest.mark.parametrize(
    ("reference", "good"),
    [
        ("mechanism", True),
        (f"{VERSION}#1", True),
        (f"{VERSION}#0", False),
        (f"{VERSION}#-3", False),
        (f"{VERSION}", False),
        (f"{VERSION}#x", False),
        ("visit", False),
        ("00000000-0000-4000-8000-000000000002#1", False),
        ("anything", False),
    ],
)
def test_a_reference_points_to_something_of_the_dossier(reference, good):
    assert (reference_problems(1, 1, [reference], KNOWN) == []) is good


@given(st.one_of(st.sampled_from(["mechanism", "visit"]), st.uuids()), st.integers(1, 9999))
def test_a_reference_is_read_as_it_was_written(thing, page):
    made = Reference(thing) if isinstance(thing, str) else Reference("document", thing, page)

    assert parse_reference(str(made)) == made
