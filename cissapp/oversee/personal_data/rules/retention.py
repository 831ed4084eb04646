"""The retention rules: what is deleted when, with the periods from the content. Pure."""

from datetime import datetime, timedelta
from enum import StrEnum

from cissapp.foundation.core import clock
from cissapp.foundation.core.errors import N_

# The notice that those concerned get before something is deleted for good.
NOTICE = timedelta(days=30)
# How long people can stop an erasure that they asked for themselves.
ERASURE_WAITS = timedelta(days=14)
REASON_MARKS = 500


class RetentionRule(StrEnum):
    """What is deleted. The first three are marked with notice and can be held; the others simply expire."""

    DOCUMENTS = "documents"
    UNUSED = "unused"
    ACCOUNTS = "accounts"
    SESSIONS = "sessions"
    LINKS = "links"
    MAILS = "mails"


RULE_NAMES: dict[RetentionRule, str] = {
    RetentionRule.DOCUMENTS: N_("Documents of applications that were decided long ago"),
    RetentionRule.UNUSED: N_(
        "Documents that were never submitted and have not been used for a long time"
    ),
    RetentionRule.ACCOUNTS: N_("Accounts that were closed long ago"),
    RetentionRule.SESSIONS: N_("Ended sessions and used links for a new password"),
    RetentionRule.LINKS: N_("Old invitations"),
    RetentionRule.MAILS: N_("Addresses of emails that were sent long ago"),
}


class MarkOutcome(StrEnum):
    """How a mark ended."""

    GONE = "gone"
    SPARED = "spared"  # used again, or held


def months_before(at: datetime, months: int) -> datetime:
    """Return the same time of day a number of calendar months earlier."""
    return datetime.combine(clock.months_after(at.date(), -months), at.timetz())
