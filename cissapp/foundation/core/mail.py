"""Sends a mail: to an SMTP server, or as a file into a folder (demo)."""

import os
import re
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from email.header import Header
from email.mime.text import MIMEText
from email.policy import compat32
from email.utils import format_datetime, formataddr, make_msgid
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import parse_qs, unquote, urlsplit

from flask import Flask, current_app
from msgspec import Struct

from cissapp.foundation.core import clock
from cissapp.foundation.core.unicode import sendable_address

# Time allowed for the answer to each command, and to a whole message: many servers scan for viruses before they
# confirm it, and hanging up meanwhile means sending it twice (RFC 5321, 4.5.3.2).
STEP_SECONDS, LETTER_SECONDS = 30.0, 300.0
# A check of whether the server is up does not wait as long.
CHECK_SECONDS = 5.0
# Longer than the slowest server takes for one message, from the first command to the last.
LONGEST_SEND = timedelta(minutes=10)
# An address in a header stays on one line; the subject is folded before.
ONE_LINE = compat32.clone(max_line_length=998)
ADDRESS = re.compile(r"^[^@\s,;<>]+@[^@\s,;<>]+$")


class MailMessage(Struct, frozen=True):
    """A mail to one person, in plain text; its key identifies it if it bounces.

    Mail programs offer `unsubscribe_url` as one click that stops mails of this kind (RFC 8058).
    """

    to: str
    subject: str
    body: str
    key: str | None = None
    unsubscribe_url: str | None = None


class RelayAway(OSError):
    """The server could not be reached, or refuses us: for now no mail can leave, whoever the recipient."""


class Mailer(Protocol):
    """A way to send mail."""

    def send(self, letter: MailMessage) -> None:
        """Send a mail; raise OSError on failure (smtplib's errors are subclasses of it)."""
        ...

    def check(self) -> None:
        """Raise OSError if no mail could be sent; send nothing."""
        ...


def message_of(letter: MailMessage, sender: str) -> MIMEText:
    """Build the message; raise ValueError for a line break in a header, or if there is no valid address."""
    unsubscribe = letter.unsubscribe_url or ""
    if any(mark in letter.to + letter.subject + unsubscribe for mark in "\r\n"):
        raise ValueError("an email header must be a single line")
    if not ADDRESS.match(letter.to):
        raise ValueError("an email must have exactly one recipient")
    # The older classes: the newer ones lose spaces when folding a long Cyrillic subject.
    message = MIMEText(letter.body, "plain", "utf-8", policy=ONE_LINE)
    message["From"] = formataddr(("CISS", sender))
    message["To"] = sendable_address(letter.to)
    message["Subject"] = Header(letter.subject, "utf-8", header_name="Subject").encode()
    message["Date"] = format_datetime(clock.now())
    domain = sender.partition("@")[2]
    message["Message-ID"] = f"<{letter.key}@{domain}>" if letter.key else make_msgid(domain=domain)
    message["Auto-Submitted"] = "auto-generated"
    if unsubscribe:
        message["List-Unsubscribe"] = f"<{unsubscribe}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return message


class SmtpMailer(Struct, frozen=True):
    """An SMTP server; `smtps` speaks TLS from the start, `?starttls=1` after the greeting."""

    host: str
    port: int
    user: str | None
    password: str | None
    tls: bool
    starttls: bool
    sender: str
    step_seconds: float = STEP_SECONDS
    letter_seconds: float = LETTER_SECONDS

    def send(self, letter: MailMessage) -> None:
        """Send the mail to the server; raise `RelayAway` if it is unreachable or refuses the sign-in."""
        message = message_of(letter, self.sender)
        with self._client() as client:
            client.send_message(message)

    def check(self) -> None:
        """Connect and sign in as for a mail, then quit; each step waits no longer than a page would."""
        with self._client(min(self.step_seconds, CHECK_SECONDS)):
            return

    @contextmanager
    def _client(self, step_seconds: float | None = None) -> Iterator[smtplib.SMTP]:
        client: smtplib.SMTP | None = None
        try:
            client = self._connected(step_seconds or self.step_seconds)
            if self.user:
                client.login(self.user, self.password or "")
        except OSError as error:
            if client:
                client.close()
            raise RelayAway(f"{type(error).__name__}: {error}") from error
        try:
            yield client
        finally:
            # A message it has accepted stays accepted, however the connection ends.
            with suppress(OSError):
                client.quit()
            client.close()

    def _connected(self, step_seconds: float) -> smtplib.SMTP:
        """Open a connection that is ready to accept messages."""
        context = ssl.create_default_context()
        client = (
            _PatientOverTls(self.host, self.port, timeout=step_seconds, context=context)
            if self.tls
            else _Patient(self.host, self.port, timeout=step_seconds)
        )
        client.letter_seconds = self.letter_seconds
        if self.starttls:
            client.starttls(context=context)
        client.ehlo_or_helo_if_needed()
        return client


class _Patient(smtplib.SMTP):
    """An SMTP client that waits longer for the answer to a whole message than for other answers."""

    letter_seconds = LETTER_SECONDS

    def data(self, msg: Any) -> tuple[int, bytes]:
        """Send a message and return the answer to it."""
        sock = self.sock
        before = sock.gettimeout() if sock else None
        if sock:
            sock.settimeout(self.letter_seconds)
        try:
            return super().data(msg)
        finally:
            if sock:
                sock.settimeout(before)


class _PatientOverTls(_Patient, smtplib.SMTP_SSL):
    """The same client over TLS from the start."""


class FolderMailer(Struct, frozen=True):
    """A folder with one file per mail, named so that the newest is last."""

    folder: Path
    sender: str

    def send(self, letter: MailMessage) -> None:
        """Write the mail as a file."""
        self.folder.mkdir(parents=True, exist_ok=True)
        name = f"{clock.now():%Y%m%dT%H%M%S%f}-{letter.to.replace('/', '_')}.eml"
        (self.folder / name).write_bytes(bytes(message_of(letter, self.sender)))

    def check(self) -> None:
        """Check that the folder can be made and written to."""
        self.folder.mkdir(parents=True, exist_ok=True)
        if not os.access(self.folder, os.W_OK):
            raise PermissionError(f"{self.folder} cannot be written")


def mailer_at(url: str, sender: str) -> Mailer:
    """Open `smtp://user:password@host:port`, `smtps://…` or `file:///folder`; else raise ValueError."""
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
    """Set up the application's mailer."""
    app.extensions["ciss-mailer"] = mailer_at(url, sender)


def mailer() -> Mailer:
    """Return the application's mailer."""
    found: Mailer = current_app.extensions["ciss-mailer"]
    return found
