"""The pages of the review: closed until declared, blind while open, four eyes, and the school's letter."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import func, select

from cissapp.foundation.core.db import session, unit_of_work
from cissapp.foundation.core.roles import Role
from cissapp.foundation.core.storage import files
from cissapp.people.accounts.models import User
from cissapp.people.schools.rules import Progress
from cissapp.prepare.applications.models import Application
from cissapp.prepare.applications.rules import ApplicationOutcome, ApplicationState
from cissapp.prepare.applications.submission_content.reading import parse_submission
from cissapp.review.independence.models import Declaration
from cissapp.review.independence.queries import assignment_of
from cissapp.review.independence.rules import CaseRole
from cissapp.review.independence.services import declare_late, enter_mentoring, take_role
from cissapp.review.reviews.models import Decision, Review, Score
from cissapp.review.reviews.rules import ReviewState
from cissapp.review.reviews.rules.places import ReviewPlace
from tests import factories as make
from tests.factories import NOW, REASON
from tests.pages import text_of, tree, words
from tests.review.reviews.test_services import second_round
from tests.shipped import SHIPPED
from tests.statements import statements_sent

pytestmark = pytest.mark.usefixtures("stopped_clock", "plain_files")

REASONS = "The scores follow from what the school has shown."
SUMMARY = "Internal: clear and dated, but the deputy hesitated on the phone."
MINOR = {"recommendation": ApplicationOutcome.MINOR_GAPS, "level": None}
CONTENTS = ("in words of its own", "Everybody looks after everybody", "Psychologist")


@contextmanager
def rows(app: Any) -> Iterator[Any]:
    with app.app_context():
        yield session
        session.remove()


def sections(answer: Any) -> dict[str, list[str]]:
    """The lines of each task list by the heading above it."""
    found = {}
    for section in tree(answer).findall(".//main//section"):
        heading = section.find("h2")
        if heading is not None:
            labels = section.findall(".//*[@class='task-label']")
            found[words(heading)] = [words(one) for one in labels]
    return found


def links(answer: Any) -> list[str]:
    return [one.get("href") for one in tree(answer).findall(".//main//a")]


def at(application: Any, rest: str = "") -> str:
    return f"/reviews/{application.id}{rest}"


def version_id(application: Any) -> Any:
    return application.submissions[0].versions[0].version_id


def addresses(application: Any, version: Any) -> list[tuple[str, str]]:
    """Every address below an application but its first page and the declaration."""
    return [
        ("POST", at(application, "/start")),
        ("GET", at(application, "/criteria/A1")),
        ("POST", at(application, "/criteria/A1")),
        ("GET", at(application, f"/documents/{version}/file")),
        ("GET", at(application, "/recommendation")),
        ("POST", at(application, "/recommendation")),
        ("GET", at(application, "/decision")),
        ("POST", at(application, "/decision")),
    ]


def first_version(app: Any, application: Any) -> Any:
    with rows(app):
        return version_id(session.get(Application, application.id))


def declare(application: Any, person: Any) -> None:
    make.declared(application, person)


@make.a_beginning("application.school", "submission.sha256", "assessor.name")
def recommended(**levels: int | None) -> tuple[Any, Any, Any]:
    review, assessor, decider = make.assessing()
    values: dict[str, Any] = {"summary": SUMMARY, **(MINOR if levels else {})}
    return make.recommended(make.scored(review, **levels), **values), assessor, decider


def to_decide(**levels: int | None) -> tuple[Any, Any, Any, Any]:
    review, assessor, decider = recommended(**levels)
    return review.application, review, assessor, decider


def answers(review: Any, **values: Any) -> dict[str, Any]:
    return {
        "outcome": "certified",
        "level": "1",
        "reasons": REASONS,
        "version": str(review.version),
        "sha256": review.submission.sha256,
        **values,
    }


def count(app: Any, kind: type[Any]) -> int:
    with rows(app):
        return session.scalar(select(func.count()).select_from(kind)) or 0


# --- the queue -------------------------------------------------------------------------------


def test_the_queue_shows_first_what_waits_for_the_person(app, sign_in):
    group = make.group()

    def application(name: str) -> Any:
        school = make.school(group_id=group.id, name=name, progress=Progress.TRAINED)
        return make.handed_in(school)

    new, mine, decide = application("New"), application("Mine"), application("To decide")
    theirs, tied, _foreign = application("Theirs"), application("Tied"), make.handed_in()
    me, other = (make.user(Role.REVIEWER, group_id=group.id) for _ in range(2))
    for one in (mine, decide, theirs):
        declare(one, me)
        declare(one, other)
    make.declared(tied, me, "paid_by_school")
    make.begun(mine, me)
    make.begun(theirs, other)
    make.recommended(make.scored(make.begun(decide, other)))

    page = sign_in(me).get("/reviews")

    assert {key: sorted(value) for key, value in sections(page).items() if value} == {
        "To review": ["Mine", "New"],
        "To decide": ["To decide"],
        "Other cases under way": ["Theirs", "Tied"],
    }
    assert at(new) in links(page)
    assert "due 9 December 2026, in 14 days" in text_of(page)


def test_a_case_that_waits_for_a_decision_is_called_so_in_the_list_and_on_its_page(app, sign_in):
    application, _review, _assessor, decider = to_decide()
    browser = sign_in(decider)

    for page in (browser.get("/reviews"), browser.get(at(application))):
        assert "Waiting for a decision" in text_of(page)
    assert "In review" not in text_of(page)


def test_an_empty_queue_says_what_will_be_there(sign_in):
    page = sign_in(make.user(Role.COORDINATOR)).get("/reviews")

    found = {key: value for key, value in sections(page).items() if value}
    assert list(found) == [
        "To be confirmed by your group",
        "Your group’s certificates and letters",
    ]
    assert "No school in your group has an application under way." in text_of(page)


def test_decided_applications_stand_behind_a_link(app, sign_in):
    application, review, assessor, decider = to_decide()
    make.ruled(review, decider)
    browser, name = sign_in(assessor), application.school.name

    page = browser.get("/reviews")
    lists = {
        search: name in text_of(browser.get(f"/reviews/decided?name={search}"))
        for search in ("", name.upper(), "nobody")
    }

    assert "/reviews/decided" in links(page)
    assert [one for lines in sections(page).values() for one in lines if one == name] == []
    assert lists == {"": True, name.upper(): True, "nobody": False}


def test_one_row_and_three_rows_take_as_many_queries(app, sign_in):
    group = make.group()
    browser = sign_in(make.user(Role.REVIEWER, group_id=group.id))
    counts = []
    for more in (1, 2):
        for _ in range(more):
            make.handed_in(make.school(group_id=group.id, progress=Progress.TRAINED))
        with statements_sent(app) as seen:
            page = browser.get("/reviews")
        counts.append((len(sections(page)["To review"]), len(seen)))

    assert [rows_ for rows_, _queries in counts] == [1, 3]
    assert counts[0][1] == counts[1][1]


# --- the door --------------------------------------------------------------------------------


def test_before_a_declaration_only_the_school_its_region_and_state_are_shown(app, sign_in):
    application = make.handed_in()
    browser = sign_in(make.user(Role.REVIEWER, group_id=application.school.group_id))

    page = browser.get(at(application))

    assert text_of(page) == (
        f"Cases {application.school.name} {application.school.name} "
        "Orhei · round 1 · submitted 25 November 2026 · due 12 January 2027, in 48 days "
        "● Submitted Next for you Declare whether you have a conflict of interest "
        "You can open the contents after that. It takes two minutes. Declare"
    )
    assert links(page) == ["/reviews", at(application, "/declaration")]


def test_before_a_declaration_every_address_leads_to_it(app, sign_in):
    application = make.handed_in()
    browser = sign_in(make.user(Role.COORDINATOR, group_id=application.school.group_id))
    asked = addresses(application, first_version(app, application))

    led = {
        browser.open(path, method=method, data=_token(browser, method)).location
        for method, path in asked
    }

    assert led == {at(application, "/declaration")}
    assert count(app, Review) == 0


def _token(browser: Any, method: str) -> dict[str, str]:
    return {"csrf_token": browser.token()} if method == "POST" else {}


def test_a_declared_tie_closes_every_address_for_good(app, sign_in):
    application, review, _assessor, _decider = to_decide()
    person = make.user(Role.REVIEWER, group_id=application.school.group_id)
    browser = sign_in(person)
    browser.post(at(application, "/declaration"), data={"grounds": ["paid_by_school"]})

    asked = addresses(application, first_version(app, application))
    answers = [
        (method, browser.open(path, method=method, data=_token(browser, method)))
        for method, path in asked
    ]
    page = browser.get(at(application))
    again = browser.post(at(application, "/declaration"), data={"grounds": ["none"]})

    assert {one.status_code for method, one in answers if method == "GET"} == {404}
    # Whoever sends a form gets back what it holds, and nothing of the case.
    assert {one.status_code for method, one in answers if method != "GET"} <= {404, 409}
    assert not [one for _method, one in answers if application.school.name in text_of(one)]
    assert "Thank you for declaring a conflict of interest" in text_of(page)
    assert [one for one in (*CONTENTS, REASON, SUMMARY) if one in text_of(page)] == []
    assert again.location == at(application)
    with rows(app):
        query = select(Declaration.grounds).where(Declaration.user_id == person.id)
        assert session.scalars(query).all() == [["paid_by_school"]]
        assert session.get(Review, review.id).version == review.version


@pytest.mark.one_database("sqlite")
@pytest.mark.parametrize("declared", [False, True])
def test_a_mentor_sees_nothing_that_the_school_does_not_show_and_reads_why(app, sign_in, declared):
    application = make.handed_in(sift=False)
    mentor = make.user(Role.REVIEWER, group_id=application.group_id)
    if declared:
        make.declared(application, mentor)
    with app.app_context(), unit_of_work():
        row = session.get(Application, application.id)
        coordinator = make.user(Role.COORDINATOR, group_id=application.group_id)
        enter_mentoring(row.school, mentor.id, NOW.date(), None, by=coordinator, at=NOW)
    browser = sign_in(mentor)

    page = text_of(browser.get(at(application)))
    assert "This case is closed to you You mentor this school" in page
    assert not any(one in page for one in (*CONTENTS, "Begin", "Declare whether"))
    for rest in ("/criteria/A1", "/sift", "/comments", "/visit", "/brief", "/recommendation"):
        assert browser.get(at(application, rest)).status_code == 404, rest
    assert browser.get(at(application, "/declaration")).location == at(application)


def test_a_foreign_group_finds_nothing(app, sign_in):
    application, _review, _assessor, _decider = to_decide()
    stranger = make.user(Role.COORDINATOR)
    browser = sign_in(stranger)
    asked = [
        *addresses(application, first_version(app, application)),
        ("GET", at(application)),
        ("GET", at(application, "/declaration")),
        ("POST", at(application, "/declaration")),
    ]

    statuses = {
        browser.open(path, method=method, data=_token(browser, method)).status_code
        for method, path in asked
    }

    assert statuses == {404}
    assert sections(browser.get("/reviews"))["Other cases under way"] == []


@pytest.mark.parametrize("role", [Role.SCHOOL_MANAGER, Role.MINISTRY, Role.SECRETARIAT])
def test_other_roles_have_no_business_here(app, sign_in, role):
    application = make.handed_in()
    browser = sign_in(make.user(role))
    asked = [("GET", "/reviews"), *addresses(application, first_version(app, application))]

    statuses = {
        browser.open(path, method=method, data=_token(browser, method)).status_code
        for method, path in asked
    }

    assert statuses == {403}


def test_what_the_school_took_back_is_closed_again(app, sign_in):
    from cissapp.prepare.applications.services import withdraw

    application = make.handed_in()
    person, other = make.reviewers(application)
    with app.app_context(), unit_of_work():
        withdraw(session.get(Application, application.id), by=other, at=NOW)
    browser = sign_in(person)

    page = browser.get(at(application))

    assert "The school has taken this application back. Its contents are closed." in text_of(page)
    assert browser.get(at(application, "/criteria/A1")).status_code == 404


def test_who_takes_part_sees_what_the_completeness_check_sent_back(app, sign_in):
    from cissapp.review.reviews.services import check_completeness

    application = make.handed_in(sift=False)
    person, other = make.reviewers(application)
    with app.app_context(), unit_of_work():
        check_completeness(
            session.get(Application, application.id),
            remarks={"A2": "The page with the date cannot be read."},
            content=app.extensions["ciss-content"],
            by=other,
            at=NOW,
        )

    page = sign_in(person).get(at(application))

    assert "Sent back by the completeness check A2 The page with the date" in text_of(page)


def test_a_draft_is_unknown_to_the_group(app, sign_in):
    school = make.school()
    draft = make.application(school)
    browser = sign_in(make.user(Role.REVIEWER, group_id=school.group_id))

    assert browser.get(at(draft)).status_code == 404
    assert sections(browser.get("/reviews"))["Other cases under way"] == []


# --- the declaration -------------------------------------------------------------------------


def test_the_declaration_asks_every_question_of_the_standard(app, sign_in):
    application = make.handed_in()
    browser = sign_in(make.user(Role.REVIEWER, group_id=application.school.group_id))

    page = browser.get(at(application, "/declaration"))

    asked = [one.get("value") for one in tree(page).findall(".//main//input[@type='checkbox']")]
    standard = app.extensions["ciss-content"].standard
    assert asked == [*(one.id for one in standard.decision.conflicts), "none"]
    assert [one for one in CONTENTS if one in text_of(page)] == []


@pytest.mark.parametrize(
    ("grounds", "said"),
    [
        ([], "Tick what is true for you, or tick that none of it is."),
        (
            ["none", "paid_by_school"],
            "You ticked a conflict of interest, and also that you have none. Untick one of them.",
        ),
        (["made-up"], "alid choice"),
    ],
)
def test_an_unclear_declaration_is_asked_again(app, sign_in, grounds, said):
    application = make.handed_in()
    browser = sign_in(make.user(Role.REVIEWER, group_id=application.school.group_id))

    answer = browser.post(
        at(application, "/declaration"), data={"grounds": grounds, "note": "My note."}
    )

    assert answer.status_code == 422
    assert said in text_of(answer)
    assert "My note." in text_of(answer)
    assert count(app, Declaration) == 1  # of the coordinator who sifted


def test_after_a_declaration_without_ties_the_contents_open(app, sign_in):
    application = make.handed_in()
    browser = sign_in(make.user(Role.REVIEWER, group_id=application.school.group_id))

    answer = browser.post(at(application, "/declaration"), data={"grounds": ["none"]})
    page = browser.get(at(application))

    assert answer.location == at(application)
    assert "Begin the review" in text_of(page)
    assert len(sections(page)["A · School safety policy"]) == 16
    assert browser.get(at(application, "/declaration")).location == at(application)


# --- assessing -------------------------------------------------------------------------------


def assessing() -> tuple[Any, Any, Any, Any]:
    review, assessor, other = make.assessing()
    return review.application, review, assessor, other


def test_who_begins_goes_on_to_the_first_criterion(app, sign_in):
    application = make.handed_in()
    person, _other = make.reviewers(application)
    browser = sign_in(person)

    answer = browser.post(at(application, "/start"))
    page = browser.get(at(application))

    assert answer.location == at(application)
    assert at(application, "/criteria/A1") in links(page)
    assert "0 of 44 criteria scored" in text_of(page)


def test_the_second_who_begins_is_told(app, sign_in):
    application, _review, _assessor, other = assessing()

    answer = sign_in(other).post(at(application, "/start"))

    assert answer.status_code == 409
    assert "Another person has already begun this review." in text_of(answer)


def test_a_criterion_stands_beside_the_document(app, sign_in):
    application, _review, assessor, _other = assessing()

    page = sign_in(assessor).get(at(application, "/criteria/A1"))

    said = text_of(page)
    assert "School safety policy, version 1" in said
    assert "Everybody looks after everybody." in said
    assert "How the school meets A1, in words of its own." in said
    levels = [one.get("value") for one in tree(page).findall(".//main//input[@type='radio']")]
    assert levels == ["0", "1", "2", "3"]
    assert at(application, f"/documents/{first_version(app, application)}/file") in links(page)


def test_the_mechanism_is_one_of_the_documents(app, sign_in):
    application, _review, assessor, _other = assessing()

    page = sign_in(assessor).get(at(application, "/criteria/A12?document=mechanism"))

    assert "Nobody looks at or copies such images." in text_of(page)
    assert "Psychologist" in text_of(page)
    levels = [one.get("value") for one in tree(page).findall(".//main//input[@type='radio']")]
    assert levels == ["0", "1", "2", "3", "na"]


def test_the_reviewer_reads_to_whom_a_criterion_may_not_apply(app, sign_in):
    application, _review, assessor, _other = assessing()
    browser = sign_in(assessor)

    not_for = SHIPPED.standard.by_id["C7"].text("en").not_applicable
    assert not_for
    assert not_for in text_of(browser.get(at(application, "/criteria/C7")))
    for key in ("A4", "A14", "B14"):
        page = browser.get(at(application, f"/criteria/{key}"))
        levels = [one.get("value") for one in tree(page).findall(".//main//input[@type='radio']")]
        assert levels == ["0", "1", "2", "3"]


def test_a_score_is_saved_and_leads_to_the_next_criterion(app, sign_in):
    application, _review, assessor, _other = assessing()
    browser = sign_in(assessor)

    answer = browser.post(at(application, "/criteria/A1"), data={"level": "2", "reason": REASON})
    page = browser.get(at(application, "/criteria/A1"))

    assert answer.location == at(application, "/criteria/A2")
    assert REASON in text_of(page)
    assert "Saved 11:00:00" in text_of(page)
    checked = tree(page).findall(".//main//input[@type='radio'][@checked]")
    assert [one.get("value") for one in checked] == ["2"]


def test_one_can_save_and_stay_beside_the_same_document(app, sign_in):
    application, _review, assessor, _other = assessing()
    path = at(application, f"/criteria/A1?document={first_version(app, application)}")

    answer = sign_in(assessor).post(path, data={"level": "2", "reason": REASON, "stay": "1"})

    assert answer.location == path


def test_a_save_leads_to_what_is_not_scored_yet_and_at_last_to_the_recommendation(app, sign_in):
    application, review, assessor, _other = assessing()
    browser, score = sign_in(assessor), {"level": "2", "reason": REASON}

    last = browser.post(at(application, "/criteria/C12"), data=score)
    make.scored(review)
    done = browser.post(at(application, "/criteria/A5"), data=score)

    assert last.location == at(application, "/criteria/A1")
    assert done.location == at(application, "/recommendation")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"reason": REASON}, "Choose a level."),
        ({"level": "2", "reason": "Short."}, "Enter a reason of at least 20 characters."),
        ({"level": "0", "reason": "Twenty and some more."}, "The school chose level 2. Explain"),
        ({"level": "na", "reason": REASON}, "alid choice"),
        ({"level": "4", "reason": REASON}, "alid choice"),
    ],
)
def test_a_score_that_lacks_something_is_kept_on_the_page(app, sign_in, data, said):
    application, _review, assessor, _other = assessing()

    answer = sign_in(assessor).post(at(application, "/criteria/A1"), data=data)

    assert answer.status_code == 422
    assert said in text_of(answer)
    assert data["reason"] in text_of(answer)
    assert count(app, Score) == 0


SCORE = {
    "level": "2",
    "reason": "The annex names who is told, and by when.",
    "seen_in": "mechanism",
}


@pytest.mark.one_database("sqlite")
@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"left": True}, "handed over to another person"),
        ({"state": ReviewState.VOID}, "reviews that it compared no longer counts"),
        ({"state": ReviewState.VOID, "left": True}, "reviews that it compared no longer counts"),
        ({"begun": False}, "have not begun this review yet"),
        ({"begun": False, "paused": True}, "have not begun this review yet"),
        ({"state": ReviewState.HANDED_IN}, "has been submitted and cannot be changed"),
        ({"state": ReviewState.STOPPED}, "paused until it has answered"),
    ],
)
def test_a_review_that_ended_meanwhile_says_so_and_gives_back_what_was_typed(
    app, sign_in, values, said
):
    review, assessor, other = make.assessing()
    browser, page = sign_in(assessor), at(review.application, "/criteria/A1")
    with app.app_context(), unit_of_work():
        row = session.get(Review, review.id)
        held = assignment_of(row.application_id, assessor.id)
        if "left" in values:
            held.left_at, held.left_by_id, held.left_reason = NOW, assessor.id, "Ill."
        row.state = values.get("state", row.state)
        if "begun" in values:
            row.assessor_id = other.id
        if "paused" in values:
            row.application.state = ApplicationState.CHANGES_REQUESTED
        if row.state is ReviewState.VOID:
            row.place = ReviewPlace.THIRD
        if row.state is ReviewState.HANDED_IN:
            row.handed_in_at, row.recommendation = NOW, ApplicationOutcome.MINOR_GAPS
        if row.state is ReviewState.STOPPED:
            row.application.state = ApplicationState.CHANGES_REQUESTED

    answer = browser.post(page, data=SCORE)
    assert (answer.status_code, said in text_of(answer)) == (409, True)
    assert SCORE["reason"] in text_of(answer)
    assert "Nothing was saved this time." in text_of(answer)
    assert SCORE["seen_in"] not in text_of(answer), "a code that nobody typed"
    assert at(review.application) in links(answer)
    quiet = browser.post(page, data=SCORE, headers={"Accept": "application/json"})
    assert (quiet.status_code, said in quiet.json["message"]) == (409, True)
    summary = {"outcome": "minor_gaps", "summary": SUMMARY, "version": "1"}
    sent = browser.post(at(review.application, "/recommendation"), data=summary)
    assert (sent.status_code, SUMMARY in text_of(sent)) == (409, True)
    if "begun" in values:
        pages = ("/recommendation", "/question", "/agreement")
        led = {browser.get(at(review.application, one)).location for one in pages}
        assert led == {at(review.application)}


@pytest.mark.one_database("sqlite")
def test_the_second_of_two_clicks_leads_to_the_case_and_another_text_is_given_back(app, sign_in):
    """The first click had saved everything; the second said that nothing was saved."""
    application = make.handed_in(sift=False)
    reviewer = make.reviewers(application, 1)[0]
    browser, case = sign_in(reviewer), at(application)
    asked = {"about_0": "A1", "text_0": "Where can pupils read this? Please send the page."}
    other_text = "A sentence that was typed in another tab, about the same criterion."

    passes = [browser.post(f"{case}/sift", data={"result": "passes"}) for _ in range(2)]
    returned = browser.post(
        f"{case}/sift", data={"result": "returns", "about_0": "all", "text_0": other_text}
    )
    assert [one.location for one in passes] == [case, case]
    assert (returned.status_code, other_text in text_of(returned)) == (409, True)

    with app.app_context(), unit_of_work():
        make.begun(session.get(Application, application.id), session.get(User, reviewer.id))
    question = [browser.post(f"{case}/question", data=asked) for _ in range(2)]
    another = browser.post(f"{case}/question", data={**asked, "text_0": other_text})
    assert [one.location for one in question] == [case, case]
    assert (another.status_code, other_text in text_of(another)) == (409, True)


@pytest.mark.one_database("sqlite")
def test_a_recommendation_sent_twice_is_no_error_and_another_text_is_given_back(sign_in):
    """A text of a second tab vanished behind the page of the case, as if it had been saved."""
    review, reviewer, _other = make.assessing()
    make.scored(review)
    page, browser = at(review.application, "/recommendation"), sign_in(reviewer)
    version = tree(browser.get(page)).find(".//input[@name='version']").get("value")
    given = {"outcome": "certified", "level": "1", "summary": SUMMARY, "version": version}

    twice = [browser.post(page, data=given) for _ in range(2)]
    differs = [{"summary": SUMMARY + " More."}, {"outcome": "major_gaps"}, {"level": "2"}]
    others = [browser.post(page, data={**given, **one}) for one in differs]

    assert [one.location for one in twice] == [at(review.application)] * 2
    assert [one.status_code for one in others] == [409, 409, 409]
    assert SUMMARY + " More." in text_of(others[0])


@pytest.mark.one_database("sqlite")
def test_remarks_of_the_second_who_checks_completeness_are_given_back(app, sign_in):
    application = make.handed_in()
    browser = sign_in(make.reviewers(application, 1)[0])
    remark = "The annex of the policy is missing from the file."

    answer = browser.post(at(application, "/sift"), data={"result": "returned", "text-0": remark})

    assert (answer.status_code, remark in text_of(answer)) == (409, True)
    assert browser.get(at(application, "/sift")).location == at(application)


@pytest.mark.one_database("sqlite")
def test_remarks_on_what_the_school_took_back_are_given_back(app, sign_in):
    application = make.handed_in(sift=False)
    person = make.reviewers(application, 1)[0]
    with app.app_context(), unit_of_work():
        row = session.get(Application, application.id)
        take_role(row, person.id, CaseRole.REVIEWER, by=person, at=NOW)
        row.state = ApplicationState.WITHDRAWN
    remark = "The annex of the policy is missing from the file."

    browser = sign_in(person)
    answer = browser.post(at(application, "/sift"), data={"result": "returned", "text-0": remark})

    assert (answer.status_code, remark in text_of(answer)) == (409, True)
    assert "has taken its application back" in text_of(answer)
    assert browser.get(at(application, "/sift")).status_code == 404


@pytest.mark.one_database("sqlite")
@pytest.mark.parametrize(
    ("page", "name"),
    [("/criteria/{id}", "text"), ("/recommendation", "summary"), ("/sift", "text-0")],
)
def test_what_was_typed_beside_a_conflict_declared_elsewhere_is_given_back(
    app, sign_in, page, name
):
    application, _review, assessor, _other = assessing()
    criterion = SHIPPED.standard.criteria[0]
    browser, page = sign_in(assessor), at(application, page.format(id=criterion.id))
    typed = "The police of the town are named, but no hours."
    with app.app_context(), unit_of_work():
        row, person = session.get(Application, application.id), session.get(User, assessor.id)
        declare_late(row, grounds=["family"], note="", by=person, at=NOW)

    answer = browser.post(page, data={name: typed})

    words = text_of(answer)
    assert (answer.status_code, typed in words) == (409, True)
    assert "You declared a conflict of interest with this school." in words
    assert not [one for one in (criterion.text("en").title, row.school.name) if one in words]
    assert browser.get(page).status_code == 404
    assert browser.get(at(application)).status_code == 200


@pytest.mark.one_database("sqlite")
@pytest.mark.parametrize(
    ("page", "name"), [("/sift", "text-0"), ("/visit/checklist/A1", "A1-note")]
)
@pytest.mark.parametrize("is_closed", [False, True])
def test_what_a_person_without_a_role_typed_is_given_back_once_the_case_is_closed_to_them(
    app, sign_in, page, name, is_closed
):
    """Who checks completeness or was at the visit has no role in the case: their text met a page not found."""
    application = make.handed_in(sift=False)
    person = make.reviewers(application, 1)[0]
    with app.app_context(), unit_of_work():
        row = session.get(Application, application.id)
        if is_closed:
            row.state = ApplicationState.WITHDRAWN
        else:
            declare_late(row, grounds=["family"], note="", by=session.merge(person), at=NOW)
    typed = "The police of the town are named, but no hours."
    browser, page = sign_in(person), at(application, page)

    answer = browser.post(page, data={name: typed})

    said = "has taken its application back" if is_closed else "You declared a conflict of interest"
    assert (answer.status_code, typed in text_of(answer)) == (409, True)
    assert said in text_of(answer)
    assert browser.get(page).status_code == 404


def test_there_is_no_criterion_z9(app, sign_in):
    application, _review, assessor, _other = assessing()

    assert sign_in(assessor).get(at(application, "/criteria/Z9")).status_code == 404


def test_the_file_of_a_document_is_a_download(app, sign_in):
    application, _review, assessor, _other = assessing()
    version = stored(app, application, make.pdf_of("The policy"))

    answer = sign_in(assessor).get(at(application, f"/documents/{version}/file"))

    assert answer.data.startswith(b"%PDF")
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=policy.pdf")
    assert answer.mimetype == "application/pdf"


def test_a_file_of_another_application_is_not_here(app, sign_in):
    application, _review, assessor, _other = assessing()
    theirs = make.handed_in()

    answer = sign_in(assessor).get(at(application, f"/documents/{first_version(app, theirs)}/file"))

    assert answer.status_code == 404


def stored(app: Any, application: Any, content: bytes) -> Any:
    """Put a file where the version that was handed in says that it is."""
    import hashlib

    with app.app_context(), unit_of_work():
        version = session.get(Application, application.id).submissions[0].versions[0].version
        files().put(version.file_key, content)
        version.sha256 = hashlib.sha256(content).hexdigest()
        return version.id


# --- blindness -------------------------------------------------------------------------------


def test_while_a_review_is_open_only_its_assessor_sees_the_scores(app, sign_in):
    application, review, assessor, other = assessing()
    make.scored(review, A1=3)
    browser = sign_in(other)

    overview = browser.get(at(application))
    criterion = browser.get(at(application, "/criteria/A1"))

    assert "criteria scored" not in text_of(overview)
    assert "Level 3" not in text_of(overview)
    assert "The reviewer says" not in text_of(criterion)
    assert REASON not in text_of(criterion)
    assert not tree(criterion).findall(".//main//input[@type='radio']")
    assert REASON in text_of(sign_in(assessor).get(at(application, "/criteria/A1")))


def test_nobody_else_scores_or_recommends(app, sign_in):
    application, review, _assessor, other = assessing()
    make.scored(review)
    browser = sign_in(other)

    scored = browser.post(at(application, "/criteria/A1"), data={"level": "3", "reason": REASON})

    assert scored.status_code == 404
    assert REASON not in text_of(scored)
    assert browser.get(at(application, "/recommendation")).status_code == 404
    assert browser.get(at(application, "/decision")).status_code == 409


def test_after_handing_in_those_who_may_decide_see_the_scores(app, sign_in):
    application, _review, _assessor, decider = to_decide()
    inviter = make.user(Role.COORDINATOR, group_id=application.school.group_id)
    declare(application, inviter)
    make.manager(application.school, invited_by_id=inviter.id)

    seen = sign_in(decider).get(at(application, "/criteria/A1"))
    unseen = sign_in(inviter)

    assert REASON in text_of(seen)
    for path in ("", "/criteria/A1", "/decision"):
        page = unseen.get(at(application, path))
        assert [one for one in (REASON, SUMMARY) if one in text_of(page)] == []
    why = "You invited people from this school. Another person must decide."
    assert why in text_of(unseen.get(at(application)))


# --- the recommendation ----------------------------------------------------------------------


def test_the_recommendation_shows_what_the_rule_makes_of_the_scores(app, sign_in):
    application, review, assessor, _other = assessing()
    make.scored(review, A1=1, A4=3)

    page = sign_in(assessor).get(at(application, "/recommendation"))

    said = text_of(page)
    assert "Level reached by the scores none" in said
    assert "Suggested outcome Minor gaps" in said
    assert "Open for level 1 A1" in said
    assert "A1 is at level 1 and needs to be at least 2." in said


@pytest.mark.parametrize(("language", "shown"), [("en", "1.94"), ("ro", "1,94"), ("uk", "1,94")])
def test_a_mean_is_the_same_figure_wherever_it_stands(app, sign_in, language, shown):
    application, review, assessor, _other = assessing()
    make.scored(review, A1=1)
    browser = sign_in(assessor)
    browser.post("/language", data={"language": language})

    said = text_of(browser.get(at(application, "/recommendation")))

    # 31 of 16 criteria's 32 levels is 1.9375: in the sentence of what is missing, and in the table.
    assert said.count(shown) == 2
    assert shown.replace("4", "3") not in said
    assert shown.replace("1", "2").replace("94", "00") in said


def test_before_all_is_scored_the_recommendation_leads_back(app, sign_in):
    application, review, assessor, _other = assessing()
    browser = sign_in(assessor)

    page = browser.get(at(application, "/recommendation"))
    answer = browser.post(
        at(application, "/recommendation"),
        data={
            "outcome": "certified",
            "level": "1",
            "summary": SUMMARY,
            "version": str(review.version),
        },
    )

    assert at(application, "/criteria/A1") in links(page)
    assert "What the decision rule makes" not in text_of(page)
    assert answer.status_code == 422
    assert "These criteria are not scored yet" in text_of(answer)


def test_the_reviewer_is_shown_the_typical_mistakes(app, sign_in):
    application, _review, assessor, _other = assessing()
    mistakes = app.extensions["ciss-content"].standard.by_id["A2"].text("en").mistakes

    page = sign_in(assessor).get(at(application, "/criteria/A2"))

    assert [one for one in mistakes if one not in text_of(page)] == []


def test_a_recommendation_is_handed_in_once(app, sign_in):
    application, review, assessor, _other = assessing()
    make.scored(review)
    browser = sign_in(assessor)
    data = {
        "outcome": "certified",
        "level": "1",
        "summary": SUMMARY,
        "version": str(review.version),
    }

    first = browser.post(at(application, "/recommendation"), data=data)
    second = browser.post(at(application, "/recommendation"), data=data)

    assert first.location == at(application)
    assert second.location == at(application)
    with rows(app):
        kept = session.get(Review, review.id)
        assert (kept.recommendation, kept.level, kept.summary) == (
            ApplicationOutcome.CERTIFIED, 1, SUMMARY,
        )  # fmt: skip


def test_level_2_names_what_has_to_be_confirmed(app, sign_in):
    application, review, assessor, _other = assessing()
    make.scored(review)

    answer = sign_in(assessor).post(
        at(application, "/recommendation"),
        data={
            "outcome": "certified",
            "level": "2",
            "needs": ["evidence_of_use_six_months", "survey_80_percent"],
            "summary": SUMMARY,
            "version": str(review.version),
        },
    )

    assert answer.status_code == 422
    assert "This has to be confirmed: Visit or video interview." in text_of(answer)
    assert SUMMARY in text_of(answer)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({}, "Choose an outcome."),
        ({"outcome": "certified"}, "Choose the certificate level."),
        ({"outcome": "minor_gaps"}, "Write a summary."),
    ],
)
def test_an_incomplete_recommendation_is_asked_again(app, sign_in, data, said):
    application, review, assessor, _other = assessing()
    make.scored(review)

    answer = sign_in(assessor).post(at(application, "/recommendation"), data=data)

    assert answer.status_code == 422
    assert said in text_of(answer)


# --- the decision ----------------------------------------------------------------------------


def test_the_decision_shows_recommendation_scores_and_rule(app, sign_in):
    application, _review, assessor, decider = to_decide(A1=0, A4=3)

    page = sign_in(decider).get(at(application, "/decision"))

    said = text_of(page)
    assert f"{assessor.name} recommends: Minor gaps" in said
    assert SUMMARY in said
    cards = [words(one) for one in tree(page).findall(".//main//h3/a")]
    assert cards == [f"A1 · {SHIPPED.standard.by_id['A1'].text('en').title}"]
    settled = [
        words(one)
        for one in tree(page).findall(".//main//tbody/tr/th")
        if one.find("a") is not None
    ]
    assert len(settled) == len(SHIPPED.standard.criteria) - 1
    assert "14 × level 2 1 × level 3" in said
    checked = tree(page).findall(".//main//input[@type='radio'][@checked]")
    assert [one.get("value") for one in checked] == ["major_gaps"]


def test_another_decision_than_the_rule_gives_needs_a_reason_for_the_group(app, sign_in):
    application, review, _assessor, decider = to_decide()
    browser = sign_in(decider)
    other = answers(review, outcome="major_gaps", level="")

    asked = browser.post(at(application, "/decision"), data=other)
    told = browser.post(at(application, "/decision"), data={**other, "departure": SUMMARY})

    assert asked.status_code == 422
    assert "This is not what the rule gives." in text_of(asked)
    assert told.status_code == 200
    assert SUMMARY in text_of(told)
    letter = words(tree(told).find(".//main//article"))
    assert SUMMARY not in letter


def test_a_decision_is_checked_once_more_before_it_is_taken(app, sign_in):
    application, review, _assessor, decider = to_decide()
    make.issuer()
    browser = sign_in(decider)

    check = browser.post(at(application, "/decision"), data=answers(review))
    held = {
        one.get("name"): one.get("value")
        for one in tree(check).findall(".//main//form/input[@type='hidden']")
    }

    assert check.status_code == 200
    assert "Nothing has been decided yet." in text_of(check)
    assert REASONS in text_of(check)
    assert count(app, Decision) == 0

    held.pop("csrf_token")
    taken = browser.post(at(application, "/decision"), data=held)

    assert taken.location == at(application)
    assert "Decision on round 1: Certified, level 1" in text_of(browser.get(at(application)))
    with rows(app):
        assert session.get(Application, application.id).state is ApplicationState.DECIDED


def test_level_2_goes_through_the_check_with_what_was_confirmed(app, sign_in):
    needs = ["evidence_of_use_six_months", "survey_80_percent"]
    review, _assessor, decider = make.assessing()
    review = make.scored(review)
    application = review.application
    make.visited(application)
    review = make.recommended(review, level=2, needs=needs)
    make.issuer()
    browser = sign_in(decider)

    check = browser.post(at(application, "/decision"), data=answers(review, level="2", needs=needs))
    held = {
        one.get("name"): one.get("value")
        for one in tree(check).findall(".//main//form/input[@type='hidden']")
    }
    held.pop("csrf_token")
    browser.post(at(application, "/decision"), data=held)

    assert "Visit or video interview signed by two people" in text_of(check)
    with rows(app):
        assert session.get(Application, application.id).level == 2


def test_a_visit_is_a_fact_that_nobody_can_tick(app, sign_in):
    review, assessor, _other = make.assessing()
    review = make.scored(review)
    application = review.application
    browser = sign_in(assessor)
    ticks = ["evidence_of_use_six_months", "visit_or_video_interview", "survey_80_percent"]

    page = browser.get(at(application, "/recommendation"))
    assert "visit_or_video_interview" not in page.text
    assert at(application, "/visit") in links(page)
    data = {"outcome": "certified", "level": "2", "summary": SUMMARY, "version": review.version}
    ticked = browser.post(at(application, "/recommendation"), data={**data, "needs": ticks})
    assert ticked.status_code == 422
    silent = browser.post(at(application, "/recommendation"), data={**data, "needs": ticks[::2]})
    assert silent.status_code == 422
    assert "This has to be confirmed: Visit or video interview." in text_of(silent)

    make.visited(application)
    assert "the record is signed by two people" in text_of(
        browser.get(at(application, "/recommendation"))
    )


def test_answers_can_be_changed_after_the_check(app, sign_in):
    application, review, _assessor, decider = to_decide()

    answer = sign_in(decider).post(
        at(application, "/decision"), data=answers(review, checked="1", change="1")
    )

    assert REASONS in text_of(answer)
    checked = tree(answer).findall(".//main//input[@type='radio'][@checked]")
    assert [one.get("value") for one in checked] == ["certified", "1"]
    assert count(app, Decision) == 0


@pytest.mark.parametrize("checked", ["", "1"])
@pytest.mark.parametrize("seen", [{"version": "1"}, {"sha256": "0" * 64}, {"version": "x"}])
def test_a_decision_on_an_old_page_is_told_so(app, sign_in, seen, checked):
    application, review, _assessor, decider = to_decide()

    answer = sign_in(decider).post(
        at(application, "/decision"), data=answers(review, checked=checked, **seen)
    )

    assert answer.status_code == 409
    assert "Nothing was overwritten." in text_of(answer)
    assert count(app, Decision) == 0


def test_the_second_who_decides_is_told(app, sign_in):
    application, review, _assessor, decider = to_decide()
    other = make.user(Role.COORDINATOR, group_id=application.school.group_id)
    declare(application, other)
    make.ruled(review, decider)

    answer = sign_in(other).post(
        at(application, "/decision"),
        data=answers(review, outcome="major_gaps", level="", departure=REASON, checked="1"),
    )

    assert answer.status_code == 409
    assert "Nothing was overwritten." in text_of(answer)
    with rows(app):
        assert session.scalars(select(Decision.outcome)).all() == [ApplicationOutcome.CERTIFIED]


def test_the_assessor_does_not_decide_by_address_either(app, sign_in):
    application, review, assessor, _decider = to_decide()
    browser = sign_in(assessor)

    for answer in (
        browser.get(at(application, "/decision")),
        browser.post(at(application, "/decision"), data=answers(review, checked="1")),
        browser.post(at(application, "/decision"), data=answers(review)),
    ):
        assert answer.status_code == 409
        assert "You reviewed this application. Another person must decide." in text_of(answer)
    assert count(app, Decision) == 0


def test_what_the_rule_forbids_is_said_and_the_answers_stay(app, sign_in):
    application, review, _assessor, decider = to_decide(A1=1, A4=3)

    answer = sign_in(decider).post(at(application, "/decision"), data=answers(review))

    assert answer.status_code == 422
    assert "A1 is at level 1 and needs to be at least 2." in text_of(answer)
    assert REASONS in text_of(answer)
    assert count(app, Decision) == 0


def test_training_that_is_not_finished_is_named(app, sign_in):
    from cissapp.people.accounts.models import User
    from cissapp.people.accounts.queries import people_of_school

    application, review, _assessor, decider = to_decide()
    with app.app_context(), unit_of_work():
        head = people_of_school(application.school_id)[0]
        session.get(User, head.id).deactivated_at = NOW
        head.deactivated_by_id = decider.id

    answer = sign_in(decider).post(at(application, "/decision"), data=answers(review))

    assert answer.status_code == 422
    assert "The training is not finished: Head, 5 modules left." in text_of(answer)


# --- the letter ------------------------------------------------------------------------------

LETTER = "/school/application/decision"


def test_the_letter_says_outcome_reasons_and_the_next_step_of_each_gap(app, sign_in):
    application, review, assessor, decider = to_decide(A1=1, A4=3)
    make.ruled(review, decider, outcome=ApplicationOutcome.MINOR_GAPS, level=None)

    page = sign_in(make.manager(application.school)).get(LETTER)

    said = text_of(page)
    standard = app.extensions["ciss-content"].standard
    assert "Minor gaps" in said
    assert "National group" in said
    assert "25 November 2026" in said
    assert REASONS in said
    assert REASON in said
    assert standard.by_id["A1"].text(application.school.language).levels["2"] in said
    assert "24 ianuarie 2027" in said
    assert "25 decembrie 2026" in said
    titles = [words(one).split(" ")[0] for one in tree(page).findall(".//main//h4")]
    assert titles == ["A1"]
    internal = (SUMMARY, assessor.name, decider.name, assessor.email, decider.email)
    assert [one for one in internal if one in said] == []


def test_the_reason_of_a_gap_stands_where_the_school_works_on_it(app, sign_in):
    application, review, _assessor, decider = to_decide(A1=1, A4=3)
    browser = sign_in(make.manager(application.school))
    criterion = "/school/self-assessment/A1"
    assert "What the national group wrote" not in text_of(browser.get(criterion))

    make.ruled(review, decider, outcome=ApplicationOutcome.MINOR_GAPS, level=None)

    for address in ("/school/application", criterion):
        assert REASON in text_of(browser.get(address))
    assert "What the national group wrote" in text_of(browser.get(criterion))
    assert REASON not in text_of(browser.get("/school/self-assessment/A4"))
    assert REASON not in text_of(sign_in(make.manager()).get(criterion))


def test_who_asks_the_school_is_asked_for_questions(app, sign_in):
    application, _review, assessor, _other = assessing()

    page = sign_in(assessor).get(f"/reviews/{application.id}/question")

    assert "Question 1" in text_of(page)
    assert "What needs to be corrected" not in text_of(page)
    assert called_optional(page)[:2] == ["about_1", "text_1"]


def called_optional(page):
    """List the fields that a page calls optional: those with a label, then those with a legend."""
    root = tree(page)
    named = [
        *((one.get("for"), one) for one in root.iter("label")),
        *((one.get("id"), one.find("legend")) for one in root.iter("fieldset")),
    ]
    return [
        name
        for name, one in named
        if any("optional" in part.get("class", "") for part in one.iter("span"))
    ]


def test_a_level_that_a_certificate_needs_is_not_called_optional(app, sign_in):
    application, review, assessor, _other = assessing()
    make.scored(review)

    page = sign_in(assessor).get(at(application, "/recommendation"))

    assert 'id="level"' in page.text
    assert "level" not in called_optional(page)


def test_a_question_stands_on_the_page_of_its_criterion(app, sign_in):
    application, _review, assessor, _other = assessing()
    asked = {"about_0": "B2", "text_0": "Which way works in the holidays?"}
    assert (
        sign_in(assessor).post(f"/reviews/{application.id}/question", data=asked).status_code == 302
    )

    page = sign_in(make.manager(application.school)).get("/school/self-assessment/B2")

    assert "Which way works in the holidays?" in text_of(page)


def test_the_letter_of_a_certificate_shows_the_way_to_the_next_level(app, sign_in):
    application, review, _assessor, decider = to_decide()
    make.ruled(review, decider)

    page = sign_in(make.manager(application.school)).get(LETTER)

    assert "Certified" in text_of(page)
    assert "Niciun criteriu nu este sub ținta lui." in text_of(page)
    # Reasons, what happens next, next steps: nothing on an appeal, for which there is no ground.
    assert len(tree(page).findall(".//article//h3")) == 3
    assert "/school/certificate" in links(page)


def test_the_letter_of_major_gaps_lists_all_that_is_open(app, sign_in):
    application, review, _assessor, decider = to_decide(A1=0, A4=1, B9=0)
    make.ruled(review, decider, outcome=ApplicationOutcome.MAJOR_GAPS, level=None)

    page = sign_in(make.manager(application.school)).get(LETTER)

    titles = [words(one).split(" ")[0] for one in tree(page).findall(".//main//h4")]
    assert titles == ["A1", "A4", "B9"]
    assert "/school/application" in links(page)


def test_another_school_has_no_letter(app, sign_in):
    _application, review, _assessor, decider = to_decide()
    make.ruled(review, decider)

    assert sign_in(make.manager()).get(LETTER).status_code == 404
    assert sign_in(decider).get(LETTER).status_code == 403


def test_while_a_review_is_open_the_school_has_no_letter(app, sign_in):
    application, _review, _assessor, _decider = to_decide()

    assert sign_in(make.manager(application.school)).get(LETTER).status_code == 404


@pytest.mark.one_database("sqlite")
def test_a_mail_is_sent_to_each_person_of_the_school(app):
    from cissapp.people.notices.models import Mail

    _application, review, _assessor, decider = to_decide()
    make.ruled(review, decider)

    with rows(app):
        sent = session.scalars(select(Mail).where(Mail.kind == "decision")).all()
        assert len(sent) == 2
        assert all(one.sent_at and one.body is None for one in sent)


def test_a_criterion_that_came_back_shows_what_the_school_said_before(app, sign_in):
    with app.app_context(), unit_of_work():
        _review, application, assessor, _decider = second_round()
        first, second = (
            parse_submission(one.content).scores["A1"]
            for one in sorted(application.submissions, key=lambda one: one.round)
        )
        pages = [f"/reviews/{application.id}/criteria/{one}" for one in ("A1", "A2")]
    browser = sign_in(assessor)

    came_back, settled = (text_of(browser.get(one)) for one in pages)

    assert first.text != second.text
    assert f"In round 1 the school said level {first.level} {first.text}" in came_back
    assert second.text in came_back
    assert "In round 1 the school said" not in settled


def test_a_later_round_begins_with_the_criteria_that_came_back(app, sign_in):
    """A reviewer had to find one criterion among forty-four."""
    with app.app_context(), unit_of_work():
        _review, application, assessor, _decider = second_round()
        address = f"/reviews/{application.id}"

    page = sign_in(assessor).get(address)

    said = text_of(page)
    title = SHIPPED.standard.by_id["A1"].text("en").title
    assert sections(page)["Criteria to review"] == [f"A1 · {title}"]
    assert said.index("Criteria to review") < said.index("settled in an earlier round")
    folded = [words(one) for one in tree(page).findall(".//main//details/summary")]
    assert [one[:4] for one in folded][:3] == ["A · ", "B · ", "C · "]
