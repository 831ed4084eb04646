"""The staff say that they have read a version of the policy: counted, never named."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest

from cissapp.foundation.core import clock
from cissapp.foundation.core.db import session, unit_of_work
from cissapp.foundation.intake.media import MediaType
from cissapp.prepare.acknowledgements import queries, rules, services
from cissapp.prepare.acknowledgements.models import Acknowledgement, StaffReading
from cissapp.prepare.acknowledgements.rules import ReadingRequest
from cissapp.prepare.documents.models import Document, DocumentVersion
from cissapp.prepare.documents.rules import VersionState
from tests.factories import NOW
from tests.prepare.pages import texts
from tests.statements import statements_sent


@pytest.fixture
def school(app, make):
    return make.school(name="Lyceum of Orhei")


@pytest.fixture
def document_id(make, school, head):
    return make.complete_dossier(school, head).id


def page_of(document_id):
    return f"/school/documents/{document_id}/staff"


def newer(app, make, document_id, number: int):
    """A newer version of the policy."""
    with app.app_context():
        document = session.get(Document, document_id)
    make.kept(
        DocumentVersion(
            document_id=document.id,
            school_id=document.school_id,
            number=number,
            state=VersionState.DRAFT,
            file_key=f"newer/{document_id}/{number}",
            file_name="policy.pdf",
            media_type=MediaType.PDF,
            size=1,
            sha256=f"{number:x}" * 64,
            text="",
            uploaded_at=NOW + timedelta(days=number),
            uploaded_by_id=document.created_by_id,
        )
    )


def link(app, document_id) -> str:
    with app.app_context():
        return f"/staff/{queries.newest_reading(document_id).token}"


def count(app, school):
    with app.app_context():
        return [
            (one.number, one.in_all, one.this_version, one.staff)
            for one in queries.count_by_document(school.id)
        ]


def read_by(app, address: str, people: int) -> None:
    for _ in range(people):
        assert app.test_client().post(address).status_code == 302


def test_each_browser_is_counted_once(app, browser, document_id, school):
    browser.post(page_of(document_id), data={"staff": "31"})
    address = link(app, document_id)
    colleague = app.test_client()

    before = colleague.get(address)
    first, again = colleague.post(address), colleague.post(address)
    after = colleague.get(address)

    assert "Am citit această versiune" in texts(before, "button")
    assert [first.location, again.location] == [address, address]
    assert "Am citit această versiune" not in texts(after, "button")
    assert count(app, school) == [(1, 1, 1, 31)]
    assert "1 of 31 staff have read it" in texts(browser.get(page_of(document_id)), "span")


def test_the_page_names_version_day_and_fingerprint_and_no_person(app, browser, document_id, head):
    browser.post(page_of(document_id), data={"staff": "31"})

    page = app.test_client().get(link(app, document_id))

    html = page.get_data(as_text=True)
    assert texts(page, "h1") == ["School safety policy"]
    with app.app_context():
        version = session.query(DocumentVersion).one()
    assert texts(page, "dd") == ["1", "25 noiembrie 2026", f"{version.sha256[:12]}…"]
    assert head.name not in html
    assert head.email not in html


@pytest.mark.parametrize(
    ("chosen", "day"),
    [("", "25 noiembrie 2026"), ("uk", "25 листопада 2026"), ("be", "25 noiembrie 2026")],
)
def test_the_page_speaks_the_languages_of_the_school(app, browser, document_id, chosen, day):
    browser.post(page_of(document_id), data={"staff": "31"})

    page = app.test_client().get(link(app, document_id), query_string={"in": chosen})

    assert texts(page, "dd")[1] == day


def test_what_is_kept_is_version_and_day_and_nothing_else(app, browser, document_id):
    browser.post(page_of(document_id), data={"staff": "31"})
    with clock.at(datetime(2026, 11, 25, 22, 30, tzinfo=UTC)):  # after midnight at the school
        answer = app.test_client().post(link(app, document_id))

    with app.app_context():
        row = session.query(Acknowledgement).one()
        version = session.query(DocumentVersion).one()
        kept = {one.name: getattr(row, one.name) for one in row.__table__.columns}
        reading = session.query(StaffReading).one()
    assert kept == {
        "id": row.id,
        "series_id": reading.id,
        "sha256": version.sha256,
        "acknowledged_on": date(2026, 11, 26),
    }
    cookie = next(one for one in answer.headers.getlist("Set-Cookie") if "ciss-read" in one)
    assert re.search("HttpOnly", cookie)
    assert re.search("Path=/staff", cookie)


def test_under_https_no_page_without_it_sets_the_cookie(app, browser, document_id, monkeypatch):
    browser.post(page_of(document_id), data={"staff": "31"})
    monkeypatch.setitem(app.config, "SESSION_COOKIE_SECURE", True)
    reader = app.test_client()

    cookies = reader.post(link(app, document_id)).headers.getlist("Set-Cookie")
    flags = next(one for one in cookies if "ciss-read" in one).split("; ")
    assert (flags[0].partition("=")[0], {"Secure", "HttpOnly"} - {*flags}) == (
        "__Secure-ciss-read",
        set(),
    )
    reader.post(link(app, document_id))
    with app.app_context():
        assert session.query(Acknowledgement).count() == 1


def test_a_change_of_wording_carries_the_count_on(app, make, browser, document_id, school):
    browser.post(page_of(document_id), data={"staff": "3"})
    first = link(app, document_id)
    reader = app.test_client()
    reader.post(first)
    newer(app, make, document_id, 2)

    browser.post(page_of(document_id), data={"staff": "3", "substantive": "no", "change": ""})
    second = link(app, document_id)
    reader.post(second)
    read_by(app, second, 1)

    assert first != second
    assert count(app, school) == [(2, 2, 1, 3)]


def test_a_change_of_substance_begins_anew_and_says_what_changed(
    app, make, browser, document_id, school
):
    browser.post(page_of(document_id), data={"staff": "3"})
    read_by(app, link(app, document_id), 2)
    newer(app, make, document_id, 2)
    form = {"staff": "4", "substantive": "yes"}

    unexplained = browser.post(page_of(document_id), data={**form, "change": " "})
    browser.post(page_of(document_id), data={**form, "change": "Phones stay in the locker."})

    assert texts(unexplained, "p", "error") == ["Error: Describe what changed in one sentence."]
    assert count(app, school) == [(2, 0, 0, 4)]
    page = app.test_client().get(link(app, document_id))
    assert "Phones stay in the locker." in page.get_data(as_text=True)


def test_the_number_of_staff_is_corrected_without_a_new_link(app, browser, document_id, school):
    browser.post(page_of(document_id), data={"staff": "31"})
    address = link(app, document_id)
    read_by(app, address, 2)

    browser.post(page_of(document_id), data={"staff": "29"})

    assert link(app, document_id) == address
    assert count(app, school) == [(1, 2, 2, 29)]


@pytest.mark.parametrize("staff", ["", "0", "-1", "many", "2001"])
def test_a_number_of_staff_that_is_none_is_refused(browser, document_id, staff):
    assert browser.post(page_of(document_id), data={"staff": staff}).status_code == 422


def test_a_link_that_was_passed_around_is_stopped(app, browser, document_id, school):
    browser.post(page_of(document_id), data={"staff": "1"})
    address = link(app, document_id)
    read_by(app, address, rules.TIMES_STAFF)

    answer = app.test_client().post(address)

    assert answer.status_code == 422
    assert count(app, school) == [(1, rules.TIMES_STAFF, rules.TIMES_STAFF, 1)]


def test_a_forged_cookie_says_nothing(app, browser, document_id, school):
    browser.post(page_of(document_id), data={"staff": "31"})
    address = link(app, document_id)
    with app.app_context():
        series = queries.newest_reading(document_id).series_id.hex
    reader = app.test_client()
    reader.set_cookie("ciss-read", f'["{series}"].forged', path="/staff")

    assert reader.post(address).status_code == 302
    assert count(app, school)[0][1] == 1


def test_an_unknown_link_and_that_of_a_removed_version_are_missing(app, make, browser, document_id):
    newer(app, make, document_id, 2)
    browser.post(page_of(document_id), data={"staff": "31"})
    address = link(app, document_id)
    with app.app_context():
        version_id = queries.newest_reading(document_id).version_id
    browser.post(f"/school/documents/{document_id}/versions/{version_id}/remove")

    assert app.test_client().get(address).status_code == 404
    assert app.test_client().get("/staff/no-such-link").status_code == 404


def test_only_the_policy_is_given_out(app, make, browser, school, head):
    other = make.kept(
        Document(
            school_id=school.id,
            title="Plan",
            evidence_code="PLAN",
            created_at=NOW,
            created_by_id=head.id,
        )
    )

    assert browser.get(page_of(other.id)).status_code == 404


def test_the_qr_code_leads_to_the_link(app, browser, document_id, tmp_path):
    browser.post(page_of(document_id), data={"staff": "31"})

    drawn = browser.get(f"{page_of(document_id)}/qr.svg")

    assert drawn.mimetype == "image/svg+xml"
    import segno

    expected = segno.make(
        f"http://ciss.example{link(app, document_id)}", error="m", micro=False
    ).svg_inline(scale=4, light="white")
    path = re.compile(r'<path[^>]* d="([^"]+)"')
    assert path.findall(drawn.get_data(as_text=True)) == path.findall(expected)


def test_an_acknowledgement_is_never_changed(app, browser, document_id):
    from sqlalchemy import text
    from sqlalchemy.exc import DBAPIError

    browser.post(page_of(document_id), data={"staff": "31"})
    read_by(app, link(app, document_id), 1)

    for statement in ("UPDATE acknowledgement SET sha256 = 'x'", "DELETE FROM acknowledgement"):
        with app.app_context(), pytest.raises(DBAPIError, match="append-only"):
            session.execute(text(statement))


def test_counts_take_one_query_for_one_policy_and_for_three(app, make, head, school):
    for _ in range(3):
        document = make.kept(
            Document(
                school_id=school.id,
                title="Policy",
                evidence_code="POL",
                created_at=NOW,
                created_by_id=head.id,
            )
        )
        newer(app, make, document.id, 1)
        with app.app_context(), unit_of_work():
            services.ask_staff(
                session.get(Document, document.id), ReadingRequest(3), by=head, at=NOW
            )
    with app.app_context(), statements_sent() as asked:
        found = queries.count_by_document(school.id)

    assert (len(found), len([one for one in asked if "SELECT" in one])) == (3, 1)
