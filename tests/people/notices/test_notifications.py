"""What happened for a person: made by the same call that mails, counted, opened, and forgotten after a time."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from cissapp.foundation.core.db import session, unit_of_work
from cissapp.foundation.core.roles import Role
from cissapp.people.accounts import queries as accounts
from cissapp.people.notices import services
from cissapp.people.notices.mails import MailText, link_to, mail_people
from cissapp.people.notices.models import Notification
from cissapp.people.notices.rules import MAIL_ONLY, UNREAD_COUNTED, first_path
from tests import factories as make
from tests.factories import NOW

pytestmark = pytest.mark.usefixtures("stopped_clock")

BASE = "http://ciss.example"


@pytest.fixture
def person(app):
    return make.user()


def told(app, person, kind="decision", subject="Decision"):
    with app.app_context(), unit_of_work():
        body = f"Read it:\n{link_to('/school/application/decision')}"
        mail_people([person], kind, lambda _person: MailText(subject, body), at=NOW)


def notes(app):
    with app.app_context():
        columns = (Notification.kind, Notification.title, Notification.path, Notification.read_at)
        return [tuple(row) for row in session.execute(select(*columns))]


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (f"Hello\n\n{BASE}/school\n\n{BASE}/stop", "/school"),
        (f"Stop: {BASE}/stop\n\nGo on:\n{BASE}/learn?x=1", "/learn?x=1"),
        ("No link, but http://elsewhere.example/school", None),
    ],
)
def test_a_notification_leads_where_its_mail_leads_first(body, found):
    assert first_path(MailText("Subject", body, unsubscribe_url=f"{BASE}/stop"), BASE) == found


def test_a_mail_can_name_the_page_where_its_notification_leads():
    body = f"For your calendar: {BASE}/mentoring/1/meetings/2.ics"
    assert first_path(MailText("Meeting", body, path="/mentoring/1"), BASE) == "/mentoring/1"


def test_who_is_mailed_finds_it_among_the_notifications_but_for_links_of_one_use(app, person):
    told(app, person)
    for kind in MAIL_ONLY:
        told(app, person, kind)

    assert notes(app) == [("decision", "Decision", "/school/application/decision", None)]


def test_unread_ones_are_counted_with_the_session_of_the_person(app, person, sign_in):
    told(app, person)
    browser = sign_in(person)
    with browser.session_transaction() as cookie:
        token = next(
            value for value in cookie.values() if isinstance(value, str) and len(value) > 40
        )

    with app.app_context():
        found = accounts.open_session(token)
        assert found
        assert found.user.unread_notices == 1
    with app.app_context(), unit_of_work():
        title = {"user_id": person.id, "kind": "decision", "title": "Decision", "path": "/"}
        session.add_all(Notification(**title, made_at=NOW) for _ in range(UNREAD_COUNTED))
    with app.app_context():
        found = accounts.open_session(token)
        assert found
        assert found.user.unread_notices == UNREAD_COUNTED
    assert "Notifications, more than 99 unread" in browser.get("/notifications").text


def test_opening_one_marks_it_and_leads_on_and_all_are_marked_at_once(app, person, sign_in):
    told(app, person)
    told(app, person, subject="Another")
    told(app, make.user(), subject="Not mine")
    browser = sign_in(person)
    page = browser.get("/notifications").get_data(as_text=True)
    assert ("Not mine" in page, page.count("New</span>")) == (False, 2)
    opens = re.findall(r'action="(/notifications/[^"]*/open)"', page)

    assert browser.post(opens[0]).location == "/school/application/decision"
    assert browser.get("/notifications").get_data(as_text=True).count("New</span>") == 1
    assert browser.post("/notifications/read").location == "/notifications"
    assert browser.get("/notifications").get_data(as_text=True).count("New</span>") == 0
    assert {one[1]: one[3] is None for one in notes(app)}["Not mine"] is True
    other = sign_in(make.user(Role.MINISTRY))
    assert other.post(opens[0]).status_code == 404
    assert "Nothing has happened yet." in other.get("/notifications").get_data(as_text=True)


def test_old_ones_are_forgotten_read_ones_sooner(app, person):
    days = [(400, None), (100, 95), (100, 10), (300, None)]
    with app.app_context(), unit_of_work():
        for made, read in days:
            note = services.notify(
                person.id, "decision", f"{made}-{read}", None, at=NOW - timedelta(days=made)
            )
            note.read_at = NOW - timedelta(days=read) if read else None
        session.flush()
        assert services.forget_old_notifications(at=NOW) == 2

    assert {one[1] for one in notes(app)} == {"100-10", "300-None"}
