"""The pages where people add, test, inspect and remove their own webhooks."""

from datetime import datetime
from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cissapp.foundation.access.guard import actor, permit
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.core import clock
from cissapp.foundation.core.errors import Missing
from cissapp.foundation.core.installation.settings import current_config
from cissapp.foundation.web.filters import moment
from cissapp.foundation.web.forms import answer, flash_refusals
from cissapp.foundation.web.limits import limit
from cissapp.oversee.api.forms import WebhookForm
from cissapp.oversee.api.models import Webhook, WebhookMessage
from cissapp.oversee.api.queries import webhooks as queries
from cissapp.oversee.api.rules.webhooks import (
    CHOSEN_KINDS,
    FAILURE_NAMES,
    KIND_NAMES,
    STOP_NAMES,
    WebhookKind,
)
from cissapp.oversee.api.services import webhooks as services
from cissapp.oversee.api.views.blueprint import bp
from cissapp.oversee.api.views.webhook_calls import secret

SHOWN = 100


@bp.route("/account/webhooks", methods=["GET", "POST"])
@permit(Permission.WEBHOOK_MANAGE)
@limit("30 per hour", methods=["POST"])
def webhooks() -> ResponseReturnValue:
    """List the person's webhooks, and add one; its secret is shown this once."""
    form = WebhookForm()
    form.offer((kind, _(KIND_NAMES[kind])) for kind in CHOSEN_KINDS)
    added = None
    if form.validate_on_submit():
        url, kinds = form.given()
        with form.catch_refusals():
            added = services.add_webhook(
                url,
                kinds,
                by=actor(),
                loopback=current_config().webhooks_to_loopback,
                at=clock.now(),
            )
    if added:
        return render_template(
            "api/webhook.html", webhook=added, secret=secret(added), **_words(added)
        )
    found = [(one, _kinds(one)) for one in queries.webhooks_of(actor())]
    return answer("api/webhooks.html", form, rows=found, stop_names=_stop_names())


@bp.get("/account/webhooks/<uuid:webhook_id>")
@permit(Permission.WEBHOOK_MANAGE, of=queries.webhook)
def webhook(webhook: Webhook) -> ResponseReturnValue:
    """Show the messages sent to a webhook, with their results."""
    return render_template("api/webhook.html", webhook=webhook, secret=None, **_words(webhook))


@bp.post("/account/webhooks/<uuid:webhook_id>/test")
@permit(Permission.WEBHOOK_MANAGE, of=queries.webhook)
@limit("60 per hour")
def try_webhook(webhook: Webhook) -> ResponseReturnValue:
    """Send a test; this restarts a webhook that was stopped."""
    services.test_webhook(webhook, by=actor(), at=clock.now())
    flash(_("A test is on its way. Reload this page in a few seconds."), "success")
    return redirect(url_for("api.webhook", webhook_id=webhook.id))


@bp.post("/account/webhooks/<uuid:webhook_id>/remove")
@permit(Permission.WEBHOOK_MANAGE, of=queries.webhook)
def drop_webhook(webhook: Webhook) -> ResponseReturnValue:
    """Remove a webhook."""
    services.remove_webhook(webhook, by=actor(), at=clock.now())
    flash(_("The webhook has been removed. Nothing more will be sent there."), "success")
    return redirect(url_for("api.webhooks"))


@bp.post("/account/webhooks/<uuid:webhook_id>/messages/<uuid:webhook_message_id>/again")
@permit(Permission.WEBHOOK_MANAGE, of=queries.webhook)
@limit("120 per hour")
def repeat_message(webhook: Webhook, webhook_message_id: UUID) -> ResponseReturnValue:
    """Send a message once more."""
    message = queries.message(webhook, webhook_message_id)
    if message is None:
        raise Missing
    now = clock.now()
    with flash_refusals():
        services.send_again(message, at=now)
        flash(_when_again(message, now), "success")
    return redirect(url_for("api.webhook", webhook_id=webhook.id))


def _when_again(message: WebhookMessage, now: datetime) -> str:
    if message.next_try_at <= now:
        return str(_("The message is on its way again."))
    at = moment(message.next_try_at)
    return str(
        _(
            "An older message about the same certificate or month is waiting to be sent again. This one will follow it, on %(moment)s at the earliest.",
            moment=at,
        )
    )


def _kinds(webhook: Webhook) -> list[str]:
    return [_(KIND_NAMES[WebhookKind(one)]) for one in webhook.kinds]


def _stop_names() -> dict[str, str]:
    return {stop.value: _(name) for stop, name in STOP_NAMES.items()}


def _words(webhook: Webhook) -> dict[str, object]:
    return {
        "kinds": _kinds(webhook),
        "stop_names": _stop_names(),
        "kind_names": {kind.value: _(name) for kind, name in KIND_NAMES.items()},
        "failure_names": {one.value: _(name) for one, name in FAILURE_NAMES.items()},
        "messages": queries.messages_of(webhook, SHOWN),
    }
