"""What changed between two versions, as the school sees it, and the certificate when evidence lapsed."""

from datetime import date

import pytest
from sqlalchemy import select

from cissapp.foundation.core.db import session, unit_of_work
from cissapp.operate.demo.schools import policy_files
from cissapp.prepare.documents import queries
from cissapp.prepare.documents.models import Document, DocumentVersion
from cissapp.prepare.documents.rules import VersionState
from tests.factories import NOW
from tests.prepare.documents.test_papers import add_version, main_of, upload, words

pytestmark = pytest.mark.usefixtures("stopped_clock")


@pytest.fixture
def browser(app, make, sign_in):
    return sign_in(make.manager(make.school()))


# --- what changed ----------------------------------------------------------------------------


def two_versions(browser):
    chapters = policy_files.PAGES
    address = upload(browser)
    try:
        policy_files.PAGES = (
            tuple(one.replace("one of two", "one of three") for one in chapters[0]),
            chapters[1],
        )
        add_version(browser, address, policy_files.policy("School 7", "Cahul", "Safety policy"))
    finally:
        policy_files.PAGES = chapters
    return address


def test_what_changed_is_marked_by_words_and_signs(browser):
    address = two_versions(browser)

    main = main_of(browser.get(f"{address}/changes"))

    marked = {tag: [words(one) for one in main.iter(tag)] for tag in ("del", "ins")}
    assert marked == {
        "del": ["removed:[− two −]"],
        "ins": ["added:[+ three +]"],
    }
    assert "The texts differ in" in words(main)
    assert "Page 1" in words(main)


@pytest.mark.parametrize("asked", ["?old=1&new=9", "?old=0", "?new=0", "?old=x&new=7"])
def test_versions_that_are_not_there_have_no_changes(browser, asked):
    address = two_versions(browser)

    assert browser.get(f"{address}/changes{asked}").status_code == 404


def test_one_version_has_nothing_to_be_compared_with(browser):
    assert browser.get(f"{upload(browser)}/changes").status_code == 404


def test_the_same_text_is_said_to_be_the_same(browser):
    address = two_versions(browser)

    assert "The texts are identical." in words(
        main_of(browser.get(f"{address}/changes?old=1&new=1"))
    )


# --- the certificate -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("expires_on", "warned"), [(date(2020, 1, 1), True), (date(2090, 1, 1), False)]
)
def test_the_certificate_page_warns_when_evidence_lapsed(app, make, sign_in, expires_on, warned):
    school = make.school()
    head = make.manager(school)
    certificate = make.certified(school)
    with app.app_context(), unit_of_work():
        version = session.scalars(
            select(DocumentVersion).where(DocumentVersion.school_id == school.id)
        ).one()
        version.expires_on = expires_on
        facts = certificate.facts

    page = words(main_of(sign_in(head).get("/school/certificate")))

    assert ("Evidence for this certificate has expired" in page) is warned
    with app.app_context():
        from cissapp.certify.certificates.models import Certificate

        assert session.get(Certificate, certificate.id).facts == facts


@pytest.mark.parametrize(
    ("newer", "warned"),
    [(None, False), (date(2090, 1, 1), False), (date(2021, 1, 1), True)],
)
def test_newer_evidence_ends_the_warning_unless_it_has_expired_too(
    app, make, sign_in, newer, warned
):
    school = make.school()
    browser = sign_in(make.manager(school))
    make.certified(school)
    with app.app_context(), unit_of_work():
        [version] = versions_of(school)
        version.expires_on = date(2020, 1, 1)
        address = f"/school/documents/{version.document_id}"
    before = words(main_of(browser.get("/school/certificate")))

    add_version(browser, address, policy_files.policy("School 7", "Cahul", "Safety policy"))
    with app.app_context(), unit_of_work():
        versions_of(school)[-1].expires_on = newer

    after = words(main_of(browser.get("/school/certificate")))
    for warning in ("Evidence for this certificate has expired", "Upload a newer one."):
        assert (warning in before, warning in after) == (True, warned)


def versions_of(school):
    return session.scalars(
        select(DocumentVersion)
        .where(DocumentVersion.school_id == school.id)
        .order_by(DocumentVersion.number)
    ).all()


@pytest.mark.both_databases
def test_only_documents_behind_a_certificate_count_each_with_its_newest_version(app, make):
    school, other = make.school(), make.school()
    make.certified(school)
    make.certified(other)
    with app.app_context():
        [accepted] = versions_of(school)
        accepted.expires_on = date(2027, 1, 1)
        newer = copy_of(accepted, document_id=accepted.document_id, number=2)
        newer.expires_on = date(2021, 1, 1)
        unseen = Document(
            school_id=school.id,
            title="Draft",
            evidence_code="POL",
            created_at=NOW,
            created_by_id=school.id,
        )
        session.add_all([newer, unseen])
        session.flush()
        session.add(copy_of(newer, document_id=unseen.id, number=1))
        session.flush()

        [found] = queries.certified_documents(school.id)
        expired = queries.expired_documents(school.id, NOW.date())

        assert (found.newest, found.accepted_until_on) == (newer, date(2027, 1, 1))
        assert [one.newest for one in expired] == [newer]
        session.rollback()


def copy_of(version, *, document_id, number):
    """Make a draft like a version, with a file of its own."""
    return DocumentVersion(
        document_id=document_id,
        school_id=version.school_id,
        number=number,
        state=VersionState.DRAFT,
        file_key=f"drafts/{document_id}/{number}",
        file_name=version.file_name,
        media_type=version.media_type,
        size=version.size,
        sha256=version.sha256,
        text="",
        expires_on=version.expires_on,
        uploaded_at=NOW,
        uploaded_by_id=version.uploaded_by_id,
    )
