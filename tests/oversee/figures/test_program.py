"""An integer program that knows everything published, and asks the rule itself, fixes no hidden number of a brief."""

import pytest

from cissapp.oversee.figures.rules.funnel import funnel_of
from tests.oversee.figures import kinds
from tests.oversee.figures.program import Program


# In country 72 all schools that wait for the review are in one region.
@pytest.mark.parametrize("seed", [*range(15), 72, 140])
def test_a_program_fixes_no_hidden_number_of_an_invented_country(seed):
    assert Program(kinds.Country(seed)).fixed() == []


def test_the_program_sees_through_steps_that_each_region_tells_for_itself(monkeypatch):
    """That was the rule before: what a region hid was the country's number less those of the others."""

    def alone(row, measured, *, of):
        return funnel_of(row, measured)

    monkeypatch.setattr(kinds, "funnel_of", alone)

    assert Program(kinds.Country(4)).fixed() == [
        ("R0", "reached submitted"),
        ("R1", "reached submitted"),
        ("R2", "reached submitted"),
    ]
