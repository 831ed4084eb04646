"""Pages about regions that a reform ended: the notice, the list, the form that moves many schools at once."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from cissapp.foundation.core import clock
from cissapp.foundation.core.db import session
from cissapp.foundation.core.roles import Role
from cissapp.people.schools.models import School
from tests.client import main_text
from tests.factories import NOW
from tests.shipped import country_of, installed_country, region

TODAY = NOW.date()
ENDED = TODAY - timedelta(days=1)
DIVIDED = country_of(
    region("MD-A", until=ENDED, into=["MD-C", "MD-D"]),
    region("MD-B", tile=(1, 1), until=ENDED, into=["MD-C"]),
    region("MD-C", **{"from": TODAY}),
    region("MD-C-1", "MD-C", **{"from": TODAY}),
    region("MD-D", tile=(1, 1), **{"from": TODAY}),
)


@pytest.fixture(autouse=True)
def _reform(app):
    with clock.at(NOW), installed_country(app, DIVIDED):
        yield


def regions(app) -> dict[str, str]:
    with app.app_context():
        return dict(session.execute(select(School.name, School.region_code)).all())


def test_a_coordinator_finds_the_schools_of_a_divided_region_and_moves_them(app, sign_in, make):
    group = make.group()
    schools = [
        make.school(name=f"School {mark}", region_code="MD-A", group_id=group.id) for mark in "xyz"
    ]
    make.school(region_code="MD-A")
    browser = sign_in(make.user(Role.COORDINATOR, group_id=group.id))
    page = "/schools/regions/MD-A"

    notice = "3 schools are in regions that were divided: choose their current regions"
    assert notice in main_text(browser.get("/schools"))
    assert "RegionMDA ! 3 schools" in main_text(browser.get("/schools/regions"))
    form = browser.get(page)
    assert "It became: RegionMDC; RegionMDD." in main_text(form)
    offered = re.findall(r'<option value="(MD[^"]*)">([^<]+)', form.get_data(as_text=True))
    assert [code for code, _name in offered] == ["MD-C", "MD-C-1", "MD-D"]
    nothing = browser.post(page, data={"region": "MD-C"})
    assert nothing.status_code == 422
    assert "Choose at least one school." in main_text(nothing)
    ids = [str(one.id) for one in schools[:2]]
    browser.post(page, data={"schools": ids, "region": "MD-C-1"})
    left = main_text(browser.get(page))
    assert ("School x" in left, "School z" in left) == (False, True)
    browser.post(page, data={"schools": [str(schools[2].id)], "region": "MD-D"})
    assert browser.get(page).status_code == 404
    assert "Every school in your group is in a current region." in main_text(
        browser.get("/schools/regions")
    )
    found = regions(app)
    assert [found[f"School {mark}"] for mark in "xyz"] == ["MD-C-1", "MD-C-1", "MD-D"]
    assert sorted(found.values()).count("MD-A") == 1


def test_a_school_of_an_ended_region_says_where_it_went_and_keeps_it_until_it_is_moved(
    app, sign_in, make
):
    school = make.school(name="Alpha", region_code="MD-B", language="ro")
    browser = sign_in(make.user(Role.COORDINATOR, group_id=school.group_id))
    facts = {"code": "1", "name": "Beta", "locality": "Orhei", "language": "ro"}

    shown = main_text(browser.get(f"/schools/{school.id}"))
    assert "ended on 24 November 2026. It became: RegionMDC." in shown
    assert "The school will be moved there within a day." in shown
    edit = f"/schools/{school.id}/edit"
    assert "RegionMDB, until 24 November 2026" in main_text(browser.get(edit))
    assert browser.post(edit, data={**facts, "region_code": "MD-B"}).status_code == 302
    new = browser.post("/schools/new", data={**facts, "code": "2", "region_code": "MD-B"})
    assert new.status_code == 422
    assert regions(app) == {"Beta": "MD-B"}
