"""The page of a mentoring, for both sides; who waits stands on both first pages."""

from datetime import timedelta

import pytest

from cissapp.foundation.core.db import session, unit_of_work
from cissapp.foundation.core.roles import Role
from cissapp.people.accounts.models import User
from cissapp.people.schools.models import School
from cissapp.prepare.documents.files import serving
from cissapp.review.independence import services as independence
from cissapp.review.independence.models import Mentoring
from cissapp.review.mentoring import queries, services
from tests import factories as make
from tests.client import pages_of
from tests.factories import NOW
from tests.statements import statements_sent

pytestmark = pytest.mark.usefixtures("stopped_clock")


class Pair:
    """A school with a complete application, its head, its mentor, and another person of the group."""

    def __init__(self, app) -> None:
        with app.app_context(), unit_of_work():
            school = make.school(name="Green Lyceum")
            self.head = make.manager(school, name="Head One")
            self.document_id = make.complete_dossier(school, self.head).id
            self.mentor = make.user(Role.REVIEWER, group_id=school.group_id, name="Mentor One")
            self.other = make.user(Role.REVIEWER, group_id=school.group_id)
            coordinator = make.user(Role.COORDINATOR, group_id=school.group_id)
            made = independence.enter_mentoring(
                school, self.mentor.id, NOW.date(), None, by=coordinator, at=NOW
            )
            self.id, self.school_id = made.id, school.id
        self.page = f"/mentoring/{self.id}"


@pytest.fixture
def pair(app) -> Pair:
    return Pair(app)


def page(browser, address) -> str:
    response = browser.get(address)
    assert response.status_code == 200, address
    return response.get_data(as_text=True)


def statements(app, browser, address) -> int:
    with statements_sent(app) as seen:
        page(browser, address)
    return len(seen)


def test_a_school_asks_the_mentor_answers_and_both_see_who_waits(pair, sign_in):
    school, mentor = sign_in(pair.head), sign_in(pair.mentor)
    assert school.get("/mentoring").location == pair.page

    empty = school.post(pair.page, data={"text": ""})
    assert empty.status_code == 422
    assert "Write a message." in empty.get_data(as_text=True)
    assert (
        school.post(pair.page, data={"text": "May two schools share a policy?"}).location
        == pair.page
    )
    assert "Waiting for your mentor since 25 November 2026" in page(school, "/school")
    for address in ("/reviews", "/mentoring", pair.page):
        assert "Waiting for you since 25 November 2026" in page(mentor, address)
    assert "May two schools share a policy?" in page(mentor, pair.page)

    mentor.post(pair.page, data={"text": "Each adopts its own."})
    assert "Waiting for you since 25 November 2026" in page(school, "/school")
    school.post(f"{pair.page}/settled")
    assert "Waiting for" not in page(school, pair.page)


def test_a_text_that_may_name_a_child_is_looked_at_first(pair, sign_in):
    sent = sign_in(pair.head).post(
        pair.page,
        data={"text": "Anna Popescu, 9 years old, class 3B, was bullied by her classmate."},
    )

    assert sent.status_code == 422
    assert 'name="text"' in sent.get_data(as_text=True)


def test_nothing_is_shown_until_the_school_ticks_it(pair, sign_in, monkeypatch):
    monkeypatch.setattr(serving, "serve_copy", lambda version, _store: version.file_name)
    school, mentor = sign_in(pair.head), sign_in(pair.mentor)
    shown = [
        f"{pair.page}/parts/A",
        f"{pair.page}/parts/mechanism",
        f"{pair.page}/documents/{pair.document_id}",
    ]
    assert [mentor.get(one).status_code for one in shown] == [404, 404, 404]
    assert "is not showing you any of its application yet" in page(mentor, pair.page)

    ticked = {"parts": ["A", "mechanism"], "documents": [str(pair.document_id)]}
    assert school.post(f"{pair.page}/sharing", data=ticked).location == pair.page
    assert [mentor.get(one).status_code for one in shown] == [200, 200, 200]
    assert page(school, f"{pair.page}/sharing").count(" checked") == 3
    assert mentor.get(f"{pair.page}/parts/B").status_code == 404
    assert mentor.get(f"{pair.page}/sharing").status_code == 403

    school.post(f"{pair.page}/sharing", data={})
    assert [mentor.get(one).status_code for one in shown] == [404, 404, 404]


def test_a_meeting_goes_into_a_calendar_once_it_is_agreed(app, pair, sign_in):
    school, mentor = sign_in(pair.head), sign_in(pair.mentor)
    wrong = mentor.post(
        f"{pair.page}/meetings/new", data={"kind": "video", "first": "2026-11-01T10:00"}
    )
    assert wrong.status_code == 422
    assert "Propose dates in the future." in wrong.get_data(as_text=True)
    mentor.post(f"{pair.page}/meetings/new", data={"kind": "video", "first": "2026-12-01T10:00"})
    with app.app_context():
        meeting = queries.meetings_of(pair.id, NOW)[0]
        here, date_id = f"{pair.page}/meetings/{meeting.id}", meeting.dates[0].id
    assert "Choose 1 December 2026, 10:00 UTC+2" in page(school, pair.page)
    assert school.get(f"{here}.ics").status_code == 404

    school.post(f"{here}/dates/{date_id}")
    entry = page(mentor, f"{here}.ics")
    assert "DTSTART:20261201T080000Z" in entry
    assert "SUMMARY:CISS: By video\\, Green Lyceum" in entry
    school.post(f"{here}/cancel")
    assert mentor.get(f"{here}.ics").status_code == 404


def test_the_mentor_sees_open_steps_and_others_of_the_group_see_nothing(pair, sign_in):
    said = page(sign_in(pair.mentor), pair.page)
    assert "What the school still has to do" in said
    assert "Training" in said
    assert "still has to do" not in page(sign_in(pair.head), pair.page)
    other = sign_in(pair.other)
    assert other.get(pair.page).status_code == 404
    assert "You are not mentoring a school at the moment." in page(other, "/mentoring")


def test_a_school_without_a_mentor_reads_whom_to_ask(sign_in):
    head = make.manager(make.school())

    assert "Your school has no mentor yet." in page(sign_in(head), "/mentoring")


def test_the_number_of_statements_is_the_same_for_one_school_and_for_three(app, pair, sign_in):
    mentor = sign_in(pair.mentor)
    one = statements(app, mentor, "/mentoring")
    with app.app_context(), unit_of_work():
        group_id = session.get_one(School, pair.school_id).group_id
        for _number in range(2):
            session.add(
                Mentoring(
                    school_id=make.school(group_id=group_id).id, person_id=pair.mentor.id,
                    from_on=NOW.date(), to_on=None, entered_at=NOW, entered_by_id=pair.mentor.id,
                )
            )  # fmt: skip

    assert statements(app, mentor, "/mentoring") == one


def test_a_mentor_of_many_schools_sees_five_first_and_all_on_pages(app, sign_in, pair):
    names = {f"School {number:02}." for number in range(queries.PAGE_ROWS + 1)}
    with app.app_context(), unit_of_work():
        mentoring = session.get_one(Mentoring, pair.id)
        coordinator = session.get_one(User, mentoring.entered_by_id)
        for name in names:
            school = make.school(name=name, group_id=coordinator.group_id)
            independence.enter_mentoring(
                school, pair.mentor.id, NOW.date(), None, by=coordinator, at=NOW
            )
    browser = sign_in(pair.mentor)

    first, pages = page(browser, "/reviews"), pages_of(browser, "/mentoring")

    assert sum(name in first for name in names) + ("Green Lyceum" in first) == 5
    assert "All schools" in first
    assert [sum(name in one for name in names) for one in pages] == [queries.PAGE_ROWS - 1, 2]


def test_a_long_talk_shows_its_newest_messages_first_and_all_on_pages(app, sign_in, pair):
    texts = [f"Message {number:02}." for number in range(queries.MESSAGES_AT_ONCE + 2)]
    with app.app_context(), unit_of_work():
        mentoring = session.get_one(Mentoring, pair.id)
        for minute, text in enumerate(texts):
            at = NOW + timedelta(minutes=minute)
            services.write_message(mentoring, text, by=pair.head, at=at)

    first, second = pages_of(sign_in(pair.mentor), pair.page)

    shown = [[text for text in texts if text in one] for one in (first, second)]
    assert shown == [texts[2:], texts[:2]]
    assert first.index(texts[2]) < first.index(texts[-1])
