"""A job of the day's work, and how it is run: by itself, within its time, and without harm to the others."""

import logging
import secrets
import time
from collections.abc import Callable
from contextlib import nullcontext, suppress

from msgspec import Struct
from sqlalchemy.exc import SQLAlchemyError

from cissapp.foundation.core.bulk.long_work import WorkTime, time_limit
from cissapp.foundation.core.db import session, unit_of_work
from cissapp.people.notices import services as notices
from cissapp.people.notices.rules import MailRank

log = logging.getLogger("ciss")


class Job(Struct, frozen=True):
    """A job of the day's work: what it counts, and how long it may take.

    `commits` means that it commits part by part, in its own transactions, and begins none when its time is
    nearly over. `repeats` means that it does a part each time, until nothing is left or half its time is over.
    """

    name: str
    run: Callable[[], int]
    minutes: int = 10
    commits: bool = False
    repeats: bool = False


class JobResult(Struct, frozen=True):
    """What a job did: its count and duration in seconds, or the reference of its fault in the log.

    `has_more` means that it ran out of time, and that the next run continues it.
    """

    name: str
    count: int
    seconds: float
    fault: str | None = None
    has_more: bool = False


def result_of(job: Job) -> JobResult:
    """Run a job; mails that it queues are left to the job that sends mails, so that none is sent twice.

    A night has thousands of reminders: they leave once no mail waits that somebody asked for.
    """
    begun = time.monotonic()
    try:
        with (
            time_limit(job.minutes * 60) as granted,
            notices.hold_mails(),
            notices.rank_mails(MailRank.BATCH),
        ):
            count = _done(job, granted, until=begun + job.minutes * 60 / 2)
    except Exception:
        reference = secrets.token_hex(4).upper()
        log.exception("fault %s in daily work: %s", reference, job.name)
        with suppress(SQLAlchemyError):
            session.rollback()
        return JobResult(job.name, 0, time.monotonic() - begun, reference)
    finally:
        session.remove()
    seconds = time.monotonic() - begun
    log.info("daily work: %s: %d in %.1f s", job.name, count, seconds)
    if granted.has_more:
        log.warning("daily work: %s: out of time, the next run will continue", job.name)
    return JobResult(job.name, count, seconds, has_more=granted.has_more)


def _done(job: Job, granted: WorkTime, *, until: float) -> int:
    """Run a job, or its parts one after another; return their total count."""
    total = 0
    while True:
        with nullcontext() if job.commits else unit_of_work():
            count = job.run()
        total += count
        if not (job.repeats and count):
            return total
        if time.monotonic() > until:
            granted.has_more = True
            return total
