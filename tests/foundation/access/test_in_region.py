"""The condition that a school is in a region."""

import pytest
from sqlalchemy import select

from cissapp.foundation.access import scopes
from cissapp.foundation.access.scopes import own_region
from cissapp.foundation.core.actor import SystemActor
from cissapp.foundation.core.db import session
from cissapp.foundation.core.roles import Role
from cissapp.people.schools.models import School


@pytest.mark.parametrize("most", [0, 500])
def test_a_region_has_its_own_schools_and_those_below_however_many_these_are(
    context, make, monkeypatch, most
):
    """Of a region with thousands of places, the statement would have a code for each."""
    monkeypatch.setattr(scopes, "MOST_LISTED", most)
    own, below, other = (
        make.school(country_code="UA", region_code=code) for code in ("UA-05", "UA-05-02", "UA-07")
    )

    found = session.scalars(select(School.id).where(scopes.in_region(School.region_code, "UA-05")))

    assert set(found) & {own.id, below.id, other.id} == {own.id, below.id}


@pytest.mark.parametrize(("most", "is_reached"), [(0, True), (500, False)])
def test_a_list_and_a_school_agree_on_a_code_that_the_pack_has_no_more(
    context, make, monkeypatch, most, is_reached
):
    monkeypatch.setattr(scopes, "MOST_LISTED", most)
    officer = SystemActor(role=Role.REGION_OFFICER, country_code="UA", region_code="UA-05")
    dropped = make.school(country_code="UA", region_code="UA-05-999")
    beside = make.school(country_code="UA", region_code="UA-056")

    listed = session.scalars(select(School.id).where(own_region(officer, School))).all()

    assert (own_region(officer, dropped), dropped.id in listed) == (is_reached, is_reached)
    assert (own_region(officer, beside), beside.id in listed) == (False, False)


def test_of_a_long_region_no_codes_are_listed(context, monkeypatch):
    monkeypatch.setattr(scopes, "MOST_LISTED", 6)

    condition = scopes.in_region(School.region_code, "UA-05").compile()

    assert set(condition.params.values()) == {"UA-05", "UA-05-"}


def test_what_an_officer_of_a_long_region_sees_lists_no_codes(context, monkeypatch):
    monkeypatch.setattr(scopes, "MOST_LISTED", 6)
    officer = SystemActor(role=Role.REGION_OFFICER, country_code="UA", region_code="UA-05")

    condition = own_region(officer, School).compile()

    assert set(condition.params.values()) == {"UA", "UA-05", "UA-05-"}
