"""Which criteria ask for an action, and which day is good."""

from dataclasses import dataclass
from datetime import date

import pytest

from cissapp.prepare.plan.rules import below_target, day_problem
from tests.shipped import SHIPPED

TODAY, BEFORE, LATER = date(2026, 11, 25), date(2026, 11, 24), date(2026, 11, 26)


@dataclass(frozen=True)
class Said:
    level: int | None
    not_applicable: bool = False
    text: str = ""
    document_ids: frozenset = frozenset()


def test_what_was_scored_below_level_2_asks_for_an_action():
    scores = {"A1": Said(1), "A2": Said(2), "A12": Said(None, True), "C1": Said(0), "Z1": Said(0)}

    assert [one.id for one in below_target(SHIPPED.standard, scores)] == ["A1", "C1"]


@pytest.mark.parametrize(
    ("due_on", "was", "good"),
    [(TODAY, None, True), (LATER, BEFORE, True), (BEFORE, None, False), (BEFORE, BEFORE, True)],
)
def test_a_new_day_is_not_over(due_on, was, good):
    assert (day_problem(due_on, TODAY, was) is None) == good
