"""What is deleted when: the rules of retention, with their numbers from the content. Pure."""

from datetime import datetime, timedelta
from enum import StrEnum

from cissapp.foundation.core import clock
from cissapp.foundation.core.errors import N_

# Those concerned are told so long before something goes for good.
NOTICE = timedelta(days=30)
# A person who asked for the own erasure may stop it for so long.
ERASURE_WAITS = timedelta(days=14)
REASON_MARKS = 500


class RetentionRule(StrEnum):
    """What is deleted. The first three are marked, told and can be held; the others have ended by themselves."""

    DOCUMENTS = "documents"
    UNUSED = "unused"
    ACCOUNTS = "accounts"
    SESSIONS = "sessions"
    LINKS = "links"
    MAILS = "mails"


MARKED = (RetentionRule.DOCUMENTS, RetentionRule.UNUSED, RetentionRule.ACCOUNTS)
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
    """Return the same time of day so many months of the calendar earlier."""
    return datetime.combine(clock.months_after(at.date(), -months), at.timetz())
