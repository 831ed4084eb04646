"""Sends queued mails, outside of every transaction, and retries what failed.

A mail is claimed in one short transaction, sent in none, and its result written in another. It can leave
a second time only if the process dies between the last two, or the database is down for a minute; it
then has the same Message-ID.
"""

import logging
import smtplib
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextvars import copy_context
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from flask import Flask
from msgspec import Struct
from sqlalchemy import ColumnElement, CursorResult, delete, or_, select, update
from sqlalchemy.exc import SQLAlchemyError

from cissapp.foundation.core import clock
from cissapp.foundation.core.db import session, unit_of_work
from cissapp.foundation.core.mail import LONGEST_SEND, Mailer, MailMessage, RelayAway, mailer
from cissapp.foundation.core.unicode import sendable_address
from cissapp.people.notices.models import BouncedAddress, Mail
from cissapp.people.notices.rules import MailRank, is_given_up, next_try
from cissapp.people.notices.services.addresses import mark_bounced

log = logging.getLogger("ciss")

PERMANENT = 500
# How long a claim lasts. No mail is started with less time left than the slowest relay may need.
LEASE = timedelta(minutes=20)
CLAIMED_AT_ONCE = 20
# Delays, in seconds, before each attempt to record the result of a sent mail if the database is down.
WRITE_AGAIN_SECONDS = (0.0, 1.0, 4.0, 15.0, 40.0)


class Letter(Struct, frozen=True):
    """A claimed mail: everything that is needed to send it without a database."""

    mail_id: UUID
    message: MailMessage
    tries: int
    queued_at: datetime
    claimed_until: datetime


class Outcome(Struct, frozen=True):
    """What became of a letter; `begun` is false where nobody tried."""

    begun: bool
    error: Exception | None = None


NOT_BEGUN = Outcome(begun=False)


def send_due(
    *,
    at: Callable[[], datetime] = clock.now,
    at_once: int = 1,
    minutes: float | None = None,
    stop: Callable[[], bool] = lambda: False,
) -> int:
    """Send the queued mails by rank, the longest waiting first; return how many left.

    Commits by itself, so it must not run in a unit of work. Ends early after `minutes`, when `stop` returns
    true, or when the relay is down, which a single mail finds out for all of them.
    """
    until = None if minutes is None else time.monotonic() + 60 * minutes
    left = 0

    def is_over() -> bool:
        return stop() or (until is not None and time.monotonic() >= until)

    while not is_over():
        letters = _claim(at())
        outcomes = [_written(*pair, at()) for pair in _sent(letters, at, at_once, is_over)]
        left += sum(outcome.begun and outcome.error is None for outcome in outcomes)
        # A round in which nothing was begun would be followed by the same one.
        if any(is_away(one) for one in outcomes) or not any(one.begun for one in outcomes):
            break
    return left


def send_now(app: Flask, mail_id: UUID) -> None:
    """Send one mail in a context of its own, if it still waits."""
    with app.app_context():
        try:
            for pair in _sent(_claim(clock.now(), mail_id), clock.now, 1, lambda: False):
                _written(*pair, clock.now())
        except Exception:
            log.exception("email %s could not be sent", mail_id)


def is_away(outcome: Outcome) -> bool:
    """Return whether the relay itself did not answer."""
    return isinstance(outcome.error, RelayAway)


# --- claimed: a short transaction -------------------------------------------------------------------


def waiting() -> tuple[ColumnElement[bool], ...]:
    """Return the conditions for a mail that was neither sent nor given up."""
    return Mail.sent_at.is_(None), Mail.given_up_at.is_(None)


def _claim(at: datetime, mail_id: UUID | None = None) -> list[Letter]:
    """Claim the mails of a round, so that nobody else sends them; this already counts as a try."""
    free = or_(Mail.claimed_until.is_(None), Mail.claimed_until <= at)
    which = Mail.next_try_at <= at if mail_id is None else Mail.id == mail_id
    due = select(Mail.id).where(*waiting(), free, which)
    oldest = due.order_by(Mail.next_try_at, Mail.queued_at).limit(CLAIMED_AT_ONCE)
    locked = oldest.with_for_update(skip_locked=True)
    with unit_of_work():
        # A statement of its own: within that of the update, PostgreSQL may look for the ids more than once.
        by_rank = (session.scalars(locked.where(Mail.rank == rank)).all() for rank in MailRank)
        ids = next(filter(None, by_rank), [])
        rows = session.execute(
            update(Mail)
            .where(Mail.id.in_(ids))
            .values(claimed_until=at + LEASE, tries=Mail.tries + 1)
            .returning(
                *(Mail.id, Mail.to, Mail.subject, Mail.body, Mail.unsubscribe_url),
                *(Mail.tries, Mail.queued_at, Mail.next_try_at),
            )
            .execution_options(synchronize_session=False)
        ).all()
    ordered = sorted(rows, key=lambda row: (row.next_try_at, row.queued_at))
    return [_letter(row, at + LEASE) for row in ordered]


def _letter(row: Any, claimed_until: datetime) -> Letter:
    message = MailMessage(
        row.to, row.subject, row.body or "", key=row.id.hex, unsubscribe_url=row.unsubscribe_url
    )
    return Letter(row.id, message, row.tries, row.queued_at, claimed_until)


# --- sent: no transaction ---------------------------------------------------------------------------


def _sent(
    letters: Sequence[Letter],
    at: Callable[[], datetime],
    at_once: int,
    is_over: Callable[[], bool],
) -> Iterator[tuple[Letter, Outcome]]:
    """Yield each letter with its outcome once tried; when the relay is down, the rest are not started."""
    way, away = mailer(), [False]

    def attempt(letter: Letter) -> Outcome:
        if away[0] or is_over() or letter.claimed_until - at() < LONGEST_SEND:
            return NOT_BEGUN
        outcome = _attempt(way, letter)
        away[0] = away[0] or is_away(outcome)
        return outcome

    if at_once == 1:
        for letter in letters:
            yield letter, attempt(letter)
        return
    with ThreadPoolExecutor(at_once, thread_name_prefix="mail") as pool:
        begun = {pool.submit(copy_context().run, attempt, letter): letter for letter in letters}
        for done in as_completed(begun):
            yield begun[done], done.result()


def _attempt(way: Mailer, letter: Letter) -> Outcome:
    try:
        way.send(letter.message)
    except Exception as error:
        if not isinstance(error, OSError | ValueError):
            log.exception("email %s could not be sent", letter.mail_id)
        return Outcome(begun=True, error=error)
    return Outcome(begun=True)


# --- written: a short transaction again -------------------------------------------------------------


def _written(letter: Letter, outcome: Outcome, at: datetime) -> Outcome:
    """Record the result of a letter, retrying if the connection fails: a mail sent must not be sent again."""
    for seconds in WRITE_AGAIN_SECONDS:
        time.sleep(seconds)
        try:
            with unit_of_work():
                _write(letter, outcome, at)
        except SQLAlchemyError:
            log.warning(
                "the result of sending email %s could not be recorded yet",
                letter.mail_id,
                exc_info=True,
            )
        else:
            return outcome
    log.error("email %s: this process does not know whether it was sent", letter.mail_id)
    return outcome


def _write(letter: Letter, outcome: Outcome, at: datetime) -> None:
    if not outcome.begun:
        _change(letter, tries=letter.tries - 1, claimed_until=None)
    elif outcome.error is None:
        values = {"sent_at": at, "body": None, "unsubscribe_url": None, "last_error": None}
        _change(letter, **values, claimed_until=None, given_up_at=None)
        # The latest result counts: the server does accept mail for this address.
        session.execute(delete(BouncedAddress).where(BouncedAddress.address == letter.message.to))
    else:
        _write_failure(letter, outcome.error, at)


def _write_failure(letter: Letter, error: Exception, at: datetime) -> None:
    """Record a failure; after the last try or a permanent refusal, give the mail up and delete its text."""
    refusal = _refused_for_good(error, letter.message.to)
    said = refusal or (
        str(error) if isinstance(error, RelayAway) else f"{type(error).__name__}: {error}"
    )
    values: dict[str, Any] = {"last_error": said, "next_try_at": next_try(letter.tries, at)}
    if refusal or is_given_up(letter.tries, letter.queued_at, at):
        values |= {"given_up_at": at, "body": None, "unsubscribe_url": None}
    if _change(letter, **values, claimed_until=None) and refusal:
        mark_bounced(letter.message.to, reason=refusal, at=at)


def _change(letter: Letter, **values: Any) -> bool:
    """Update an unsent mail: a failure only while we hold the claim, a success in any case."""
    mine = [] if "sent_at" in values else [Mail.claimed_until == letter.claimed_until]
    changed = session.execute(
        update(Mail)
        .where(Mail.id == letter.mail_id, Mail.sent_at.is_(None), *mine)
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    return isinstance(changed, CursorResult) and changed.rowcount == 1


def _refused_for_good(error: Exception, address: str) -> str | None:
    """Return what the server said, if it refused this address with a code of 500 or more."""
    sent_to = sendable_address(address)
    if not isinstance(error, smtplib.SMTPRecipientsRefused) or sent_to not in error.recipients:
        return None
    code, text = error.recipients[sent_to]
    return f"{code} {text.decode(errors='replace')}" if code >= PERMANENT else None
