"""A message to many: to whom it goes, once to each, and no further than a stop; on both databases."""

from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import select

from cissapp.foundation.audit.models import AuditEntry
from cissapp.foundation.audit.rules import Event
from cissapp.foundation.core.db import session, unit_of_work
from cissapp.foundation.core.errors import Refused
from cissapp.foundation.core.roles import Role
from cissapp.foundation.core.storage import LocalStore
from cissapp.learn.learning.models import Learner
from cissapp.oversee.personal_data.services import erasing
from cissapp.people.accounts import services as accounts
from cissapp.people.accounts.models import User
from cissapp.people.notices.models import Mail, Notification
from cissapp.review.messages import queries, services
from cissapp.review.messages.models import Message, MessageRecipient
from cissapp.review.messages.rules import AT_ONCE, MessageState, WrittenText
from tests import factories as make
from tests.factories import NOW
from tests.plans import plans
from tests.statements import statements_sent

pytestmark = pytest.mark.usefixtures("stopped_clock")

UKRAINIAN = WrittenText("uk", "Новини", "Будь ласка, продовжуйте.")


@pytest.fixture
def coordinator(app):
    return make.user(Role.COORDINATOR, name="Vera")


def school(coordinator, *languages):
    made = make.school(group_id=coordinator.group_id)
    for language in languages:
        make.user(Role.SCHOOL_MANAGER, school_id=made.id, language=language)
    return made


def written(app, coordinator, *schools, texts=(UKRAINIAN,), with_steps=False):
    with app.app_context(), unit_of_work():
        audience = queries.audience(coordinator, [one.id for one in schools])
        made = services.write(texts, audience, with_steps=with_steps, by=coordinator, at=NOW)
        return made.id


def confirmed(app, coordinator, message_id):
    with app.app_context(), unit_of_work():
        services.confirm(session.get_one(Message, message_id), by=coordinator, at=NOW)


def mails(app):
    with app.app_context():
        return sorted(session.scalars(select(Mail.to)))


def state(app, message_id):
    with app.app_context():
        found = queries.progress_of(session.get_one(Message, message_id))
        return found.state, found.queued, found.people, found.schools


@pytest.mark.one_database("sqlite")
def test_nothing_leaves_before_a_message_is_confirmed_and_then_once_to_each(app, coordinator):
    first, second = school(coordinator, "uk", "ro"), school(coordinator, "uk")
    message_id = written(app, coordinator, first, second, first)
    assert (mails(app), state(app, message_id)) == ([], (MessageState.DRAFT, 0, 3, 2))

    confirmed(app, coordinator, message_id)
    with app.app_context(), unit_of_work():
        assert services.send_unfinished(at=NOW) == 0

    assert len(set(mails(app))) == len(mails(app)) == 3
    assert state(app, message_id) == (MessageState.SENT, 3, 3, 2)
    with pytest.raises(Refused):
        confirmed(app, coordinator, message_id)
    with app.app_context():
        entry = session.scalars(
            select(AuditEntry).where(AuditEntry.event == Event.MESSAGE_SENT)
        ).one()
        assert entry.facts == {"people": 3, "schools": 2, "languages": ["uk"]}
        assert {one.title for one in session.scalars(select(Notification))} == {"Новини"}
        assert {one.path for one in session.scalars(select(Notification))} == {
            f"/messages/{message_id}"
        }


@pytest.mark.one_database("sqlite")
def test_who_reads_another_language_is_told_so_in_that_language(app, coordinator):
    message_id = written(app, coordinator, school(coordinator, "en"))
    confirmed(app, coordinator, message_id)

    with app.app_context():
        (mail,) = session.scalars(select(Mail))
        assert (mail.subject, mail.kind) == ("Новини", "message")
    letter = letter_of(app)
    assert "The following message is written in" in letter


def letter_of(app):
    folder = Path(app.config["CISS"].mail_url.removeprefix("file://"))
    raw = next(folder.glob("*.eml")).read_bytes()
    return str(message_from_bytes(raw, policy=policy.default).get_content())


@pytest.mark.one_database("sqlite")
def test_people_who_want_no_reminders_or_have_left_get_nothing(app, coordinator):
    of = school(coordinator, "uk", "uk", "uk")
    with app.app_context(), unit_of_work():
        people = list(session.scalars(select(User).where(User.school_id == of.id)))
        session.add(Learner(user_id=people[0].id, reminders_stopped_at=NOW))
        addresses = [one.email for one in people]
        gone_id = people[1].id
        found = queries.audience(coordinator, [of.id])
    assert (len(found.people), found.stopped, found.schools) == (2, 1, 1)

    message_id = written(app, coordinator, of)
    with app.app_context(), unit_of_work():
        gone = session.get_one(User, gone_id)
        gone.deactivated_at, gone.deactivated_by_id = NOW, coordinator.id
    confirmed(app, coordinator, message_id)

    assert mails(app) == [addresses[2]]


@pytest.mark.one_database("sqlite")
def test_a_message_to_nobody_is_refused_and_foreign_schools_are_nobody(app, coordinator):
    empty, foreign = school(coordinator), make.manager().school_id
    with app.app_context():
        found = queries.audience(coordinator, [empty.id, foreign])
    assert (found.people, found.without_people) == ([], [empty.name])

    with pytest.raises(Refused) as refused:
        written(app, coordinator, empty)
    assert [one.code for one in refused.value.problems] == ["nobody"]


@pytest.mark.one_database("sqlite")
def test_schools_without_people_are_listed_by_name(app, coordinator):
    names = ["School No. 2", "School No. 10", "Ґава", "Єнот"]
    group_id = coordinator.group_id
    schools = [make.school(group_id=group_id, name=name).id for name in reversed(names)]
    with app.app_context():
        assert queries.audience(coordinator, schools).without_people == names


def test_a_stop_keeps_back_all_that_has_not_gone_out(app, coordinator):
    of = school(coordinator, *["uk"] * (AT_ONCE + 3))
    message_id = written(app, coordinator, of)
    with app.app_context(), unit_of_work():
        message = session.get_one(Message, message_id)
        message.confirmed_at = NOW
        session.flush()
        assert services.send_lot(message, at=NOW) == AT_ONCE
        assert queries.progress_of(message).state is MessageState.GOING
        assert services.stop(message, by=coordinator, at=NOW) == 3

    with app.app_context(), unit_of_work():
        message = session.get_one(Message, message_id)
        assert services.send_lot(message, at=NOW) == services.send_unfinished(at=NOW) == 0
        with pytest.raises(Refused):
            services.stop(message, by=coordinator, at=NOW)

    assert len(mails(app)) == AT_ONCE
    assert state(app, message_id) == (MessageState.STOPPED, AT_ONCE, AT_ONCE + 3, 1)


def test_what_was_interrupted_goes_on_with_the_work_of_the_day(app, coordinator):
    of = school(coordinator, *["uk"] * (AT_ONCE + 1))
    message_id = written(app, coordinator, of)
    with app.app_context(), unit_of_work():
        message = session.get_one(Message, message_id)
        message.confirmed_at = NOW
        session.flush()
        services.send_lot(message, at=NOW)
        assert services.send_unfinished(at=NOW) == 1

    assert len(set(mails(app))) == AT_ONCE + 1


def test_a_draft_is_changed_thrown_away_or_forgotten_after_a_month(app, coordinator):
    of = school(coordinator, "uk")
    first, second = written(app, coordinator, of), written(app, coordinator, of)
    romanian = WrittenText("ro", "Noutăți", "Continuați.")
    with app.app_context(), unit_of_work():
        message = session.get_one(Message, first)
        services.change(message, [romanian], with_steps=True, by=coordinator, at=NOW)
        assert message.written == {"ro": romanian}
        services.discard(session.get_one(Message, second))
    with app.app_context(), unit_of_work():
        services.send_unfinished(at=NOW + timedelta(days=31))
        assert list(session.scalars(select(Message))) == []
        assert list(session.scalars(select(MessageRecipient))) == []


@pytest.mark.one_database("sqlite")
def test_what_a_school_needs_next_stands_in_the_language_of_the_reader(app, coordinator):
    message_id = written(app, coordinator, school(coordinator, "en"), with_steps=True)
    confirmed(app, coordinator, message_id)

    letter = letter_of(app)
    assert "Next steps for Lyceum" in letter
    assert "- Upload the school" in letter


def test_more_messages_ask_the_database_no_more_often(app, coordinator):
    of, counts = school(coordinator, "uk"), []
    for _more in range(2):
        written(app, coordinator, of)
        with app.app_context(), statements_sent() as seen:
            queries.messages_page(coordinator)
        counts.append(len(seen))

    assert counts[0] == counts[1]


def test_what_a_message_says_of_its_recipients_is_what_they_are_and_reading_it_reads_none(
    app, coordinator
):
    schools = [school(coordinator, "uk", "ro"), school(coordinator, "uk")]
    message_id = written(app, coordinator, *schools)
    confirmed(app, coordinator, message_id)

    with app.app_context():
        message = session.get_one(Message, message_id)
        rows = session.scalars(select(MessageRecipient)).all()
        gone = sum(row.queued_at is not None for row in rows)
        counted = (message.people, message.schools, message.queued)
        assert counted == (len(rows), len({row.school_id for row in rows}), gone) == (3, 2, 3)
        assert list(queries.languages_of(message).items()) == [("uk", 2), ("ro", 1)]
        with statements_sent() as sent:
            found = queries.messages_page(coordinator)
            queries.languages_of(message)

    assert [one.queued for one in found.rows] == [3]
    assert not [one for one in sent if "message_recipient" in one.lower()]


def test_a_changed_draft_counts_its_recipients_again(app, coordinator):
    first = school(coordinator, "uk")
    message_id = written(app, coordinator, first)
    make.user(Role.SCHOOL_MANAGER, school_id=first.id, language="ro")

    with app.app_context(), unit_of_work():
        message = session.get_one(Message, message_id)
        services.change(message, [UKRAINIAN], with_steps=False, by=coordinator, at=NOW)
        assert (message.people, message.readers) == (2, {"uk": 1, "ro": 1})


def erased(app, coordinator, tmp_path, person):
    with app.app_context(), unit_of_work():
        gone = session.merge(person)
        accounts.deactivate(gone, by=coordinator, at=NOW)
        erasing.erase(gone, store=LocalStore(tmp_path), at=NOW)


def test_who_is_erased_is_neither_counted_nor_waited_for(app, coordinator, tmp_path):
    of = make.school(group_id=coordinator.group_id)
    people = [
        make.user(Role.SCHOOL_MANAGER, school_id=of.id, language="uk") for _ in range(AT_ONCE + 2)
    ]
    message_id = written(app, coordinator, of)
    erased(app, coordinator, tmp_path, people[0])
    with app.app_context(), unit_of_work():
        message = session.get_one(Message, message_id)
        assert queries.recipients_left(message) == (AT_ONCE + 1, 1)
        message.confirmed_at = NOW
        session.flush()
        services.send_lot(message, at=NOW)
        waits = [one.user for one in queries.waiting(message, 9)]

    assert len(waits) == 1
    erased(app, coordinator, tmp_path, waits[0])
    with app.app_context(), unit_of_work():
        assert services.send_unfinished(at=NOW) == 0

    assert state(app, message_id) == (MessageState.SENT, AT_ONCE, AT_ONCE, 1)


@pytest.mark.one_database("sqlite")
def test_the_next_recipients_are_found_in_their_order(app):
    """Each batch of twenty read and sorted all who were left: of 45,000 people, 2,250 times."""
    with app.app_context(), unit_of_work():
        steps = plans(lambda: queries.waiting(Message(id=uuid4()), AT_ONCE))

    assert [line for line in steps if "TEMP B-TREE" in line] == []
    assert any("ix_message_recipient_waiting" in line for line in steps)


def test_a_draft_whose_only_reader_was_erased_is_for_nobody(app, coordinator, tmp_path):
    of = make.school(group_id=coordinator.group_id)
    person = make.user(Role.SCHOOL_MANAGER, school_id=of.id, language="uk")
    message_id = written(app, coordinator, of)
    erased(app, coordinator, tmp_path, person)

    with pytest.raises(Refused):
        confirmed(app, coordinator, message_id)
