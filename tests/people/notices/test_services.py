"""The outbox: a mail is written with its change, leaves after it, and is tried again."""

import smtplib
from datetime import timedelta

import pytest
from sqlalchemy import select

from cissapp.foundation.core.db import session, unit_of_work
from cissapp.people.notices import queries, services
from cissapp.people.notices.models import Mail
from cissapp.people.notices.rules import MailRank, MailText
from tests.factories import NOW

pytestmark = pytest.mark.usefixtures("stopped_clock")

MINUTE = timedelta(minutes=1)


class Post:
    """A way to send mail that can fail."""

    def __init__(self):
        self.sent = []
        self.failing = None

    def send(self, letter):
        if self.failing:
            raise self.failing
        self.sent.append((letter.to, letter.subject, letter.body))


@pytest.fixture
def post(app, monkeypatch):
    found = Post()
    monkeypatch.setitem(app.extensions, "ciss-mailer", found)
    return found


def queue(app, to="ana@school.example", body="Your link: /invitations/secret"):
    with app.app_context(), unit_of_work():
        services.queue("invitation", MailText("Welcome", body), to=to, at=NOW)


def send_due(app, at):
    with app.app_context():
        return services.send_due(at=lambda: at)


@pytest.mark.parametrize("domain", ["given-up.invalid", "INVALID", "erased.invalid."])
def test_no_mail_is_made_for_an_address_that_nobody_has(app, post, domain):
    queue(app, f"ana@{domain}")
    queue(app, "ana@invalid.example")

    assert [to for to, _subject, _body in post.sent] == ["ana@invalid.example"]
    assert [row[0] for row in rows(app)] == ["ana@invalid.example"]


def rows(app):
    columns = (Mail.to, Mail.body, Mail.tries, Mail.sent_at, Mail.last_error, Mail.next_try_at)
    with app.app_context():
        return [tuple(row) for row in session.execute(select(*columns).order_by(Mail.to))]


def test_a_mail_leaves_after_its_change_and_its_text_is_forgotten(app, post):
    queue(app)

    assert post.sent == [("ana@school.example", "Welcome", "Your link: /invitations/secret")]
    assert rows(app) == [("ana@school.example", None, 1, NOW, None, NOW)]


def test_a_change_that_fails_sends_nothing(app, post):
    def fail():
        with app.app_context(), unit_of_work():
            services.queue("invitation", MailText("Hello", "Text"), to="a@b.example", at=NOW)
            raise KeyError("in the middle")

    with pytest.raises(KeyError):
        fail()

    assert (post.sent, rows(app)) == ([], [])


@pytest.mark.one_database("sqlite")
def test_a_server_that_is_away_is_tried_again_after_longer_and_longer_waits(app, post):
    post.failing = ConnectionRefusedError("Connection refused")
    queue(app)
    text = "Your link: /invitations/secret"
    error = "ConnectionRefusedError: Connection refused"
    assert rows(app) == [("ana@school.example", text, 1, None, error, NOW + 2 * MINUTE)]

    assert send_due(app, NOW + MINUTE) == 0
    assert rows(app)[0][2] == 1
    assert send_due(app, NOW + 2 * MINUTE) == 0
    assert rows(app) == [("ana@school.example", text, 2, None, error, NOW + 6 * MINUTE)]

    post.failing = None
    assert send_due(app, NOW + 6 * MINUTE) == 1
    assert post.sent == [("ana@school.example", "Welcome", text)]
    assert rows(app)[0][:5] == ("ana@school.example", None, 3, NOW + 6 * MINUTE, None)
    assert send_due(app, NOW + timedelta(days=30)) == 0


@pytest.mark.one_database("sqlite")
def test_after_eight_tries_nobody_tries_any_more(app, post):
    post.failing = smtplib.SMTPServerDisconnected("gone")
    queue(app)
    for day in range(1, 12):
        send_due(app, NOW + timedelta(days=day))

    assert [(row[1], row[2], row[3]) for row in rows(app)] == [(None, 8, None)]


@pytest.mark.one_database("sqlite")
def test_a_relay_that_is_away_for_a_weekend_costs_no_mail(app, post):
    post.failing = smtplib.SMTPServerDisconnected("gone")
    queue(app)
    for hours in range(1, 60):
        send_due(app, NOW + timedelta(hours=hours))
    post.failing = None

    assert send_due(app, NOW + timedelta(hours=66)) == 1


def test_an_address_that_the_server_refuses_does_not_hold_up_the_others(app, post):
    post.failing = OSError("away")
    for to in ("ana@school.example", "bad@school.example", "zoe@school.example"):
        queue(app, to)
    post.failing = None
    send = post.send

    def picky(letter):
        if letter.to.startswith("bad"):
            raise smtplib.SMTPRecipientsRefused({letter.to: (550, b"no such person")})
        send(letter)

    post.send = picky

    assert send_due(app, NOW + 2 * MINUTE) == 2
    assert [(row[0], row[3] is not None) for row in rows(app)] == [
        ("ana@school.example", True),
        ("bad@school.example", False),
        ("zoe@school.example", True),
    ]


def test_a_line_break_in_an_address_is_noted_and_sent_to_nobody(app):
    """With the real way to send: the header cannot be broken."""
    queue(app, "ana@school.example\nBcc: all@school.example")

    ((_to, _body, tries, sent_at, error, _next),) = rows(app)
    assert (tries, sent_at, error) == (1, None, "ValueError: an email header must be a single line")
    folder = app.extensions["ciss-mailer"].folder
    assert list(folder.glob("*")) == []


@pytest.mark.one_database("sqlite")
def test_the_oldest_leaves_first(app, post):
    post.failing = OSError("away")
    for minute, to in enumerate(("first@a.example", "second@a.example", "third@a.example")):
        with app.app_context(), unit_of_work():
            at = NOW + minute * MINUTE
            services.queue("x", MailText("Hello", "Text"), to=to, at=at)
    post.failing = None

    send_due(app, NOW + timedelta(hours=1))

    assert [to for to, _subject, _body in post.sent] == [
        "first@a.example",
        "second@a.example",
        "third@a.example",
    ]


@pytest.mark.parametrize(("most", "count"), [(2, 2), (10, 5)])
def test_of_very_many_that_wait_a_part_is_counted_and_the_oldest_is_named(
    context, monkeypatch, most, count
):
    """The oldest was refused for hours: its next try comes after all that were queued since."""
    monkeypatch.setattr(queries, "COUNTED_AT_MOST", most)
    for minutes in range(5):
        mail = services.queue(
            "invitation", MailText("Welcome", ""), to=f"{minutes}@school.example", at=NOW
        )
        mail.queued_at = mail.next_try_at = NOW + timedelta(minutes=minutes)
        if minutes == 0:
            mail.next_try_at = NOW + timedelta(hours=6)
    session.flush()

    assert queries.waiting() == (count, NOW)


def test_the_invitations_of_a_list_keep_no_message_to_schools_from_leaving(app):
    with app.app_context():
        for rank in reversed(MailRank):
            mail = Mail(
                kind="invitation", to="ana@school.example", subject="s", body="b",
                queued_at=NOW, next_try_at=NOW, rank=rank,
            )  # fmt: skip
            session.add(mail)
            session.flush()
            assert queries.mails_are_due(NOW) is (rank < MailRank.LIST)
