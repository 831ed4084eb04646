"""Mails the newest checkpoint to the addresses the operator names: copies nobody here can recall."""

from collections.abc import Sequence
from datetime import datetime

from cissapp.certify.transparency import queries
from cissapp.people.notices import queries as notices
from cissapp.people.notices.rules import MailText
from cissapp.people.notices.services import queue

KIND = "checkpoint"
# For operators of witnesses, who know the format: in English, as the documents about the log are.
SUBJECT = "Public log of certificates: %(size)d entries"
BODY = """\
This is the newest signed checkpoint of the public log of certificates.

%(note)s
Please keep this mail. `ciss log check --previous FILE` compares a log with the text above, from the first
line on. If the log does not go on from it, entries were changed or removed.
"""


def mail_checkpoint(addresses: Sequence[str], *, at: datetime) -> int:
    """Queue the newest checkpoint for each address that was not mailed one since it was signed; return how many."""
    newest = queries.checkpoint()
    if newest is None:
        return 0
    mailed = notices.last_queued(KIND)
    due = [one for one in addresses if one not in mailed or mailed[one] < newest.at]
    values = {"size": newest.size, "note": queries.published_note(newest)}
    for address in due:
        queue(KIND, MailText(SUBJECT % values, BODY % values), to=address, at=at)
    return len(due)
