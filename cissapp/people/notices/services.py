"""Queues mails with the change they tell of, and sends them after it."""

import logging
import smtplib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta
from uuid import UUID

from flask import Flask, current_app
from sqlalchemy import CursorResult, and_, delete, or_, select, update

from cissapp.foundation.core import clock
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.db import after_commit, session, unit_of_work
from cissapp.foundation.core.mail import MailMessage, mailer
from cissapp.people.notices.models import BouncedAddress, Mail, Notification
from cissapp.people.notices.rules import READ_DAYS, UNREAD_DAYS, Bounce, MailText

log = logging.getLogger("ciss")

TRIES = 8
PERMANENT = 500
REASON_MARKS = 500
_held: ContextVar[bool] = ContextVar("held", default=False)
_sender = ThreadPoolExecutor(max_workers=1, thread_name_prefix="mail")


def queue(
    kind: str,
    text: MailText,
    *,
    to: str,
    at: datetime,
    school_id: UUID | None = None,
    user_id: UUID | None = None,
) -> Mail:
    """Queue a mail; it leaves once the change it tells of is committed.

    `school_id` and `user_id` say whom it concerns: with them it stands in the school's log of mails.
    """
    mail = Mail(
        kind=kind,
        to=to,
        subject=text.subject,
        body=text.body,
        queued_at=at,
        next_try_at=at,
        school_id=school_id,
        user_id=user_id,
        unsubscribe_url=text.unsubscribe_url,
    )
    session.add(mail)
    session.flush()
    if not _held.get():
        after_commit(_sending(mail.id))
    return mail


@contextmanager
def hold_mails() -> Iterator[None]:
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
                    # Sent after the request has ended, so at a moment of its own.
                    send(mail, at=clock.now())
        except Exception:
            log.exception("mail %s could not be sent", mail_id)


def run_behind_mails(job: Callable[[], None]) -> None:
    """Run a job in a unit of its own, once the change is committed and the mails before it have left.

    It may queue more mails and ask for another turn: mails of others that come meanwhile go in between.
    """
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001 -- a thread needs the application itself

    def start() -> None:
        if app.testing:
            _run_in(app, job)
        else:
            _sender.submit(_run_in, app, job)

    after_commit(start)


def _run_in(app: Flask, job: Callable[[], None]) -> None:
    with app.app_context():
        try:
            with unit_of_work():
                job()
        except Exception:
            log.exception("a job behind mails failed")


def send(mail: Mail, *, at: datetime) -> None:
    """Try to send; a failure is noted and tried again later, each time after a longer wait.

    An address that the server refuses for good is marked, and not tried again with this mail. The
    newest news counts: a mail that the server takes removes the mark.
    """
    mail.tries += 1
    try:
        mailer().send(_letter(mail))
    except (OSError, ValueError) as error:
        _note(mail, error, at)
    else:
        mail.sent_at = at
        mail.body = mail.unsubscribe_url = None
        mail.last_error = None
        session.execute(delete(BouncedAddress).where(BouncedAddress.address == mail.to))
    session.flush()


def _letter(mail: Mail) -> MailMessage:
    return MailMessage(
        mail.to,
        mail.subject,
        mail.body or "",
        key=mail.id.hex,
        unsubscribe_url=mail.unsubscribe_url,
    )


def _note(mail: Mail, error: Exception, at: datetime) -> None:
    """Note a failure; after the last try, or a refusal for good, the mail is given up with its text."""
    refusal = _refused_for_good(error, mail.to)
    mail.last_error = refusal or f"{type(error).__name__}: {error}"
    mail.next_try_at = at + timedelta(minutes=2**mail.tries)
    if refusal:
        mark_bounced(mail.to, reason=refusal, at=at)
    if refusal or mail.tries >= TRIES:
        mail.given_up_at = at
        mail.body = mail.unsubscribe_url = None


def _refused_for_good(error: Exception, address: str) -> str | None:
    """Return what the server said, if it refused this address with a code of 500 or more."""
    if not isinstance(error, smtplib.SMTPRecipientsRefused) or address not in error.recipients:
        return None
    code, text = error.recipients[address]
    return f"{code} {text.decode(errors='replace')}" if code >= PERMANENT else None


def mark_bounced(address: str, *, reason: str, at: datetime) -> None:
    """Mark an address at which mail does not arrive; the newest reason stays."""
    session.merge(BouncedAddress(address=address, reason=reason[:REASON_MARKS], bounced_at=at))
    session.flush()


def record_bounce(bounce: Bounce, *, at: datetime) -> bool:
    """Mark the address of a mail that came back; return whether it was one of ours.

    Only a return that names a mail of ours and the address it went to counts: anyone can write a
    message that looks like one.
    """
    mail = session.get(Mail, bounce.mail_id)
    if mail is None or mail.to.casefold() != bounce.address.casefold():
        return False
    mail.last_error = bounce.reason[:REASON_MARKS]
    mail.given_up_at = mail.given_up_at or at
    mark_bounced(mail.to, reason=bounce.reason, at=at)
    return True


def send_due(*, at: datetime) -> int:
    """Send the mails that wait; return how many left."""
    due = session.scalars(
        select(Mail)
        .where(Mail.sent_at.is_(None), Mail.given_up_at.is_(None), Mail.next_try_at <= at)
        .order_by(Mail.queued_at)
        .limit(500)
    )
    count = 0
    for mail in list(due):
        send(mail, at=at)
        count += mail.sent_at is not None
    return count


# --- notifications ---------------------------------------------------------------------------


def notify(user_id: UUID, kind: str, title: str, path: str | None, *, at: datetime) -> Notification:
    """Record for a person that something happened; it is unread until it is opened."""
    made = Notification(user_id=user_id, kind=kind, title=title, path=path, made_at=at)
    session.add(made)
    return made


def mark_read(notification: Notification, *, at: datetime) -> None:
    """Record that a person has opened a notification; the first time counts."""
    notification.read_at = notification.read_at or at
    session.flush()


def mark_all_read(person: Actor, *, at: datetime) -> None:
    """Record that a person has seen all notifications."""
    unread = Notification.user_id == person.id, Notification.read_at.is_(None)
    session.execute(update(Notification).where(*unread).values(read_at=at))


def forget_old_notifications(*, at: datetime) -> int:
    """Delete notifications that were read 90 days ago, or made a year ago; return how many."""
    read_before, made_before = at - timedelta(days=READ_DAYS), at - timedelta(days=UNREAD_DAYS)
    read = and_(Notification.read_at.is_not(None), Notification.read_at < read_before)
    old = or_(read, Notification.made_at < made_before)
    gone = session.execute(delete(Notification).where(old))
    return gone.rowcount if isinstance(gone, CursorResult) else 0
