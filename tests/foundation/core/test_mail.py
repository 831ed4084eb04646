"""Mail: one header, one address, and real delivery."""

import socket
from email import message_from_bytes, policy

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message

from cissapp.foundation.core import clock
from cissapp.foundation.core.mail import (
    FolderMailer,
    MailMessage,
    SmtpMailer,
    mailer_at,
    message_of,
)
from tests.factories import NOW

SENDER = "no-reply@ciss.example"
SUBJECT = "Новий пароль, 100 % чинний"
BODY = "Добрий день, Ștefan!\n\nhttps://ciss.example/invitations/" + "x" * 120 + "\n"


def as_read(message):
    """Read a message as a mail program does."""
    return message_from_bytes(bytes(message), policy=policy.default)


@pytest.mark.parametrize(
    ("to", "subject"),
    [
        ("ana@school.example\nBcc: all@school.example", "Hello"),
        ("ana@school.example\r\nBcc: all@school.example", "Hello"),
        ("ana@school.example", "Hello\nBcc: all@school.example"),
        ("ana@school.example", "Hello\r\n\r\nanother text"),
        ("ana@school.example\r", "Hello"),
        ("ana@school.example, bob@school.example", "Hello"),
        ("ana@school.example; bob@school.example", "Hello"),
        ("Ana <ana@school.example>, bob@school.example", "Hello"),
        ("ana bob@school.example", "Hello"),
    ],
)
def test_a_header_cannot_be_broken_nor_a_recipient_added(to, subject):
    with pytest.raises(ValueError, match=r"."):
        message_of(MailMessage(to, subject, "Text"), SENDER)


@pytest.mark.parametrize(
    ("to", "sent_to"),
    [
        ("ana@straße.example", "ana@xn--strae-oqa.example"),
        ("ana@школа.укр", "ana@xn--80atdl2c.xn--j1amh"),
        ("ana@школа-.укр", "ana@школа-.укр"),
    ],
)
def test_a_domain_leaves_in_the_form_that_every_server_takes(to, sent_to):
    assert message_of(MailMessage(to, "Hello", "Text"), SENDER)["To"] == sent_to


def test_what_stands_in_the_text_stays_in_the_text():
    text = "Bcc: all@school.example\n\n.\nSubject: other\n"

    message = as_read(message_of(MailMessage("ana@school.example", "Hello", text), SENDER))

    assert (message.get_content(), message["Bcc"], message["Subject"]) == (text, None, "Hello")


def test_a_mail_says_when_and_that_a_machine_wrote_it():
    with clock.at(NOW):
        message = as_read(message_of(MailMessage("ana@school.example", SUBJECT, BODY), SENDER))

    del message["Message-ID"]
    assert dict(message.items()) == {
        "From": "CISS <no-reply@ciss.example>",
        "To": "ana@school.example",
        "Subject": SUBJECT,
        "Date": "Wed, 25 Nov 2026 09:00:00 +0000",
        "Auto-Submitted": "auto-generated",
        "Content-Type": 'text/plain; charset="utf-8"',
        "Content-Transfer-Encoding": message["Content-Transfer-Encoding"],
        "MIME-Version": "1.0",
    }


class Box(Message):
    """Keeps what arrives."""

    def __init__(self):
        super().__init__()
        self.arrived = []

    def prepare_message(self, session, envelope):
        self.arrived.append(
            (
                envelope.mail_from,
                envelope.rcpt_tos,
                message_from_bytes(envelope.content, policy=policy.default),
            )
        )
        return super().prepare_message(session, envelope)

    def handle_message(self, message):
        pass


@pytest.fixture
def server():
    box = Box()
    with socket.create_server(("127.0.0.1", 0)) as free:
        box.port = free.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=box.port)
    controller.start()
    yield box
    controller.stop()


def test_a_real_server_receives_a_cyrillic_subject(server):
    mailer_at(f"smtp://127.0.0.1:{server.port}", SENDER).send(
        MailMessage("ana@school.example", SUBJECT, BODY)
    )

    ((sender, recipients, message),) = server.arrived
    assert (sender, recipients) == (SENDER, ["ana@school.example"])
    assert message["Subject"] == SUBJECT
    assert message.get_content().replace("\r\n", "\n") == BODY


def test_a_server_that_is_away_is_an_oserror():
    with pytest.raises(OSError, match="refused"):
        mailer_at("smtp://127.0.0.1:9", SENDER).send(
            MailMessage("ana@school.example", "Hello", "Text")
        )


def test_in_a_folder_every_mail_is_a_file(tmp_path):
    mailer = mailer_at(f"file://{tmp_path}/mail", SENDER)

    for subject in ("Hello", SUBJECT):
        mailer.send(MailMessage("ana/x@school.example", subject, BODY))

    found = [
        message_from_bytes(path.read_bytes(), policy=policy.default)
        for path in sorted((tmp_path / "mail").iterdir())
    ]
    assert [one["Subject"] for one in found] == ["Hello", SUBJECT]
    assert [path.name for path in tmp_path.iterdir()] == ["mail"]


def test_a_long_cyrillic_subject_keeps_its_blanks():
    subject = "Запрошення до програми «Безпечна школа», 100 % чинне"

    raw = bytes(message_of(MailMessage("ana@school.example", subject, "Text"), SENDER))

    assert message_from_bytes(raw, policy=policy.default)["Subject"] == subject


@pytest.mark.parametrize(
    ("url", "mailer"),
    [
        ("file:///var/mail", FolderMailer),
        (
            "smtp://user%40host:p%3Aw@mail.example:587?starttls=1",
            SmtpMailer(
                "mail.example", 587, "user@host", "p:w", tls=False, starttls=True, sender=SENDER
            ),
        ),
        (
            "smtps://mail.example",
            SmtpMailer("mail.example", 465, None, None, tls=True, starttls=False, sender=SENDER),
        ),
        (
            "smtp://mail.example",
            SmtpMailer("mail.example", 25, None, None, tls=False, starttls=False, sender=SENDER),
        ),
    ],
)
def test_an_address_says_how_mail_leaves(url, mailer):
    found = mailer_at(url, SENDER)

    assert type(found) is mailer if isinstance(mailer, type) else found == mailer


@pytest.mark.parametrize("url", ["", "mail.example", "http://mail.example", "smtp://", "file:"])
def test_other_addresses_are_refused(url):
    with pytest.raises(ValueError, match="must begin with smtp://"):
        mailer_at(url, SENDER)


LONG = "https://ciss.example/learn/reminders/stop/" + "x" * 90


def test_a_mail_that_can_be_stopped_says_so_in_two_headers_of_one_line_each():
    letter = MailMessage("ana@school.example", SUBJECT, BODY, unsubscribe_url=LONG)

    raw = bytes(message_of(letter, SENDER)).decode()

    headers = [line for line in raw.splitlines() if line.startswith("List-")]
    assert headers == [
        f"List-Unsubscribe: <{LONG}>",
        "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
    ]
    assert (
        "List-"
        not in bytes(message_of(MailMessage("ana@school.example", "A", "B"), SENDER)).decode()
    )


def test_the_address_that_stops_mails_cannot_add_a_header():
    letter = MailMessage(
        "ana@school.example", "A", "B", unsubscribe_url="https://a.example\nBcc: b@c.example"
    )

    with pytest.raises(ValueError, match="single line"):
        message_of(letter, SENDER)
