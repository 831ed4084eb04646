"""Levels over time, what a duty still lacks, and which counts are shown."""

from datetime import timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from cissapp.foundation.content.schema.crosswalk import AspectKey
from cissapp.review.history.rules.duties import Standing, aspect_standings
from cissapp.review.history.rules.levels import (
    Measurement,
    MeasurementKind,
    change_between,
    changes,
    lower_of_both,
    lowest_critical,
    measured,
)
from cissapp.review.history.rules.toolkit_use import (
    ClauseUse,
    CriterionResult,
    ProductUse,
    most_changed,
    most_failed,
    most_made,
    shown_count,
)
from tests.factories import NOW
from tests.shipped import SHIPPED

STANDARD = SHIPPED.standard
IDS = [one.id for one in STANDARD.criteria]
MODULES = [one.id for one in SHIPPED.modules]
scores = st.dictionaries(st.sampled_from(IDS), st.none() | st.integers(0, 3))
figures = st.dictionaries(st.sampled_from(MODULES), st.sampled_from([0.0, 1.5, 2.0, 2.67, 3.0]))


def moment(kind: MeasurementKind, days: int = 0, **modules: float) -> Measurement:
    named = {name.replace("_", "-"): level for name, level in modules.items()}
    return Measurement(kind, NOW + timedelta(days=days), "2.0", named)


@given(scores)
def test_a_module_has_the_mean_of_its_own_criteria_that_apply(levels: dict[str, int | None]):
    found = measured(MeasurementKind.TODAY, NOW, levels, STANDARD.criteria, version="2.0")

    for module_id in MODULES:
        own = [levels.get(one.id) for one in STANDARD.of_module(module_id)]
        counted = [level for level in own if level is not None]
        assert (module_id in found.modules) is bool(counted)
        if counted:
            assert abs(found.modules[module_id] - sum(counted) / len(counted)) <= 0.005 + 1e-9
    assert (found.scored, found.total) == (len(levels), len(IDS))


@given(figures, figures)
def test_each_module_of_both_moments_rose_fell_or_stayed(
    before: dict[str, float], after: dict[str, float]
):
    one = Measurement(MeasurementKind.DECIDED, NOW, "1.0", before)
    other = Measurement(MeasurementKind.DECIDED, NOW, "2.0", after)
    found = change_between(one, other, MODULES)

    told = [*found.rose, *found.fell, *found.same]
    assert sorted(each.module_id for each in told) == sorted(set(before) & set(after))
    assert all(each.after > each.before for each in found.rose)
    assert all(each.after < each.before for each in found.fell)
    assert all(each.after == each.before for each in found.same)
    assert not found.same_criteria


def test_decisions_are_compared_with_decisions_and_own_levels_with_own_ones():
    history = [
        moment(MeasurementKind.SUBMITTED, 0, safety_policy=2.0),
        moment(MeasurementKind.DECIDED, 1, safety_policy=1.0),
        moment(MeasurementKind.SUBMITTED, 2),  # by criteria that are here no more
        moment(MeasurementKind.DECIDED, 3, safety_policy=2.0),
        moment(MeasurementKind.TODAY, 4, safety_policy=1.5),
    ]

    found = [
        (one.before.kind.value, one.after.kind.value, len(one.rose), len(one.fell))
        for one in changes(history, MODULES)
    ]

    assert found == [("decided", "decided", 1, 0), ("submitted", "today", 0, 1)]
    assert changes(history[:2], MODULES) == []


def lowest(own: dict[str, int | None], **told: int) -> tuple[str, int | None] | None:
    found = lowest_critical(
        STANDARD.criteria, lower_of_both({**dict.fromkeys(IDS, 2), **own}, told)
    )
    return (found[0].id, found[1]) if found else None


def test_the_lowest_critical_criterion_is_next_as_the_lower_of_both_levels_says():
    assert lowest({}) is None
    assert lowest({"A5": 0}) is None  # not critical
    assert lowest({"A3": 1, "B8": 0}) == ("B8", 0)
    assert lowest({"A3": 1}, B8=0) == ("B8", 0)
    assert lowest({"A3": 1}, A3=3) == ("A3", 1)


# --- duties ----------------------------------------------------------------------------------


def standing(own: dict[str, int | None], decided: set[str]) -> dict[str, Any]:
    (found,) = aspect_standings([AspectKey(id="one", criteria=["A1", "A2", "A11"])], own, decided)
    return {"whole": found.standing.value} | {
        one.criterion_id: one.standing.value for one in found.criteria
    }


def test_a_duty_is_shown_from_level_2_on_and_a_decision_weighs_more_than_own_levels():
    assert standing({"A1": 2, "A2": 3, "A11": None}, set()) == {
        "whole": "own", "A1": "own", "A2": "own", "A11": "not_applicable",
    }  # fmt: skip
    assert standing({"A1": 1, "A2": 2}, {"A2"}) == {
        "whole": "partly", "A1": "not_yet", "A2": "decided", "A11": "not_yet",
    }  # fmt: skip
    assert standing({}, {"A1", "A2", "A11"})["whole"] == Standing.DECIDED
    assert standing({}, set())["whole"] == Standing.NOT_YET
    assert standing(dict.fromkeys(["A1", "A2", "A11"]), set())["whole"] == Standing.NOT_APPLICABLE


# --- the toolkit in counts -------------------------------------------------------------------


def test_small_counts_are_not_shown_and_the_order_does_not_tell_them():
    assert [shown_count(one) for one in (0, 4, 5, 12)] == [None, None, 5, 12]

    clauses = [ClauseUse("c", 9, 4, 4), ClauseUse("b", 0, 0, 0), ClauseUse("a", 1, 6, 0)]
    assert [one.clause_id for one in most_changed(clauses, ["b", "c", "a"])] == ["a", "b", "c"]
    assert most_changed(clauses, ["b"]) == [clauses[1]]

    criteria = [CriterionResult("B1", 40, 4), CriterionResult("A2", 40, 1)]
    assert [one.criterion_id for one in most_failed(criteria, IDS)] == ["A2", "B1"]
    assert most_made({"x": 3, "y": 7, "gone": 9}, ["x", "y"]) == [
        ProductUse("y", 7),
        ProductUse("x", 3),
    ]
