"""Reminders to learn, with the database and the mail folder."""

from datetime import timedelta
from random import Random

import pytest
from flask_babel import force_locale

from cissapp.foundation.content.installed import content
from cissapp.foundation.core import clock
from cissapp.foundation.core.db import session, unit_of_work
from cissapp.learn.learning import queries, services
from cissapp.learn.learning.models import LessonProgress
from cissapp.learn.learning.phrases import time_left
from cissapp.learn.learning.rules import AttemptState
from cissapp.learn.learning.rules.unsubscribe_links import stop_token
from cissapp.learn.learning.services import grading
from cissapp.learn.learning.services import reminders as reminding
from cissapp.operate.operations import services as operations
from cissapp.people.accounts.rules import Duty
from cissapp.people.notices import services as notices
from tests.conftest import SECRET
from tests.factories import NOW, passed_module
from tests.learn.learning.people import DAY, arrived, begun, queued, reads

HOUR = timedelta(hours=1)


def remind(days, hours=1):
    """Run the reminders so many days later; give how many left."""
    with notices.hold_mails():
        return services.send_reminders(content(), NOW + days * DAY + hours * HOUR)


def start(person, at=NOW, number=0):
    return services.start_attempt(
        content().modules[number], content=content(), by=person, at=at, random=Random(1)
    )


def whom():
    return [(one.kind, one.to) for one in queued()]


@pytest.mark.one_database("sqlite")
def test_a_year_without_activity_brings_three_mails_and_no_more(context, make):
    person = begun(make.manager(), NOW)

    days = [day for day in (0, 1, 13, 14, 15, 43, 44, 45, 73, 74, 75, 104, 365) if remind(day)]

    assert days == [14, 44, 74]
    learner = queries.learner(person.id)
    assert (learner.reminded_at, learner.reminders_sent) == (NOW + 74 * DAY + HOUR, 3)


@pytest.mark.one_database("sqlite")
def test_activity_begins_the_count_anew(context, make):
    person = begun(make.manager(), NOW)
    for day in (14, 44, 74):
        remind(day)
    begun(person, NOW + 100 * DAY, lessons=3)

    days = [day for day in (100, 113, 114, 143, 144, 173, 174, 204, 300) if remind(day)]
    assert days == [114, 144, 174]


def opens_a_lesson(person, _attempt, at):
    services.record_opened(content().modules[0].lessons[3], by=person, at=at)


def reads_a_lesson(person, _attempt, at):
    lesson = content().modules[0].lessons[1]
    row = session.get(LessonProgress, (person.id, lesson.module_id, lesson.id))
    row.read_at = at
    session.flush()


def begins_an_attempt(person, _attempt, at):
    start(person, at, number=1)


def answers(_person, attempt, at):
    attempt.questions[0].saved_at = at
    session.flush()


def hands_in(_person, attempt, at):
    grading.close_attempt(attempt, AttemptState.FAILED, at=at, points=0, total=10)


@pytest.mark.parametrize(
    "act", [opens_a_lesson, reads_a_lesson, begins_an_attempt, answers, hands_in]
)
def test_every_kind_of_activity_counts(context, make, act):
    person = begun(make.manager(), NOW)
    attempt = start(person)
    attempt.expires_at = NOW + 300 * DAY
    session.flush()
    for day in (14, 44, 74, 104):
        remind(day)
    assert len(queued()) == 3

    act(person, attempt, NOW + 110 * DAY)

    assert [day for day in (110, 123, 124, 153, 154) if remind(day)] == [124, 154]


@pytest.mark.one_database("sqlite")
def test_missed_days_are_made_up_with_one_mail(context, make):
    begun(make.manager(), NOW)

    assert [remind(200), remind(200, 2), remind(201)] == [1, 0, 0]


def close(person, make):
    person.deactivated_at, person.deactivated_by_id = NOW, make.user().id


def stop(person, _make):
    services.stop_reminders(by=person, at=NOW)


def pass_all(person, _make):
    for module in content().modules:
        passed_module(person, module.id)


def train_colleagues(person, make):
    """Let a deputy and the designated person pass everything: the school needs nobody else."""
    for duty in (Duty.DEPUTY, Duty.DESIGNATED_PERSON):
        pass_all(make.manager(person.school, duty=duty), make)


@pytest.mark.one_database("sqlite")
@pytest.mark.parametrize("why", [close, stop, pass_all, train_colleagues])
def test_nobody_is_reminded_for_whom_it_would_be_wrong(context, make, why):
    person, other = (begun(make.manager(make.school()), NOW) for _ in range(2))
    why(person, make)
    session.flush()

    assert [remind(14), remind(60)] == [1, 1]
    assert {to for _kind, to in whom()} == {other.email}


def test_who_did_not_begin_is_left_in_peace(context, make):
    make.manager()

    assert remind(60) == 0


def test_who_turns_reminders_on_again_is_reminded_again(context, make):
    person = begun(make.manager(), NOW)
    services.stop_reminders(by=person, at=NOW)
    services.resume_reminders(by=person)

    assert remind(14) == 1


def test_an_open_attempt_is_told_of_once_before_it_closes_and_spares_the_other_mail(context, make):
    person = make.manager()
    attempt = start(person)

    days = [day for day in (0, 13, 14, 26, 27, 28, 29, 44, 56, 57) if remind(day)]
    services.end_due_attempts(content=content(), at=NOW + 60 * DAY)

    assert (attempt.expires_at - NOW).days == 30
    assert days == [14, 27, 57]
    assert [kind for kind, _to in whom()] == [
        "learning_reminder",
        "attempt_closing",
        "learning_reminder",
    ]
    session.refresh(attempt)
    assert (attempt.state, attempt.reminded_at) == (
        AttemptState.EXPIRED,
        NOW + 27 * DAY + HOUR,
    )


@pytest.mark.one_database("sqlite")
def test_an_attempt_that_is_closed_is_not_told_of(context, make):
    attempt = start(make.manager())
    grading.close_attempt(attempt, AttemptState.VOIDED, at=NOW)

    assert [day for day in (13, 14, 27, 28, 29, 43) if remind(day)] == [14]
    assert [kind for kind, _to in whom()] == ["learning_reminder"]


@pytest.mark.one_database("sqlite")
def test_the_mail_says_what_is_done_what_is_next_and_how_long_it_takes(context, make):
    person = make.manager(name="Ana Rusu", language="en")
    first, second = content().modules[:2]
    passed_module(person, first.id)
    begun(person, NOW, module=1)
    lesson = second.lessons[2]
    with force_locale("en"):
        left = " ".join(time_left(queries.overview(person.id, content().modules, NOW)))

    remind(14)

    (mail,) = queued()
    link = f"http://ciss.example/learn/reminders/stop/{stop_token(person.id, SECRET)}"
    named = f"lesson 2.3, “{lesson.text('en').title}” ({lesson.plan.minutes} minutes to read)"
    assert mail.subject == f"Your next step in the training: {named}"
    assert mail.body == (
        "Hello Ana Rusu,\n\n"
        "You have passed 1 of 5 modules. You have read 2 lessons. All of it is saved.\n\n"
        f"Your next step: {named}.\n\n"
        f"{left} You can do it in small parts.\n\n"
        f"Continue here:\nhttp://ciss.example/learn/{second.id}/{lesson.id}\n\n"
        f"If you do not want these emails, stop them here:\n{link}\n"
    )
    assert (mail.unsubscribe_url, mail.school_id, mail.user_id) == (link, None, person.id)


@pytest.mark.one_database("sqlite")
def test_only_the_last_mail_says_that_none_follows(context, make):
    begun(make.manager(), NOW)

    for day in (14, 44, 74):
        remind(day)

    assert ["This is the last reminder." in one.body for one in queued()] == [
        False,
        False,
        True,
    ]


@pytest.mark.one_database("sqlite")
def test_a_quiz_that_closes_is_named_with_its_moment_in_the_time_of_the_country(context, make):
    person = make.manager(name="Ana Rusu", language="en")
    start(person)

    remind(28)

    (mail,) = queued()
    title = content().modules[0].text("en").title
    assert mail.subject == "Your quiz for module 1 closes on 25 December 2026, 11:00 UTC+2"
    assert mail.body.startswith(
        "Hello Ana Rusu,\n\n"
        f"Your quiz for module 1, “{title}”, is still open. All your answers are saved.\n\n"
        "0 of 10 questions are answered.\n\n"
        "It closes automatically on 25 December 2026, 11:00 UTC+2. If you do not submit it before then, "
        "it does not count, and you can start a new one.\n\n"
        f"Continue here:\nhttp://ciss.example/learn/{content().modules[0].id}/quiz\n\n"
    )


@pytest.mark.one_database("sqlite")
def test_the_mail_speaks_the_language_of_the_person(context, make):
    person = begun(make.manager(language="uk"), NOW)

    remind(14)

    title = content().modules[0].lessons[2].text(person.language).title
    assert title in queued()[0].subject


def test_the_number_of_reads_does_not_grow_with_the_people(context, make):
    costs = []
    for people in (1, 6):
        for number in range(people):
            school = make.school()
            begun(make.manager(school), NOW, lessons=1 + number % 3)
            start(make.manager(school, duty=Duty.DESIGNATED_PERSON))
        session.flush()
        session.expunge_all()
        with reads() as found:
            assert remind(14) == 2 * people
        costs.append(len(found))

    assert costs[0] == costs[1]
    assert costs[0] <= 10


def test_a_run_goes_on_batch_by_batch_and_begins_with_those_who_cannot_wait(
    context, make, monkeypatch
):
    monkeypatch.setattr(reminding, "AT_ONCE", 2)
    people = [begun(make.manager(make.school()), NOW) for _ in range(5)]
    late = max(people, key=lambda one: one.id)
    start(late, NOW - 2 * DAY).expires_at = NOW + 16 * DAY
    session.flush()

    found = queries.people_to_examine(content().modules, NOW + 14 * DAY)
    assert found == ([late.id], sorted({one.id for one in people} - {late.id}))
    assert [remind(14), remind(14, 2)] == [5, 0]
    assert [kind for kind, _to in whom()].count("attempt_closing") == 1


def test_the_day_s_work_ends_attempts_and_sends_reminders_with_one_click_to_stop(app, make):
    person = make.manager()
    with app.app_context(), unit_of_work(), clock.at(NOW):
        begun(person, NOW)
        start(person, NOW - 20 * DAY)
        start(person, number=1)
    done = []
    for hours in (0, 3, 24):
        at = NOW + 14 * DAY + hours * HOUR
        with app.app_context(), clock.at(at):
            ran = {one.name: one.count for one in operations.daily(content(), at=at)}
        done.append((ran["quiz attempts that ended"], ran["learners reminded"]))

    assert done == [(1, 1), (0, 0), (0, 0)]
    (letter,) = arrived(app)
    link = f"http://ciss.example/learn/reminders/stop/{stop_token(person.id, SECRET)}"
    assert (letter["To"], letter["List-Unsubscribe"], letter["List-Unsubscribe-Post"]) == (
        person.email,
        f"<{link}>",
        "List-Unsubscribe=One-Click",
    )
    assert link in letter.get_content()
    with app.app_context():
        (mail,) = queued()
        assert (mail.body, mail.unsubscribe_url, mail.sent_at is None) == (None, None, False)
