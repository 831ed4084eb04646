"""The rules of independence: who may take which seat, hints, days, and the proposal of people."""

from datetime import date
from itertools import product
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cissapp.foundation.core.errors import Problem
from cissapp.review.independence.rules import REVIEWING_ROLES, CaseRole
from cissapp.review.independence.rules.distribution import FreeRole, distribute_roles
from cissapp.review.independence.rules.involvement import (
    Involvement,
    may_decide,
    may_open,
    reasons_never_to_assign,
    reasons_not_to_decide,
    reasons_not_to_hear,
    reasons_not_to_open,
    reasons_not_to_review,
    reasons_not_to_take_role,
)
from cissapp.review.independence.rules.possible_conflicts import (
    PersonDetails,
    SchoolDetails,
    find_possible_conflicts,
    phone_numbers,
)
from cissapp.review.independence.rules.reasons import (
    THIRD_PERSON,
    reasons_not_to_assign,
    reasons_to_replace,
)
from cissapp.review.independence.rules.terms import (
    guest_problems,
    mentoring_counts,
    mentoring_problems,
    period_problems,
)


def codes(problems: list[Problem]) -> list[str]:
    return [problem.code for problem in problems]


# --- people ----------------------------------------------------------------------------------

ALL_INVOLVEMENTS = [
    Involvement(tied, *flags, role=role, handed_over=left)
    for tied in (None, True, False)
    for flags in product([False, True], repeat=4)
    for role in (None, *CaseRole)
    for left in (False, True)
]


@pytest.mark.parametrize(
    ("involvement", "expected"),
    [
        (Involvement(), (["declaration"],) * 4),
        (Involvement(has_conflict=True), (["tied"],) * 4),
        (Involvement(has_conflict=False, possible_conflict_open=True), (["hint"],) * 4),
        (Involvement(mentored=True), (["mentored"],) * 4),
        (Involvement(has_conflict=False), ([], [], [], [])),
        (
            Involvement(has_conflict=False, invited=True),
            ([], ["invited"], ["invited"], ["invited"]),
        ),
        (
            Involvement(has_conflict=False, mentored=True),
            (["mentored"],) * 4,
        ),
        (Involvement(has_conflict=False, reviewed_before=True), ([], *[["assessed_before"]] * 3)),
        (
            Involvement(has_conflict=False, role=CaseRole.MENTOR),
            (["mentored"],) * 4,
        ),
        (
            Involvement(has_conflict=False, role=CaseRole.REVIEWER),
            ([], [], ["assessed"], ["assessed"]),
        ),
        (Involvement(has_conflict=False, role=CaseRole.SECOND_REVIEWER), ([], *[["assessed"]] * 3)),
        (
            Involvement(has_conflict=False, role=CaseRole.DECIDER),
            ([], ["decided"], [], ["decided"]),
        ),
        (
            Involvement(has_conflict=False, role=CaseRole.PANEL_MEMBER),
            ([], ["panel"], ["panel"], []),
        ),
        (
            Involvement(has_conflict=False, role=CaseRole.REVIEWER, handed_over=True),
            ([], ["left"], *[["assessed"]] * 2),
        ),
        (
            Involvement(has_conflict=False, assigned_to_others=frozenset({CaseRole.DECIDER})),
            ([], [], ["seat"], []),
        ),
        (
            Involvement(has_conflict=True, invited=True, mentored=True, role=CaseRole.DECIDER),
            (
                ["mentored", "tied"],
                ["mentored", "tied", "invited", "decided"],
                ["mentored", "tied", "invited"],
                ["mentored", "tied", "invited", "decided"],
            ),
        ),
    ],
)
def test_ties_and_other_seats_keep_a_person_out(involvement, expected):
    found = (
        reasons_not_to_open(involvement),
        reasons_not_to_review(involvement),
        reasons_not_to_decide(involvement),
        reasons_not_to_hear(involvement),
    )

    assert tuple(map(codes, found)) == expected


def test_of_all_combinations_only_these_may():
    clean = Involvement(has_conflict=False)
    left = Involvement(has_conflict=False, handed_over=True)

    assert {one for one in ALL_INVOLVEMENTS if may_open(one)} == {
        one
        for one in ALL_INVOLVEMENTS
        if one.has_conflict is False
        and not one.possible_conflict_open
        and not one.mentored
        and one.role is not CaseRole.MENTOR
    }
    assert {one for one in ALL_INVOLVEMENTS if not reasons_not_to_review(one)} == {
        clean, left, Involvement(has_conflict=False, role=CaseRole.REVIEWER),
    }  # fmt: skip
    assert {one for one in ALL_INVOLVEMENTS if may_decide(one)} == {
        clean, left, Involvement(has_conflict=False, role=CaseRole.DECIDER),
    }  # fmt: skip


def test_who_holds_a_seat_may_take_no_other_one():
    for held, wanted in product(CaseRole, CaseRole):
        found = reasons_not_to_take_role(Involvement(has_conflict=False, role=held), wanted)
        assert (found == []) is (held is wanted), (held, wanted)


def test_a_coordinator_may_give_a_seat_before_the_declaration_but_not_beside_a_tie():
    assert reasons_never_to_assign(Involvement(), CaseRole.REVIEWER) == []
    assert codes(reasons_never_to_assign(Involvement(has_conflict=True), CaseRole.REVIEWER)) == [
        "tied"
    ]


def test_every_reason_has_its_sentence_for_the_coordinator():
    for involvement, role in product(ALL_INVOLVEMENTS, CaseRole):
        for away, gone in product([False, True], repeat=2):
            for one in (
                *reasons_not_to_assign(involvement, role, away=away),
                *reasons_to_replace(involvement, role, gone=gone, away=away),
            ):
                assert one.message == THIRD_PERSON[one.code]


# --- hints -----------------------------------------------------------------------------------

SCHOOL = SchoolDetails(
    "Liceul Teoretic nr. 5",
    "Orhei",
    ["head@liceu5.example", "deputy@gmail.com"],
    ["room 7, +373 22 123 456", "box at the door"],
)


@pytest.mark.parametrize(
    ("person", "expected"),
    [
        (PersonDetails("a@group.example"), []),
        (PersonDetails("a@LICEU5.example"), ["domain"]),
        (PersonDetails("a@gmail.com"), []),
        (PersonDetails("a@group.example", phone="022 123 456"), ["phone"]),
        (PersonDetails("a@group.example", phone="+373 (22) 123-456"), ["phone"]),
        (PersonDetails("a@group.example", phone="22123456"), ["phone"]),
        (PersonDetails("a@group.example", phone="22 123 457"), []),
        (PersonDetails("a@group.example", employer="LICEUL TEORETIC NR 5"), ["employer"]),
        (PersonDetails("a@group.example", employer="Direcția Educație Orhei"), ["employer_place"]),
        (PersonDetails("a@group.example", employer="Orheian Press"), []),
        (PersonDetails("a@group.example", locality=" orhei"), ["locality"]),
        (PersonDetails("a@group.example", employer="", locality="", phone=""), []),
    ],
)
def test_hints_are_found_and_explained(person, expected):
    found = find_possible_conflicts(person, SCHOOL)

    assert codes(found) == expected
    assert all(one.message % one.values for one in found)


def test_numbers_are_found_in_a_text():
    assert phone_numbers("call +380 (44) 123-45-67 or room 12") == {"41234567"}


# --- days ------------------------------------------------------------------------------------

TODAY = date(2026, 11, 25)


@pytest.mark.parametrize(
    ("to_on", "expected"),
    [(None, True), (date(2024, 11, 25), True), (date(2024, 11, 24), False), (TODAY, True)],
)
def test_a_mentoring_counts_for_24_months(to_on, expected):
    assert mentoring_counts(to_on, TODAY) is expected


def test_wrong_days_are_named():
    later, before = date(2026, 11, 26), date(2026, 11, 24)

    assert codes(mentoring_problems(TODAY, before, TODAY)) == ["to_on"]
    assert codes(mentoring_problems(later, None, TODAY)) == ["from_on"]
    assert codes(mentoring_problems(before, later, TODAY)) == ["to_on"]
    assert mentoring_problems(before, TODAY, TODAY) == []
    assert codes(period_problems(TODAY, date(2027, 12, 1), most_days=366)) == ["to_on"]
    assert period_problems(TODAY, TODAY, most_days=1) == []


@pytest.mark.parametrize(
    ("ends_on", "expected"),
    [
        (date(2026, 11, 24), ["ends_on"]),
        (TODAY, []),
        (date(2027, 1, 24), []),
        (date(2027, 1, 25), ["ends_on"]),
    ],
)
def test_a_guest_looks_for_at_most_60_days(ends_on, expected):
    assert codes(guest_problems(ends_on, TODAY)) == expected


# --- the proposal ----------------------------------------------------------------------------

PEOPLE = [UUID(int=100 + number) for number in range(4)]
CASES = [UUID(int=number) for number in range(3)]
SEATS = [CaseRole.REVIEWER, CaseRole.DECIDER]


def every_way(free, allowed):
    """All ways to fill seats, left-out ones included, that break no rule: tried one by one."""
    for way in product(*[[None, *sorted(allowed[one])] for one in free]):
        taken = [(one.case, person) for one, person in zip(free, way, strict=True) if person]
        if len(taken) == len(set(taken)):
            yield dict(pair for pair in zip(free, way, strict=True) if pair[1])


def cost(way, loads):
    totals = {one: loads[one] + sum(person == one for person in way.values()) for one in loads}
    return -len(way), sum(total**2 for total in totals.values())


@st.composite
def problems_to_solve(draw):
    free = draw(
        st.lists(
            st.builds(FreeRole, st.sampled_from(CASES), st.sampled_from(SEATS)),
            unique=True,
            max_size=5,
        )
    )
    allowed = {one: draw(st.frozensets(st.sampled_from(PEOPLE))) for one in free}
    loads = {one: draw(st.integers(0, 3)) for one in PEOPLE}
    return free, allowed, loads


@given(problems_to_solve())
def test_the_proposal_is_as_good_as_the_best_of_all_ways(problem):
    free, allowed, loads = problem

    found = distribute_roles(free, allowed, loads)

    assert all(person in allowed[one] for one, person in found.items())
    taken = [(one.case, person) for one, person in found.items()]
    assert len(taken) == len(set(taken))
    assert cost(found, loads) == min(cost(way, loads) for way in every_way(free, allowed))


def test_open_cases_are_spread_evenly():
    cases = [UUID(int=number) for number in range(10)]
    free = [FreeRole(case, role) for case in cases for role in SEATS]

    found = distribute_roles(free, dict.fromkeys(free, frozenset(PEOPLE)), dict.fromkeys(PEOPLE, 0))

    assert sorted(list(found.values()).count(one) for one in PEOPLE) == [5, 5, 5, 5]


def test_assessing_seats_are_three():
    assert {CaseRole.REVIEWER, CaseRole.SECOND_REVIEWER, CaseRole.THIRD_REVIEWER} == REVIEWING_ROLES
