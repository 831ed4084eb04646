"""Mails leave outside of every transaction, through a real server that is slow, dies, or refuses one address."""

import socket
import threading
from datetime import timedelta

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import select, text, update
from sqlalchemy.exc import OperationalError

from cissapp.foundation.core.db import db, session, unit_of_work
from cissapp.foundation.core.mail import SmtpMailer
from cissapp.people.notices import services
from cissapp.people.notices.models import Mail
from cissapp.people.notices.rules import MailRank, MailText
from cissapp.people.notices.services import sending
from tests.factories import NOW
from tests.plans import plans

pytestmark = pytest.mark.usefixtures("stopped_clock")

ANA, LEO, ZOE = "ana@school.example", "leo@school.example", "zoe@school.example"
LATER = NOW + timedelta(hours=1)


class Relay:
    """A mail server that does at an address what it is told to, and keeps what it has said yes to."""

    def __init__(self):
        self.at_rcpt, self.at_data, self.taken, self.seen = {}, {}, [], []

    async def handle_RCPT(self, server, _session, envelope, address, _options):  # noqa: N802 -- aiosmtpd's name
        envelope.rcpt_tos.append(address)
        return self.at_rcpt.get(address, lambda _server: "250 OK")(server)

    async def handle_DATA(self, server, _session, envelope):  # noqa: N802 -- aiosmtpd's name
        address = envelope.rcpt_tos[0]
        self.seen.append((address, envelope.content.partition(b"Message-ID: ")[2].split()[0]))
        answer = self.at_data.get(address, lambda _server: "250 OK")(server)
        if answer.startswith("250"):
            self.taken.append(address)
        return answer


def dies(server):
    server.transport.abort()
    return "451 nobody hears this"


@pytest.fixture
def relay(app, monkeypatch):
    found = Relay()
    with socket.create_server(("127.0.0.1", 0)) as free:
        found.port = free.getsockname()[1]
    controller = Controller(found, hostname="127.0.0.1", port=found.port)
    controller.start()
    monkeypatch.setitem(app.extensions, "ciss-mailer", mailer(found.port))
    monkeypatch.setattr(sending, "WRITE_AGAIN_SECONDS", (0.0, 0.0))
    yield found
    controller.stop()


def mailer(port, **patience):
    return SmtpMailer(
        *("127.0.0.1", port, None, None),
        **{"tls": False, "starttls": False, "sender": "a@b.example", **patience},
    )


def queue(app, *addresses):
    with app.app_context(), unit_of_work(), services.hold_mails():
        for minute, to in enumerate(addresses):
            at = NOW + timedelta(minutes=minute)
            services.queue("invitation", MailText("Welcome", "/invitations/x"), to=to, at=at)


def send_due(app, at=LATER, **how):
    with app.app_context():
        return services.send_due(at=lambda: at, **how)


def fates(app):
    with app.app_context():
        rows = session.execute(
            select(Mail.to, Mail.tries, Mail.sent_at, Mail.claimed_until).order_by(Mail.queued_at)
        )
        return [(to, tries, at is not None, until is None) for to, tries, at, until in rows]


def test_no_transaction_is_open_while_the_relay_thinks(app, relay):
    """So that no limit of the database ends it, however long the relay takes, and nobody waits for its locks."""
    queue(app, ANA, LEO)
    found = []

    def look(_server):
        found.append(db_is_quiet(app))
        return "250 OK"

    relay.at_data = {ANA: look, LEO: look}

    assert send_due(app) == 2
    assert found == [True, True]


def db_is_quiet(app):
    """Return whether another connection can write to every mail, and no other transaction is open."""
    with app.app_context(), unit_of_work():
        session.execute(update(Mail).values(kind="invitation"))
        if db.engine.dialect.name == "sqlite":
            return True
        others = text(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid() AND state LIKE 'idle in transaction%'"
        )
        return session.scalar(others) == 0


def test_nobody_waits_behind_the_mails_of_a_night_and_no_night_behind_a_list(
    app, relay, monkeypatch
):
    """A notice waited for twenty minutes, and would have waited longer, behind the invitations of 100,000 schools."""
    monkeypatch.setattr(sending, "CLAIMED_AT_ONCE", 1)
    with services.rank_mails(MailRank.LIST):
        queue(app, ANA, LEO)
    with services.rank_mails(MailRank.BATCH):
        queue(app, "bo@school.example")
    queue(app, ZOE)

    assert send_due(app) == 4
    assert relay.taken == [ZOE, "bo@school.example", ANA, LEO]


@pytest.mark.one_database("sqlite")
def test_the_mails_to_send_next_are_found_in_their_order(app):
    with app.app_context():
        steps = plans(lambda: services.send_due(at=lambda: NOW))

    found = [line for line in steps if line.startswith(("SEARCH", "USE"))]
    by_time = "(rank=? AND next_try_at<?)"
    assert found == [
        f"SEARCH mail USING INDEX ix_mail_waiting_by_rank {by_time}" for _rank in MailRank
    ]


@pytest.mark.one_database("sqlite")
@pytest.mark.parametrize("at_once", [1, 4])
def test_one_address_that_is_refused_and_one_at_which_the_relay_dies_keep_nobody(
    app, relay, at_once
):
    queue(app, ANA, LEO, ZOE, "bo@school.example")
    relay.at_rcpt[ANA] = lambda _server: "550 5.1.1 User unknown"
    relay.at_data[LEO] = dies

    assert send_due(app, at_once=at_once) == 2

    assert sorted(relay.taken) == ["bo@school.example", ZOE]
    assert fates(app) == [
        (ANA, 1, False, True),
        (LEO, 1, False, True),
        (ZOE, 1, True, True),
        ("bo@school.example", 1, True, True),
    ]


@pytest.mark.one_database("sqlite")
def test_a_letter_that_the_relay_did_not_confirm_goes_again_under_the_same_number(app, relay):
    queue(app, ANA)
    relay.at_data[ANA] = dies
    send_due(app)
    relay.at_data.clear()

    assert send_due(app, LATER + timedelta(minutes=2)) == 1
    (first, second) = relay.seen
    assert first == second


@pytest.mark.one_database("sqlite")
def test_a_relay_that_hangs_is_asked_once_for_all(app, relay, monkeypatch):
    queue(app, ANA, LEO, ZOE)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        hanging = mailer(silent.getsockname()[1], step_seconds=0.05)
        monkeypatch.setitem(app.extensions, "ciss-mailer", hanging)
        assert send_due(app) == 0

    assert fates(app) == [
        (ANA, 1, False, True),
        (LEO, 0, False, True),
        (ZOE, 0, False, True),
    ]
    monkeypatch.setitem(app.extensions, "ciss-mailer", mailer(relay.port))
    assert send_due(app, LATER + timedelta(minutes=2)) == 3


def test_a_relay_that_says_goodbye_badly_has_the_letter_all_the_same(app, relay):
    queue(app, ANA)

    async def handle_QUIT(_server, _session, _envelope):  # noqa: N802 -- aiosmtpd's name
        return "421 too late"

    relay.handle_QUIT = handle_QUIT

    assert send_due(app) == 1
    assert send_due(app, LATER + timedelta(days=1)) == 0
    assert relay.taken == [ANA]


@pytest.mark.parametrize("moment", ["before the commit", "after the commit"])
def test_a_connection_that_is_lost_at_the_commit_lets_no_mail_leave_twice(
    app, relay, monkeypatch, moment
):
    queue(app, ANA)
    losses = [moment]

    with app.app_context():
        engine = db.engine

    def lose(_connection):
        if relay.taken and losses:
            losses.pop()
            raise OperationalError("COMMIT", {}, ConnectionError("lost"))

    do_commit = engine.dialect.do_commit

    def commit(connection):
        if moment == "after the commit":
            do_commit(connection)
            lose(connection)
        else:
            lose(connection)
            do_commit(connection)

    monkeypatch.setattr(engine.dialect, "do_commit", commit)

    send_due(app)
    assert (losses, fates(app)) == ([], [(ANA, 1, True, True)])
    assert send_due(app, LATER + timedelta(days=1)) == 0
    assert relay.taken == [ANA]


def test_two_who_send_at_once_send_nothing_twice(app, relay):
    addresses = [f"a{number}@school.example" for number in range(30)]
    queue(app, *addresses)
    left = []
    threads = [threading.Thread(target=lambda: left.append(send_due(app))) for _ in range(3)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()

    assert sum(left) == 30
    assert sorted(relay.taken) == sorted(addresses)


def test_what_a_dead_process_had_claimed_is_sent_after_its_lease(app, relay):
    queue(app, ANA)
    with app.app_context():
        assert len(sending._claim(LATER)) == 1

    assert send_due(app) == 0
    assert send_due(app, LATER + sending.LEASE - timedelta(seconds=1)) == 0
    assert send_due(app, LATER + sending.LEASE) == 1
    assert fates(app) == [(ANA, 2, True, True)]


def test_what_is_not_begun_in_time_is_let_go(app, relay):
    queue(app, ANA, LEO)
    over = []

    assert send_due(app, stop=lambda: bool(relay.taken) or bool(over)) == 1
    assert fates(app) == [(ANA, 1, True, True), (LEO, 0, False, True)]
