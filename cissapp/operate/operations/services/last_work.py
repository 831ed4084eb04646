"""The last of the day's work: sends what earlier jobs queued, and records how far log and trail go."""

from datetime import datetime

from cissapp.certify.transparency import services as transparency
from cissapp.foundation.background import services as background
from cissapp.foundation.core.storage import files
from cissapp.operate.operations.services.jobs import Job
from cissapp.oversee.api.services import sending
from cissapp.people.notices import services as notices

# Connections to the mail relay, and minutes of sending; the service or the next run sends the rest.
MAILS_AT_ONCE, MINUTES_OF_MAIL = 4, 5


def at_the_end(at: datetime) -> list[Job]:
    """List the jobs that follow from the earlier ones: what these queued is sent, with no transaction open."""
    return [
        Job("background tasks done", background.run_due, minutes=40, commits=True),
        Job("old failed tasks deleted", lambda: background.forget_given_up(at=at)),
        Job(
            "emails sent",
            lambda: notices.send_due(at_once=MAILS_AT_ONCE, minutes=MINUTES_OF_MAIL),
            minutes=40,  # no letter is begun after the first five, but the slowest relay may answer the last
            commits=True,
        ),
        Job("webhook messages delivered", sending.send_due, minutes=40, commits=True),
        # Last, because the jobs before it add entries to the audit trail.
        Job(
            "copies of the ends of log and trail stored",
            lambda: transparency.save_extent(files(), at=at),
            commits=True,
        ),
    ]
