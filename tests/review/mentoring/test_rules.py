"""Who waits for whom between a mentor and a school, and who may choose a date."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from cissapp.review.mentoring import rules
from cissapp.review.mentoring.rules import MentorSide, Wait
from tests.factories import NOW

MENTOR, SCHOOL = MentorSide.MENTOR, MentorSide.SCHOOL
HOUR = timedelta(hours=1)


@given(st.lists(st.sampled_from(list(MentorSide)), min_size=1, max_size=12))
def test_the_other_side_of_who_wrote_last_is_waited_for_since_the_first_message_it_let_wait(sides):
    wait = None
    for number, side in enumerate(sides):
        wait = rules.wait_after_message(wait, side, NOW + number * HOUR)

    last = sides[-1]
    first = len(sides) - 1
    while first > 0 and sides[first - 1] is last:
        first -= 1
    assert wait == Wait(last.other, NOW + first * HOUR)


def test_what_one_has_to_do_oneself_is_shown_before_what_one_waits_for():
    waits = [Wait(SCHOOL, NOW), Wait(MENTOR, NOW + HOUR), Wait(MENTOR, NOW + 2 * HOUR)]

    assert rules.shown_wait(waits, MENTOR) == Wait(MENTOR, NOW + HOUR)
    assert rules.shown_wait(waits, SCHOOL) == Wait(SCHOOL, NOW)
    assert rules.shown_wait(waits[:1], MENTOR) == Wait(SCHOOL, NOW)
    assert rules.shown_wait([], MENTOR) is None


def test_only_the_other_side_chooses_a_date_that_is_to_come_while_none_is_agreed():
    def codes(**changed):
        values = {
            "proposed_by": MENTOR, "by": SCHOOL, "starts_at": NOW + HOUR, "is_open": True, "at": NOW,
        }  # fmt: skip
        return [one.code for one in rules.agreement_problems(**{**values, **changed})]

    assert codes() == []
    assert codes(by=MENTOR) == ["own"]
    assert codes(starts_at=NOW) == ["past"]
    assert codes(is_open=False, by=MENTOR) == ["agreed", "own"]


def test_a_mail_goes_at_most_once_an_hour_and_nothing_is_added_after_the_end():
    assert [rules.may_notify(told, NOW) for told in (None, NOW - HOUR, NOW - HOUR / 2)] == [
        True, True, False,
    ]  # fmt: skip
    assert rules.ended_problems(lasts=True) == []
    assert [one.code for one in rules.ended_problems(lasts=False)] == ["ended"]
    assert [one.code for one in rules.proposal_problems(rules.MEETINGS_MOST)] == ["first"]
    assert rules.proposal_problems(rules.MEETINGS_MOST - 1) == []
