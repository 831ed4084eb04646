"""In which order one answers, and what is ticked before one begins."""

from uuid import uuid4

import pytest

from cissapp.prepare.assessment.rules.order import beside, in_order, near_ones, ticked_before
from tests.shipped import SHIPPED

IDS = ["A1", "A2", "A3", "A4", "A5", "A6"]


def test_critical_ones_come_first_within_each_part():
    ordered = in_order(SHIPPED.standard, critical_first=True)

    assert sorted(one.id for one in ordered) == sorted(one.id for one in SHIPPED.standard.criteria)
    assert [one.part for one in ordered] == sorted(one.part for one in ordered)
    for part in "ABC":
        critical = [one.critical for one in ordered if one.part == part]
        assert critical == sorted(critical, reverse=True)
    assert in_order(SHIPPED.standard) == list(SHIPPED.standard.criteria)


@pytest.mark.parametrize(
    ("here", "open_criteria", "expected"),
    [
        ("A1", None, (None, "A2")),
        ("A6", None, ("A5", None)),
        ("A4", ["A2", "A4", "A6"], ("A2", "A6")),
        ("A3", ["A2", "A6"], ("A2", "A4")),
        ("A3", [], ("A2", "A4")),
    ],
)
def test_one_goes_from_criterion_to_criterion_that_is_open(here, open_criteria, expected):
    assert beside(IDS, here, open_criteria) == expected


@pytest.mark.parametrize(
    ("here", "expected"),
    [("A1", "1234"), ("A3", "2345"), ("A6", "3456"), (None, "1234")],
)
def test_four_rows_are_near(here, expected):
    assert near_ones(IDS, here) == {f"A{number}" for number in expected}


def test_documents_of_the_part_are_ticked_where_the_standard_names_their_kind():
    policy, order, loose = uuid4(), uuid4(), uuid4()
    kinds = [(policy, "POL"), (order, "ORD"), (loose, "POL")]

    assert ticked_before(SHIPPED.standard.by_id["A1"], {policy, order}, kinds) == {policy}
