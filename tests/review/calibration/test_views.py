"""The pages of calibration, and that a file is found by nobody else at any address."""

import csv
import io

import pytest

from cissapp.foundation.core.db import session, unit_of_work
from cissapp.foundation.core.roles import Role
from cissapp.people.accounts.models import User
from cissapp.prepare.applications.models import Application
from cissapp.review.calibration.models import BenchmarkCopy
from cissapp.review.independence import services as independence
from cissapp.review.reviews import services as reviews
from tests import factories as make
from tests.factories import NOW, REASON
from tests.pages import text_of, tree
from tests.review.calibration.files import assessed, dealt, newcomer
from tests.shipped import SHIPPED
from tests.statements import statements_sent

pytestmark = pytest.mark.usefixtures("stopped_clock")


def rows_of(answer, number):
    """The cells of a table of the page, row by row."""
    table = tree(answer).findall(".//main//table")[number]
    return [
        [" ".join("".join(cell.itertext()).split()) for cell in row]
        for row in table.findall(".//tbody/tr")
    ]


def group_with_newcomer():
    school = make.school()
    coordinator = make.user(Role.COORDINATOR, group_id=school.group_id, name="Vera Coordinator")
    return school, coordinator, newcomer(school, name="Ana Codru")


def deal_to(app, person, coordinator, *, wrong=None, seed=1):
    """Deal two files, and assess them if levels are named."""
    with app.app_context(), unit_of_work():
        person, coordinator = session.get(User, person.id), session.get(User, coordinator.id)
        copies = dealt(person, coordinator, seed=seed)
        if wrong is not None:
            for copy in copies:
                assessed(copy, person, **wrong)
        return [(copy.application_id, copy.application.school_id) for copy in copies]


def test_an_exercise_cannot_be_handed_back(app, sign_in):
    _school, coordinator, person = group_with_newcomer()
    ((application_id, _), _other) = deal_to(app, person, coordinator)
    browser, page = sign_in(person), f"/reviews/{application_id}"
    browser.post(f"{page}/declaration", data={"grounds": "none"})
    browser.post(f"{page}/start")

    assert f"{page}/hand-back" not in browser.get(page).text
    assert browser.get(f"{page}/hand-back").status_code == 404


def test_a_coordinator_deals_and_the_files_are_in_the_queue_of_that_person_only(app, sign_in):
    _school, coordinator, person = group_with_newcomer()
    browser = sign_in(coordinator)

    assert rows_of(browser.get("/calibration"), 0) == [
        ["Ana Codru", "no practice applications yet", "none", "Assign practice applications"],
        [
            "Vera Coordinator",
            f"may review since {NOW.day} November 2026",
            "none",
            "Assign practice applications",
        ],
    ]
    answer = browser.post(f"/calibration/people/{person.id}/deal")

    assert (answer.status_code, answer.location) == (302, "/calibration")
    assert "practice applications waiting for review: 2" in text_of(browser.get("/calibration"))
    with app.app_context():
        names = [copy.application.school.name for copy in session.query(BenchmarkCopy)]
    assert all(name in text_of(sign_in(person).get("/reviews")) for name in names)
    assert not any(name in text_of(browser.get("/reviews")) for name in names)
    again = browser.post(f"/calibration/people/{person.id}/deal", follow_redirects=True)
    assert "This person has practice applications that are not finished yet." in again.get_data(
        as_text=True
    )


def addresses(app, application_id, school_id):
    """Every address of a GET that names an application or a school, filled."""
    values = {"application_id": application_id, "school_id": school_id, "criterion_id": "A1"}
    found = []
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        named = set(rule.arguments)
        if "GET" in rule.methods and named & {"application_id", "school_id"} and named <= {*values}:
            found.append(adapter.build(rule.endpoint, {one: values[one] for one in named}))
    return found


def test_nobody_else_finds_a_file_at_any_address(app, sign_in):
    _school, coordinator, person = group_with_newcomer()
    colleague = make.user(Role.REVIEWER, group_id=person.group_id)
    pairs = deal_to(app, person, coordinator)
    asked = [one for pair in pairs for one in addresses(app, *pair)]
    assert len(asked) > 20

    for other in (coordinator, colleague):
        browser = sign_in(other)
        answers = {one: browser.get(one).status_code for one in asked}
        assert {one for one, status in answers.items() if status not in {403, 404}} == set()


def test_the_file_opens_like_any_other(app, sign_in):
    _school, coordinator, person = group_with_newcomer()
    ((application_id, _), _other) = deal_to(app, person, coordinator)
    browser = sign_in(person)
    page = f"/reviews/{application_id}"

    assert browser.get(page).status_code == 200
    assert browser.get(f"{page}/criteria/A1").location == f"{page}/declaration"
    assert browser.post(f"{page}/declaration", data={"grounds": "none"}).status_code == 302
    assert browser.post(f"{page}/start").status_code == 302
    question = SHIPPED.standard.by_id["A1"].text("en").question
    assert question in text_of(browser.get(f"{page}/criteria/A1"))
    for word in ("benchmark", "invented", "calibration"):
        assert word not in text_of(browser.get(page)).casefold()
    assert browser.get(f"/calibration/results/{application_id}").status_code == 404


def test_after_handing_in_the_own_levels_stand_beside_the_models(app, sign_in):
    _school, coordinator, person = group_with_newcomer()
    pairs = deal_to(app, person, coordinator, wrong={"B9": 2})
    with app.app_context():
        river = (
            session.query(BenchmarkCopy).filter_by(benchmark_id="at-the-mill").one().application_id
        )
    browser = sign_in(person)

    answer = browser.get(f"/calibration/results/{river}")

    root = tree(answer)
    (card,) = [
        " ".join("".join(one.itertext()).split()) for one in root.findall(".//main//section")
    ]
    reason = SHIPPED.benchmark_by_id["at-the-mill"].reasons_in("en")["B9"]
    title = SHIPPED.standard.by_id["B9"].text("en").title
    assert card.startswith(f"B9 ★ {title} You: level 2. Model: level 0. {reason}")
    rows = {row[0].split()[0]: row[1:] for row in rows_of(answer, 0)}
    assert len(rows) == len(SHIPPED.standard.criteria)
    assert {key for key, (own, model) in rows.items() if own != model} == {"B9"}
    assert rows["B9"] == ["2", "0"]
    assert "0.05 (goal: at most 0.30)" in text_of(answer)
    assert "1 (goal: none)" in text_of(answer)
    assert len(rows_of(browser.get("/calibration/results"), 0)) == 2
    colleague = make.user(Role.REVIEWER, group_id=person.group_id)
    for other in (coordinator, colleague):
        assert sign_in(other).get(f"/calibration/results/{river}").status_code == 404
    assert browser.get(f"/reviews/{pairs[0][0]}/criteria/A1").status_code == 404


def test_the_recommendation_leads_to_the_result(app, sign_in):
    _school, coordinator, person = group_with_newcomer()
    ((application_id, _), _other) = deal_to(app, person, coordinator)
    with app.app_context(), unit_of_work():
        own, row = session.get(User, person.id), session.get(Application, application_id)
        independence.declare(row, grounds=[], note="", by=own, at=NOW)
        reviews.start_review(row, by=own, at=NOW)
    with app.app_context():
        review = reviews_of_one(application_id)
    make.scored(review, A1=0)
    browser = sign_in(person)
    page = f"/reviews/{application_id}/recommendation"
    version = tree(browser.get(page)).find(".//input[@name='version']")

    answer = browser.post(
        page,
        data={
            "version": version.get("value"),
            "outcome": "major_gaps",
            "verdict": "major_gaps",
            "summary": "The policy does not cover everybody, and parts of it contradict others.",
        },
    )

    assert (answer.status_code, answer.location) == (302, f"/calibration/results/{application_id}")


def reviews_of_one(application_id):
    from cissapp.review.reviews.models import Review

    return session.query(Review).filter_by(application_id=application_id).one()


def test_a_person_outside_the_goals_is_let_begin_with_a_reason(app, sign_in):
    _school, coordinator, person = group_with_newcomer()
    deal_to(app, person, coordinator, wrong={"B9": 2})
    browser = sign_in(coordinator)
    page = f"/calibration/people/{person.id}/release"
    assert "outside the goals: talk about it" in text_of(browser.get("/calibration"))

    short = browser.post(page, data={"reason": "fine"})
    answer = browser.post(page, data={"reason": REASON})

    assert short.status_code == 422
    assert "at least 20 characters" in text_of(short)
    assert (answer.status_code, answer.location) == (302, "/calibration")
    assert "outside the goals" not in text_of(browser.get("/calibration"))


def test_agreement_is_shown_from_three_people_on_also_as_a_file(app, sign_in):
    school, coordinator, person = group_with_newcomer()
    deal_to(app, person, coordinator, wrong={"A9": 0})
    browser = sign_in(coordinator)
    assert {row[3] for row in rows_of(browser.get("/calibration"), 1)} == {"too few"}
    for level in (1, 2):
        deal_to(app, newcomer(school), coordinator, wrong={"A9": level}, seed=level)

    answer = browser.get("/calibration")
    rows = rows_of(answer, 1)
    file = browser.get("/calibration/agreement.csv").get_data(as_text=True)

    assert len(rows) == 48
    assert rows[0][:3] == ["All criteria", "3", "88"]
    shown = {row[0].split()[0]: row[3] for row in rows[1:]}
    assert shown["A2"] == "1.000"
    assert shown["A5"] == "1.000"
    assert shown["C9"] == "1.000"
    assert float(shown["A9"]) < 0
    assert "A9 Acceptable use for pupils" in text_of(answer).split("Agreement Krippendorff")[0]
    written = list(csv.reader(io.StringIO(file.removeprefix("\ufeff"))))
    table = written[: written.index([])]
    assert [row[4] for row in table[1:]] == [row[3] for row in rows]
    assert [row[0] for row in written[len(table) + 1 :]] == ["As of", "Agreement (alpha)"]
    browser.post("/language", data={"language": "uk"})
    assert [row[3] for row in rows_of(browser.get("/calibration"), 1)].count("1,000") == [
        row[3] for row in rows
    ].count("1.000")


def test_the_secretariat_sees_all_groups_and_no_person(app, sign_in):
    _school, coordinator, person = group_with_newcomer()
    deal_to(app, person, coordinator, wrong={})

    page = text_of(sign_in(make.user(Role.SECRETARIAT)).get("/calibration"))

    assert person.name not in page
    assert "People in the group" not in page
    with app.app_context():
        assert session.get(User, person.id).group.name in page


def test_more_people_need_no_more_queries(app, sign_in):
    school, coordinator, person = group_with_newcomer()
    deal_to(app, person, coordinator, wrong={})
    browser = sign_in(coordinator)

    def count():
        with statements_sent(app) as found:
            browser.get("/calibration")
        return len(found)

    browser.get("/calibration")
    one = count()
    for seed in (2, 3):
        deal_to(app, newcomer(school), coordinator, wrong={}, seed=seed)

    assert count() == one
