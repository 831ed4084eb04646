"""The pages: own data, erasure of one who left, what is deleted soon, privacy of a country."""

import json
import re
from datetime import timedelta
from html import unescape
from io import BytesIO
from zipfile import ZipFile

import pytest

from cissapp.foundation.core import clock
from cissapp.foundation.core.db import session, unit_of_work
from cissapp.foundation.core.roles import Role
from cissapp.oversee.personal_data.models import ErasureRequest, RetentionHold, RetentionMark
from cissapp.oversee.personal_data.queries import marks
from cissapp.oversee.personal_data.rules.retention import RetentionRule
from cissapp.people.accounts.models import User
from cissapp.people.accounts.rules import Duty
from cissapp.people.accounts.services.passwords import NO_PASSWORD
from tests.factories import NOW, PASSWORD

pytestmark = pytest.mark.usefixtures("stopped_clock")

DOWNLOAD, ERASURE = "/account/data/download", "/account/data/erasure"


def words(answer) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True))).split())


def test_the_own_data_come_as_a_file_after_the_password(app, make, sign_in):
    person = make.manager(name="Ana Moraru")
    browser = sign_in(person)

    page = browser.get("/account/data")
    wrong = browser.post(DOWNLOAD, data={"download_password": "not this one"})
    right = browser.post(DOWNLOAD, data={"download_password": PASSWORD})

    assert "Download your data" in words(page)
    assert wrong.status_code == 422
    assert "This is not your current password." in words(wrong)
    assert right.mimetype == "application/zip"
    assert right.headers["Cache-Control"] == "no-store"
    with ZipFile(BytesIO(right.data)) as archive:
        document = json.loads(archive.read("data.json"))
        assert "Ana Moraru" in archive.read("data.html").decode()
    rows = {one["table"]: one["rows"] for one in document["tables"]}
    assert rows["person"][0]["email"] == person.email
    assert "password_hash" not in rows["person"][0]


def test_an_erasure_is_asked_for_shown_and_stopped(app, make, sign_in):
    person = make.manager()
    browser = sign_in(person)

    assert browser.post(ERASURE, data={"erase_password": "no"}).status_code == 422
    assert browser.post(ERASURE, data={"erase_password": PASSWORD}).status_code == 302
    shown = words(browser.get("/account/data"))
    assert "Erased on 9 December 2026 or soon after" in shown
    assert "Erase my account" not in shown
    browser.post(f"{ERASURE}/stop")
    assert "Erase my account" in words(browser.get("/account/data"))


def test_the_only_head_is_asked_to_hand_over_first(make, sign_in):
    school = make.school()
    first, deputy = make.manager(school), make.manager(school, duty=Duty.DEPUTY)

    alone = words(sign_in(first).get("/account/data"))
    of_deputy = words(sign_in(deputy).get("/account/data"))
    make.manager(school)
    of_two = words(sign_in(first).get("/account/data"))

    asked = "Hand over to your successor first"
    assert [asked in page for page in (alone, of_deputy, of_two)] == [True, False, False]


def test_who_has_no_password_gets_the_own_data_soon_after_signing_in(make, sign_in):
    browser = sign_in(make.manager(password_hash=NO_PASSWORD))

    page, soon = browser.get("/account/data"), browser.post(DOWNLOAD)
    with clock.at(NOW + timedelta(minutes=16)):
        later = browser.get("/account/data")
        late = browser.post(DOWNLOAD, data={"download_password": "x"})
        erasure = browser.post(ERASURE, data={"erase_password": "x"})

    assert 'type="password"' not in page.get_data(as_text=True)
    assert soon.mimetype == "application/zip"
    assert (late.status_code, erasure.status_code) == (422, 422)
    for answer in (later, late, erasure):
        assert "Your account has no password at the moment. Set one first." in words(answer)
        assert "This is not your current password." not in words(answer)


def test_the_secretariat_erases_who_left(app, make, sign_in):
    person, secretariat = make.manager(), make.user()
    browser = sign_in(secretariat)
    address = f"/admin/people/{person.id}/erasure"

    refused = browser.post(address)
    with app.app_context(), unit_of_work():
        row = session.get_one(User, person.id)
        row.deactivated_at, row.deactivated_by_id = NOW, secretariat.id
    asked = browser.post(address)

    assert "Close it first." in words(refused)
    assert asked.status_code == 302
    assert "Stop the erasure" in words(browser.get(address))
    browser.post(f"{address}/stop")
    with app.app_context():
        assert session.query(ErasureRequest).one().stopped_at == NOW


def test_a_coordinator_holds_back_what_would_be_deleted(app, make, sign_in):
    school = make.school()
    coordinator = make.user(Role.COORDINATOR, group_id=school.group_id)
    make.kept(
        RetentionMark(
            rule=RetentionRule.DOCUMENTS,
            subject_id=school.id,
            school_id=school.id,
            marked_at=NOW,
            due_at=NOW + timedelta(days=30),
        )
    )
    browser = sign_in(coordinator)
    address = f"/group/retention/{school.id}/hold"

    assert "25 December 2026" in words(browser.get("/group/retention"))
    late = {"reason": "A court asked.", "until_on": "2030-01-01"}
    assert "Choose a day within the next two years." in words(browser.post(address, data=late))
    browser.post(address, data=late | {"until_on": "2027-06-01"})
    page = browser.get("/group/retention")
    assert "A court asked." in words(page)
    action = re.search(r'action="(/group/retention/holds/[^"]+)"', page.get_data(as_text=True))
    assert action
    browser.post(action[1])
    assert "A court asked." not in words(browser.get("/group/retention"))


def test_a_long_list_of_what_is_deleted_soon_is_read_page_by_page(app, make, sign_in, monkeypatch):
    monkeypatch.setattr(marks, "PAGE_ROWS", 2)
    group = make.group("MD")
    schools = [make.school(name=f"School {name}", group_id=group.id) for name in "ABC"]
    for days, school in enumerate(schools):
        make.kept(
            RetentionMark(
                rule=RetentionRule.DOCUMENTS,
                subject_id=school.id,
                school_id=school.id,
                marked_at=NOW,
                due_at=NOW + timedelta(days=days),
            )
        )
    browser = sign_in(make.user(Role.COORDINATOR, group_id=group.id))

    first = browser.get("/group/retention")
    later = re.search(r'rel="next"\s+href="([^"]+)"', first.get_data(as_text=True))
    second = browser.get(unescape(later[1])) if later else None

    pages = [words(page) if page else "" for page in (first, second)]
    assert [[one for one in "ABC" if f"School {one}" in page] for page in pages] == [
        ["A", "B"],
        ["C"],
    ]


def test_a_long_list_of_holds_is_read_page_by_page(app, make, sign_in, monkeypatch):
    monkeypatch.setattr(marks, "PAGE_ROWS", 2)
    group = make.group("MD")
    coordinator = make.user(Role.COORDINATOR, group_id=group.id)
    for days, name in enumerate("ABC", start=1):
        school = make.school(name=f"School {name}", group_id=group.id)
        make.kept(
            RetentionHold(
                school_id=school.id,
                group_id=group.id,
                reason="A court asked.",
                until_on=NOW.date() + timedelta(days=days),
                held_at=NOW,
                held_by_id=coordinator.id,
            )
        )
    browser = sign_in(coordinator)

    first = browser.get("/group/retention")
    (later,) = re.findall(r'href="([^"]+held_after[^"]+)"', first.get_data(as_text=True))
    second = browser.get(unescape(later))

    pages = [words(page) for page in (first, second)]
    assert [[one for one in "ABC" if f"School {one}" in page] for page in pages] == [
        ["A", "B"],
        ["C"],
    ]


def test_privacy_of_a_country_names_who_is_responsible_and_no_unchecked_authority(
    app, make, client
):
    make.group("MD", name="CISS Moldova")

    page = words(client.get("/privacy/md"))

    assert "CISS Moldova" in page
    assert "12 months after the decision and the 30 days for an appeal" in page
    assert "datepersonale" not in page
    assert client.get("/privacy/XX").status_code == 404
    assert 'href="/privacy/MD"' in client.get("/privacy").get_data(as_text=True)
