"""Levels, duties and the toolkit's figures, as pages."""

from datetime import timedelta
from typing import Any

import pytest

from cissapp.foundation.core import clock
from cissapp.foundation.core.roles import Role
from cissapp.people.schools.models import School
from cissapp.prepare.applications.rules import ApplicationOutcome
from tests import factories as make
from tests.factories import NOW
from tests.pages import tree
from tests.statements import statements_sent

PAGES = ("/school/levels", "/school/duties")


@pytest.fixture(autouse=True)
def _still():
    with clock.at(NOW + timedelta(days=9)):
        yield


def text_of(answer: Any) -> str:
    return " ".join(" ".join(tree(answer).find(".//main").itertext()).split())


@make.a_beginning()
@make.in_one_unit
def minor_gaps() -> School:
    """A school whose first round was decided on minor gaps: B8 at level 0."""
    application = make.handed_in()
    assessor, decider = make.reviewers(application)
    review = make.scored(make.begun(application, assessor), B8=0)
    gaps = ApplicationOutcome.MINOR_GAPS
    make.recommended(review, recommendation=gaps, level=None)
    make.ruled(review, decider, NOW, outcome=gaps, level=None)
    return application.school


@pytest.fixture
def decided(app) -> School:
    return minor_gaps()


def test_a_school_sees_what_was_found_what_it_says_and_what_is_next(decided, sign_in):
    answer = sign_in(make.manager(decided)).get("/school/levels")
    page = text_of(answer)

    assert "Next: a critical criterion below level 2 B8 · Escalation map It is at level 0." in page
    assert "4 · Reporting and response 1.88 2.00 2.00" in page
    assert "Since you last submitted" in page
    assert "No module has risen or fallen." in page
    pictures = [one for one in tree(answer).iter() if str(one.tag).endswith("svg")]
    named = [
        one for one in pictures if one.get("role") == "img" and "levels-chart" in one.get("class")
    ]
    words = {" ".join("".join(one.itertext()).split())[:60] for one in named[:2]}
    assert len(named) == 2 + 5  # a radar for each width, and a line for each module
    assert all(one.startswith("Levels of the five modules") for one in words)
    assert "style=" not in answer.get_data(as_text=True)


def test_a_school_that_has_scored_nothing_is_told_where_to_begin(app, sign_in):
    page = text_of(sign_in(make.manager()).get("/school/levels"))

    assert "Your levels appear here as soon as you have scored the first criterion." in page
    assert "Begin the self-assessment" in page


def test_each_duty_says_what_shows_it_and_what_is_missing(decided, sign_in):
    page = text_of(sign_in(make.manager(decided)).get("/school/duties"))

    assert "This page is not legal advice." in page
    assert "Send the form for a suspected case ○ Not shown yet Not yet: B8 Escalation map" in page
    assert "Curriculum ✓ Shown, according to the decision Shown by: C1 Plan by age" in page
    assert "To be confirmed by your national group Number and date of the order" in page
    assert "360 degree safe (United Kingdom)" in page
    assert "Resolution 658" not in page


def test_both_pages_ask_the_database_equally_often_with_one_round_and_two(app, decided, sign_in):
    browser = sign_in(make.manager(decided))
    before = [statements_of(app, browser, page) for page in PAGES]
    make.decided(decided, cycle=2, at=NOW - timedelta(days=400))

    assert [statements_of(app, browser, page) for page in PAGES] == before


def statements_of(app: Any, browser: Any, address: str) -> int:
    with statements_sent(app) as seen:
        assert browser.get(address).status_code == 200
    return len(seen)


@pytest.mark.parametrize("role", [Role.MINISTRY, Role.REGION_OFFICER, Role.COORDINATOR])
def test_nobody_but_the_school_sees_its_pages(decided, sign_in, role):
    scope = {"group_id": decided.group_id} if role is Role.COORDINATOR else {}
    browser = sign_in(make.user(role, **scope))

    assert [browser.get(page).status_code for page in PAGES] == [403, 403]


def test_the_toolkit_is_counted_for_coordinators_and_the_secretariat_alone(decided, sign_in):
    own = sign_in(make.user(Role.COORDINATOR, group_id=decided.group_id)).get("/group/toolkit")
    whole = sign_in(make.user(Role.SECRETARIAT)).get("/group/toolkit")
    ministry = sign_in(make.user(Role.MINISTRY)).get("/group/toolkit")

    assert "Schools that use the policy library: fewer than 5." in text_of(own)
    assert "All groups" in text_of(whole)
    assert ministry.status_code == 403
