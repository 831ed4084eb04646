"""Sends waiting messages outside any transaction or request, and retries those that failed."""

import logging
from collections.abc import Callable, Collection
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from datetime import datetime, timedelta
from threading import main_thread
from uuid import UUID

from msgspec import Struct
from sqlalchemy import ColumnElement, CursorResult, and_, case, or_, select, true, update

from cissapp.foundation.audit.rules import Event
from cissapp.foundation.audit.services import record
from cissapp.foundation.background.services import ring, ring_after_commit
from cissapp.foundation.core import clock
from cissapp.foundation.core.actor import SYSTEM
from cissapp.foundation.core.db import session, unit_of_work
from cissapp.foundation.core.installation import secret_keys
from cissapp.foundation.core.installation.settings import current_config
from cissapp.oversee.api import mails
from cissapp.oversee.api.models import Webhook, WebhookMessage
from cissapp.oversee.api.queries import webhooks as queries
from cissapp.oversee.api.rules.webhooks import (
    LONGEST_REST,
    SECONDS,
    WebhookKind,
    WebhookStop,
    host_of,
    is_good,
    next_try,
    secret_of,
    signed_headers,
)
from cissapp.oversee.api.services import connections

log = logging.getLogger("ciss")

AT_ONCE = 16  # receivers that are spoken to at the same time
LOOK_AGAIN = 1.0  # seconds after which what is due is looked for while others are spoken to
CLAIMED = timedelta(seconds=60)
GONE = 410
TRUE = true()
WEBHOOKS = "webhooks"
SECONDS_BETWEEN_LOOKS = 60.0


class Letter(Struct, frozen=True):
    """A message ready to be sent: everything that is needed without a database."""

    message_id: UUID
    webhook_id: UUID
    url: str
    body: str
    headers: dict[str, str]


def send_due(
    *, at: Callable[[], datetime] = clock.now, stop: Callable[[], bool] = lambda: False
) -> int:
    """Send every message that is due, and return how many were accepted.

    Of each webhook one message is sent at a time, and whoever is silent occupies one place: what is due to others
    meanwhile goes on in the free ones. Commits on its own: no transaction is open during sending.
    """
    taken = 0
    speaking: dict[Future[connections.Answer], Letter] = {}
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="webhook") as pool:
        try:
            while True:
                free = 0 if stop() else AT_ONCE - len(speaking)
                letters = _claim(at(), free, [one.webhook_id for one in speaking.values()])
                speaking |= {_send(pool, letter): letter for letter in letters}
                if not speaking:
                    return taken
                done, _others = wait(speaking, LOOK_AGAIN, return_when=FIRST_COMPLETED)
                for one in done:
                    taken += _note(speaking.pop(one), one.result(), at())
        finally:
            # Where claiming or noting has failed, the others have been told all the same.
            for one, letter in speaking.items():
                _note(letter, one.result(), at())


def _claim(at: datetime, most: int = AT_ONCE, spoken_to: Collection[UUID] = ()) -> list[Letter]:
    """Claim messages that are due, so that no other process sends them at the same time."""
    if not most:
        return []
    with unit_of_work():
        due = queries.due_messages(at, most=most, without=spoken_to)
        claimed = [_claimed(message, at) for message in due]
        return [_letter(message, at) for message in claimed if message]


def _claimed(message: WebhookMessage | None, at: datetime) -> WebhookMessage | None:
    """Claim a message, or the next one of its webhook if it waits for an older one about the same certificate."""
    if message is None or not queries.lock_free(message.webhook_id, at):
        return None
    while rests := queries.rests_of(message, at):
        # Told before the older one, which is tried again later, the receiver would end with the older state.
        _let_wait(message.webhook_id, max(rests), at, queries.same_subject(message))
        message = queries.first_due(message.webhook_id, at)
        if message is None:
            return None
    free = or_(WebhookMessage.claimed_until.is_(None), WebhookMessage.claimed_until <= at)
    won = session.execute(
        update(WebhookMessage)
        .where(WebhookMessage.id == message.id, queries.WAITING, free)
        .values(claimed_until=at + CLAIMED)
        .execution_options(synchronize_session=False)
    )
    return message if isinstance(won, CursorResult) and won.rowcount == 1 else None


def _letter(message: WebhookMessage, at: datetime) -> Letter:
    webhook = message.webhook
    # A receiver given its secret before a key renewal still finds a signature that matches.
    secrets = [secret_of(str(webhook.id), webhook.salt, key) for key in secret_keys.accepted_keys()]
    headers = signed_headers(secrets, message.message_id, at, message.body)
    return Letter(message.id, webhook.id, webhook.url, message.body, headers)


def _send(pool: ThreadPoolExecutor, letter: Letter) -> Future[connections.Answer]:
    return pool.submit(
        connections.post,
        letter.url,
        letter.body,
        letter.headers,
        loopback=current_config().webhooks_to_loopback,
        seconds=SECONDS,
    )


def _note(letter: Letter, answer: connections.Answer, at: datetime) -> bool:
    """Record the result of a message, in a transaction of its own, and return whether it was accepted."""
    with unit_of_work():
        return _record(letter.message_id, answer, at)


def _record(message_id: UUID, answer: connections.Answer, at: datetime) -> bool:
    """Record the result of a message; stop a webhook that is gone or has accepted nothing for days."""
    message = session.get(WebhookMessage, message_id)
    if message is None:  # the webhook was removed meanwhile
        return False
    message.tries += 1
    message.tried_at, message.claimed_until = at, None
    message.status, message.error = answer.status, answer.failure.value if answer.failure else None
    if answer.status is not None and is_good(answer.status):
        message.sent_at = at
        if message.kind is WebhookKind.TEST:
            _end_rest(message.webhook_id, at)
    else:
        _plan_next(message, at)
    session.flush()
    return message.sent_at is not None


def _plan_next(message: WebhookMessage, at: datetime) -> None:
    again = next_try(message.tries, at)
    if again is None or message.status == GONE:
        message.given_up_at = at
        stop = WebhookStop.GONE if message.status == GONE else WebhookStop.FAILED
        session.flush()
        if stop_webhook(message.webhook, stop, at=at):
            mails.tell_stopped(message.webhook, at=at)
        return
    message.next_try_at = again
    if message.kind is WebhookKind.TEST:
        return
    _let_wait(message.webhook_id, again, at, queries.same_subject(message))
    if message.status is None:
        # A receiver that is down is tried once, not for each message.
        _let_wait(message.webhook_id, min(again, at + LONGEST_REST), at)


def _let_wait(
    webhook_id: UUID, until: datetime, at: datetime, which: ColumnElement[bool] = TRUE
) -> None:
    """Let what is due to a webhook wait; not a test, with which its owner looks whether it works again."""
    due = and_(WebhookMessage.next_try_at <= at, WebhookMessage.kind != WebhookKind.TEST)
    _change_waiting(webhook_id, and_(due, which), next_try_at=until)


def _end_rest(webhook_id: UUID, at: datetime) -> None:
    """Make everything due that waits for another try to a webhook: its owner found that it works again.

    The try that comes early counts as the one before it: with tests, a webhook is not stopped any sooner.
    """
    fewer = case((WebhookMessage.tries > 1, WebhookMessage.tries - 1), else_=WebhookMessage.tries)
    _change_waiting(webhook_id, _waits_for_rest(webhook_id, at), next_try_at=at, tries=fewer)


def _waits_for_rest(webhook_id: UUID, at: datetime) -> ColumnElement[bool]:
    rests = select(WebhookMessage.next_try_at).where(queries.resting(webhook_id, at))
    return WebhookMessage.next_try_at.in_(rests.correlate(None))


def _change_waiting(webhook_id: UUID, which: ColumnElement[bool], **values: object) -> None:
    session.execute(
        update(WebhookMessage)
        .where(WebhookMessage.webhook_id == webhook_id, queries.WAITING, which)
        .values(**values)
        .execution_options(synchronize_session=False)
    )


def stop_webhook(webhook: Webhook, because: WebhookStop, *, at: datetime) -> bool:
    """Stop a webhook and give up its messages; return False if it was already stopped.

    Once it is restarted, its program reads the register, so it must not get messages older than that. What waits
    for the first day of a certificate is not in the register yet, and is kept unless its owner lost the place.
    """
    if webhook.stopped_at is not None:
        return False
    webhook.stopped_at, webhook.stopped_because = at, because
    soon = WebhookMessage.next_try_at <= at + LONGEST_REST
    missed = or_(soon, WebhookMessage.tries > 0, _waits_for_rest(webhook.id, at))
    lost = because in {WebhookStop.ROLE_CHANGED, WebhookStop.PERSON_LEFT}
    _change_waiting(webhook.id, TRUE if lost else missed, given_up_at=at)
    host = host_of(webhook.url)
    record(Event.WEBHOOK_STOPPED, webhook, by=SYSTEM, at=at, host=host, because=because.value)
    return True


# --- behind the answers -----------------------------------------------------------------------------


def look(stop: Callable[[], bool]) -> None:
    """Send what is due, and schedule another look if more is due within a minute.

    A process whose main thread has ended cannot start threads: it leaves the messages to another one.
    """
    send_due(stop=lambda: stop() or not main_thread().is_alive())
    due = queries.next_due_at()
    session.remove()
    seconds = (due - clock.now()).total_seconds() if due else SECONDS_BETWEEN_LOOKS
    if seconds < SECONDS_BETWEEN_LOOKS:
        ring(WEBHOOKS, after=max(seconds, 1.0))


def send_soon() -> None:
    """Schedule the sending of queued messages for after the commit."""
    ring_after_commit(WEBHOOKS)
