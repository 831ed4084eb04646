"""The day's work: safe to repeat, safe to miss."""

from collections.abc import Callable
from datetime import datetime

from flask import current_app

from cissapp.certify.certificates import services as certificates
from cissapp.certify.certificates import succession
from cissapp.certify.certificates.issuer import Issuer
from cissapp.certify.certificates.publishing import publish_all
from cissapp.certify.credentials import services as credentials
from cissapp.certify.credentials.listening import making
from cissapp.certify.transparency import services as transparency
from cissapp.certify.transparency.mails import mail_checkpoint
from cissapp.certify.upkeep import services as upkeep
from cissapp.foundation.audit import services as audit
from cissapp.foundation.content.values import Content
from cissapp.foundation.core.db import unit_of_work
from cissapp.foundation.core.storage import files
from cissapp.foundation.safeguards import services as safeguards
from cissapp.learn.learning import services as learning
from cissapp.operate.operations import files as tidying
from cissapp.people.deadlines import services as deadlines
from cissapp.people.deadlines.models import Deadline
from cissapp.people.deadlines.rules import Kind
from cissapp.people.notices import services as notices
from cissapp.people.schools import services as schools
from cissapp.prepare.documents import services as documents
from cissapp.prepare.documents.uploads import services as uploads
from cissapp.prepare.drills import services as drills
from cissapp.review.appeals.queries import panel_of
from cissapp.review.calibration import services as calibration
from cissapp.review.discussions import services as discussions
from cissapp.review.reviews.queries.remaining import criteria_left


def daily(content: Content, *, at: datetime) -> list[tuple[str, int]]:
    """Do everything that is due, each in a transaction of its own; return what was done, and how often."""
    done = []
    for name, job in work(content, at=at):
        with unit_of_work():
            done.append((name, job()))
    # Last: what was done leaves entries in the trail, too.
    done.append(("ends of log and trail kept beside", transparency.keep(files(), at=at)))
    return done


def work(content: Content, *, at: datetime) -> list[tuple[str, Callable[[], int]]]:
    """Name everything that is done each day, in its order."""
    return [*_about_certificates(content, at), *_about_schools(content, at)]


def _about_certificates(content: Content, at: datetime) -> list[tuple[str, Callable[[], int]]]:
    expiring = content.standard.decision.validity.expiring_days
    return [
        ("reserved certificates published", lambda: _published(content, at)),
        ("certificates that waited and began", lambda: succession.begin_due(at=at)),
        (
            "certificates whose standing changed",
            lambda: certificates.refresh_standings(at=at, expiring_days=expiring),
        ),
        ("entries added to the public log", lambda: transparency.catch_up(at=at)),
        ("checkpoints of the public log signed", lambda: transparency.sign_now(at=at)),
        ("checkpoints mailed to witnesses", lambda: _mailed(at)),
        (
            "credentials made for older certificates",
            lambda: credentials.make_missing(making=making(), at=at),
        ),
        ("status lists signed", lambda: credentials.sign_changed(making=making(), at=at)),
    ]


def _about_schools(content: Content, at: datetime) -> list[tuple[str, Callable[[], int]]]:
    return [
        (
            "changes of the people behind a certificate",
            lambda: _held(upkeep.settle_all, content, at),
        ),
        ("heads asked to confirm the year", lambda: _held(upkeep.call_heads, content, at)),
        ("schools reminded of the end", lambda: _held(upkeep.remind_of_ends, content, at)),
        ("reminders of days agreed", lambda: _reminded(content, at)),
        ("attempts that came to their end", lambda: _attempts_ended(content, at)),
        ("people reminded to learn", lambda: _held(learning.remind, content, at)),
        ("mails about comments", lambda: discussions.notify_waiting(at=at)),
        ("drills without an answer ended", lambda: _ended(at)),
        (
            "people who were dealt files for calibration",
            lambda: calibration.assign_due_benchmarks(content, store=files(), at=at),
        ),
        ("mails sent", lambda: notices.send_due(at=at)),
        ("tallies corrected", lambda: schools.repair_tallies(at=at)),
        ("entries of the audit trail sealed", lambda: _sealed(at)),
        ("copies of documents made", lambda: documents.make_missing_copies(store=files())),
        ("evidence that soon lapses", lambda: documents.remind_of_lapsing(at=at)),
        ("unfinished uploads removed", lambda: uploads.sweep(store=files(), at=at)),
        ("stored files without a row removed", lambda: tidying.remove_alone(files(), at=at)),
        ("removals forgotten for good", lambda: safeguards.forget_again(at=at)),
        ("rows whose file is missing", lambda: tidying.report_missing(files())),
    ]


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


def _held(job: Callable[..., int], content: Content, at: datetime) -> int:
    """Do what queues mails; they leave with the job that sends, so that none leaves twice."""
    with notices.held():
        return job(content, at=at)


def _published(content: Content, at: datetime) -> int:
    """Publish what a crash, a full disk or a silent time-stamp service left reserved."""
    issuer = Issuer(content, current_app.config["CISS"], files())
    with notices.held():
        return publish_all(issuer, at=at)


def _mailed(at: datetime) -> int:
    with notices.held():
        return mail_checkpoint(current_app.config["CISS"].witness_mail, at=at)


def _ended(at: datetime) -> int:
    """End drills whose days are over; the mails leave with the next job."""
    with notices.held():
        return drills.time_out(at=at)


def _attempts_ended(content: Content, at: datetime) -> int:
    """Close attempts whose days are over; what follows from a pass is told with the next job."""
    with notices.held():
        return learning.end_due(content=content, at=at)


def _sealed(at: datetime) -> int:
    seal = audit.seal_settled(at)
    return seal.count if seal else 0
