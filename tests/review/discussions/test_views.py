"""Pages of comments, for the school and for the group; what is internal never leaves the group."""

import io
import zipfile
from uuid import uuid4

import pytest
from sqlalchemy import select

from cissapp.foundation.core.db import session, unit_of_work
from cissapp.foundation.core.roles import Role
from cissapp.people.accounts.queries import people_of_school
from cissapp.people.notices.models import Mail
from cissapp.review.discussions import queries, services
from cissapp.review.discussions.models import Comment, Thread
from cissapp.review.discussions.rules import Audience
from cissapp.review.discussions.services import Subject
from tests import factories as make
from tests.factories import NOW

CANARY = "canary-4b81-internal"
SHARED = "Where is the date of the policy?"


class Case:
    """An application with a thread of each kind, and everybody around it."""

    def __init__(self, app) -> None:
        with app.app_context(), unit_of_work():
            application = make.handed_in()
            self.reviewer, self.second = make.reviewers(application)
            self.head = people_of_school(application.school_id)[0]
            threads = {
                one: services.open_thread(
                    application,
                    Subject("A1"),
                    audience=one,
                    text=CANARY if one is Audience.INTERNAL else SHARED,
                    by=self.reviewer,
                    at=NOW,
                )
                for one in Audience
            }
            self.application_id = application.id
            self.group_id = application.group_id
            self.internal, self.shared = (threads[one].id for one in Audience)
        self.of_school = "/school/application/comments"
        self.of_group = f"/reviews/{self.application_id}/comments"


@pytest.fixture
def case(app) -> Case:
    return Case(app)


def texts(app) -> list[str | None]:
    with app.app_context():
        return list(session.scalars(select(Comment.text).order_by(Comment.written_at)))


def test_the_school_reads_and_answers(app, case, sign_in):
    browser = sign_in(case.head)

    listed = browser.get(case.of_school).text
    assert SHARED in listed
    assert case.reviewer.name not in listed
    answered = browser.post(f"{case.of_school}/{case.shared}", data={"text": "On page 1."})
    assert (answered.status_code, answered.location) == (302, f"{case.of_school}/{case.shared}")
    assert "On page 1." in browser.get(answered.location).text


def test_an_empty_answer_is_asked_for_and_nothing_is_kept(app, case, sign_in):
    answered = sign_in(case.head).post(f"{case.of_school}/{case.shared}", data={"text": " "})

    assert answered.status_code == 422
    assert "Write a comment." in answered.text
    assert len(texts(app)) == 2


def test_an_internal_thread_is_unknown_to_the_school(case, sign_in):
    browser = sign_in(case.head)

    for thread in (case.internal, uuid4()):
        assert browser.get(f"{case.of_school}/{thread}").status_code == 404
        assert browser.post(f"{case.of_school}/{thread}", data={"text": "x"}).status_code == 404
    for address in (
        case.of_group,
        f"{case.of_group}/{case.shared}",
        f"{case.of_group}/new?criterion=A1",
    ):
        assert browser.get(address).status_code == 404
    assert browser.post(f"{case.of_group}/{case.shared}/resolve").status_code == 404


def test_a_foreign_school_and_group_know_nothing(case, sign_in):
    school, group = sign_in(make.manager()), sign_in(make.user(Role.REVIEWER))

    assert school.get(f"{case.of_school}/{case.shared}").status_code == 404
    assert group.get(f"{case.of_school}/{case.shared}").status_code == 404
    assert group.get(case.of_group).status_code == 404
    assert group.get(f"{case.of_group}/{case.shared}").status_code == 404


def unpacked(body: bytes) -> bytes:
    """Give what an answer holds, the files of an archive too."""
    if not zipfile.is_zipfile(io.BytesIO(body)):
        return body
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        return body + b"".join(archive.read(name) for name in archive.namelist())


def test_no_address_list_or_export_shows_the_school_an_internal_comment(app, case, sign_in):
    browser = sign_in(case.head)
    ids = {
        "application_id": case.application_id,
        "thread_id": case.internal,
        "school_id": case.head.school_id,
        "criterion_id": "A1",
        "module_id": "children-online",
    }
    asked, leaking = 0, []
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or set()) or not set(rule.arguments) <= set(ids):
            continue
        if rule.endpoint == "static":
            continue
        with app.test_request_context():
            adapter = app.url_map.bind("localhost")
            address = adapter.build(rule.endpoint, {one: ids[one] for one in rule.arguments})
        asked += 1
        if CANARY.encode() in unpacked(browser.get(address).data):
            leaking.append(address)

    assert leaking == []
    assert asked > 40
    with app.app_context():
        mails = session.execute(select(Mail.subject, Mail.body)).all()
    assert not any(CANARY in str(one) for one in mails)
    sent = list((app.config["CISS"].keys_dir.parent / "mail").glob("*.eml"))
    assert sent
    assert [one.name for one in sent if CANARY in one.read_text()] == []


def test_the_page_of_a_criterion_links_to_comments_where_there_are_any(case, sign_in):
    browser = sign_in(case.head)

    assert f'href="{case.of_school}"' in browser.get("/school/self-assessment/A1").text
    assert f'href="{case.of_school}"' not in browser.get("/school/self-assessment/A2").text


def test_the_group_begins_answers_and_settles(app, case, sign_in):
    browser = sign_in(case.reviewer)

    asked = browser.post(
        f"{case.of_group}/new?criterion=B1",
        data={"audience": "with_school", "text": "Who opens it?"},
    )
    assert asked.status_code == 302
    assert "Who opens it?" in browser.get(asked.location).text
    settled = browser.post(f"{asked.location}/resolve")
    assert settled.status_code == 302
    assert "Settled on" in browser.get(asked.location).text
    browser.post(asked.location, data={"text": "One thing more."})
    assert "Settled on" not in browser.get(asked.location).text


def test_who_reads_it_is_never_chosen_beforehand(case, sign_in):
    browser = sign_in(case.reviewer)

    assert "checked" not in browser.get(f"{case.of_group}/new?criterion=A1").text
    answered = browser.post(f"{case.of_group}/new?criterion=A1", data={"text": "For whom?"})
    assert answered.status_code == 422
    assert "Choose who can read this." in answered.text


def test_a_comment_on_a_page_remembers_the_version(app, case, sign_in):
    with app.app_context():
        version = queries.newest_version(
            session.scalars(select(Thread))
            .first()
            .application.submissions[0]
            .versions[0]
            .version.document_id
        )
    address = f"{case.of_group}/new?criterion=A1&version={version.id}"

    asked = sign_in(case.reviewer).post(
        address, data={"audience": "internal", "page": "4", "text": "Here."}
    )

    assert asked.status_code == 302
    with app.app_context():
        made = session.scalars(select(Comment).where(Comment.text == "Here.")).one()
        assert (made.thread.page, made.version_id, made.version_number) == (4, version.id, 1)


def test_another_member_of_the_group_sees_nothing_while_reviews_are_written(case, sign_in):
    browser = sign_in(case.second)

    page = browser.get(case.of_group).text
    assert CANARY not in page
    assert SHARED not in page
    assert CANARY not in browser.get(f"/reviews/{case.application_id}/criteria/A1").text
    assert browser.get(f"{case.of_group}/{case.internal}").status_code == 404
    assert browser.post(f"{case.of_group}/{case.internal}", data={"text": "x"}).status_code == 404


def test_who_declared_nothing_is_led_to_the_declaration(case, sign_in):
    silent = make.user(Role.REVIEWER, group_id=case.group_id)

    answered = sign_in(silent).get(case.of_group)

    assert answered.location == f"/reviews/{case.application_id}/declaration"


def test_nothing_to_discuss_is_an_empty_page(sign_in):
    page = sign_in(make.manager()).get("/school/application/comments")

    assert page.status_code == 200
    assert "There are no comments yet." in page.text
