"""The mail to the owner of a webhook that was stopped."""

from datetime import datetime

from flask_babel import gettext as _

from cissapp.oversee.api.models import Webhook
from cissapp.oversee.api.rules.webhooks import STOP_NAMES
from cissapp.people.accounts.models import User
from cissapp.people.notices.mails import MailText, greeting, link_to, mail_people, paragraphs


def tell_stopped(webhook: Webhook, *, at: datetime) -> int:
    """Notify the owner that a webhook was stopped, and how to start it again."""

    def text_for(person: User) -> MailText:
        because = webhook.stopped_because
        return MailText(
            _("A webhook was stopped"),
            paragraphs(
                greeting(person),
                _("We no longer send messages to this address:\n%(url)s", url=webhook.url),
                _("Reason: %(reason)s.", reason=_(STOP_NAMES[because]) if because else ""),
                _(
                    "When it works again, send a test from this page to restart it. Changes from before then are not sent, so read the register once.\n%(link)s",
                    link=link_to(f"/account/webhooks/{webhook.id}"),
                ),
            ),
        )

    return mail_people([webhook.user], "webhook_stopped", text_for, at=at)
