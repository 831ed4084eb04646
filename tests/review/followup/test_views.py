"""The list of who is stuck, its kept filters, its files, and the figures, as pages."""

import io
import re
from datetime import timedelta

import pytest
from openpyxl import load_workbook

from cissapp.foundation.content.installed import content
from cissapp.foundation.core.db import session, unit_of_work
from cissapp.foundation.core.roles import Role
from cissapp.review.followup.models import SavedFilter
from cissapp.review.followup.services import keep_statistics
from tests import factories as make
from tests.factories import NOW
from tests.pages import tree

pytestmark = pytest.mark.usefixtures("stopped_clock")


@pytest.fixture
def school(app):
    return make.school(name="=Alpha", registered_at=NOW - timedelta(days=9))


@pytest.fixture
def coordinator(school):
    return make.user(Role.COORDINATOR, group_id=school.group_id)


@pytest.fixture
def desk(coordinator, sign_in):
    return sign_in(coordinator)


def text_of(answer):
    return " ".join(" ".join(tree(answer).find(".//main").itertext()).split())


def test_a_line_tells_what_a_school_waits_for_who_acts_next_and_how_long(desk):
    page = text_of(desk.get("/group/schools"))

    assert (
        "=Alpha Orhei, Orhei · next: You, the coordinator · waiting for 9 days · no activity by the school yet ! Stuck: Nobody invited yet"
        in page
    )
    assert "Schools by step Step Schools Stuck Nobody invited yet 1 1" in page
    assert "In training: after 14 days" in page


def test_of_a_large_group_the_steps_are_those_of_the_night_and_say_so(
    app, desk, school, monkeypatch
):
    monkeypatch.setattr("cissapp.people.schools.queries.kept_figures.LARGE_GROUP", 0)
    monkeypatch.setattr("cissapp.review.followup.queries.schools.PAGE_ROWS", 1)
    with app.app_context(), unit_of_work():
        keep_statistics(content(), at=NOW)
    make.school(group_id=school.group_id)

    page = text_of(desk.get("/group/schools"))

    assert "Nobody invited yet 1 1 Counted on 25 November 2026" in page
    assert "Write to all schools in this list" in page


def test_a_filter_is_kept_used_and_removed_by_its_owner_alone(app, desk, school, sign_in):
    address = "/group/schools/filters/new?stuck=y&step=not_invited&region=XX"
    assert desk.post(address, data={"name": ""}).status_code == 422
    kept = desk.post(address, data={"name": "To invite"})
    again = desk.post(address, data={"name": "To invite"})

    assert kept.location == "/group/schools?step=not_invited&stuck=y"
    assert (again.status_code, "already have a filter with this name" in text_of(again)) == (
        422,
        True,
    )
    with app.app_context():
        (row,) = session.query(SavedFilter).all()
    assert row.query == "step=not_invited&stuck=y"
    assert "To invite" in text_of(desk.get("/group/schools"))

    other = sign_in(make.user(Role.COORDINATOR, group_id=school.group_id))
    remove = f"/group/schools/filters/{row.id}/remove"
    assert "To invite" not in text_of(other.get("/group/schools"))
    assert other.post(remove).status_code == 404
    assert desk.post(remove).status_code == 302
    assert "To invite" not in text_of(desk.get("/group/schools"))


def test_the_list_is_the_same_in_files_and_no_name_becomes_a_formula(desk):
    lines = desk.get("/group/schools.csv").get_data(as_text=True).lstrip("\ufeff").splitlines()
    book = load_workbook(io.BytesIO(desk.get("/group/schools.xlsx").data))
    rows = [list(row) for row in book.active.iter_rows(values_only=True)]

    assert lines[0].split(",")[:3] == ["School", "Code", "Town or village"]
    assert lines[1].startswith("'=Alpha,")
    assert rows[0][:3] == ["School", "Code", "Town or village"]
    assert rows[1][0] == "'=Alpha"
    assert rows[1][4:10] == ["Nobody invited yet", "You, the coordinator", 9, "yes", None, 0]
    empty = desk.get("/group/schools.csv?step=review").get_data(as_text=True).splitlines()
    assert empty[1:3] == ["", 'As of,"25 November 2026, 11:00 UTC+2"'], empty[2]
    assert lines[2:] == empty[1:]


def test_a_filter_that_fits_nothing_says_so(desk):
    assert "No schools match this filter." in text_of(desk.get("/group/schools?search=nowhere"))


def test_the_figures_stand_in_tables_and_in_a_file(desk, coordinator):
    page = text_of(desk.get("/group/statistics"))
    file = desk.get("/group/statistics.csv").get_data(as_text=True)

    assert (
        "“Who is stuck” explains when a school is stuck. Step Schools Stuck Nobody invited yet 1 1"
        in page
    )
    assert "No steps have ended in the last 12 months" in page
    assert f"Person Open tasks Tasks done {coordinator.name} 0 0" in page
    assert "Where schools are today,Nobody invited yet,Stuck,1" in file
    assert re.search(r"\n\r?\nAs of,\"?\d+ November 2026", file)
    assert "Where schools are today,The list “Who is stuck” explains" in file


def test_of_many_people_the_page_has_the_busiest_and_the_file_all(desk, coordinator):
    names = [f"Ada {number:02}" for number in range(25)]
    for name in names:
        make.user(Role.REVIEWER, group_id=coordinator.group_id, name=name)
    first, last = sorted([*names, coordinator.name])[::25]

    page = text_of(desk.get("/group/statistics"))
    file = desk.get("/group/statistics.csv").get_data(as_text=True)

    assert "This table shows the 25 people with the most open tasks. The file lists all 26." in page
    assert (f"{first} 0 0" in page, f"{last} 0 0" in page) == (True, False)
    assert file.count(",Open tasks,0") == 26


@pytest.mark.parametrize(
    "role", [Role.REVIEWER, Role.MINISTRY, Role.REGION_OFFICER, Role.SECRETARIAT]
)
def test_nobody_else_sees_any_of_it(school, sign_in, role):
    scope = {"group_id": school.group_id} if role is Role.REVIEWER else {}
    browser = sign_in(make.user(role, **scope))
    addresses = (
        "schools",
        "schools.csv",
        "schools.xlsx",
        "statistics",
        "statistics.csv",
        "messages",
    )

    assert {browser.get(f"/group/{one}").status_code for one in addresses} == {403}
