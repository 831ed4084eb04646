"""Addresses at which mail does not arrive: refused by a real server, or returned later."""

import socket
from datetime import timedelta
from uuid import uuid4

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import select

from cissapp.foundation.core.db import session, unit_of_work
from cissapp.foundation.core.mail import SmtpMailer
from cissapp.people.notices import queries, services
from cissapp.people.notices.models import BouncedAddress, Mail
from cissapp.people.notices.rules import Bounce, MailState, MailText, parse_bounces
from tests.factories import NOW
from tests.people.notices.returned import delivery_status

pytestmark = pytest.mark.usefixtures("stopped_clock")

ANA, LEO = "ana@school.example", "leo@school.example"
MINUTE = timedelta(minutes=1)


class Server:
    """A mail server that says what it is told to, and keeps what it takes."""

    def __init__(self):
        self.says, self.taken = {}, []

    async def handle_RCPT(self, _server, _session, envelope, address, _options):  # noqa: N802 -- aiosmtpd's name
        if address in self.says:
            return self.says[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802 -- aiosmtpd's name
        self.taken.append((envelope.rcpt_tos[0], envelope.content))
        return "250 OK"


@pytest.fixture
def server(app, monkeypatch):
    found = Server()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(found, hostname="127.0.0.1", port=port)
    controller.start()
    mailer = SmtpMailer(
        "127.0.0.1", port, None, None, tls=False, starttls=False, sender="a@b.example"
    )
    monkeypatch.setitem(app.extensions, "ciss-mailer", mailer)
    yield found
    controller.stop()


def queue(app, to=ANA):
    with app.app_context(), unit_of_work():
        return services.queue(
            "invitation", MailText("Welcome", "Your link: /invitations/x"), to=to, at=NOW
        ).id


def bounced(app):
    columns = (BouncedAddress.address, BouncedAddress.reason, BouncedAddress.bounced_at)
    with app.app_context():
        return [tuple(row) for row in session.execute(select(*columns))]


def mail(app, mail_id):
    with app.app_context():
        found = session.get(Mail, mail_id)
        return found.state, found.tries, found.body, found.last_error


def send_due(app, at):
    with app.app_context():
        return services.send_due(at=lambda: at)


@pytest.mark.one_database("sqlite")
def test_an_address_refused_for_good_is_marked_and_not_tried_again(app, server):
    server.says[ANA] = "550 5.1.1 User unknown"

    first = queue(app)

    assert bounced(app) == [(ANA, "550 5.1.1 User unknown", NOW)]
    fate, tries, body, error = mail(app, first)
    assert (fate, tries, body) == (MailState.FAILED, 1, None)
    assert error == "550 5.1.1 User unknown"
    assert send_due(app, NOW + timedelta(days=30)) == 0
    assert mail(app, first)[1] == 1


def test_an_address_is_marked_in_the_form_in_which_its_person_has_it(app, server):
    server.says["ana@xn--80atdl2c.xn--j1amh"] = "550 no"

    queue(app, "ana@школа.укр")

    assert [address for address, *_rest in bounced(app)] == ["ana@школа.укр"]


@pytest.mark.one_database("sqlite")
def test_a_refusal_for_now_marks_nothing_and_is_tried_again(app, server):
    server.says[ANA] = "450 4.2.1 Greylisted"
    first = queue(app)
    assert (bounced(app), mail(app, first)[0]) == ([], MailState.WAITS)

    server.says.clear()

    assert send_due(app, NOW + 2 * MINUTE) == 1
    assert [to for to, _content in server.taken] == [ANA]
    assert mail(app, first) == (MailState.SENT, 2, None, None)


def test_other_addresses_are_not_marked(app, server):
    server.says[ANA] = "550 no"

    queue(app), queue(app, LEO)

    assert [address for address, *_rest in bounced(app)] == [ANA]
    with app.app_context():
        assert list(queries.bounced([ANA, LEO, "zoe@school.example"])) == [ANA]


def test_a_mail_that_is_taken_later_removes_the_mark(app, server):
    server.says[ANA] = "550 no"
    queue(app)
    server.says.clear()

    queue(app)

    assert bounced(app) == []


def test_the_mail_carries_the_name_by_which_its_return_is_known(app, server):
    first = queue(app)

    ((_to, content),) = server.taken
    assert f"Message-ID: <{first.hex}@b.example>".encode() in content


@pytest.mark.one_database("sqlite")
def test_a_mail_that_came_back_marks_its_address(app, server):
    first = queue(app)
    (bounce,) = parse_bounces(delivery_status(first, ANA))

    with app.app_context(), unit_of_work():
        assert services.record_bounce(bounce, at=NOW + MINUTE)

    ((address, reason, at),) = bounced(app)
    assert (address, at) == (ANA, NOW + MINUTE)
    assert reason.endswith("User unknown")
    assert mail(app, first)[0] is MailState.FAILED


def test_the_same_return_read_twice_does_no_harm(app, server):
    bounce = Bounce(queue(app), ANA, "5.1.1 unknown")

    for _ in range(2):
        with app.app_context(), unit_of_work():
            assert services.record_bounce(bounce, at=NOW + MINUTE)

    assert bounced(app) == [(ANA, "5.1.1 unknown", NOW + MINUTE)]


@pytest.mark.one_database("sqlite")
@pytest.mark.parametrize("named", ["ana@школа.укр", "ana@XN--80ATDL2C.xn--j1amh"])
def test_a_return_names_an_address_in_either_form_of_its_domain(app, server, named):
    bounce = Bounce(queue(app, "ana@школа.укр"), named, "5.1.1 unknown")

    with app.app_context(), unit_of_work():
        assert services.record_bounce(bounce, at=NOW)

    assert bounced(app) == [("ana@школа.укр", "5.1.1 unknown", NOW)]


@pytest.mark.one_database("sqlite")
@pytest.mark.parametrize("wrong", ["mail", "address"])
def test_a_return_that_is_not_of_our_mail_marks_nothing(app, server, wrong):
    first = queue(app)
    bounce = Bounce(
        uuid4() if wrong == "mail" else first, LEO if wrong == "address" else ANA, "5.1.1 unknown"
    )

    with app.app_context(), unit_of_work():
        assert not services.record_bounce(bounce, at=NOW)

    assert (bounced(app), mail(app, first)[0]) == ([], MailState.SENT)


def test_the_command_reads_files_and_a_maildir(app, server, tmp_path):
    first, second = queue(app), queue(app, LEO)
    (tmp_path / "Maildir/new").mkdir(parents=True)
    (tmp_path / "Maildir/cur").mkdir()
    (tmp_path / "Maildir/tmp").mkdir()
    (tmp_path / "Maildir/tmp/half").write_bytes(b"not whole yet")
    (tmp_path / "Maildir/new/1").write_bytes(delivery_status(first, ANA))
    (tmp_path / "Maildir/cur/2").write_bytes(b"Subject: Holiday\n\nBack on Monday.\n")
    (tmp_path / "Maildir/cur/3").write_bytes(delivery_status(uuid4(), ANA))
    (tmp_path / "one.eml").write_bytes(delivery_status(second, LEO))

    from cissapp.people.notices.commands import mail as group

    done = app.test_cli_runner().invoke(
        group, ["bounces", str(tmp_path / "Maildir"), str(tmp_path / "one.eml")]
    )

    assert (done.output.splitlines(), done.exit_code) == (
        [
            "2: not a returned email",
            "3: ana@school.example: not an email that this installation sent",
            "1: ana@school.example: marked",
            "one.eml: leo@school.example: marked",
        ],
        0,
    )
    assert sorted(address for address, *_rest in bounced(app)) == [ANA, LEO]
