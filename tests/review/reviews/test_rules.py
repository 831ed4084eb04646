"""The rules of the review: tables of cases, without a database."""

from functools import cache
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cissapp.foundation.content.loader import load
from cissapp.foundation.content.schema import DecisionFile
from cissapp.foundation.content.values import Criterion
from cissapp.foundation.core.errors import Problem
from cissapp.prepare.applications.rules import ApplicationOutcome
from cissapp.review.reviews.rules.letters import below_target, next_steps
from cissapp.review.reviews.rules.outcomes import rule_result
from cissapp.review.reviews.rules.scores import is_far_apart, score_problems
from cissapp.review.reviews.rules.standard import (
    criteria_to_reopen,
    least_means,
    level_reached,
    mean,
    module_levels,
    needs,
    not_applicable_problems,
    obstacles_to_level,
    open_criteria,
    suggest_outcome,
    targets,
)
from config import ROOT


@cache
def content():
    return load(ROOT / "modules")


def standard():
    return content().standard


def decision() -> DecisionFile:
    return standard().decision


def criteria() -> tuple[Criterion, ...]:
    return standard().criteria


def scores(level: int = 2, **given_levels: int | None) -> dict[str, int | None]:
    return {**dict.fromkeys((one.id for one in criteria()), level), **given_levels}


def codes(problems: list[Problem]) -> list[str]:
    return [problem.code for problem in problems]


def obstacles_to_gate(given_scores, rule=None, of=None) -> list[Problem]:
    """What keeps a school from certification at any level: level 0 asks for no more than the documents."""
    return obstacles_to_level(0, given_scores, rule or decision(), of or criteria(), needs_met=())


IDS = [one.id for one in standard().criteria]
CRITICAL = {one.id for one in standard().criteria if one.critical}
ALL_NEEDS = set(needs(standard().decision, 3))
some_scores = st.fixed_dictionaries(
    {one: st.sampled_from([0, 1, 2, 2, 2, 3, 3, None]) for one in IDS}
)


# --- scores ----------------------------------------------------------------------------------

LONG = "The policy says so on page 11, and the order of 3 March confirms it."
SHORT = "Said on page eleven. Good."


@pytest.mark.parametrize(
    ("score", "expected"),
    [
        (("A1", 2, SHORT, 2, 0), []),
        (("A1", 2, SHORT, 3, 0), []),
        (("A1", 2, SHORT, None, 0), []),
        (("A1", 2, "nineteen characters", 2, 0), ["reason"]),
        (("A1", 2, "twenty characters ok", 2, 0), []),
        (("A1", 0, "", 0, 0), ["reason"]),
        (("A1", 0, SHORT, 2, 0), ["reason"]),
        (("A1", 0, LONG, 2, 0), []),
        (("A1", 3, SHORT, 1, 0), ["reason"]),
        (("A1", None, LONG, 2, 0), ["level"]),
        (("A1", None, "", 2, 0), ["level", "reason"]),
        (("A12", None, SHORT, 3, 0), []),
        (("A12", None, SHORT, 3, 1), []),
        (("A12", None, SHORT, 3, 2), ["level"]),
        (("A14", None, SHORT, 3, 0), ["level"]),
    ],
)
def test_a_score_needs_a_reason_and_a_fair_level(score, expected):
    criterion, level, reason, own, elsewhere = score

    found = score_problems(
        standard().by_id[criterion],
        level,
        reason,
        own=own,
        not_applicable_elsewhere=elsewhere,
        rule=decision().not_applicable,
    )

    assert codes(found) == expected


def test_two_levels_are_far_apart():
    pairs = product([None, 0, 1, 2, 3], repeat=2)

    assert {pair for pair in pairs if is_far_apart(*pair)} == {
        (0, 2), (0, 3), (1, 3), (2, 0), (3, 0), (3, 1)
    }  # fmt: skip


# --- the decision rule -----------------------------------------------------------------------


def test_the_targets_of_the_gate_and_of_each_level_are_those_of_the_standard():
    gate = {
        one.id: 2 if one.critical and one.part in "AB" else 1 if one.part in "AB" else 0
        for one in criteria()
    }
    one = {**dict.fromkeys(IDS, 1), **{key: level for key, level in gate.items() if level}}
    two = {**one, **{c.id: 2 for c in criteria() if c.critical}}
    three = {**dict.fromkeys(IDS, 2), "A16": 3, "B15": 3, "C11": 3, "C12": 3}

    assert [targets(decision(), criteria(), level) for level in range(4)] == [gate, one, two, three]
    assert [least_means(decision(), level) for level in range(4)] == [
        {"A": 2.0, "B": 2.0},
        {"A": 2.0, "B": 2.0},
        {"A": 2.0, "B": 2.0, "C": 2.0},
        {"A": 2.5, "B": 2.5, "C": 2.5},
    ]


def test_25_criteria_are_critical():
    assert (len(IDS), len(CRITICAL)) == (44, 25)
    assert {"A4", "B6", "B11", "B13"} <= CRITICAL


@pytest.mark.parametrize(
    ("given_levels", "expected"),
    [
        ({}, []),
        ({"A1": 1}, ["criterion:A1", "mean:A"]),
        ({"A1": 1, "A5": 3}, ["criterion:A1"]),
        ({"A5": 0}, ["criterion:A5", "mean:A"]),
        ({"A5": 1}, ["mean:A"]),
        ({"A5": 1, "A6": 3}, []),
        ({"A4": 1, "A5": 3}, ["criterion:A4"]),
        ({"B6": 1}, ["criterion:B6", "mean:B"]),
        ({"B14": 1}, ["mean:B"]),
        ({"C1": 0, "C2": 0}, []),
        ({"A1": None}, ["criterion:A1"]),
        ({"A11": None, "A12": None, "C7": None}, []),
        ({"A14": None}, ["criterion:A14"]),
        ({"C2": None}, ["criterion:C2"]),
    ],
)
def test_the_gate_of_documents_names_what_keeps_a_school_out(given_levels, expected):
    assert codes(obstacles_to_gate(scores(**given_levels))) == expected


def test_the_gate_says_in_words_what_is_wrong():
    found = obstacles_to_gate(scores(A1=1))

    assert [one.message % one.values for one in found] == [
        "A1 is at level 1 and needs to be at least 2.",
        "The mean of part A is 1.94 and needs to be at least 2.00.",
    ]


def test_a_mean_just_below_is_not_shown_as_if_it_were_enough():
    values = {one.id: 3 for one in criteria() if one.part == "A"} | {"A4": 2}
    wanted = DecisionFile.model_validate(
        {
            **decision().model_dump(),
            "documents": {**decision().documents.model_dump(), "mean_at_least": {"A": 2.94}},
        }
    )

    found = obstacles_to_gate(scores(**values), wanted)

    assert [one.message % one.values for one in found] == [
        "The mean of part A is just below 2.94, and needs to be at least that."
    ]


@given(some_scores)
def test_what_keeps_from_a_level_and_the_table_beside_it_show_the_same_mean(given_scores):
    found = rule_result(given_scores, decision(), criteria())

    for one in found.keeps:
        if one.code.startswith("mean:"):
            assert float(one.values["mean"]) == found.means.get(one.values["part"], 0)


@pytest.mark.parametrize(
    ("asked", "reached"), [(2.2, True), (2.3, False), (1.1, True), (2.15, True), (2.25, False)]
)
def test_a_mean_of_exactly_what_is_asked_reaches_it(asked, reached):
    ten = [one for one in criteria() if one.part == "A"][:10]
    values = dict.fromkeys((one.id for one in ten), 2) | {one.id: 3 for one in ten[:2]}
    wanted = {**decision().documents.model_dump(), "mean_at_least": {"A": asked}}
    rule = DecisionFile.model_validate({**decision().model_dump(), "documents": wanted})

    assert ("mean:A" not in codes(obstacles_to_gate(values, rule, ten))) is reached


def test_what_is_not_scored_keeps_the_gate_closed():
    given_scores = scores()
    del given_scores["A4"], given_scores["C12"]

    assert codes(obstacles_to_gate(given_scores)) == [
        "criterion:A4",
        "criterion:C12",
    ]


@pytest.mark.parametrize(
    ("base", "given_levels", "met", "expected"),
    [
        (2, {}, set(), 1),
        (2, {}, set(needs(standard().decision, 2)), 2),
        (2, {}, set(needs(standard().decision, 2)) - {"survey_80_percent"}, 1),
        (2, {}, ALL_NEEDS, 2),
        (3, {}, ALL_NEEDS, 3),
        (3, {}, ALL_NEEDS - {"level_2_held_twelve_months"}, 2),
        (3, {}, set(), 1),
        (3, {}, {"level_2_held_twelve_months"}, 1),
        (3, {"A16": 2}, ALL_NEEDS, 2),
        (3, {"C12": None}, ALL_NEEDS, None),
        (3, {"C2": 1}, ALL_NEEDS, 2),
        (3, {"A5": 1}, ALL_NEEDS, 2),
        (3, {"A12": None, "C7": None}, ALL_NEEDS, 3),
        (3, {"C1": 1}, ALL_NEEDS, 1),
        (3, {"C2": 0}, ALL_NEEDS, None),
        (3, {"A4": 1}, ALL_NEEDS, None),
        (3, {"C1": 0}, ALL_NEEDS, None),
        (3, {"A1": 1}, ALL_NEEDS, None),
        (3, {"A4": 0}, ALL_NEEDS, None),
        (3, {"A1": None}, ALL_NEEDS, None),
        (1, {}, ALL_NEEDS, None),
        (0, {}, ALL_NEEDS, None),
    ],
)
def test_the_level_reached(base, given_levels, met, expected):
    assert level_reached(scores(base, **given_levels), decision(), criteria(), met) == expected


def test_the_needs_of_a_level_include_those_below():
    two = ["evidence_of_use_six_months", "visit_or_video_interview", "survey_80_percent"]

    assert [needs(decision(), level) for level in range(4)] == [
        [], [], two, [*two, "level_2_held_twelve_months"],
    ]  # fmt: skip


@given(some_scores)
def test_no_school_with_a_weak_critical_criterion_of_a_or_b_reaches_a_level(given_scores):
    weak = [
        one
        for one in criteria()
        if one.critical and one.part in "AB" and (given_scores[one.id] or 0) < 2
    ]

    if weak:
        assert level_reached(given_scores, decision(), criteria(), ALL_NEEDS) is None
        assert {one.id for one in weak} <= set(open_criteria(given_scores, decision(), criteria()))


RIGHTS = ("A4", "B6", "B11", "B13")
strong_scores = st.fixed_dictionaries({one: st.sampled_from([2, 2, 3, 3, 3]) for one in IDS})
needs_met = st.sets(st.sampled_from(sorted(ALL_NEEDS)))


@given(
    strong_scores | some_scores,
    st.dictionaries(st.sampled_from(RIGHTS), st.sampled_from([0, 1, None]), min_size=1),
    needs_met,
)
def test_no_school_without_a_rights_basis_is_certified(given_scores, weak, met):
    found = {**given_scores, **weak}

    assert level_reached(found, decision(), criteria(), met) is None
    outcome = suggest_outcome(found, decision(), criteria(), met)
    assert outcome is not ApplicationOutcome.CERTIFIED
    assert set(weak) <= set(open_criteria(found, decision(), criteria()))


@given(
    strong_scores | some_scores,
    st.sets(st.sampled_from([one for one in IDS if one.startswith("C")]), min_size=1),
    needs_met,
)
def test_no_school_with_a_0_in_education_is_certified(given_scores, nothing, met):
    found = {**given_scores, **dict.fromkeys(nothing, 0)}

    assert level_reached(found, decision(), criteria(), met) is None


@given(strong_scores | some_scores, needs_met)
def test_not_applicable_never_helps_where_the_rubric_names_nobody(given_scores, met):
    left_out = {one for one, level in given_scores.items() if level is None}

    if left_out - {"A11", "A12", "C7"}:
        assert level_reached(given_scores, decision(), criteria(), met) is None


@given(strong_scores)
def test_strong_scores_are_certified(given_scores):
    assert level_reached(given_scores, decision(), criteria(), set()) == 1


@given(some_scores, st.sampled_from(IDS))
def test_a_better_score_never_lowers_the_level(given_scores, better):
    before = level_reached(given_scores, decision(), criteria(), ALL_NEEDS) or 0
    if given_scores[better] is None:
        return
    raised = {**given_scores, better: min(3, given_scores[better] + 1)}

    assert (level_reached(raised, decision(), criteria(), ALL_NEEDS) or 0) >= before


@given(some_scores, st.sets(st.sampled_from(sorted(ALL_NEEDS))))
def test_level_gate_and_open_criteria_agree(given_scores, met):
    level = level_reached(given_scores, decision(), criteria(), met)
    open_ones = open_criteria(given_scores, decision(), criteria())
    outcome = suggest_outcome(given_scores, decision(), criteria(), met)

    assert (level is None) == bool(open_ones)
    assert (level is None) == (outcome is not ApplicationOutcome.CERTIFIED)
    if level is not None:
        assert obstacles_to_gate(given_scores) == []
        for lower in range(1, level + 1):
            assert not obstacles_to_level(
                lower, given_scores, decision(), criteria(), needs_met=met
            )


@given(some_scores)
def test_closing_every_open_criterion_reaches_level_1(given_scores):
    closed = {
        **given_scores,
        **dict.fromkeys(open_criteria(given_scores, decision(), criteria()), 2),
    }

    assert level_reached(closed, decision(), criteria(), set()) == 1


@given(some_scores)
def test_open_criteria_stand_in_the_order_of_the_rubric_and_once(given_scores):
    found = open_criteria(given_scores, decision(), criteria())

    assert found == [one for one in IDS if one in found]


@pytest.mark.parametrize(
    ("given_levels", "expected"),
    [
        ({}, []),
        ({"B9": 1, "A4": 3}, ["B9"]),
        ({"A4": 1, "A6": 1}, ["A4", "A6"]),
        ({"C1": 0}, ["C1"]),
        ({"C2": 0}, ["C2"]),
        ({"A1": None}, ["A1"]),
        ({"A11": None, "A12": None}, []),
        ({"A5": None, "C4": None}, ["A5", "C4"]),
    ],
)
def test_the_open_criteria_are_those_that_keep_from_level_1(given_levels, expected):
    base = scores(**given_levels) | ({"B6": 3} if "B9" in given_levels else {})

    assert open_criteria(base, decision(), criteria()) == expected


NOT_CRITICAL_A = ["A5", "A6", "A9", "A10", "A11", "A12", "A14"]


@pytest.mark.parametrize(
    ("given_levels", "expected"),
    [
        ({}, ApplicationOutcome.CERTIFIED),
        ({"A1": 1}, ApplicationOutcome.MINOR_GAPS),
        ({"A1": 0}, ApplicationOutcome.MAJOR_GAPS),
        ({"B9": 0}, ApplicationOutcome.MAJOR_GAPS),
        ({"A4": 0}, ApplicationOutcome.MAJOR_GAPS),
        ({"A5": 0}, ApplicationOutcome.MINOR_GAPS),
        ({"C1": 0}, ApplicationOutcome.MINOR_GAPS),
        (dict.fromkeys(NOT_CRITICAL_A[:6], 1), ApplicationOutcome.MINOR_GAPS),
        (dict.fromkeys(NOT_CRITICAL_A, 1), ApplicationOutcome.MAJOR_GAPS),
        ({"A1": None}, ApplicationOutcome.MINOR_GAPS),
    ],
)
def test_the_suggested_outcome(given_levels, expected):
    assert suggest_outcome(scores(**given_levels), decision(), criteria(), set()) is expected


def test_not_applicable_goes_too_far_where_the_rubric_names_nobody():
    found = not_applicable_problems(
        scores(A1=None, A4=None, A11=None, A12=None, A14=None, C7=None), decision(), criteria()
    )

    assert [one.message % one.values for one in found] == [
        "A1 is critical and always applies.",
        "A4 is critical and always applies.",
        "A14 applies to every school.",
        "More than 2 criteria in part A are “not applicable”.",
    ]


def test_version_1_0_keeps_its_rule_for_not_applicable_for_zeros_in_c_and_for_what_is_critical():
    earlier = content().earlier["1.0"]
    rule = (earlier.decision, earlier.criteria)

    assert level_reached(scores(A4=None, A14=None, B6=1, B14=3, C2=0), *rule, set()) == 1
    found = not_applicable_problems(
        scores(A1=None, A4=None, A5=None, B6=None, C2=None, C4=None, C6=None), *rule
    )
    assert [one.message % one.values for one in found] == [
        "A1 is critical and always applies.",
        "More than 2 criteria in part A are “not applicable”.",
        "More than 2 criteria in part C are “not applicable”.",
    ]


def test_the_mean_leaves_out_what_does_not_apply():
    part = [one for one in criteria() if one.id in {"A4", "A5", "A6"}]

    assert mean({"A4": 3, "A5": None, "A6": 2}, part) == 2.5
    assert mean({"A4": None}, part) is None


@pytest.mark.parametrize(
    ("given_levels", "goal", "expected"),
    [
        ({}, 1, {}),
        ({"A1": 1, "A4": 3}, 1, {"A1": 2}),
        ({"A4": 0, "A5": 3}, 1, {"A4": 2}),
        ({"C1": 0}, 1, {"C1": 2}),
        ({"C1": 1, "C2": 3}, 2, {"C1": 2}),
        ({"C1": 1, "C2": 1}, 1, {"C1": 2, "C2": 2}),
        ({}, 2, {}),
        ({}, 3, dict.fromkeys(IDS, 3)),
        ({"A4": None, "A5": None, "A6": None}, 1, {"A4": 2, "A5": 2, "A6": 2}),
    ],
)
def test_the_next_step_is_a_sentence_that_says_how_things_should_be(given_levels, goal, expected):
    found = below_target(scores(**given_levels), decision(), criteria(), goal)

    assert found == expected


@given(some_scores, st.integers(1, 3))
def test_every_criterion_below_its_target_has_a_next_step(given_scores, goal):
    found = below_target(given_scores, decision(), criteria(), goal)

    least = targets(decision(), criteria(), goal)
    low = {
        one
        for one, level in given_scores.items()
        if level is not None and (level < 2 or level < least[one])
    }
    assert low <= set(found)
    assert set(open_criteria(given_scores, decision(), criteria(), goal)) <= set(found)
    assert all(found[one] > (given_scores[one] or 0) or found[one] == 3 for one in found)
    assert [one for one in IDS if one in found] == list(found)


@given(some_scores)
def test_after_minor_gaps_the_letter_tells_of_exactly_what_comes_back(given_scores):
    rule = (given_scores, decision(), criteria())

    told = next_steps(ApplicationOutcome.MINOR_GAPS, None, *rule)

    assert (
        list(told)
        == criteria_to_reopen(ApplicationOutcome.MINOR_GAPS, *rule)
        == rule_result(*rule).open_criteria
    )
    assert told.items() <= below_target(*rule, 1).items()


@pytest.mark.parametrize(
    ("outcome", "level"), [(ApplicationOutcome.MAJOR_GAPS, None), (ApplicationOutcome.CERTIFIED, 1)]
)
def test_where_nothing_comes_back_by_itself_the_letter_tells_of_all_below_target(outcome, level):
    rule = (scores(A1=1, C1=1, C2=1), decision(), criteria())

    assert criteria_to_reopen(outcome, *rule) == []
    assert list(next_steps(outcome, level, *rule)) == ["A1", "C1", "C2"]


def test_the_result_says_level_and_what_would_be_possible():
    found = rule_result(scores(C12=3, A5=1, A6=3), decision(), criteria())

    assert (found.level, found.possible, found.suggested, found.open_criteria) == (
        1,
        2,
        ApplicationOutcome.CERTIFIED,
        [],
    )
    assert codes(found.keeps) == [
        "criterion:A5",
        "criterion:A16",
        "criterion:B15",
        "criterion:C11",
        "mean:A",
        "mean:B",
        "mean:C",
    ]
    assert found.means == {"A": 2.0, "B": 2.0, "C": 2.08}


def test_above_the_highest_level_nothing_keeps_a_school():
    found = rule_result(scores(3), decision(), criteria())

    assert (found.level, found.possible, found.keeps) == (1, 3, [])


def test_module_levels_are_the_means_of_the_criteria_of_each_module():
    given_scores = scores(A4=0, A14=1, C8=2, C10=3, A5=None, A11=1, A12=2, C2=3)

    assert module_levels(given_scores, criteria()) == {
        "safety-policy": 2.0,
        "children-online": 1.5,
        "risks-and-harms": 2.0,
        "reporting-and-response": 2.0,
        "education-and-implementation": 2.0,
    }


def test_a_module_without_an_applicable_criterion_has_no_level():
    given_scores = scores(A4=None, A14=None, C8=None, C10=None)

    assert "children-online" not in module_levels(given_scores, criteria())


@given(some_scores)
def test_module_levels_lie_between_0_and_3(given_scores):
    assert all(0 <= value <= 3 for value in module_levels(given_scores, criteria()).values())
