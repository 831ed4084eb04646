"""Queues mails with the change they tell of, and sends them after it."""

import logging
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta
from uuid import UUID

from flask import Flask, current_app
from sqlalchemy import select

from cissapp.core import clock
from cissapp.core.db import after_commit, session, unit_of_work
from cissapp.core.mail import Letter, mailer
from cissapp.notices.models import Mail

log = logging.getLogger("ciss")

TRIES = 8
_held: ContextVar[bool] = ContextVar("held", default=False)
_sender = ThreadPoolExecutor(max_workers=1, thread_name_prefix="mail")


def queue(kind: str, *, to: str, subject: str, body: str, at: datetime) -> Mail:
    """Write a mail down; it leaves once the change it tells of is safe."""
    mail = Mail(kind=kind, to=to, subject=subject, body=body, queued_at=at, next_try_at=at)
    session.add(mail)
    session.flush()
    if not _held.get():
        after_commit(_sending(mail.id))
    return mail


@contextmanager
def held() -> Iterator[None]:
    """Let mails that are queued inside wait for `send_due`: for work that writes without a pause."""
    token = _held.set(True)
    try:
        yield
    finally:
        _held.reset(token)


def _sending(mail_id: UUID) -> Callable[[], None]:
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001 -- a thread needs the application itself

    def send_later() -> None:
        if app.testing:
            _send_in(app, mail_id)
        else:
            _sender.submit(_send_in, app, mail_id)

    return send_later


def _send_in(app: Flask, mail_id: UUID) -> None:
    """Send one mail in its own context: the person does not wait for the mail server."""
    with app.app_context():
        try:
            with unit_of_work():
                mail = session.get(Mail, mail_id)
                if mail and mail.sent_at is None:
                    send(mail, at=clock.now())
        except Exception:
            log.exception("mail %s could not be sent", mail_id)


def send(mail: Mail, *, at: datetime) -> None:
    """Try to send; a failure is noted and tried again later, each time after a longer wait."""
    mail.tries += 1
    try:
        mailer().send(Letter(mail.to, mail.subject, mail.body or ""))
    except (OSError, ValueError) as error:
        mail.last_error = f"{type(error).__name__}: {error}"
        mail.next_try_at = at + timedelta(minutes=2**mail.tries)
    else:
        mail.sent_at = at
        mail.body = None
        mail.last_error = None
    session.flush()


def send_due(*, at: datetime) -> int:
    """Send what waits; give the number of mails that left."""
    due = session.scalars(
        select(Mail)
        .where(Mail.sent_at.is_(None), Mail.next_try_at <= at, Mail.tries < TRIES)
        .order_by(Mail.queued_at)
        .limit(500)
    )
    count = 0
    for mail in list(due):
        send(mail, at=at)
        count += mail.sent_at is not None
    return count
