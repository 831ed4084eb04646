"""The day's work: safe to repeat, safe to miss."""

from collections.abc import Callable
from datetime import datetime

from cissapp.appeals.queries import panel_of
from cissapp.audit import services as audit
from cissapp.calibration import services as calibration
from cissapp.certificates import services as certificates
from cissapp.content.values import Content
from cissapp.core.db import unit_of_work
from cissapp.core.storage import files
from cissapp.deadlines import services as deadlines
from cissapp.deadlines.models import Deadline
from cissapp.deadlines.rules import Kind
from cissapp.discussions import services as discussions
from cissapp.drills import services as drills
from cissapp.evidence import services as evidence
from cissapp.evidence.uploads import services as uploads
from cissapp.notices import services as notices
from cissapp.operations import files as tidying
from cissapp.reviews.queries.left import criteria_left
from cissapp.safeguards import services as safeguards
from cissapp.schools import services as schools


def daily(content: Content, *, at: datetime) -> list[tuple[str, int]]:
    """Do everything that is due, each in a transaction of its own; give what was done, and how often."""
    expiring = content.standard.decision.validity.expiring_days
    work: list[tuple[str, Callable[[], int]]] = [
        (
            "certificates whose standing changed",
            lambda: certificates.refresh_standings(at=at, expiring_days=expiring),
        ),
        ("reminders of days agreed", lambda: _reminded(content, at)),
        ("mails about comments", lambda: discussions.tell_waiting(at=at)),
        ("drills without an answer ended", lambda: _ended(at)),
        (
            "people who were dealt files for calibration",
            lambda: calibration.deal_due(content, store=files(), at=at),
        ),
        ("mails sent", lambda: notices.send_due(at=at)),
        ("tallies corrected", lambda: schools.repair_tallies(at=at)),
        ("entries of the audit trail sealed", lambda: _sealed(at)),
        ("copies of documents made", lambda: evidence.make_missing_copies(store=files())),
        ("evidence that soon lapses", lambda: evidence.remind_of_lapsing(at=at)),
        ("unfinished uploads removed", lambda: uploads.sweep(store=files(), at=at)),
        ("stored files without a row removed", lambda: tidying.remove_alone(files(), at=at)),
        ("removals forgotten for good", lambda: safeguards.forget_again(at=at)),
        ("rows whose file is missing", lambda: tidying.report_missing(files())),
    ]
    done = []
    for name, job in work:
        with unit_of_work():
            done.append((name, job()))
    return done


def _reminded(content: Content, at: datetime) -> int:
    """Remind of days agreed; the mails leave with the next job, so that none leaves twice."""

    def left(deadline: Deadline) -> int | None:
        return criteria_left(deadline, content)

    with notices.held():
        return deadlines.remind(
            at=at,
            left_of={Kind.REVIEW: left, Kind.SECOND_REVIEW: left},
            people_of={Kind.APPEAL: lambda deadline: panel_of(deadline.subject_id)},
        )


def _ended(at: datetime) -> int:
    """End drills whose days are over; the mails leave with the next job."""
    with notices.held():
        return drills.time_out(at=at)


def _sealed(at: datetime) -> int:
    seal = audit.seal_settled(at)
    return seal.count if seal else 0
