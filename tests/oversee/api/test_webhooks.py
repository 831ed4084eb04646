"""Webhooks: written with the change, signed, sent after it, tried again, stopped; on both databases."""

import base64
import hashlib
import hmac
import json
import threading
import time
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from unittest.mock import Mock

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from cissapp.certify.certificates import queries as certificates
from cissapp.certify.certificates import services as certify
from cissapp.foundation.core import clock
from cissapp.foundation.core.actor import SYSTEM
from cissapp.foundation.core.db import session, unit_of_work
from cissapp.foundation.core.errors import Refused
from cissapp.foundation.core.roles import Role
from cissapp.oversee.api.models import Webhook, WebhookMessage
from cissapp.oversee.api.queries import webhooks as queries
from cissapp.oversee.api.rules.webhooks import WAITS, SendFailure, WebhookStop, secret_of
from cissapp.oversee.api.services import connections, sending, webhooks
from cissapp.people.accounts.models import User
from cissapp.people.accounts.services import deactivate, move_to_region
from cissapp.people.notices.models import Mail
from tests.conftest import SECRET
from tests.factories import NOW
from tests.plans import plans

pytestmark = pytest.mark.usefixtures("plain_files")

SUSPENSION = {"reason": "The designated person left and nobody follows.", "cure_days": 60}


class Receiver(BaseHTTPRequestHandler):
    """Takes messages, and answers as it is told."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.server.got.append((dict(self.headers), body))
        if self.server.pause:
            self.server.let_go.wait(10)
        refused = self.server.refuses in body
        self.send_response(400 if refused else self.server.status)
        if self.server.status == 302:
            self.send_header("location", "http://127.0.0.1:1/")
        self.end_headers()

    def log_message(self, *_arguments: object) -> None:
        """Keep the log of the test server silent."""


@contextmanager
def receiver(status: int = 204, *, pause: bool = False):
    server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    server.got, server.status, server.pause = [], status, pause
    server.refuses, server.let_go = b"nothing of it", threading.Event()
    server.url = f"http://127.0.0.1:{server.server_port}/hook?a=b"
    threading.Thread(target=server.serve_forever, args=[0.01], daemon=True).start()
    try:
        yield server
    finally:
        server.let_go.set()
        server.shutdown()
        server.server_close()


def add(app, person: User, url: str, *kinds: str) -> Webhook:
    chosen = kinds or ("certificate.issued", "certificate.suspended")
    with app.app_context(), unit_of_work():
        by = session.merge(person)
        return webhooks.add_webhook(url, chosen, by=by, loopback=True, at=NOW)


def act(app, certificate, name: str, **values) -> None:
    with app.app_context(), unit_of_work():
        getattr(certify, name)(
            certificates.certificate(certificate.id), by=SYSTEM, at=NOW, **values
        )


def send(app, at=NOW) -> int:
    with app.app_context():
        return sending.send_due(at=lambda: at)


def messages(app) -> list[WebhookMessage]:
    with app.app_context():
        return list(
            session.scalars(
                select(WebhookMessage).order_by(WebhookMessage.queued_at, WebhookMessage.id)
            )
        )


def types_of(server) -> list[str]:
    return [json.loads(body)["type"] for _headers, body in server.got]


@pytest.mark.one_database("sqlite")
def test_a_change_is_told_to_whom_it_concerns_signed_and_with_public_facts_only(app, make):
    school = make.school()
    near, far = make.user(Role.MINISTRY), make.user(Role.COORDINATOR)
    with receiver() as server, receiver() as other:
        webhook = add(app, near, server.url)
        add(app, far, other.url)
        certificate = make.certified(school)
        act(app, certificate, "suspend", **SUSPENSION)

        assert send(app) == 2
        assert send(app) == 0

    assert types_of(server) == ["certificate.issued", "certificate.suspended"]
    assert other.got == []
    headers, body = server.got[0]
    said = json.loads(body)
    assert set(said["data"]) == {
        "number",
        "code",
        "school",
        "locality",
        "country",
        "region",
        "level",
        "valid_from",
        "valid_until",
        "verify",
    }
    assert SUSPENSION["reason"].encode() not in server.got[1][1]
    headers = {name.lower(): value for name, value in headers.items()}
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    secret = secret_of(str(webhook.id), webhook.salt, SECRET)
    expected = base64.b64encode(hmac.new(secret, signed, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{expected}"
    assert headers["webhook-id"] == messages(app)[0].message_id


def test_a_change_that_is_not_kept_is_not_told(app, make):
    with receiver() as server:
        add(app, make.user(Role.SECRETARIAT), server.url)
        certificate = make.certified()
        with app.app_context(), pytest.raises(RuntimeError), unit_of_work():
            certify.suspend(
                certificates.certificate(certificate.id), by=SYSTEM, at=NOW, **SUSPENSION
            )
            raise RuntimeError
        send(app)

    assert types_of(server) == ["certificate.issued"]


def test_what_failed_is_sent_again_later_under_the_same_number_then_the_webhook_is_stopped(
    app, make
):
    person = make.user(Role.SECRETARIAT)
    with receiver(500) as server:
        add(app, person, server.url)
        certificate = make.certified()
        act(app, certificate, "suspend", **SUSPENSION)
        at = NOW
        for wait in (*WAITS, timedelta()):
            assert send(app, at) == 0
            assert send(app, at) == 0
            at += wait
        tried = [headers["webhook-id"] for headers, _body in server.got]
        assert tried == [messages(app)[0].message_id] * (len(WAITS) + 1)
        assert send(app, at + timedelta(days=30)) == 0

    first, second = messages(app)
    assert (first.tries, first.status, first.given_up_at is not None) == (len(WAITS) + 1, 500, True)
    assert (second.tries, second.given_up_at) == (0, first.given_up_at)
    with app.app_context():
        stopped = session.scalars(select(Webhook)).one()
        assert stopped.stopped_because is WebhookStop.FAILED
        mail = session.scalars(select(Mail).where(Mail.kind == "webhook_stopped")).one()
        assert mail.to == person.email


def test_a_newer_message_waits_for_an_older_one_that_is_tried_again_and_a_test_ends_the_wait(
    app, make
):
    person = make.user(Role.SECRETARIAT)
    with receiver(500) as server:
        webhook = add(app, person, server.url)
        certificate = make.certified()
        first = send(app)
        later = NOW + WAITS[0]
        send(app, later)
        act(app, certificate, "suspend", **SUSPENSION)
        server.status = 204
        assert (first, send(app, later + timedelta(minutes=1))) == (0, 0)
        assert types_of(server) == ["certificate.issued"] * 2

        works_again = later + timedelta(minutes=2)
        with app.app_context(), unit_of_work():
            webhooks.test_webhook(session.get(Webhook, webhook.id), by=person, at=works_again)
        assert send(app, works_again) == 3

    assert types_of(server)[2:] == ["webhook.test", "certificate.issued", "certificate.suspended"]


@pytest.mark.parametrize("is_silent", [False, True])
def test_a_receiver_that_refuses_one_message_gets_those_about_other_certificates(
    app, make, monkeypatch, is_silent
):
    monkeypatch.setattr(sending, "SECONDS", 0.3)
    with receiver(400, pause=is_silent) as server:
        add(app, make.user(Role.SECRETARIAT), server.url)
        refused = make.certified()
        at = NOW
        for wait in WAITS[:4]:
            send(app, at)
            at += wait
        at -= timedelta(hours=1)
        server.status, server.pause = 204, False
        act(app, refused, "suspend", **SUSPENSION)
        make.certified()
        make.certified()

        assert send(app, at) == 2
        assert send(app, at + timedelta(hours=2)) == 2

    assert types_of(server)[4:] == ["certificate.issued"] * 3 + ["certificate.suspended"]


def test_a_receiver_that_is_silent_gets_what_else_is_due_after_five_minutes(app, make, monkeypatch):
    monkeypatch.setattr(sending, "SECONDS", 0.3)
    with receiver(pause=True) as server:
        add(app, make.user(Role.SECRETARIAT), server.url, "certificate.issued")
        make.certified()
        send(app)
        send(app, NOW + WAITS[0])
        send(app, NOW + timedelta(minutes=6))  # its third try: the next one is in half an hour
        make.certified()
        send(app, NOW + timedelta(minutes=6))
        server.pause = False

        assert send(app, NOW + timedelta(minutes=12)) == 1


def test_tests_that_are_accepted_do_not_bring_the_stop_nearer(app, make):
    person = make.user(Role.SECRETARIAT)
    with receiver() as server:
        server.refuses = b"certificate.issued"
        webhook = add(app, person, server.url)
        make.certified()
        send(app)
        send(app, NOW + WAITS[0])
        for count in range(12):
            at = NOW + timedelta(seconds=20 + count)
            with app.app_context(), unit_of_work():
                webhooks.test_webhook(session.get(Webhook, webhook.id), by=person, at=at)
            assert send(app, at) == 1

    assert (messages(app)[0].tries, messages(app)[0].given_up_at) == (2, None)
    assert types_of(server).count("certificate.issued") == 14


def test_a_message_that_is_sent_again_waits_for_an_older_one_about_its_certificate_alone(app, make):
    with receiver() as server:
        add(app, make.user(Role.SECRETARIAT), server.url)
        certificate = make.certified()
        make.certified()
        act(app, certificate, "suspend", **SUSPENSION)
        send(app)
        server.status = 400
        with app.app_context(), unit_of_work():
            webhooks.send_again(messages_in()[0], at=NOW)
        send(app)
        with app.app_context(), unit_of_work():
            for message in messages_in()[1:]:
                webhooks.send_again(message, at=NOW)

    older, other, newer = messages(app)
    assert older.next_try_at == newer.next_try_at == NOW + WAITS[0]
    assert other.next_try_at == NOW


def test_a_failing_test_makes_nothing_else_wait(app, make):
    person = make.user(Role.SECRETARIAT)
    with receiver(500) as server:
        webhook = add(app, person, server.url)
        with app.app_context(), unit_of_work():
            webhooks.test_webhook(session.get(Webhook, webhook.id), by=person, at=NOW)
        send(app)
        server.status = 204
        make.certified()
        assert send(app) == 1

    assert types_of(server) == ["webhook.test", "certificate.issued"]


def test_of_a_region_that_an_officer_left_nothing_is_sent_once_the_webhook_starts_again(app, make):
    person = make.user(Role.REGION_OFFICER)
    by = make.user()
    with receiver(500) as server:
        webhook = add(app, person, server.url)
        make.certified()
        make.certified()
        send(app)
        server.status = 204
        with app.app_context(), unit_of_work():
            waits_for_its_day = messages_in()[1]
            waits_for_its_day.next_try_at = NOW + timedelta(days=3)
            move_to_region(session.get(User, person.id), "MD-CU", by=by, at=NOW)
        with app.app_context(), unit_of_work():
            webhooks.test_webhook(session.get(Webhook, webhook.id), by=person, at=NOW)
        send(app, NOW + timedelta(days=4))

    assert types_of(server) == ["certificate.issued", "certificate.issued", "webhook.test"]


def test_what_a_receiver_missed_that_is_gone_is_not_sent_once_it_starts_again(app, make):
    person = make.user(Role.SECRETARIAT)
    with receiver(500) as server:
        webhook = add(app, person, server.url)
        make.certified()
        send(app)
        for status, at in ((410, NOW), (204, NOW + timedelta(seconds=1))):
            server.status = status
            with app.app_context(), unit_of_work():
                webhooks.test_webhook(session.get(Webhook, webhook.id), by=person, at=at)
            send(app, at)
        send(app, NOW + timedelta(days=4))

    assert types_of(server) == ["certificate.issued", "webhook.test", "webhook.test"]


def test_a_stopped_webhook_starts_again_with_a_test_and_a_message_can_be_sent_again(app, make):
    person = make.user(Role.SECRETARIAT)
    with receiver(410) as server:
        webhook = add(app, person, server.url, "certificate.issued")
        make.certified()
        send(app)
        with app.app_context(), pytest.raises(Refused), unit_of_work():
            webhooks.send_again(session.scalars(select(WebhookMessage)).one(), at=NOW)
        server.status = 200
        with app.app_context(), unit_of_work():
            own = session.get(Webhook, webhook.id)
            assert own.stopped_because is WebhookStop.GONE
            webhooks.test_webhook(own, by=person, at=NOW + timedelta(seconds=1))
            webhooks.send_again(messages_in()[0], at=NOW)
        assert send(app, NOW + timedelta(seconds=1)) == 2

    assert sorted(types_of(server)) == ["certificate.issued", "certificate.issued", "webhook.test"]
    numbers = [headers["webhook-id"] for headers, _body in server.got]
    assert len(set(numbers)) == 2


def messages_in() -> list[WebhookMessage]:
    return list(
        session.scalars(
            select(WebhookMessage).order_by(WebhookMessage.queued_at, WebhookMessage.id)
        )
    )


def test_a_receiver_that_never_answers_keeps_nobody_from_theirs(app, make, monkeypatch):
    monkeypatch.setattr(sending, "SECONDS", 0.3)
    person = make.user(Role.SECRETARIAT)
    with receiver(pause=True) as silent, receiver() as quick:
        add(app, person, silent.url, "certificate.issued")
        add(app, person, quick.url, "certificate.issued")
        make.certified()
        make.certified()
        began = time.monotonic()
        assert send(app) == 2
        assert time.monotonic() - began < 5

    assert (len(silent.got), len(quick.got)) == (1, 2)
    failed = [one for one in messages(app) if one.tries and not one.sent_at]
    assert [one.status for one in failed] == [None]
    assert failed[0].error == "timeout"


def test_what_becomes_due_while_another_is_silent_is_sent_meanwhile(app, make, monkeypatch):
    monkeypatch.setattr(sending, "SECONDS", 5)
    monkeypatch.setattr(sending, "LOOK_AGAIN", 0.05)
    person = make.user(Role.SECRETARIAT)
    with receiver(pause=True) as silent, receiver() as quick:
        add(app, person, silent.url, "certificate.issued")
        make.certified()
        thread = threading.Thread(target=send, args=[app])
        thread.start()
        assert comes_within(5, silent)
        add(app, person, quick.url, "certificate.issued")
        make.certified()

        assert comes_within(4, quick)
        assert thread.is_alive()
        thread.join(10)
    assert (len(silent.got), len(quick.got)) == (1, 1)


def test_an_older_message_that_becomes_due_waits_until_the_newer_one_is_answered(
    app, make, monkeypatch
):
    monkeypatch.setattr(sending, "SECONDS", 1.5)
    monkeypatch.setattr(sending, "LOOK_AGAIN", 0.05)
    with receiver(pause=True) as silent:
        add(app, make.user(Role.SECRETARIAT), silent.url, "certificate.issued")
        make.certified()
        make.certified()
        with app.app_context():
            older = messages_in()[0]
            older.next_try_at = NOW + timedelta(hours=1)
            session.commit()
        thread = threading.Thread(target=send, args=[app])
        thread.start()
        assert comes_within(5, silent)
        with app.app_context():
            messages_in()[0].next_try_at = NOW - timedelta(minutes=1)
            session.commit()

        time.sleep(0.5)
        assert len(silent.got) == 1
        thread.join(10)


def test_what_a_receiver_has_answered_is_kept_though_the_next_look_fails(app, make, monkeypatch):
    monkeypatch.setattr(sending, "SECONDS", 0.5)
    monkeypatch.setattr(sending, "LOOK_AGAIN", 0.05)
    claim, looks = sending._claim, []

    def once(*asked):
        looks.append(asked)
        if len(looks) > 1:
            raise OperationalError("", {}, Exception("database is locked"))
        return claim(*asked)

    monkeypatch.setattr(sending, "_claim", once)
    with receiver(pause=True) as silent:
        add(app, make.user(Role.SECRETARIAT), silent.url, "certificate.issued")
        make.certified()
        with pytest.raises(OperationalError):
            send(app)

    assert [(one.tries, one.claimed_until) for one in messages(app)] == [(1, None)]


def comes_within(seconds: float, server) -> bool:
    until = time.monotonic() + seconds
    while not server.got and time.monotonic() < until:
        time.sleep(0.02)
    return bool(server.got)


def test_a_process_that_ends_claims_no_message_that_it_could_not_send(app, make, monkeypatch):
    with receiver() as server:
        add(app, make.user(Role.SECRETARIAT), server.url, "certificate.issued")
        make.certified()
        monkeypatch.setattr(sending, "ring", Mock())
        monkeypatch.setattr(sending, "main_thread", lambda: Mock(is_alive=lambda: False))
        with app.app_context():
            sending.look(lambda: False)
            assert len(sending._claim(NOW)) == 1


def test_two_processes_send_a_message_once(app, make):
    with receiver() as server:
        add(app, make.user(Role.SECRETARIAT), server.url, "certificate.issued")
        make.certified()
        make.certified()
        with app.app_context():
            first = sending._claim(NOW)
            second = sending._claim(NOW)
            # Who claimed it was killed: another one sends the same message, before what waits behind it.
            third = sending._claim(NOW + sending.CLAIMED)

    oldest = messages(app)[0].id
    assert [[letter.message_id for letter in some] for some in (first, second, third)] == [
        [oldest],
        [],
        [oldest],
    ]


def test_two_processes_send_nothing_to_one_webhook_at_the_same_time(app, make):
    with receiver() as server:
        add(app, make.user(Role.SECRETARIAT), server.url, "certificate.issued")
        make.certified()
        make.certified()
        older, newer = (one.id for one in messages(app))
        with app.app_context():
            session.get(WebhookMessage, older).next_try_at = NOW + timedelta(seconds=10)
            session.commit()
            first = sending._claim(NOW)
            second = sending._claim(NOW + timedelta(seconds=20))
            # Read before the other claimed: what is due is no longer free.
            late = sending._claimed(session.get(WebhookMessage, older), NOW)
            session.rollback()
            third = sending._claim(NOW + sending.CLAIMED)

    claimed = [[letter.message_id for letter in some] for some in (first, second, third)]
    assert (claimed, late) == ([[newer], [], [older]], None)


def test_no_redirect_is_followed_and_no_private_address_connected_to(app, monkeypatch):
    with receiver(302) as server:
        moved = connections.post(server.url, "{}", {}, loopback=True, seconds=2)
        inwards = connections.post(server.url, "{}", {}, loopback=False, seconds=2)
        monkeypatch.setattr(
            connections.socket,
            "getaddrinfo",
            lambda *_a, **_k: [(2, 1, 6, "", ("10.0.0.1", 443)), (2, 1, 6, "", ("1.1.1.1", 443))],
        )
        mixed = connections.post("https://example.org/", "{}", {}, loopback=True, seconds=2)

    assert (moved.status, len(server.got)) == (302, 1)
    assert inwards == mixed == connections.Answer(None, SendFailure.NOT_PUBLIC)


def test_a_certificate_that_waits_for_its_first_day_is_told_on_that_day(app, make):
    school = make.school()
    with receiver() as server:
        add(app, make.user(Role.MINISTRY), server.url)
        certificate = make.certified(school)
        with app.app_context(), unit_of_work():
            own = certificates.certificate(certificate.id)
            begins = own.valid_from_on
            message = messages_in()[0]
            assert message.next_try_at >= NOW
            session.delete(message)
            session.expunge(own)
            own.valid_from_on = begins + timedelta(days=30)
            own.school = school
            webhooks.tell_certificate(own, webhooks.WebhookKind.ISSUED, at=NOW)
        with app.app_context(), pytest.raises(Refused), unit_of_work():
            webhooks.send_again(messages_in()[0], at=NOW)  # it would be public before its day
        assert send(app, NOW + timedelta(days=1)) == 0
        assert send(app, NOW + timedelta(days=31)) == 1

    assert types_of(server) == ["certificate.issued"]


@pytest.mark.one_database("sqlite")
def test_who_left_is_told_nothing_more(app, make):
    person = make.user(Role.SECRETARIAT)
    with receiver() as server:
        add(app, person, server.url)
        with app.app_context(), unit_of_work():
            deactivate(session.get(User, person.id), by=make.user(), at=NOW)
        make.certified()
        send(app)

    assert server.got == []
    with app.app_context():
        assert session.scalars(select(Webhook)).one().stopped_because is WebhookStop.PERSON_LEFT


def test_an_officer_of_another_region_is_told_nothing_more_but_that_it_stopped(app, make):
    person = make.user(Role.REGION_OFFICER, region_code="MD-CU")
    with receiver() as server:
        add(app, person, server.url)
        with app.app_context(), unit_of_work():
            move_to_region(session.get(User, person.id), "MD-OR", by=make.user(), at=NOW)
        make.certified()
        send(app)

    assert server.got == []
    with app.app_context():
        assert session.scalars(select(Webhook)).one().stopped_because is WebhookStop.ROLE_CHANGED
        told = select(Mail.to).where(Mail.kind == "webhook_stopped")
        assert session.scalars(told).all() == [person.email]


def test_an_expiry_and_a_frozen_month_are_told(app, make):
    from cissapp.foundation.content.installed import content
    from cissapp.oversee.figures.services import freeze_newest_month

    with receiver() as server:
        add(app, make.user(Role.MINISTRY), server.url, "certificate.expired", "month.frozen")
        certificate = make.certified()
        after = clock.months_after(certificate.valid_until_on, 1)
        late = NOW + (after - NOW.date())
        with app.app_context(), unit_of_work():
            certify.refresh_standings(at=late, expiring_days=90)
        with app.app_context(), unit_of_work():
            freeze_newest_month(content().countries, at=NOW + timedelta(days=40))
        send(app, late)

    assert "certificate.expired" in types_of(server)


def test_the_next_message_of_each_webhook_is_found_by_an_index(context):
    """A day of many certificates leaves thousands waiting, and each round of sending asks for the first."""
    assert any(
        "ix_webhook_message_first" in line
        for line in plans(lambda: queries.due_messages(NOW, most=16), in_order=True)
    )
