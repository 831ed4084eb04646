"""What the group sees of the documents: a copy, its pages, what changed, and what lapses too soon."""

import hashlib
import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from cissapp.foundation.core.db import session, unit_of_work
from cissapp.foundation.core.roles import Role
from cissapp.foundation.core.storage import files
from cissapp.foundation.intake import examine
from cissapp.foundation.intake.media import MediaType
from cissapp.operate.demo.schools import policy_files
from cissapp.prepare.applications.models import Application
from cissapp.prepare.applications.rules import ApplicationOutcome
from cissapp.prepare.applications.submission_content.reading import parse_submission
from cissapp.prepare.assessment.models import SelfEvidence
from cissapp.prepare.documents import services as documents
from cissapp.prepare.documents.models import Document, DocumentVersion
from cissapp.prepare.documents.rules import VersionState
from tests import factories as make
from tests.factories import NOW
from tests.pages import tree, words

pytestmark = pytest.mark.usefixtures("stopped_clock")

POLICY = policy_files.policy("School 7", "Cahul", "Safety policy")
TAKEN: dict[bytes, Any] = {}


def taken(raw: bytes) -> Any:
    """Check each file once for all tests of this file."""
    if raw not in TAKEN:
        TAKEN[raw] = examine(raw, "policy.pdf")
    return TAKEN[raw]


def second_policy() -> bytes:
    pages = policy_files.PAGES
    policy_files.PAGES = (
        tuple(one.replace("one of two", "one of three") for one in pages[0]),
        pages[1],
    )
    try:
        return policy_files.policy("School 7", "Cahul", "Safety policy")
    finally:
        policy_files.PAGES = pages


def handed_in(app: Any, *, pages: str = "", expires_in: int | None = None) -> Any:
    """An application whose policy is a real file, with pages named for the first criterion."""
    school = make.school()
    head, _ = make.trained(school)
    document = make.complete_dossier(school, head, NOW)
    with app.app_context(), unit_of_work():
        row = session.get(Document, document.id)
        first = row.versions[0]
        session.delete(first)
        session.flush()
        session.expire(row, ["versions"])
    with app.app_context(), unit_of_work():
        row = session.get(Document, document.id)
        session.add(make_version(row, POLICY, 1, head))
        for one in session.scalars(select(SelfEvidence).where(SelfEvidence.school_id == school.id)):
            one.pages = pages if one.criterion_id == "A1" else ""
    if expires_in is not None:
        with app.app_context(), unit_of_work():
            version = session.get(Document, document.id).versions[0]
            version.expires_on = NOW.date() + timedelta(days=expires_in)
    return hand_in(app, school, head)


def make_version(document: Document, raw: bytes, number: int, by: Any) -> DocumentVersion:
    version = DocumentVersion(
        document_id=document.id, school_id=document.school_id, number=number, state=VersionState.DRAFT,
        file_key=f"documents/{document.id}-{number}", file_name="policy.pdf", media_type=MediaType.PDF,
        size=len(raw), sha256=hashlib.sha256(raw).hexdigest(), text=taken(raw).text,
        uploaded_at=NOW, uploaded_by_id=by.id,
    )  # fmt: skip
    key = f"documents/copy-{document.id}-{number}"
    files().put(version.file_key, raw)
    files().put(key, taken(raw).copy)
    documents.copies.record_examination(version, taken(raw), key)
    return version


def hand_in(app: Any, school: Any, head: Any) -> Any:
    from cissapp.foundation.content.installed import content
    from cissapp.people.schools.models import School
    from cissapp.prepare.applications import services

    with app.app_context(), unit_of_work():
        services.submit_for_school(
            session.get(School, school.id),
            content=content(),
            statement_signed=True,
            by=head,
            at=NOW,
        )
    with app.app_context():
        query = select(Application).where(Application.school_id == school.id)
        found = session.scalars(query.order_by(Application.cycle.desc())).first()
        assert found is not None
        _ = found.school.group
    make.completeness_checked(found, NOW)
    return found


def reviewer(application: Any) -> Any:
    assessor, _ = make.reviewers(application)
    return assessor


def version_of(app: Any, application: Any, round_: int = 1) -> Any:
    with app.app_context():
        submissions = session.get(Application, application.id).submissions
        found = next(one for one in submissions if one.round == round_).versions[0].version
        _ = found.copy_sha256
        return found


def at(application: Any, rest: str = "") -> str:
    return f"/reviews/{application.id}{rest}"


def main_of(answer: Any) -> Any:
    assert answer.status_code == 200, answer.status_code
    return tree(answer).find(".//main")


def hrefs(node: Any) -> list[str]:
    return [one.get("href") for one in node.iter("a")]


def test_the_group_is_served_the_copy_and_never_the_original(app, sign_in):
    application = handed_in(app)
    version = version_of(app, application)

    served = sign_in(reviewer(application)).get(at(application, f"/documents/{version.id}/file"))

    assert hashlib.sha256(served.data).hexdigest() == version.copy_sha256
    assert policy_files.AUTHOR.encode() not in served.data


def test_a_criterion_lands_on_the_pages_that_the_school_named(app, sign_in):
    application = handed_in(app, pages="2")
    version = version_of(app, application)
    browser = sign_in(reviewer(application))

    main = main_of(browser.get(at(application, "/criteria/A1?shape=text")))
    turned = main_of(
        browser.get(at(application, f"/criteria/A1?document={version.id}&page=1&shape=text"))
    )
    kept = main_of(
        browser.get(
            at(application, f"/criteria/A2?document={version.id}&page=1&shape=text&follow=1")
        )
    )

    assert "The school named pages 2." in words(main)
    assert at(application, f"/documents/{version.id}/file#page=2") in hrefs(main)
    begin, end = "Who this policy is for", "Never search for, view, copy"
    shown = [(begin in words(one), end in words(one)) for one in (main, turned, kept)]
    assert shown == [(False, True), (True, False), (True, False)]
    assert ["Named by the school" in words(one) for one in (main, turned, kept)] == [
        True, False, False,
    ]  # fmt: skip


def test_the_group_leafs_through_a_document(app, sign_in):
    application = handed_in(app)
    version = version_of(app, application)
    browser = sign_in(reviewer(application))

    main = main_of(browser.get(at(application, f"/documents/{version.id}/pages/2")))
    picture = browser.get(main.find(".//img").get("src"))

    assert "Never search for, view, copy" in words(main)
    assert (picture.status_code, picture.mimetype) == (200, "image/webp")
    assert browser.get(at(application, f"/documents/{version.id}/pages/3")).status_code == 404


def test_pages_stay_shut_until_the_declaration_and_for_other_groups(app, sign_in):
    application = handed_in(app)
    version = version_of(app, application)
    undeclared = make.user(Role.REVIEWER, group_id=application.school.group_id)
    stranger, _ = make.reviewers(handed_in(app))
    rests = [f"/documents/{version.id}/{rest}" for rest in ("pages/1", "pages/1/large", "changes")]

    found = {
        who: {sign_in(person).get(at(application, rest)).status_code for rest in rests}
        for who, person in (("undeclared", undeclared), ("stranger", stranger))
    }

    assert found["undeclared"] == {302}
    assert found["stranger"] <= {302, 404}


def test_a_version_of_another_application_is_not_here(app, sign_in):
    application, other = handed_in(app), handed_in(app)
    theirs = version_of(app, other)
    browser = sign_in(reviewer(application))

    for rest in ("pages/1", "pages/1/large", "changes", "file"):
        assert browser.get(at(application, f"/documents/{theirs.id}/{rest}")).status_code == 404


def test_the_first_dossier_has_nothing_to_be_compared_with(app, sign_in):
    application = handed_in(app)
    version = version_of(app, application)
    browser = sign_in(reviewer(application))

    assert "What changed since last time" not in words(main_of(browser.get(at(application))))
    assert browser.get(at(application, f"/documents/{version.id}/changes")).status_code == 404


def accepted_then_again(app: Any, *, changed: bool) -> Any:
    """A school whose policy was accepted, and which hands in again, with a new version or the same."""
    first = handed_in(app)
    with app.app_context(), unit_of_work():
        application = session.get(Application, first.id)
        application.state, application.outcome, application.level = (
            "decided",
            ApplicationOutcome.CERTIFIED,
            2,
        )
        versions = [one.version for one in application.submissions[0].versions]
        documents.accept_versions(versions, by=first_head(application.school), at=NOW)
        documents.unlock_evidence(application.school_id)
        school, document = application.school, versions[0].document
        if changed:
            session.add(make_version(document, second_policy(), 2, first_head(school)))
        head = first_head(school)
    make.application(school, cycle=2)
    return hand_in(app, school, head)


def first_head(school: Any) -> Any:
    from cissapp.people.accounts.queries import people_of_school

    return people_of_school(school.id)[0]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (True, "Safety policy: version 1 became version 2"),
        (False, "Safety policy is the same"),
    ],
)
def test_the_case_says_what_changed_since_the_last_accepted_dossier(app, sign_in, changed, said):
    application = accepted_then_again(app, changed=changed)

    page = words(main_of(sign_in(reviewer(application)).get(at(application))))

    assert "What changed since last time" in page
    assert said.replace("Safety policy", "School safety policy") in page


@pytest.mark.parametrize("again", [True, False])
def test_after_the_decision_nothing_is_compared_with_itself(app, sign_in, again):
    application = accepted_then_again(app, changed=True) if again else handed_in(app)
    with app.app_context(), unit_of_work():
        found = session.get(Application, application.id)
        versions = [one.version for one in found.submissions[0].versions]
        documents.accept_versions(versions, by=first_head(found.school), at=NOW)

    page = words(main_of(sign_in(reviewer(application)).get(at(application))))

    assert "is the same" not in page
    assert ("version 1 became version 2" in page) is again


def test_the_changed_words_are_marked_for_the_group(app, sign_in):
    application = accepted_then_again(app, changed=True)
    version = version_of(app, application)

    main = main_of(
        sign_in(reviewer(application)).get(at(application, f"/documents/{version.id}/changes"))
    )

    marked = {tag: [words(one) for one in main.iter(tag)] for tag in ("del", "ins")}
    assert marked == {"del": ["removed:[− two −]"], "ins": ["added:[+ three +]"]}


@pytest.mark.parametrize(("days", "warned"), [(100, True), (365 * 5, False), (None, False)])
def test_the_case_warns_of_evidence_that_lapses_before_the_certificate_would(
    app, sign_in, days, warned
):
    application = handed_in(app, expires_in=days)

    page = words(main_of(sign_in(reviewer(application)).get(at(application))))

    assert ("This evidence expires before the certificate would" in page) is warned


def test_a_dossier_from_before_there_were_pages_and_days_still_reads(app):
    application = handed_in(app, pages="2", expires_in=100)
    with app.app_context():
        content = session.get(Application, application.id).submissions[0].content
    raw = json.loads(content)
    for document in raw["documents"]:
        for name in (
            "copy_sha256",
            "pages",
            "evidence_on",
            "covers_from",
            "covers_to",
            "expires_on",
        ):
            del document["version"][name]
    for score in raw["scores"].values():
        del score["anchors"]

    new, old = parse_submission(content), parse_submission(json.dumps(raw))

    version = old.documents[0].version
    assert (version.pages, version.expires_on, old.scores["A1"].anchors) == (None, None, {})
    assert new.documents[0].version.expires_on == NOW.date() + timedelta(days=100)
    assert list(new.scores["A1"].anchors.values()) == ["2"]
