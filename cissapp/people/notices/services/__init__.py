"""What is done with mails and notifications: queued with a change, sent after it, read, forgotten."""

from cissapp.people.notices.services.addresses import mark_bounced, record_bounce
from cissapp.people.notices.services.forgetting import count_old_mails, forget_old_mails
from cissapp.people.notices.services.notifications import (
    forget_old_notifications,
    mark_all_read,
    mark_read,
    notify,
)
from cissapp.people.notices.services.outbox import (
    MAILS,
    hold_mails,
    postpone,
    queue,
    rank_mails,
    withhold,
)
from cissapp.people.notices.services.sending import send_due

__all__ = [
    "MAILS",
    "count_old_mails",
    "forget_old_mails",
    "forget_old_notifications",
    "hold_mails",
    "mark_all_read",
    "mark_bounced",
    "mark_read",
    "notify",
    "postpone",
    "queue",
    "rank_mails",
    "record_bounce",
    "send_due",
    "withhold",
]
