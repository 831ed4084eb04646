"""Marks addresses at which mail does not arrive."""

from datetime import datetime

from cissapp.foundation.core.db import session
from cissapp.foundation.core.unicode import sendable_address
from cissapp.people.notices.models import BouncedAddress, Mail
from cissapp.people.notices.rules import Bounce

REASON_MARKS = 500


def mark_bounced(address: str, *, reason: str, at: datetime) -> None:
    """Mark an address at which mail does not arrive; the newest reason stays."""
    session.merge(BouncedAddress(address=address, reason=reason[:REASON_MARKS], bounced_at=at))
    session.flush()


def record_bounce(bounce: Bounce, *, at: datetime) -> bool:
    """Mark the address of a returned mail; return whether the mail was one of ours.

    A bounce counts only if it names one of our mails and the address it was sent to: anyone can write a
    message that looks like one.
    """
    mail = session.get(Mail, bounce.mail_id)
    if mail is None or _as_sent(mail.to) != _as_sent(bounce.address):
        return False
    mail.last_error = bounce.reason[:REASON_MARKS]
    mail.given_up_at = mail.given_up_at or at
    mark_bounced(mail.to, reason=bounce.reason, at=at)
    return True


def _as_sent(address: str) -> str:
    return sendable_address(address).casefold()
