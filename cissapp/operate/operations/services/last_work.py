"""The day's work that follows from the jobs before: what waits for others is done, and the ends are kept."""

from datetime import datetime

from cissapp.certify.transparency import services as transparency
from cissapp.foundation.background import services as background
from cissapp.foundation.core.storage import files
from cissapp.operate.operations.services.jobs import Job
from cissapp.oversee.api.services import sending
from cissapp.people.notices import services as notices

# A relay is spoken to by so many at once, for so long; what is left then leaves with the service, or the next run.
MAILS_AT_ONCE, MINUTES_OF_MAIL = 4, 5


def at_the_end(at: datetime) -> list[Job]:
    """List what follows from the jobs before: what they queued is sent, and no transaction is open meanwhile."""
    return [
        Job("tasks of the background done", background.run_due, minutes=40, commits=True),
        Job("tasks given up long ago forgotten", lambda: background.forget_given_up(at=at)),
        Job(
            "mails sent",
            lambda: notices.send_due(at_once=MAILS_AT_ONCE, minutes=MINUTES_OF_MAIL),
            minutes=40,  # no letter is begun after the first five, but the slowest relay may answer the last
            commits=True,
        ),
        Job("messages to webhooks that were taken", sending.send_due, minutes=40, commits=True),
        # What was done leaves entries in the trail, too.
        Job(
            "ends of log and trail kept beside",
            lambda: transparency.save_extent(files(), at=at),
            commits=True,
        ),
    ]
