"""The page of what a country's group must still confirm."""

import pytest

from cissapp.foundation.content.installed import content
from cissapp.foundation.content.open_points import open_points
from cissapp.foundation.core.roles import Role
from tests.people.home.test_views import headings, main


def test_a_coordinator_sees_what_is_open_for_the_own_country(app, make, sign_in):
    browser = sign_in(make.user(Role.COORDINATOR))

    answer = browser.get("/group/open-points")
    page = browser.get(answer.location)

    assert (answer.status_code, answer.location) == (302, "/group/open-points/MD")
    assert headings(page) == [
        "Numbers and services",
        "Legal duties of schools",
        "Lessons and questions",
        "How to close a point",
    ]
    said = main(page)
    with app.test_request_context():
        points = open_points(content(), content().countries["MD"], "en")
    assert points.total > 5
    for point in (*points.services, *points.duties):
        assert point.find_out in said
        assert f"{point.file} , {point.key}" in said.replace("yaml,", "yaml ,")
    for point in points.learning:
        assert " ".join(point.text.split()) in said


def test_a_group_of_two_countries_chooses(make, sign_in):
    group = make.group("MD", "UA")
    browser = sign_in(make.user(Role.COORDINATOR, group_id=group.id))

    said = main(browser.get("/group/open-points"))

    assert "Moldova" in said
    assert "Ukraine" in said
    assert browser.get("/group/open-points/UA").status_code == 200


def test_what_is_not_of_the_own_group_is_missing(make, sign_in):
    browser = sign_in(make.user(Role.COORDINATOR))

    assert {browser.get(f"/group/open-points/{code}").status_code for code in ("UA", "XX")} == {404}


def test_the_secretariat_sees_every_country(make, sign_in):
    make.group("MD")
    make.group("UA")
    browser = sign_in(make.user(Role.SECRETARIAT))

    assert "Moldova" in main(browser.get("/group/open-points"))
    assert browser.get("/group/open-points/UA").status_code == 200
    assert browser.get("/group/open-points/XX").status_code == 404
    assert "/group/open-points" in browser.get("/admin").get_data(as_text=True)


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.SCHOOL_MANAGER, Role.MINISTRY])
def test_it_is_for_nobody_else(make, sign_in, role):
    assert sign_in(make.user(role)).get("/group/open-points").status_code == 403


def test_the_first_page_of_a_coordinator_leads_there_that_of_a_reviewer_does_not(make, sign_in):
    group = make.group("MD")
    pages = {
        role: sign_in(make.user(role, group_id=group.id)).get("/reviews").get_data(as_text=True)
        for role in (Role.COORDINATOR, Role.REVIEWER)
    }

    assert "/group/open-points" in pages[Role.COORDINATOR]
    assert "/group/open-points" not in pages[Role.REVIEWER]
