"""Queues mails with the change they tell of; they leave after it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from uuid import UUID

from flask import Flask, current_app

from cissapp.foundation.core.db import after_commit, session
from cissapp.people.notices.models import Mail
from cissapp.people.notices.rules import MailText
from cissapp.people.notices.services import sending, thread

_held: ContextVar[bool] = ContextVar("held", default=False)


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
    app = _app()

    def send_later() -> None:
        if app.testing:
            sending.send_now(app, mail_id)
        else:
            thread.start_sending(app)

    return send_later


def run_behind_mails(job: Callable[[], object]) -> None:
    """Run a job in a unit of its own, once the change is committed and the mails before it have left.

    It may queue more mails and ask for another turn: mails of others that come meanwhile go in between.
    """
    app = _app()

    def start() -> None:
        if app.testing:
            thread.run_in(app, job)
        else:
            thread.start_behind(app, job)

    after_commit(start)


def _app() -> Flask:
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001 -- a thread needs the application itself
    return app
