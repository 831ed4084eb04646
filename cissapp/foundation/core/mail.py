"""Sends a mail: to an SMTP server, or as a file into a folder (demo)."""

import re
import smtplib
import ssl
from dataclasses import dataclass
from email.header import Header
from email.mime.text import MIMEText
from email.policy import compat32
from email.utils import format_datetime, formataddr, make_msgid
from pathlib import Path
from typing import Protocol
from urllib.parse import parse_qs, unquote, urlsplit

from flask import Flask, current_app

from cissapp.foundation.core import clock

TIMEOUT_SECONDS = 10
# An address in a header stays on one line; the subject is folded before.
ONE_LINE = compat32.clone(max_line_length=998)
ADDRESS = re.compile(r"^[^@\s,;<>]+@[^@\s,;<>]+$")


@dataclass(frozen=True)
class MailMessage:
    """A mail to one person, in plain text; a mail that comes back is recognised by its key.

    Mail programs offer `unsubscribe_url` as one click that stops mails of this kind (RFC 8058).
    """

    to: str
    subject: str
    body: str
    key: str | None = None
    unsubscribe_url: str | None = None


class Mailer(Protocol):
    """A way to send mail."""

    def send(self, letter: MailMessage) -> None:
        """Send, or raise OSError (smtplib's errors are such)."""
        ...


def message_of(letter: MailMessage, sender: str) -> MIMEText:
    """Build the message; a line break in a header, or no address, raises ValueError."""
    unsubscribe = letter.unsubscribe_url or ""
    if any(mark in letter.to + letter.subject + unsubscribe for mark in "\r\n"):
        raise ValueError("a mail header has one line")
    if not ADDRESS.match(letter.to):
        raise ValueError("a mail goes to one address")
    # The older classes: the newer ones lose blanks where they fold a long Cyrillic subject.
    message = MIMEText(letter.body, "plain", "utf-8", policy=ONE_LINE)
    message["From"] = formataddr(("CISS", sender))
    message["To"] = letter.to
    message["Subject"] = Header(letter.subject, "utf-8", header_name="Subject").encode()
    message["Date"] = format_datetime(clock.now())
    domain = sender.partition("@")[2]
    message["Message-ID"] = f"<{letter.key}@{domain}>" if letter.key else make_msgid(domain=domain)
    message["Auto-Submitted"] = "auto-generated"
    if unsubscribe:
        message["List-Unsubscribe"] = f"<{unsubscribe}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return message


@dataclass(frozen=True)
class SmtpMailer:
    """An SMTP server; `smtps` speaks TLS from the start, `?starttls=1` after the greeting."""

    host: str
    port: int
    user: str | None
    password: str | None
    tls: bool
    starttls: bool
    sender: str

    def send(self, letter: MailMessage) -> None:
        """Send the mail to the server."""
        context = ssl.create_default_context()
        client = (
            smtplib.SMTP_SSL(self.host, self.port, timeout=TIMEOUT_SECONDS, context=context)
            if self.tls
            else smtplib.SMTP(self.host, self.port, timeout=TIMEOUT_SECONDS)
        )
        with client:
            if self.starttls:
                client.starttls(context=context)
            if self.user:
                client.login(self.user, self.password or "")
            client.send_message(message_of(letter, self.sender))


@dataclass(frozen=True)
class FolderMailer:
    """A folder: one file a mail, newest last."""

    folder: Path
    sender: str

    def send(self, letter: MailMessage) -> None:
        """Write the mail as a file."""
        self.folder.mkdir(parents=True, exist_ok=True)
        name = f"{clock.now():%Y%m%dT%H%M%S%f}-{letter.to.replace('/', '_')}.eml"
        (self.folder / name).write_bytes(bytes(message_of(letter, self.sender)))


def mailer_at(url: str, sender: str) -> Mailer:
    """Open `smtp://user:password@host:port`, `smtps://…` or `file:///folder`; ValueError otherwise."""
    parts = urlsplit(url)
    if parts.scheme == "file" and parts.path:
        return FolderMailer(Path(parts.path), sender)
    if parts.scheme in {"smtp", "smtps"} and parts.hostname:
        return SmtpMailer(
            host=parts.hostname,
            port=parts.port or (465 if parts.scheme == "smtps" else 25),
            user=unquote(parts.username) if parts.username else None,
            password=unquote(parts.password) if parts.password else None,
            tls=parts.scheme == "smtps",
            starttls="starttls" in parse_qs(parts.query),
            sender=sender,
        )
    raise ValueError("must begin with smtp://, smtps:// or file:///")


def init_app(app: Flask, url: str, sender: str) -> None:
    """Open the application's way to send mail."""
    app.extensions["ciss-mailer"] = mailer_at(url, sender)


def mailer() -> Mailer:
    """Return the application's way to send mail."""
    found: Mailer = current_app.extensions["ciss-mailer"]
    return found
