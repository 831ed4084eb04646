"""Days of a certificate's life, the quorum against a naive model, and the living facts."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from cissapp.certify.upkeep.rules.days import (
    ConfirmationMail,
    ConfirmationWindow,
    end_reminder_due,
    mail_due,
    overdue_window,
    window_to_confirm,
    windows,
)
from cissapp.certify.upkeep.rules.living_facts import (
    KnownDays,
    LivingFactKind,
    WaitingFor,
    living_facts,
)
from cissapp.certify.upkeep.rules.quorum import (
    Quorum,
    QuorumLack,
    SchoolMember,
    quorum_lack,
    quorum_lost_at,
)

# --- days --------------------------------------------------------------------------------------

FROM, UNTIL = date(2026, 11, 25), date(2029, 11, 25)
FIRST = ConfirmationWindow(1, date(2027, 11, 10), date(2027, 12, 9))
SECOND = ConfirmationWindow(2, date(2028, 11, 10), date(2028, 12, 9))


def test_each_anniversary_before_the_end_has_a_window_of_thirty_days():
    assert windows(FROM, UNTIL, 30) == [FIRST, SECOND]
    assert [(one.closes_on - one.opens_on).days + 1 for one in (FIRST, SECOND)] == [30, 30]
    assert windows(FROM, date(2027, 11, 25), 30) == []
    assert [one.opens_on for one in windows(date(2024, 2, 29), date(2027, 2, 28), 30)] == [
        date(2025, 2, 13),
        date(2026, 2, 13),
    ]


@pytest.mark.parametrize(
    ("today", "confirmed", "open_", "late"),
    [
        (date(2027, 11, 9), set(), None, None),
        (date(2027, 11, 10), set(), 1, None),
        (date(2027, 12, 9), set(), 1, None),
        (date(2027, 12, 10), set(), 1, 1),
        (date(2027, 12, 10), {1}, None, None),
        (date(2028, 11, 10), set(), 1, 1),
        (date(2028, 11, 10), {1}, 2, None),
        (date(2028, 12, 10), {1}, 2, 2),
        (date(2028, 12, 10), {1, 2}, None, None),
    ],
)
def test_a_year_can_be_confirmed_from_its_window_on_and_is_overdue_after_it(
    today: date, confirmed: set[int], open_: int | None, late: int | None
):
    found = [
        window and window.year
        for window in (
            window_to_confirm([FIRST, SECOND], confirmed, today),
            overdue_window([FIRST, SECOND], confirmed, today),
        )
    ]

    assert found == [open_, late]


@pytest.mark.parametrize(
    ("day", "call"),
    [
        (-1, None),
        (0, ConfirmationMail.OPENED),
        (21, ConfirmationMail.OPENED),
        (22, ConfirmationMail.REMINDED),
        (29, ConfirmationMail.REMINDED),
        (30, None),
    ],
)
def test_the_head_is_asked_when_the_window_opens_and_a_week_before_it_closes(day, call):
    assert mail_due(FIRST, FIRST.opens_on + timedelta(days=day)) is call


STEPS = (90, 60, 30, 7)


@pytest.mark.parametrize(
    ("left", "due"),
    [(91, None), (90, 90), (61, 90), (60, 60), (30, 30), (29, 30), (7, 7), (0, 7), (-1, None)],
)
def test_only_the_most_urgent_reminder_of_the_end_goes_out(left, due):
    assert end_reminder_due(UNTIL, STEPS, UNTIL - timedelta(days=left)) == due


# --- the quorum --------------------------------------------------------------------------------

START = datetime(2026, 1, 1, tzinfo=UTC)
DUTIES = (("head", "deputy"), ("designated_person",))
DAYS = 12


def on(day: int) -> datetime:
    return START + timedelta(days=day)


DAY = st.integers(min_value=-3, max_value=DAYS)
MAYBE = st.none() | DAY
PERSON = st.tuples(st.sampled_from(["head", "deputy", "designated_person"]), DAY, MAYBE, MAYBE)


def member(raw: tuple[str, int, int | None, int | None]) -> SchoolMember:
    duty, joined, left, trained = raw
    return SchoolMember(
        duty,
        on(joined),
        None if left is None else on(left),
        None if trained is None else on(trained),
    )


def naive(people, needed: int, day: int) -> bool:
    """Whether on a day enough people are there: counted by hand, person by person."""
    heads = designated = total = 0
    for duty, joined, left, trained in people:
        if joined > day or (left is not None and left <= day):
            continue
        if trained is None or trained > day:
            continue
        total += 1
        if duty == "designated_person":
            designated += 1
        else:
            heads += 1
    return heads > 0 and designated > 0 and total >= needed


@given(st.lists(PERSON, max_size=6), st.integers(2, 4), st.integers(0, DAYS))
def test_the_quorum_agrees_with_a_naive_model_day_by_day(people, needed: int, today: int):
    members, quorum = [member(one) for one in people], Quorum(DUTIES, needed)

    found = quorum_lost_at(members, quorum, on(0), on(today))

    day = today
    while day > 0 and not naive(people, needed, day - 1):
        day -= 1
    assert found == (None if naive(people, needed, today) else on(day))
    assert bool(quorum_lack(members, quorum, on(today))) is not naive(people, needed, today)


@given(st.lists(PERSON, max_size=5), st.integers(2, 4))
def test_whoever_is_named_as_missing_makes_it_whole_again(people, needed: int):
    members, quorum = [member(one) for one in people], Quorum(DUTIES, needed)
    missing = quorum_lack(members, quorum, on(DAYS))

    fills = [group[-1] for group in missing.duties] + ["deputy"] * missing.besides
    whole = [*members, *(SchoolMember(duty, START, None, START) for duty in fills)]

    assert not quorum_lack(whole, quorum, on(DAYS))
    if fills:
        assert quorum_lack(whole[:-1], quorum, on(DAYS))


def test_what_is_missing_is_said_and_nothing_else():
    head = SchoolMember("head", START, trained_at=START)
    untrained = SchoolMember("designated_person", START)

    assert [
        quorum_lack([head, untrained], Quorum(DUTIES, 2), START),
        quorum_lack([], Quorum(DUTIES, 3), START),
        quorum_lack([head, replace(untrained, trained_at=START)], Quorum(DUTIES, 3), START),
        quorum_lack([head, replace(untrained, trained_at=START)], Quorum(DUTIES, 2), START),
    ] == [QuorumLack((DUTIES[1],), 0), QuorumLack(DUTIES, 1), QuorumLack((), 1), QuorumLack()]


# --- the living facts --------------------------------------------------------------------------

BEHIND = KnownDays(
    begun_on=FROM,
    confirmed_on=date(2027, 11, 20),
    policy_review_on=date(2028, 11, 1),
    phones_tested_on=date(2027, 11, 15),
    drill_on=date(2027, 6, 1),
    drill_answered=True,
    evidence_until_on=date(2028, 9, 1),
)


def amber(behind: KnownDays, today: date) -> set[str]:
    found = living_facts(behind, today, drill_months=12, confirm_days=30)
    assert [one.fact for one in found] == list(LivingFactKind)
    return {one.fact.value for one in found if not one.green}


@pytest.mark.parametrize(
    ("changes", "today", "expected"),
    [
        ({}, date(2028, 6, 1), set()),
        ({}, date(2028, 6, 2), {"drill"}),
        ({}, date(2028, 11, 2), {"drill", "policy"}),
        ({}, date(2028, 11, 30), {"drill", "policy"}),
        ({}, date(2028, 12, 1), {"drill", "policy", "channels"}),
        ({"drill_on": date(2028, 2, 1)}, date(2028, 12, 1), {"policy"}),
        (
            {"drill_on": date(2028, 2, 1), "drill_answered": False},
            date(2028, 12, 1),
            {"policy", "channels"},
        ),
        ({"overdue_on": date(2027, 12, 9)}, date(2028, 1, 1), {"confirmation"}),
        ({"quorum_due_on": date(2028, 3, 1)}, date(2028, 1, 1), {"quorum"}),
        ({"evidence_expired_on": date(2027, 12, 31)}, date(2028, 1, 1), {"evidence"}),
        ({"drill_on": None}, date(2028, 1, 1), {"drill"}),
    ],
)
def test_each_fact_turns_amber_by_itself(changes, today: date, expected: set[str]):
    assert amber(replace(BEHIND, **changes), today) == expected


def test_nothing_turns_amber_in_the_first_year_and_while_there_is_time_to_confirm():
    behind = KnownDays(begun_on=FROM, drill_on=FROM)

    assert [amber(behind, FROM + timedelta(days=days)) for days in (0, 365, 380, 381)] == [
        set(),
        set(),
        {"drill"},
        {"drill", "policy", "channels"},
    ]


@pytest.mark.parametrize(
    ("changes", "on"),
    [
        ({}, date(2027, 11, 15)),
        ({"phones_tested_on": None}, date(2027, 6, 1)),
        ({"phones_tested_on": None, "drill_answered": False}, None),
    ],
)
def test_the_ways_to_report_were_checked_when_somebody_tested_them(changes, on):
    found = living_facts(replace(BEHIND, **changes), FROM, drill_months=12, confirm_days=30)

    [channels] = [one for one in found if one.fact is LivingFactKind.CHANNELS]
    assert channels.on == on


def test_each_fact_says_whose_turn_it_is():
    found = living_facts(BEHIND, FROM, drill_months=12, confirm_days=30)

    assert {one.fact: one.waiting_for for one in found} == {
        LivingFactKind.QUORUM: WaitingFor.SCHOOL,
        LivingFactKind.CONFIRMATION: WaitingFor.HEAD,
        LivingFactKind.POLICY: WaitingFor.SCHOOL,
        LivingFactKind.CHANNELS: WaitingFor.SCHOOL,
        LivingFactKind.DRILL: WaitingFor.GROUP,
        LivingFactKind.EVIDENCE: WaitingFor.SCHOOL,
    }
