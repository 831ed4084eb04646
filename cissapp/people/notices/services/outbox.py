"""Queues mails in the transaction of the change they are about; they leave after it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from functools import partial
from uuid import UUID

from flask import Flask, current_app
from sqlalchemy import ColumnElement, delete, or_, select, update

from cissapp.foundation.background.services import ring_after_commit
from cissapp.foundation.core.db import after_commit, new_id, session
from cissapp.people.notices.models import Mail
from cissapp.people.notices.rules import MailRank, MailText, has_mailbox
from cissapp.people.notices.services import sending

MAILS = "mails"
_held: ContextVar[bool] = ContextVar("held", default=False)
_rank: ContextVar[MailRank] = ContextVar("rank", default=MailRank.PERSON)


def queue(
    kind: str,
    text: MailText,
    *,
    to: str,
    at: datetime,
    school_id: UUID | None = None,
    user_id: UUID | None = None,
) -> Mail | None:
    """Queue a mail, to be sent once the transaction is committed; None for an address that nobody has.

    `school_id` and `user_id` are whom it concerns; with a school it appears in the school's log of mails.
    """
    if not has_mailbox(to):
        return None
    mail = Mail(
        id=new_id(),
        kind=kind,
        to=to,
        subject=text.subject,
        body=text.body,
        queued_at=at,
        next_try_at=at,
        school_id=school_id,
        user_id=user_id,
        unsubscribe_url=text.unsubscribe_url,
        rank=_rank.get(),
    )
    session.add(mail)
    if not _held.get():
        _send_after_commit(mail.id)
    return mail


def withhold(kind: str, wanted: Iterable[tuple[str, UUID | None]], *, at: datetime) -> int:
    """Delete the waiting mails of a kind by address and school; return how many. One on its way is not stopped."""
    free = (*sending.waiting(), or_(Mail.claimed_until.is_(None), Mail.claimed_until <= at))
    ids = _waiting_ids(kind, wanted, free)
    if not ids:
        return 0
    # Asked again: one may have been claimed meanwhile.
    gone = delete(Mail).where(Mail.id.in_(ids), *free).returning(Mail.id)
    withheld = session.scalars(gone.execution_options(synchronize_session=False)).all()
    return len(withheld)


def postpone(kind: str, wanted: Iterable[tuple[str, UUID | None]], *, until: datetime) -> None:
    """Let the waiting mails of a kind, by address and school, leave at a later time, unless they are withheld before.

    One on its way is not stopped, but if it comes back it waits as well.
    """
    # One that waits for longer, because its address does not answer, is not hastened.
    early = (*sending.waiting(), Mail.next_try_at < until)
    ids = _waiting_ids(kind, wanted, early)
    if ids:
        later = update(Mail).where(Mail.id.in_(ids), *early).values(next_try_at=until)
        session.execute(later.execution_options(synchronize_session=False))


def _waiting_ids(
    kind: str,
    wanted: Iterable[tuple[str, UUID | None]],
    which: Sequence[ColumnElement[bool]],
) -> list[UUID]:
    """List the mails of a kind by address and school that meet the conditions."""
    addresses: dict[UUID | None, set[str]] = defaultdict(set)
    for address, school_id in wanted:
        addresses[school_id].add(address)
    # By school, for which there is an index; a country may have more mails waiting than schools.
    named = [Mail.school_id.in_([one for one in addresses if one])]
    named += [Mail.school_id.is_(None)] if None in addresses else []
    found = session.execute(
        select(Mail.id, Mail.to, Mail.school_id).where(*which, Mail.kind == kind, or_(*named))
    )
    return [mail_id for mail_id, to, school_id in found if to in addresses[school_id]]


@contextmanager
def hold_mails() -> Iterator[None]:
    """Leave mails queued inside the block to `send_due`, for work that writes without a pause."""
    token = _held.set(True)
    try:
        yield
    finally:
        _held.reset(token)


@contextmanager
def rank_mails(rank: MailRank) -> Iterator[None]:
    """Rank the mails queued inside the block, so that nobody waits for a link behind a list of schools."""
    token = _rank.set(rank)
    try:
        yield
    finally:
        _rank.reset(token)


def _send_after_commit(mail_id: UUID) -> None:
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001 -- a test sends in a context of its own
    if app.testing:
        after_commit(partial(sending.send_now, app, mail_id))
    else:
        ring_after_commit(MAILS)
