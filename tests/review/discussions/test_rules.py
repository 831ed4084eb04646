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
    CommentReader,
    CommentSide,
    may_notify,
    may_write,
    opens_thread,
    reasons_not_to_write,
    sees_comment,
    subject_problems,
)
from tests.factories import NOW

ME, OTHER = uuid4(), uuid4()
people = st.sampled_from([ME, OTHER])
readers = st.builds(CommentReader, st.sampled_from(CommentSide), st.none() | people, st.booleans())


def test_who_writes_where_by_the_state_of_the_case():
    allowed = {
        (side.value, audience.value): {
            state.value for state in ApplicationState if may_write(side, audience, state)
        }
        for side, audience in product(CommentSide, Audience)
    }

    assert allowed == {
        ("group", "internal"): {"submitted", "in_review", "changes_requested", "decided"},
        ("group", "with_school"): {"submitted", "in_review", "changes_requested"},
        ("school", "internal"): set(),
        ("school", "with_school"): {"submitted", "in_review", "changes_requested"},
    }


def test_a_refusal_says_why():
    found = reasons_not_to_write(CommentSide.SCHOOL, Audience.WITH_SCHOOL, ApplicationState.DECIDED)

    assert [one.code for one in found] == ["state"]


@given(st.booleans(), st.none() | people, people, st.sampled_from(CommentSide), st.sets(people))
def test_a_school_never_reads_an_internal_thread(others, reader_id, author, side, writers):
    reader = CommentReader(CommentSide.SCHOOL, reader_id, others)

    assert not opens_thread(reader, Audience.INTERNAL, writers)
    assert not sees_comment(reader, Audience.INTERNAL, side, author)
    assert opens_thread(reader, Audience.WITH_SCHOOL, writers)
    assert sees_comment(reader, Audience.WITH_SCHOOL, side, author)


@given(st.sampled_from(Audience), st.sampled_from(CommentSide))
def test_who_is_blind_reads_the_own_comments_and_the_answers_of_the_school(audience, side):
    blind = CommentReader(CommentSide.GROUP, ME, sees_others=False)

    assert opens_thread(blind, audience, {ME, OTHER})
    assert not opens_thread(blind, audience, {OTHER})
    assert sees_comment(blind, audience, side, ME)
    assert sees_comment(blind, audience, side, OTHER) is (side is CommentSide.SCHOOL)


@given(st.sampled_from(Audience), st.sampled_from(CommentSide), st.sets(people))
def test_who_may_see_others_reads_everything_of_the_group(audience, side, writers):
    reader = CommentReader(CommentSide.GROUP, ME, sees_others=True)

    assert opens_thread(reader, audience, writers)
    assert sees_comment(reader, audience, side, OTHER)


@given(readers, st.sampled_from(Audience), st.sampled_from(CommentSide), people)
def test_a_comment_that_is_seen_stands_in_a_thread_that_is_open(reader, audience, side, author):
    writers = {author} | (
        {reader.person_id} if side is CommentSide.SCHOOL and reader.person_id else set()
    )

    if sees_comment(reader, audience, side, author) and (
        side is CommentSide.GROUP or reader.person_id
    ):
        assert opens_thread(reader, audience, writers)


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

    assert may_notify(moments, NOW) is told
