"""Pages that know of their reader only what one statement says show each reader the same as pages that have the row."""

import re

import pytest
from sqlalchemy import select

from cissapp.foundation.access.tokens import hash_of
from cissapp.foundation.core.db import session, unit_of_work
from cissapp.foundation.core.roles import Role
from cissapp.people.accounts import services as accounts
from cissapp.people.accounts.models import UserSession
from cissapp.people.accounts.sessions import TOKEN
from cissapp.people.notices.models import Notification
from tests.factories import NOW
from tests.learn.learning.people import begun
from tests.shipped import LESSON, MODULE
from tests.statements import statements_sent

pytestmark = pytest.mark.usefixtures("stopped_clock")

QUIZ = f"/learn/{MODULE.id}/quiz"
BY_FACTS = ("/learn", f"/learn/{MODULE.id}", f"/learn/{MODULE.id}/{LESSON.id}")
OF_A_QUIZ = (f"{QUIZ}/1", f"{QUIZ}/check", f"{QUIZ}/sheet")
BY_ROW = "/learn/offline"


def page_of(browser, path):
    answer = browser.get(path)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def header_of(browser, path):
    """Cut the header, with the strip above it, out of a page, without the token of its form."""
    html = page_of(browser, path)
    return re.sub(
        r'name="csrf_token" value="[^"]+"', "", html[html.index("<body") : html.index("</header>")]
    )


def test_each_reader_has_their_own_header_on_both_kinds_of_pages(app, make, sign_in):
    school, other = make.school(), make.school(country_code="UA")
    people = [
        make.manager(school),
        make.manager(school, language="ro"),
        make.manager(other),
        make.user(Role.SECRETARIAT),
        make.user(Role.REVIEWER, group_id=school.group_id),
    ]
    with app.app_context(), unit_of_work():
        session.add(
            Notification(user_id=people[0].id, kind="message", title="x", path=None, made_at=NOW)
        )
    browsers = [sign_in(one) for one in people]

    headers = [[header_of(one, path) for path in (BY_ROW, *BY_FACTS)] for one in browsers]

    assert [len(set(of_one)) for of_one in headers] == [1] * len(people)
    assert len({of_one[0] for of_one in headers}) == len(people)
    assert school.name in headers[0][0]
    assert "Notifications, 1 unread" in headers[0][0]


def test_pages_of_a_quiz_have_the_header_of_other_pages(make, sign_in):
    school = make.school()
    browser = sign_in(make.manager(school))
    browser.post(f"{QUIZ}/start")

    headers = {header_of(browser, path) for path in (BY_ROW, *OF_A_QUIZ)}

    assert len(headers) == 1
    assert school.name in headers.pop()


def test_the_list_of_lessons_marks_what_its_reader_has_read(app, make, sign_in):
    school = make.school()
    read_two, read_none, read_only = make.manager(school), make.manager(school), Role.SECRETARIAT
    with app.app_context(), unit_of_work():
        begun(read_two, NOW)
    browsers = [sign_in(one) for one in (read_two, read_none, make.user(read_only))]

    pages = [page_of(one, BY_FACTS[-1]) for one in browsers]

    assert [one.count("✓ ") for one in pages] == [2, 0, 0]
    total = len(MODULE.lessons)
    assert f"2 of {total} lessons read" in pages[0]
    assert f"0 of {total} lessons read" in pages[1]
    assert "lessons read" not in pages[2]
    overviews = [page_of(one, BY_FACTS[0]) for one in browsers]
    assert [f"2 of {total} lessons read" in one for one in overviews] == [True, False, False]


@pytest.mark.parametrize("what", ["account", "session", "proof", "time"])
def test_what_has_ended_opens_none_of_them(app, make, sign_in, what):
    head = make.manager()
    browser = sign_in(head)
    browser.post(f"{QUIZ}/start")
    assert all(page_of(browser, path) for path in (*BY_FACTS, *OF_A_QUIZ))
    with browser.session_transaction() as cookie:
        token_hash = hash_of(cookie[TOKEN])
    with app.app_context(), unit_of_work():
        row = session.scalars(select(UserSession).filter_by(token_hash=token_hash)).one()
        if what == "account":
            accounts.deactivate(row.user, by=make.user(Role.SECRETARIAT), at=NOW)
        elif what == "session":
            row.closed_at = NOW
        elif what == "proof":
            row.confirmed_at = row.confirmed_with = None
        else:
            row.opened_at = row.seen_at = NOW.replace(year=NOW.year - 1)

    for path in (*BY_FACTS, *OF_A_QUIZ):
        answer = browser.get(path)
        assert (answer.status_code, "/sign-in" in answer.location) == (302, True), path


PIECE = "/learn/reporting-and-response/channels-and-people"


def test_a_lesson_asks_for_what_it_shows_and_no_more(app, make, sign_in):
    browser = sign_in(make.manager())
    page_of(browser, BY_FACTS[-1])

    with statements_sent(app) as sent:
        page_of(browser, PIECE)

    asked = [re.search(r"\bFROM\s+(\w+)", one)[1] for one in sent if one.startswith("SELECT")]
    assert len(asked) <= 5, asked
    assert "reporting_channel" in asked
