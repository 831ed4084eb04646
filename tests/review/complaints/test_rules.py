"""The life of a complaint, and who stays out of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cissapp.foundation.core.errors import Refused
from cissapp.review.complaints.rules import (
    MACHINE,
    CertificateInvolvement,
    ComplaintAction,
    ComplaintState,
    advance,
    promise_problems,
    reasons_not_to_answer,
)


def test_a_complaint_is_passed_on_replied_to_and_answered():
    state = ComplaintState.RECEIVED
    for action in (ComplaintAction.PASS_ON, ComplaintAction.REPLY, ComplaintAction.ANSWER):
        state = advance(action, state)

    assert state is ComplaintState.ANSWERED


@given(st.sampled_from(ComplaintAction), st.sampled_from(ComplaintState))
def test_only_what_the_table_names_is_possible(action, state):
    sources, target = MACHINE[action]
    if state in sources:
        assert advance(action, state) is target
    else:
        with pytest.raises(Refused):
            advance(action, state)


@given(st.sampled_from(ComplaintAction))
def test_an_answer_is_final(action):
    with pytest.raises(Refused):
        advance(action, ComplaintState.ANSWERED)


@pytest.mark.parametrize(
    ("promises", "refused"), [([], True), (["A3"], False), (["A3", "Z9"], True)]
)
def test_a_complaint_names_promises_that_are_made(promises, refused):
    assert bool(promise_problems(promises, ["A1", "A3"])) is refused


@given(st.builds(CertificateInvolvement, *[st.booleans()] * 5))
def test_who_found_helped_or_is_tied_does_not_answer(part):
    free = not any((part.has_conflict, part.mentored, part.invited, part.reviewed, part.decided))

    assert (reasons_not_to_answer(part) == []) is free
