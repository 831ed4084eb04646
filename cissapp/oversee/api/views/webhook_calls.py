"""Webhooks, for programs."""

from datetime import UTC, datetime
from uuid import UUID

from cissapp.foundation.core import clock
from cissapp.foundation.core.errors import Missing, Refused
from cissapp.foundation.core.installation import secret_keys
from cissapp.foundation.core.installation.settings import current_config
from cissapp.foundation.web.forms import text_of
from cissapp.oversee.api.models import Webhook, WebhookMessage
from cissapp.oversee.api.queries import webhooks as queries
from cissapp.oversee.api.rules import operations as o
from cissapp.oversee.api.rules.cursors import write_cursor
from cissapp.oversee.api.rules.shapes import changes
from cissapp.oversee.api.rules.webhooks import secret_of, written_secret
from cissapp.oversee.api.services import webhooks as services
from cissapp.oversee.api.views.asking import Call, answers, body_of
from cissapp.oversee.api.views.blueprint import ApiProblem
from cissapp.oversee.api.views.places import NO_PAGE, after


def secret(webhook: Webhook) -> str:
    """Return the formatted secret of a webhook."""
    key = secret_keys.newest_key()
    return written_secret(secret_of(str(webhook.id), webhook.salt, key))


@answers(o.WEBHOOKS)
def list_webhooks(call: Call) -> changes.WebhookList:
    """List the person's webhooks."""
    found = queries.webhooks_of(call.person)
    return changes.WebhookList(items=[changes.WebhookFacts(**_facts(one)) for one in found])


@answers(o.ADD_WEBHOOK)
def add_webhook(call: Call) -> changes.AddedWebhook:
    """Add a webhook for an address."""
    given: changes.NewWebhook | None = body_of(o.ADD_WEBHOOK)
    assert given  # noqa: S101 -- no other form than JSON is taken
    try:
        added = services.add_webhook(
            given.url,
            given.kinds,
            by=call.person,
            loopback=current_config().webhooks_to_loopback,
            at=clock.now(),
        )
    except Refused as refused:
        errors = [{"where": one.code, "message": text_of(one)} for one in refused.problems]
        raise ApiProblem("refused", errors[0]["message"], errors=errors) from refused
    return changes.AddedWebhook(**_facts(added), secret=secret(added))


@answers(o.WEBHOOK, of=queries.webhook)
def read_webhook(_call: Call, webhook: Webhook) -> changes.WebhookFacts:
    """Return a webhook."""
    return changes.WebhookFacts(**_facts(webhook))


@answers(o.REMOVE_WEBHOOK, of=queries.webhook)
def remove_webhook(call: Call, webhook: Webhook) -> None:
    """Remove a webhook."""
    services.remove_webhook(webhook, by=call.person, at=clock.now())


@answers(o.TEST_WEBHOOK, of=queries.webhook)
def test_webhook(call: Call, webhook: Webhook) -> changes.MessageFacts:
    """Send a test."""
    return _message(services.test_webhook(webhook, by=call.person, at=clock.now()))


@answers(o.MESSAGES, of=queries.webhook)
def list_messages(call: Call, webhook: Webhook) -> changes.MessagePage:
    """List what was sent to a webhook, the newest first."""
    values: changes.MessageValues = call.values
    name = f"messages of {webhook.id}"
    text = after(name, values.cursor)
    found = queries.messages_of(webhook, values.limit + 1, before=_key(text))
    shown = found[: values.limit]
    more = None
    if len(found) > len(shown):
        more = write_cursor(name, f"{shown[-1].queued_at.isoformat()}|{shown[-1].id}")
    return changes.MessagePage(items=[_message(one) for one in shown], next_cursor=more)


def _key(text: str) -> tuple[datetime, UUID] | None:
    moment, _mark, message_id = text.partition("|")
    try:
        return (datetime.fromisoformat(moment).astimezone(UTC), UUID(message_id)) if text else None
    except (ValueError, OverflowError) as error:
        raise ApiProblem("not_found", NO_PAGE) from error


@answers(o.SEND_AGAIN, of=queries.webhook)
def send_again(_call: Call, webhook: Webhook, webhook_message_id: UUID) -> changes.MessageFacts:
    """Send a message once more."""
    message = queries.message(webhook, webhook_message_id)
    if message is None:
        raise Missing
    services.send_again(message, at=clock.now())
    return _message(message)


def _facts(webhook: Webhook) -> dict[str, object]:
    return {
        "id": webhook.id,
        "url": webhook.url,
        "kinds": webhook.kinds,
        "added_at": webhook.added_at,
        "stopped_at": webhook.stopped_at,
        "stopped_because": webhook.stopped_because.value if webhook.stopped_because else None,
    }


def _message(message: WebhookMessage) -> changes.MessageFacts:
    waits = message.sent_at is None and message.given_up_at is None
    return changes.MessageFacts(
        id=message.id,
        message_id=message.message_id,
        kind=message.kind.value,
        queued_at=message.queued_at,
        tries=message.tries,
        tried_at=message.tried_at,
        sent_at=message.sent_at,
        given_up_at=message.given_up_at,
        next_try_at=message.next_try_at if waits else None,
        status=message.status,
        error=message.error,
    )
