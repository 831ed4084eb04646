"""Conditions for where schools are."""

import pytest
from sqlalchemy import select

from cissapp.foundation.core.db import session
from cissapp.people.schools.models import School
from cissapp.people.schools.queries import places


@pytest.mark.parametrize("most", [0, 500])
def test_a_region_has_its_own_schools_and_those_below_however_many_these_are(
    context, make, monkeypatch, most
):
    """Of a region with thousands of places, the statement would have a code for each."""
    monkeypatch.setattr(places, "MOST_LISTED", most)
    own, below, other = (
        make.school(country_code="UA", region_code=code) for code in ("UA-05", "UA-05-02", "UA-07")
    )

    found = session.scalars(select(School.id).where(places.in_region(School.region_code, "UA-05")))

    assert set(found) & {own.id, below.id, other.id} == {own.id, below.id}


def test_of_a_long_region_no_codes_are_listed(context, monkeypatch):
    monkeypatch.setattr(places, "MOST_LISTED", 6)

    condition = places.in_region(School.region_code, "UA-05").compile()

    assert set(condition.params.values()) == {"UA-05", "UA-05-"}
