"""Adds and removes webhooks, and queues a message to each of them with the change that it reports."""

import secrets
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Any

from flask import current_app
from msgspec import Struct
from sqlalchemy import CursorResult, delete, select

from cissapp.certify.certificates import queries as certificates
from cissapp.certify.certificates.models import Certificate, RegisterEntry
from cissapp.certify.certificates.rules import RegisterEvent, in_groups
from cissapp.foundation.access.guard import reaches
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.audit.rules import Event
from cissapp.foundation.audit.services import record
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.db import lock, session
from cissapp.foundation.core.errors import N_, Missing, Problem, Refused
from cissapp.oversee.api import mails
from cissapp.oversee.api.models import Webhook, WebhookMessage
from cissapp.oversee.api.queries import webhooks as queries
from cissapp.oversee.api.rules.webhooks import (
    KEPT_DAYS,
    MOST_WEBHOOKS,
    WebhookKind,
    WebhookStop,
    body_of,
    host_of,
    url_problems,
)
from cissapp.oversee.api.services.sending import send_soon, stop_webhook
from cissapp.oversee.figures.models import FrozenEdition
from cissapp.people.accounts.models import User
from cissapp.people.schools.models import School

CERTIFICATE_KINDS = {
    RegisterEvent.ISSUED: WebhookKind.ISSUED,
    RegisterEvent.SUSPENDED: WebhookKind.SUSPENDED,
    RegisterEvent.REINSTATED: WebhookKind.REINSTATED,
    RegisterEvent.WITHDRAWN: WebhookKind.WITHDRAWN,
    RegisterEvent.REPLACED: WebhookKind.REPLACED,
}


class CountryChange(Struct, frozen=True):
    """A change to a whole country, as the object of an access check."""

    country_code: str
    region_code: str | None


# --- the webhooks of a person --------------------------------------------------------------------


def add_webhook(
    url: str, kinds: Iterable[str], *, by: Actor, loopback: bool, at: datetime
) -> Webhook:
    """Add a webhook for an address; raise `Refused` if it is not allowed."""
    lock(f"webhooks of {by.id}")
    problems = url_problems(url, loopback=loopback)
    if len(queries.webhooks_of(by)) >= MOST_WEBHOOKS:
        message = N_("You already have %(most)s webhooks. Remove one that you no longer need.")
        problems.append(Problem("url", message, {"most": MOST_WEBHOOKS}))
    if problems or by.id is None:
        raise Refused(*problems)
    added = Webhook(
        user_id=by.id, url=url, kinds=sorted(kinds), salt=secrets.token_hex(8), added_at=at
    )
    session.add(added)
    session.flush()
    record(Event.WEBHOOK_ADDED, added, by=by, at=at, host=host_of(url), kinds=added.kinds)
    session.flush()
    return added


def remove_webhook(webhook: Webhook, *, by: Actor, at: datetime) -> None:
    """Remove a webhook with its messages."""
    _hold(webhook)
    record(Event.WEBHOOK_REMOVED, webhook, by=by, at=at, host=host_of(webhook.url))
    session.execute(delete(WebhookMessage).where(WebhookMessage.webhook_id == webhook.id))
    session.delete(webhook)
    session.flush()


def _hold(webhook: Webhook) -> None:
    """Let nobody remove a webhook, or queue a message to it, until commit; raise `Missing` if it was removed."""
    own = select(Webhook.id).where(Webhook.id == webhook.id)
    if session.scalar(own.with_for_update()) is None:
        raise Missing


def test_webhook(webhook: Webhook, *, by: Actor, at: datetime) -> WebhookMessage:
    """Send a test; this restarts a stopped webhook, but what it missed is not sent."""
    _hold(webhook)
    if webhook.stopped_at is not None:
        webhook.stopped_at = webhook.stopped_because = None
        record(Event.WEBHOOK_RESUMED, webhook, by=by, at=at, host=host_of(webhook.url))
    message = _message(webhook, WebhookKind.TEST, {"webhook": str(webhook.id)}, at=at)
    session.add(message)
    session.flush()
    send_soon()
    return message


def send_again(message: WebhookMessage, *, at: datetime) -> None:
    """Send a message again with the same ID; raise `Refused` if it is waiting or the webhook is stopped.

    It goes at once, or at the `next_try_at` of an older one about the same certificate that is tried again.
    """
    if message.webhook.stopped_at is not None:
        stopped = N_("This webhook has been stopped. Send a test first to restart it.")
        raise Refused(Problem("stopped", stopped))
    if message.sent_at is None and message.given_up_at is None:
        # It may be in flight, or waiting for the first day of a certificate.
        raise Refused(
            Problem("waits", N_("This message is waiting and will be sent automatically."))
        )
    message.sent_at = message.given_up_at = None
    message.tries, message.claimed_until = 0, None
    message.next_try_at = max([at, *queries.rests_of(message, at)])
    session.flush()
    send_soon()


def stop_webhooks_of(person: User, *, at: datetime) -> None:
    """Stop the webhooks of a person who left, or who got another region and is told."""
    because = WebhookStop.ROLE_CHANGED if person.is_active else WebhookStop.PERSON_LEFT
    for webhook in queries.webhooks_of(person):
        if stop_webhook(webhook, because, at=at) and person.is_active:
            mails.tell_stopped(webhook, at=at)
    session.flush()


def forget_messages(*, at: datetime) -> int:
    """Delete messages queued more than a month ago that no longer wait; return how many."""
    before = at - timedelta(days=KEPT_DAYS)
    old = delete(WebhookMessage).where(~queries.WAITING, WebhookMessage.queued_at < before)
    gone = session.execute(old)
    return gone.rowcount if isinstance(gone, CursorResult) else 0


# --- what is told ----------------------------------------------------------------------------------


def tell_register_entries(entries: Sequence[RegisterEntry]) -> None:
    """Queue messages about changes to certificates, in the transaction that makes them."""
    told = [(one, CERTIFICATE_KINDS.get(one.event)) for one in entries]
    hears = any(kind for _one, kind in told) and queries.live_webhooks()
    for entry, kind in told if hears else ():
        if kind:
            tell_certificate(entry.certificate, kind, at=entry.at)


def tell_certificate(certificate: Certificate, kind: WebhookKind, *, at: datetime) -> None:
    """Queue a message about a certificate to each webhook that may see it.

    A certificate is not public before its first day, so its messages wait until then.
    """
    begins = datetime.combine(certificate.valid_from_on, time(), UTC)
    _tell(kind, certificate.school, _facts_of(certificate), at=at, not_before=max(at, begins))


def tell_expired(school: School, *, at: datetime) -> None:
    """Queue messages about a school's expired certificate, in the transaction that records it."""
    certificate = certificates.in_use(school.id, at.astimezone(UTC).date())
    if certificate:
        tell_certificate(certificate, WebhookKind.EXPIRED, at=at)


def tell_month_frozen(edition: FrozenEdition) -> None:
    """Queue a message about the figures of a month to each webhook that may see them."""
    facts = {
        "country": edition.country_code,
        "month": edition.month.isoformat()[:7],
        "version": edition.version,
    }
    at = edition.frozen_at
    _tell(WebhookKind.MONTH_FROZEN, edition.country_code, facts, at=at, not_before=at)


def _tell(
    kind: WebhookKind,
    about: School | str,
    facts: dict[str, Any],
    *,
    at: datetime,
    not_before: datetime,
) -> None:
    hearing = [
        webhook
        for webhook in queries.live_webhooks()
        if kind.value in webhook.kinds and _may_hear(webhook.user, about)
    ]
    for webhook in hearing:
        message = _message(webhook, kind, facts, at=at)
        message.next_try_at = not_before
        session.add(message)
    if hearing:
        session.flush()
        send_soon()


def _may_hear(person: User, about: School | str) -> bool:
    """Return whether a person may be told about a school, or about the figures of a country."""
    if not person.is_active:
        return False
    if isinstance(about, School):
        return reaches(person, Permission.STATUS_READ, about)
    change = CountryChange(about, person.region_code)
    same = person.country_code in {None, about}
    return same and reaches(person, Permission.OVERSIGHT_READ, change)


def _message(
    webhook: Webhook, kind: WebhookKind, facts: dict[str, Any], *, at: datetime
) -> WebhookMessage:
    return WebhookMessage(
        webhook_id=webhook.id,
        webhook=webhook,
        kind=kind,
        body=body_of(kind, at, facts),
        queued_at=at,
        next_try_at=at,
        tries=0,
    )


def _facts_of(certificate: Certificate) -> dict[str, Any]:
    """Return the public facts of a certificate: the same as on the public page of its code."""
    school, code = certificate.school, in_groups(certificate.code)
    return {
        "number": certificate.number,
        "code": code,
        "school": school.name,
        "locality": school.locality,
        "country": school.country_code,
        "region": school.region_code,
        "level": certificate.level,
        "valid_from": certificate.valid_from_on.isoformat(),
        "valid_until": certificate.valid_until_on.isoformat(),
        "verify": f"{current_app.config['BASE_URL']}/verify/{code}",
    }
