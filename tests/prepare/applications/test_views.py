"""The pages of a school: the next thing, what is missing, the hand-in, and taking back."""

from datetime import date, timedelta
from typing import Any

import flask
import pytest
import sqlalchemy as sa
from flask import render_template

from cissapp.foundation.content.installed import content
from cissapp.foundation.core.db import session, unit_of_work
from cissapp.foundation.core.roles import Role
from cissapp.foundation.web import filters
from cissapp.learn.learning.rules import QUIZ_MINUTES
from cissapp.learn.learning.services.lessons import mark_read
from cissapp.people.accounts.models import User
from cissapp.people.accounts.rules import Duty
from cissapp.people.accounts.sessions import TOKEN
from cissapp.people.schools.models import School
from cissapp.people.schools.rules import Progress, Standing
from cissapp.prepare.applications import queries, services
from cissapp.prepare.applications.models import Application
from cissapp.prepare.applications.rules import ApplicationOutcome, ApplicationState
from cissapp.prepare.documents.models import DocumentVersion
from tests import factories
from tests.factories import NOW
from tests.pages import parsed, tree, words
from tests.prepare.applications.test_services import ready, save

pytestmark = pytest.mark.usefixtures("stopped_clock")

DAY = timedelta(days=1)
SUBMIT = "/school/application/submit"


REFUSED = {"round": 1, "state": ApplicationState.DECIDED, "outcome": ApplicationOutcome.MAJOR_GAPS}
TAKEN_BACK = {"round": 1, "state": ApplicationState.WITHDRAWN}
GIVEN_UP = {"round": 0, "state": ApplicationState.WITHDRAWN}


def main(response: Any) -> Any:
    return next(one for one in tree(response).iter("main"))


def with_class(root: Any, tag: str, name: str) -> list[Any]:
    return [one for one in root.iter(tag) if name in (one.get("class") or "").split()]


def links(root: Any) -> list[tuple[str, str]]:
    return [(words(one), one.get("href")) for one in root.iter("a") if one.get("href")]


def day(app: Any, value: date) -> str:
    with app.test_request_context():
        return filters.day(value)


def next_thing(response: Any) -> tuple[str, str]:
    (card,) = with_class(main(response), "section", "next")
    return words(next(card.iter("h2"))), next(card.iter("a")).get("href")


def tasks(response: Any) -> list[str]:
    return [
        words(with_class(one, "span", "status")[0])
        for one in with_class(main(response), "li", "task")
    ]


def notices(response: Any) -> list[str]:
    return [words(one) for one in with_class(main(response), "div", "notice")]


def handed_in(app: Any, school: School, head: User) -> None:
    with app.app_context(), unit_of_work():
        services.submit_for_school(
            session.get_one(School, school.id),
            content=content(),
            statement_signed=True,
            by=session.get_one(User, head.id),
            at=NOW,
        )


def state_of(app: Any, school: School) -> tuple[ApplicationState, int] | None:
    with app.app_context():
        found = queries.newest_application(school.id)
        return (found.state, found.round) if found else None


def sent_back(app: Any, school: School, head: User) -> None:
    handed_in(app, school, head)
    group = factories.user(Role.REVIEWER, group_id=school.group_id)
    with app.app_context(), unit_of_work():
        found = queries.open_application(school.id)
        assert found
        by = session.get_one(User, group.id)
        factories.completeness_checked(found)
        services.start_review(found, by=by, at=NOW)
        services.request_changes(found, open_criteria=["A1", "C2"], days=60, by=by, at=NOW)


# --- the first page --------------------------------------------------------------------------


def test_a_school_that_begins_is_led_to_the_training(sign_in):
    head = factories.manager(name="Ana Testescu")

    page = sign_in(head).get("/school")

    assert next_thing(page) == ("Begin the training", "/learn")
    assert tasks(page) == [
        "○ To do",
        "○ To do",
        "○ To do",
        "○ To do",
        "○ Not yet",
        "○ Not yet",
        "○ Not yet",
    ]
    assert words(with_class(main(page), "div", "title")[0]).startswith("Hello, Ana Testescu")
    (ring,) = with_class(main(page), "svg", "ring")
    assert ring.get("aria-label") == "School training: 0/5 modules"


def test_a_head_alone_is_led_to_inviting_before_learning_for_hours(sign_in):
    page = sign_in(factories.manager(name="Ana")).get("/school")

    assert next_thing(page) == ("Begin the training", "/learn")
    training = with_class(main(page), "li", "task")[0]
    assert links(training)[1] == (
        "There is no designated person here yet. Invite them.",
        "/school/people/new",
    )


def test_the_first_page_names_one_thing_to_do_in_each_step_and_counts_no_debts(sign_in):
    school = factories.school()
    head = factories.manager(school, name="Ana")
    factories.manager(school, duty=Duty.DESIGNATED_PERSON)

    page = sign_in(head).get("/school")

    rows = with_class(main(page), "li", "task")
    assert [
        [text for text, _href in links(row)] + [href for _text, href in links(row)][1:]
        for row in rows[:4]
    ] == [
        [
            "1. Training for those responsible",
            "Ana needs to pass modules 1, 2, 3, 4, 5",
            "/learn",
        ],
        ["2. Documents", "Upload the school’s safety policy.", "/school/documents/new"],
        [
            "3. Reporting mechanism",
            "Name at least 2 trained people who take reports.",
            "/school/reporting/persons",
        ],
        [
            "4. Self-assessment",
            f"A1 {_title('A1')}: choose a level.",
            "/school/self-assessment/A1",
        ],
    ]
    assert notices(page) == []
    assert "missing" not in words(main(page))


def test_who_still_learns_is_named_and_a_colleague_is_found_among_the_people(sign_in):
    school = factories.school()
    factories.manager(school, name="Ana")

    page = sign_in(factories.manager(school, duty=Duty.DESIGNATED_PERSON)).get("/school")

    training = with_class(main(page), "li", "task")[0]
    assert links(training)[1] == ("Ana needs to pass modules 1, 2, 3, 4, 5", "/school/people")


def test_a_school_with_everything_is_led_to_handing_in(sign_in):
    _school, head = ready()

    page = sign_in(head).get("/school")

    assert next_thing(page) == ("Check and submit your application", SUBMIT)
    assert tasks(page)[:5] == ["✓ Done", "✓ Done", "✓ Done", "✓ Done", "○ To do"]
    assert notices(page) == []


def test_a_colleague_whose_own_training_is_done_is_led_on(sign_in):
    school = factories.school()
    head, _designated = factories.trained(school)

    page = sign_in(head).get("/school")

    assert next_thing(page) == ("Make your safety policy", "/school/policy")


def test_a_head_is_not_asked_to_pass_what_a_deputy_who_lacks_less_can_finish(sign_in):
    school = factories.school()
    head = factories.manager(school)
    deputy = factories.manager(school, duty=Duty.DEPUTY, name="Ana")
    factories.manager(school, duty=Duty.DESIGNATED_PERSON)
    beside = sign_in(head).get("/school")
    for module in factories._app.extensions["ciss-content"].modules[:3]:
        factories.passed_module(deputy, module.id)

    page = sign_in(head).get("/school")

    assert next_thing(beside) == ("Begin the training", "/learn")
    assert next_thing(page) == ("Make your safety policy", "/school/policy")
    training = with_class(main(page), "li", "task")[0]
    assert links(training)[1] == ("Ana needs to pass modules 4, 5", "/school/people")
    assert next_thing(sign_in(deputy).get("/school")) == ("Continue the training", "/learn")


def test_what_is_left_shrinks_with_each_training_and_names_whom_it_is_left_for(sign_in):
    school = factories.school()
    factories.manager(school, name="Ana")
    deputy = factories.manager(school, duty=Duty.DEPUTY, name="Olha")
    designated = factories.manager(school, duty=Duty.DESIGNATED_PERSON, name="Ion")
    modules = factories._app.extensions["ciss-content"].modules
    before = words(main(sign_in(deputy).get("/school")))
    for module in modules[:3]:
        factories.passed_module(designated, module.id)
    page = sign_in(deputy).get("/school")
    for module in modules:
        factories.passed_module(deputy, module.id)
    after = words(main(sign_in(deputy).get("/school")))

    assert "Left for your school: about 14 hours" in before
    assert "Head or deputy head, and designated person: about 4 hours each" in before
    assert "Olha needs to pass modules 1, 2, 3, 4, 5" in before
    assert "Left for your school: about 11 hours" in words(main(page))
    assert "Olha: about 4 hours · Ion: about 112 minutes" in words(main(page))
    training = with_class(main(page), "li", "task")[0]
    assert links(training)[1] == ("Ion needs to pass modules 4, 5", "/school/people")
    assert "Left for your school: about 6 hours" in after
    assert "Ion: about 112 minutes" in after


@pytest.mark.one_database("sqlite")
def test_a_lesson_read_is_counted_out_of_every_time_on_the_page(app, sign_in):
    school = factories.school()
    head = factories.manager(school, name="Ana")
    factories.manager(school, duty=Duty.DESIGNATED_PERSON, name="Ion")
    *others, last = factories._app.extensions["ciss-content"].modules
    for module in others:
        factories.passed_module(head, module.id)
    lesson = last.lessons[0]
    whole = last.minutes + QUIZ_MINUTES
    with app.app_context(), unit_of_work():
        mark_read(lesson, by=head, at=NOW)

    page = words(main(sign_in(head).get("/school")))

    left = f"about {whole - lesson.plan.minutes} minutes"
    assert f"1 module left for you, {left}." in page
    assert f"Ana: {left} · Ion: about 4 hours" in page


def test_when_only_colleagues_lack_the_page_says_who(sign_in):
    school = factories.school()
    head = factories.manager(school)
    for module in factories._app.extensions["ciss-content"].modules:  # type: ignore[union-attr]
        factories.passed_module(head, module.id)
    factories.manager(school, duty=Duty.DESIGNATED_PERSON, name="Ion Exemplu")
    factories.complete_dossier(school, head)

    page = sign_in(head).get("/school")

    assert next_thing(page) == ("Ask your colleagues to finish the training", "/school/people")
    assert "Ion Exemplu still has to pass: 1. " in words(main(page))


def test_a_school_that_handed_in_is_told_to_wait(app, sign_in):
    school, head = ready()
    handed_in(app, school, head)

    page = sign_in(head).get("/school")

    assert next_thing(page) == ("Your application has been submitted", "/school/application")
    assert tasks(page)[4:] == ["✓ Done", "● Waiting", "○ Not yet"]


def test_a_certified_school_sees_its_certificate(app, sign_in):
    school = factories.school(
        progress=Progress.DECIDED,
        standing=Standing.VALID,
        level=2,
        valid_until_on=date(2028, 11, 25),
    )
    head, _designated = factories.trained(school)
    factories.complete_dossier(school, head)
    factories.application(
        school,
        round=1,
        state=ApplicationState.DECIDED,
        outcome=ApplicationOutcome.CERTIFIED,
        level=2,
    )

    page = sign_in(head).get("/school")

    assert next_thing(page) == ("Your school is certified", "/school/certificate")
    card = with_class(main(page), "div", "card")[-1]
    assert words(card) == (
        f"✓ Valid Level 2, Working in practice Valid until {day(app, date(2028, 11, 25))}."
        " See the certificate"
    )


def test_a_certified_school_that_trains_a_successor_is_at_no_step_of_an_application(app, sign_in):
    school = factories.school(
        progress=Progress.DECIDED,
        standing=Standing.VALID,
        level=2,
        valid_until_on=date(2028, 11, 25),
    )
    head = factories.manager(school)
    successor = factories.manager(school, duty=Duty.DESIGNATED_PERSON)
    for module in app.extensions["ciss-content"].modules:
        factories.passed_module(head, module.id)
    factories.application(
        school,
        round=1,
        state=ApplicationState.DECIDED,
        outcome=ApplicationOutcome.CERTIFIED,
        level=2,
    )

    cards = [
        words(with_class(main(sign_in(person).get("/school")), "section", "next")[0])
        for person in (head, successor)
    ]

    assert " Next Ask your colleagues to finish the training " in cards[0]
    assert " Next Begin the training " in cards[1]


@pytest.mark.parametrize(
    ("standing", "until", "title", "said"),
    [
        (
            Standing.SUSPENDED,
            date(2028, 11, 25),
            "The certificate is suspended",
            ["Read why, put it right, and tell the national group what you have done."],
        ),
        (Standing.EXPIRED, date(2026, 5, 9), "Start the next application", []),
        # Daily work has not yet moved it.
        (Standing.EXPIRING, date(2026, 5, 9), "Start the next application", []),
        (Standing.WITHDRAWN, date(2028, 11, 25), "Start the next application", []),
    ],
)
def test_a_school_whose_certificate_does_not_hold_is_not_told_that_it_is_certified(
    sign_in, standing: Standing, until: date, title: str, said: list[str]
):
    school = factories.school(
        progress=Progress.DECIDED, standing=standing, level=2, valid_until_on=until
    )
    head, _designated = factories.trained(school)
    factories.application(
        school,
        round=1,
        state=ApplicationState.DECIDED,
        outcome=ApplicationOutcome.CERTIFIED,
        level=2,
    )

    browser = sign_in(head)
    page, application = browser.get("/school"), browser.get("/school/application")

    assert next_thing(page)[0] == title
    said_there = [words(one) for one in with_class(main(application), "p", "row")]
    shown = Standing.EXPIRED if standing is Standing.EXPIRING else standing
    assert shown.value.capitalize() in said_there[1]
    assert shown.value.capitalize() in words(with_class(main(page), "div", "card")[-1])
    assert all(one in words(main(page)) for one in said)
    assert "Your school is certified" not in words(main(page))
    # Of an expired certificate only the card beside its status says until when it was valid.
    assert words(main(page)).count("Valid until") == (0 if standing is Standing.WITHDRAWN else 1)


def test_the_time_of_the_review_is_the_sum_of_its_steps(app, sign_in):
    head, _designated = factories.trained(factories.school())

    page = sign_in(head).get("/school")

    assert app.extensions["ciss-content"].standard.decision.process.days_to_decision == 50
    assert "up to 50 working days" in words(main(page))


@pytest.mark.parametrize(
    "role",
    [one for one in Role if one not in {Role.SCHOOL_MANAGER, Role.GUEST}],
    ids=lambda one: one.value,
)
@pytest.mark.parametrize("address", ["/school", "/school/application", SUBMIT])
def test_the_pages_are_for_school_managers(sign_in, role: Role, address: str):
    page = sign_in(factories.user(role)).get(address)

    assert (page.status_code, "Not available to your role" in page.get_data(as_text=True)) == (
        403,
        True,
    )


@pytest.mark.parametrize(
    ("at", "next_line"),
    [
        ("/school/documents", None),
        (
            "/school/reporting",
            (
                "Next: step 2 of 5 Make your safety policy Draft it by answering plain questions, or check the one you have: about 30 minutes. Begin"
            ),
        ),
    ],
)
def test_a_page_of_another_room_can_name_the_next_step(
    app, sign_in, at: str, next_line: str | None
):
    school = factories.school()
    head, _designated = factories.trained(school)

    with sign_in(head).session_transaction() as cookie:
        token = cookie[TOKEN]
    with app.test_request_context(at):
        flask.session[TOKEN] = token
        line = render_template("applications/_next_step.html")

    assert (words(parsed(f"<main>{line}</main>")) or None) == next_line


def test_a_page_for_anybody_has_no_next_step(app):
    with app.test_request_context("/help"):
        assert render_template("applications/_next_step.html").strip() == ""


# --- the application -------------------------------------------------------------------------


def test_the_application_lists_what_is_missing_by_part(sign_in):
    head = factories.manager()

    page = sign_in(head).get("/school/application")

    parts = with_class(main(page), "li", "task")
    assert [words(next(one.iter("h3"))) for one in parts] == [
        "Training",
        "Documents",
        "Reporting mechanism",
        "Self-assessment",
    ]
    assert words(parts[3]).startswith(
        f"Self-assessment Choose a level for each criterion. Start with A1 {_title('A1')} Show all of them A1 "
    )
    criteria = [href for _text, href in links(parts[3])]
    assert len(criteria) == 1 + 44
    assert SUBMIT not in [href for _text, href in links(main(page))]


def test_the_link_to_hand_in_appears_when_nothing_is_missing(sign_in):
    _school, head = ready()

    page = sign_in(head).get("/school/application")

    assert ("Check and submit", SUBMIT) in links(main(page))


def test_after_handing_in_nothing_says_that_one_could_hand_in(app, sign_in):
    school, head = ready()
    browser = sign_in(head)
    trial = ("Would this pass? Try it out", "/school/application/rehearsal")
    before = links(main(browser.get("/school/application")))

    handed_in(app, school, head)
    after = links(main(browser.get("/school/application")))

    assert (trial in before, trial in after) == (True, False)


def test_what_came_back_is_listed_with_its_day(app, sign_in):
    school, head = ready()
    sent_back(app, school, head)

    browser = sign_in(head)
    first, page = browser.get("/school"), browser.get("/school/application")

    assert next_thing(first) == ("Change 2 criteria", "/school/application")
    assert tasks(first)[3] == "! Changes requested"
    to_change = with_class(with_class(main(first), "li", "task")[3], "span", "task-coming")[0]
    assert links(to_change) == [(f"A1 {_title('A1')}", "/school/self-assessment/A1")]
    open_links = [one for one in links(main(page)) if "/self-assessment/" in one[1]]
    assert open_links == [
        (f"A1 {_title('A1')}", "/school/self-assessment/A1"),
        (
            f"C2 {_title('C2')}",
            "/school/self-assessment/C2",
        ),
    ]
    assert tasks(page) == ["● in 60 days", *["! Not changed yet"] * 2]
    assert f"Submit it by {day(app, NOW + 60 * DAY)}, in 60 days." in words(main(page))
    assert ("Read the decision and its reasons", "/school/application/decision") in links(
        main(page)
    )
    assert "Changes were requested after round 1." in words(main(page))


def test_the_day_is_named_while_only_the_signature_is_left(app, sign_in):
    school, head = ready()
    sent_back(app, school, head)
    with app.app_context(), unit_of_work():
        for criterion_id in ("A1", "C2"):
            save(
                session.get_one(School, school.id),
                criterion_id,
                session.get_one(User, head.id),
                NOW + DAY,
            )

    page = sign_in(head).get("/school")

    assert next_thing(page)[0] == "Check and submit your application"
    assert f"Submit it by {day(app, NOW + 60 * DAY)}, in 60 days." in words(main(page))


def _title(criterion_id: str) -> str:
    assert factories._app
    standard = factories._app.extensions["ciss-content"].standard
    return str(standard.by_id[criterion_id].text("en").title)


def test_after_major_gaps_the_next_application_is_started_by_hand(app, sign_in):
    school, head = ready()
    factories.application(
        school, round=1, state=ApplicationState.DECIDED, outcome=ApplicationOutcome.MAJOR_GAPS
    )
    browser = sign_in(head)

    page = browser.get("/school/application")
    submit = browser.get(SUBMIT)
    opened = browser.post("/school/application/open")

    assert "Start the next application" in words(main(page))
    assert submit.location == "/school/application"
    assert opened.location == "/school/application"
    with app.app_context():
        found = queries.newest_application(school.id)
        assert found
        assert (found.cycle, found.state) == (2, ApplicationState.DRAFT)


def test_before_its_time_the_next_application_is_refused_with_the_day(app, sign_in):
    school = factories.school(standing=Standing.VALID, level=1, valid_until_on=date(2028, 11, 25))
    head = factories.manager(school)
    factories.application(
        school,
        round=1,
        state=ApplicationState.DECIDED,
        outcome=ApplicationOutcome.CERTIFIED,
        level=1,
    )
    browser = sign_in(head)

    page, refused = browser.get("/school/application"), browser.post("/school/application/open")

    assert f"The next application opens on {day(app, date(2028, 5, 25))}." in words(main(page))
    assert "Start the next application" not in words(main(page))
    assert (refused.status_code, state_of(app, school)) == (409, (ApplicationState.DECIDED, 1))


# --- the hand-in -----------------------------------------------------------------------------


def test_the_check_shows_what_will_be_handed_in(sign_in):
    school, head = ready()

    page = sign_in(head).get(SUBMIT)

    text = words(main(page))
    with_hash = [words(one) for one in main(page).iter("p") if len(words(one)) == 64]
    assert len(with_hash) == 1
    assert f"School {school.name}, Orhei ({school.code})" in text
    assert "People who take reports: 2. Ways to report: 3. Outside organisations: 1." in text
    assert "Level 2: 44." in text
    assert [one.get("type") for one in main(page).iter("input")] == ["hidden", "checkbox"]


def test_a_document_that_is_no_longer_valid_is_named_before_the_signature(app, sign_in):
    _school, head = ready()
    browser = sign_in(head)
    pages = (SUBMIT, "/school/application/rehearsal")
    assert not any("no longer valid" in words(main(browser.get(one))) for one in pages)

    with app.app_context(), unit_of_work():
        session.execute(sa.update(DocumentVersion).values(expires_on=(NOW - DAY).date()))

    for one in pages:
        page = main(browser.get(one))
        assert "Documents that are no longer valid" in words(page)
        assert any("was valid until" in text for text, _href in links(page))


def test_a_step_is_not_done_while_its_documents_have_expired(app, sign_in):
    _school, head = ready()
    browser = sign_in(head)
    ready_to_submit = browser.get("/school")
    with app.app_context(), unit_of_work():
        session.execute(sa.update(DocumentVersion).values(expires_on=(NOW - DAY).date()))

    page, application = browser.get("/school"), browser.get("/school/application")

    assert tasks(ready_to_submit)[1] == "✓ Done"
    assert tasks(page)[1] == "! Expired"
    row = with_class(main(page), "li", "task")[1]
    assert "was valid until" in words(with_class(row, "span", "task-coming")[0])
    assert "Nothing is missing" not in words(main(page))
    assert [one for one in notices(application) if "no longer valid" in one]
    assert not [one for one in notices(application) if "Nothing is missing" in one]
    assert (words(main(application)).count("Check and submit"), next_thing(page)[1]) == (1, SUBMIT)


def test_what_the_group_is_reading_is_not_called_expired(app, sign_in):
    school, head = ready()
    handed_in(app, school, head)
    with app.app_context(), unit_of_work():
        session.execute(sa.update(DocumentVersion).values(expires_on=(NOW - DAY).date()))

    page = sign_in(head).get("/school")

    assert tasks(page)[1] == "✓ Done"


def test_the_check_of_an_incomplete_dossier_has_no_form(sign_in):
    page = sign_in(factories.manager()).get(SUBMIT)

    assert list(main(page).iter("form")) == []
    assert notices(page)[0].startswith("Your application is not complete")


def test_a_signed_dossier_is_handed_in(app, sign_in):
    school, head = ready()
    browser = sign_in(head)

    answer = browser.post(SUBMIT, data={"statement": "y"})
    after = browser.get(answer.location)

    assert (answer.status_code, answer.location) == (302, "/school/application")
    assert state_of(app, school) == (ApplicationState.SUBMITTED, 1)
    assert notices(after) == ["Your application has been submitted. The national group has it now."]
    assert "The application was submitted, round 1." in words(main(after))
    assert [words(one)[:24] for one in with_class(main(after), "li", "task")[:5]] == [
        "Submitted Your school ha",
        "Completeness check Someo",
        "Review Someone in the na",
        "Decision Another person ",
        "You get the answer You g",
    ]
    assert tasks(after)[:3] == [
        "✓ Done",
        f"● by {day(app, date(2026, 12, 9))} at the latest",
        "○ Not yet",
    ]


def test_a_hash_is_short_and_the_whole_of_it_is_behind_it(sign_in):
    _school, head = ready()
    browser = sign_in(head)
    check = browser.get(SUBMIT)
    browser.post(SUBMIT, data={"statement": "y"})

    for page in (check, browser.get("/school/application")):
        folds = [one for one in main(page).iter("details") if "…" in words(one)]
        assert folds != []
        for fold in folds:
            beginning, whole = words(fold.find("summary"))[:12], words(fold.find("p"))
            assert (len(whole), whole[:12]) == (64, beginning)


def test_an_unsigned_statement_is_said_at_its_field(app, sign_in):
    school, head = ready()

    page = sign_in(head).post(SUBMIT)

    (summary,) = with_class(main(page), "div", "errors")
    assert page.status_code == 422
    assert links(summary) == [("Confirm the statement before you submit.", "#statement")]
    assert state_of(app, school) is None


def test_the_designated_person_is_told_who_signs(app, sign_in):
    school, _head = ready()
    person = factories.manager(school, duty=Duty.DESIGNATED_PERSON)

    page = sign_in(person).post(SUBMIT, data={"statement": "y"})

    assert "The head or a deputy head signs the statement. Ask one of them" in words(main(page))
    assert state_of(app, school) is None


def test_an_incomplete_dossier_is_blocked_and_everything_is_listed(app, sign_in):
    head = factories.manager()

    page = sign_in(head).post(SUBMIT, data={"statement": "y"})

    hrefs = [href for one in with_class(main(page), "li", "task") for _t, href in links(one)]
    assert page.status_code == 422
    assert [one for one in hrefs if "/self-assessment/" not in one] == [
        "/learn",
        "/school/people/new",
        "/school/documents/new",
        "/school/reporting/persons",
        *["/school/reporting/channels"] * 5,
        "/school/reporting/escalation",
        "/school/reporting/time-limits",
        "/school/reporting/rules",
    ]
    assert sum("/self-assessment/" in one for one in hrefs) == 1 + 44
    with app.app_context():
        assert session.query(Application).count() == 0


def test_a_double_click_hands_in_once_and_says_so(app, sign_in):
    school, head = ready()
    browser = sign_in(head)

    answers = [browser.post(SUBMIT, data={"statement": "y"}) for _ in range(2)]
    after = browser.get("/school/application")

    assert [one.location for one in answers] == ["/school/application"] * 2
    assert notices(after) == [
        "Your application has been submitted. The national group has it now.",
        "Your application is already submitted.",
    ]
    assert state_of(app, school) == (ApplicationState.SUBMITTED, 1)


def test_the_next_round_is_handed_in_on_the_same_page(app, sign_in):
    school, head = ready()
    sent_back(app, school, head)
    browser = sign_in(head)

    check = browser.get(SUBMIT)
    browser.post(SUBMIT, data={"statement": "y"})

    assert "Round 2" in words(main(check))
    assert tasks(check) == ["! Not changed yet"] * 2
    assert state_of(app, school) == (ApplicationState.SUBMITTED, 2)


@pytest.mark.parametrize(
    ("earlier", "told"),
    [
        ([REFUSED], True),
        ([REFUSED, TAKEN_BACK], False),
        ([REFUSED, GIVEN_UP], True),
        ([TAKEN_BACK], False),
    ],
)
def test_a_draft_says_that_the_last_application_was_not_successful_only_if_so(
    sign_in, earlier: list[dict[str, Any]], told: bool
):
    school, head = ready()
    for cycle, values in enumerate([*earlier, {"round": 0}], start=1):
        factories.application(school, cycle=cycle, **values)

    page = main(sign_in(head).get("/school/application"))

    assert ("Your last application was not successful." in words(page)) is told
    assert "start again" not in words(page)
    # The reasons stay within reach, whatever was withdrawn since.
    links_shown = [href for _text, href in links(page)]
    assert ("/school/application/decision" in links_shown) is (REFUSED in earlier)


# --- taking back -----------------------------------------------------------------------------


def test_taking_back_asks_first(app, sign_in):
    school, head = ready()
    handed_in(app, school, head)
    browser = sign_in(head)

    question = browser.get("/school/application/withdraw")
    before = state_of(app, school)
    answer = browser.post("/school/application/withdraw")

    assert "What you submitted stays on record." in words(main(question))
    assert (before, answer.location) == ((ApplicationState.SUBMITTED, 1), "/school/application")
    assert state_of(app, school) == (ApplicationState.WITHDRAWN, 1)


def test_what_cannot_be_taken_back_says_so(app, sign_in):
    school, head = ready()
    factories.application(school, round=1, state=ApplicationState.IN_REVIEW)
    browser = sign_in(head)

    answer = browser.post("/school/application/withdraw")
    after = browser.get(answer.location)

    assert notices(after) == ["There is no application to withdraw."]
    assert state_of(app, school) == (ApplicationState.IN_REVIEW, 1)
