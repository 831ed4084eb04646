"""Who may read and write which comments, and when the other side is told."""

from datetime import timedelta
from itertools import product
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cissapp.prepare.applications.rules import ApplicationState
from cissapp.review.discussions.rules import (
    Audience,
    Reader,
    Side,
    keeps_from_writing,
    may_write,
    opens,
    sees,
    subject_problems,
    tells_now,
)
from tests.factories import NOW

ME, OTHER = uuid4(), uuid4()
people = st.sampled_from([ME, OTHER])
readers = st.builds(Reader, st.sampled_from(Side), st.none() | people, st.booleans())


def test_who_writes_where_by_the_state_of_the_case():
    allowed = {
        (side.value, audience.value): {
            state.value for state in ApplicationState if may_write(side, audience, state)
        }
        for side, audience in product(Side, Audience)
    }

    assert allowed == {
        ("group", "internal"): {"submitted", "in_review", "changes_requested", "decided"},
        ("group", "with_school"): {"submitted", "in_review", "changes_requested"},
        ("school", "internal"): set(),
        ("school", "with_school"): {"submitted", "in_review", "changes_requested"},
    }


def test_a_refusal_says_why():
    found = keeps_from_writing(Side.SCHOOL, Audience.WITH_SCHOOL, ApplicationState.DECIDED)

    assert [one.code for one in found] == ["state"]


@given(st.booleans(), st.none() | people, people, st.sampled_from(Side), st.sets(people))
def test_a_school_never_reads_an_internal_thread(others, reader_id, author, side, writers):
    reader = Reader(Side.SCHOOL, reader_id, others)

    assert not opens(reader, Audience.INTERNAL, writers)
    assert not sees(reader, Audience.INTERNAL, side, author)
    assert opens(reader, Audience.WITH_SCHOOL, writers)
    assert sees(reader, Audience.WITH_SCHOOL, side, author)


@given(st.sampled_from(Audience), st.sampled_from(Side))
def test_who_is_blind_reads_the_own_comments_and_the_answers_of_the_school(audience, side):
    blind = Reader(Side.GROUP, ME, sees_others=False)

    assert opens(blind, audience, {ME, OTHER})
    assert not opens(blind, audience, {OTHER})
    assert sees(blind, audience, side, ME)
    assert sees(blind, audience, side, OTHER) is (side is Side.SCHOOL)


@given(st.sampled_from(Audience), st.sampled_from(Side), st.sets(people))
def test_who_may_see_others_reads_everything_of_the_group(audience, side, writers):
    reader = Reader(Side.GROUP, ME, sees_others=True)

    assert opens(reader, audience, writers)
    assert sees(reader, audience, side, OTHER)


@given(readers, st.sampled_from(Audience), st.sampled_from(Side), people)
def test_a_comment_that_is_seen_stands_in_a_thread_that_is_open(reader, audience, side, author):
    writers = {author} | ({reader.person_id} if side is Side.SCHOOL and reader.person_id else set())

    if sees(reader, audience, side, author) and (side is Side.GROUP or reader.person_id):
        assert opens(reader, audience, writers)


@pytest.mark.parametrize(
    ("criterion", "document", "page", "codes"),
    [
        ("A1", None, None, []),
        (None, ME, 3, []),
        ("A1", ME, 1, []),
        (None, None, None, ["subject"]),
        ("A1", ME, None, ["page"]),
        (None, ME, 0, ["page"]),
    ],
)
def test_a_thread_is_about_a_criterion_or_a_page(criterion, document, page, codes):
    assert [one.code for one in subject_problems(criterion, document, page)] == codes


@pytest.mark.parametrize(
    ("minutes", "told"),
    [([], True), ([None], True), ([59], False), ([60], True), ([120, 5], False)],
)
def test_a_side_is_told_once_an_hour(minutes, told):
    moments = [None if one is None else NOW - timedelta(minutes=one) for one in minutes]

    assert tells_now(moments, NOW) is told
