"""Programs of coordinators: a token, and a webhook with what it was told in the last month."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import CursorResult, select, update

from cissapp.certify.certificates.models import Certificate, RegisterEntry
from cissapp.foundation.core.db import session
from cissapp.operate.load.services.office.parts import GroupWork
from cissapp.oversee.api.models import Webhook, WebhookMessage
from cissapp.oversee.api.queries.webhooks import WAITING, webhooks_of
from cissapp.oversee.api.rules.tokens import scopes_open_to
from cissapp.oversee.api.rules.webhooks import KEPT_DAYS, WebhookKind
from cissapp.oversee.api.services.tokens import make_token
from cissapp.oversee.api.services.webhooks import add_webhook, tell_register_entries
from cissapp.people.accounts.models import User
from cissapp.people.schools.models import School

TOKEN_LASTS = timedelta(days=300)


def add(work: GroupWork, *, at: datetime) -> int:
    """Add a token and a webhook for each coordinator who has none, and the messages; return how many."""
    new = [one for one in work.coordinators if not webhooks_of(one)]
    if not new:
        return 0
    hooks = [_add_programs(person, at) for person in new]
    tell_register_entries(_lately(work, at))
    return len(hooks) + _deliver(hooks)


def _add_programs(person: User, at: datetime) -> Webhook:
    ends_on = (at + TOKEN_LASTS).date()
    make_token("Dashboard", scopes_open_to(person), ends_on, by=person, at=at)
    low = person.email.partition("@")[0]
    return add_webhook(
        f"https://{low}.load.example/changes",
        [one.value for one in WebhookKind],
        by=person,
        loopback=False,
        at=at - timedelta(days=KEPT_DAYS),
    )


def _lately(work: GroupWork, at: datetime) -> Sequence[RegisterEntry]:
    """List the entries of the register about the country's schools of the last month."""
    query = select(RegisterEntry).join(Certificate, Certificate.id == RegisterEntry.certificate_id)
    query = query.join(School, School.id == Certificate.school_id)
    query = query.where(School.country_code == work.pack.code)
    query = query.where(RegisterEntry.at > at - timedelta(days=KEPT_DAYS))
    return session.scalars(query.order_by(RegisterEntry.id)).all()


def _deliver(hooks: Sequence[Webhook]) -> int:
    """Mark what the webhooks were told as delivered: nobody receives it."""
    waiting = update(WebhookMessage).where(
        WAITING, WebhookMessage.webhook_id.in_([one.id for one in hooks])
    )
    delivered = session.execute(
        waiting.values(
            sent_at=WebhookMessage.queued_at, tried_at=WebhookMessage.queued_at, tries=1, status=204
        ).execution_options(synchronize_session=False)
    )
    return delivered.rowcount if isinstance(delivered, CursorResult) else 0
