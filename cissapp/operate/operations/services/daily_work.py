"""The work of each day: safe to repeat, safe to miss."""

from collections.abc import Callable
from datetime import datetime

from flask import current_app

from cissapp.certify.certificates import services as certificates
from cissapp.certify.certificates.document.issuer import Issuer
from cissapp.certify.certificates.services import succession
from cissapp.certify.certificates.services.publishing import publish_reserved
from cissapp.certify.credentials import services as credentials
from cissapp.certify.credentials.services import credential_issuer
from cissapp.certify.transparency import services as transparency
from cissapp.certify.transparency.mails import mail_checkpoint
from cissapp.certify.upkeep import services as upkeep
from cissapp.foundation.audit import services as audit
from cissapp.foundation.content.values import Content
from cissapp.foundation.core.db import unit_of_work
from cissapp.foundation.core.storage import files
from cissapp.foundation.safeguards import services as safeguards
from cissapp.learn.learning import services as learning
from cissapp.operate.operations.services import stored_files
from cissapp.oversee.api.services import sending, webhooks
from cissapp.oversee.api.services import tokens as api_tokens
from cissapp.oversee.figures import services as figures
from cissapp.people.deadlines import services as deadlines
from cissapp.people.deadlines.models import Deadline
from cissapp.people.deadlines.rules import DeadlineKind
from cissapp.people.drafts import services as drafts
from cissapp.people.joining import services as joining
from cissapp.people.notices import services as notices
from cissapp.people.school_lists import services as school_lists
from cissapp.people.schools import services as schools
from cissapp.people.schools.regions import services as regions
from cissapp.prepare.awareness import services as awareness
from cissapp.prepare.documents import services as documents
from cissapp.prepare.documents.photographs import services as photographs
from cissapp.prepare.documents.uploads import services as uploads
from cissapp.prepare.drills import services as drills
from cissapp.prepare.facts import services as facts
from cissapp.review.appeals.queries import panel_of
from cissapp.review.calibration import services as calibration
from cissapp.review.discussions import services as discussions
from cissapp.review.followup import services as followup
from cissapp.review.mentoring import services as mentoring
from cissapp.review.messages import services as messages
from cissapp.review.reviews.queries.remaining import criteria_left

# A demonstration that is still telling its past must not keep months of it.
MONTHS = "months whose figures were kept"


def daily(
    content: Content, *, at: datetime, skip: frozenset[str] = frozenset()
) -> list[tuple[str, int]]:
    """Run everything that is due, each in a transaction of its own; return what was done, and how often."""
    done = []
    for name, job in work(content, at=at):
        if name in skip:
            continue
        with unit_of_work():
            done.append((name, job()))
    # Each message in units of its own: no transaction is open while a receiver is waited for.
    done.append(("messages to webhooks that were taken", sending.send_due()))
    # Last: what was done leaves entries in the trail, too.
    done.append(("ends of log and trail kept beside", transparency.save_extent(files(), at=at)))
    return done


def work(content: Content, *, at: datetime) -> list[tuple[str, Callable[[], int]]]:
    """List everything that is done each day, in its order."""
    return [
        *_about_certificates(content, at),
        *_about_schools(content, at),
        *_about_what_is_stored(at),
    ]


def _about_certificates(content: Content, at: datetime) -> list[tuple[str, Callable[[], int]]]:
    expiring = content.standard.decision.validity.expiring_days
    return [
        ("reserved certificates published", lambda: _published(content, at)),
        ("certificates that waited and began", lambda: succession.begin_due_certificates(at=at)),
        (
            "certificates whose standing changed",
            lambda: certificates.refresh_standings(at=at, expiring_days=expiring),
        ),
        ("entries added to the public log", lambda: transparency.catch_up(at=at)),
        ("checkpoints of the public log signed", lambda: transparency.sign_now(at=at)),
        ("checkpoints mailed to witnesses", lambda: _mailed(at)),
        (
            "credentials made for older certificates",
            lambda: credentials.make_missing(issuer=credential_issuer(), at=at),
        ),
        (
            "status lists signed",
            lambda: credentials.sign_changed_lists(issuer=credential_issuer(), at=at),
        ),
    ]


def _about_schools(content: Content, at: datetime) -> list[tuple[str, Callable[[], int]]]:
    return [
        (
            "changes of the people behind a certificate",
            lambda: _held(upkeep.update_quorums, content, at),
        ),
        ("heads asked to confirm the year", lambda: _held(upkeep.ask_to_confirm, content, at)),
        ("schools reminded of the end", lambda: _held(upkeep.remind_of_ends, content, at)),
        ("reminders of days agreed", lambda: _reminded(content, at)),
        ("attempts that came to their end", lambda: _attempts_ended(content, at)),
        ("people reminded to learn", lambda: _held(learning.send_reminders, content, at)),
        ("mails about comments", lambda: _told(discussions.notify_waiting, at)),
        ("mails between mentors and schools", lambda: _told(mentoring.notify_waiting, at)),
        ("drills without an answer ended", lambda: _ended(at)),
        (
            "people who were dealt files for calibration",
            lambda: calibration.assign_due_benchmarks(content, store=files(), at=at),
        ),
        ("messages to several schools gone on with", lambda: _messages(at)),
        (
            "lists of schools gone on with, or forgotten",
            lambda: school_lists.finish_interrupted(at=at, store=files()),
        ),
        *_about_numbers(at),
        ("old messages to webhooks deleted", lambda: webhooks.forget_messages(at=at)),
        ("answers to programs deleted", lambda: api_tokens.forget_answers(at=at)),
        ("mails sent", lambda: notices.send_due(at=at)),
        ("wishes to join that are over deleted", lambda: joining.forget_requests(at=at)),
        ("old notifications forgotten", lambda: notices.forget_old_notifications(at=at)),
        (
            "schools moved out of regions that ended",
            lambda: regions.move_after_reforms(content.countries.values(), at=at),
        ),
        ("tallies corrected", lambda: schools.repair_tallies(at=at)),
        ("steps of schools corrected", lambda: followup.repair_steps(at=at)),
        ("schools whose history was mended", lambda: schools.repair_history(at)),
        (MONTHS, lambda: figures.freeze_due_months(content.countries, at=at)),
        ("measures of today", lambda: figures.measure_today(content.countries, at=at)),
        ("entries of the audit trail sealed", lambda: _sealed(at)),
    ]


def _about_what_is_stored(at: datetime) -> list[tuple[str, Callable[[], int]]]:
    return [
        ("copies of documents made", lambda: documents.make_missing_copies(store=files())),
        ("scanned pages read", lambda: documents.read_waiting_scans(store=files())),
        ("evidence that soon lapses", lambda: documents.remind_of_expiry(at=at)),
        ("tickets of rounds that are over deleted", lambda: awareness.forget_tickets(at=at)),
        ("unfinished uploads removed", lambda: uploads.remove_expired(store=files(), at=at)),
        ("drafts that nobody touched for 60 days", lambda: drafts.remove_expired(at=at)),
        (
            "photographs that waited too long removed",
            lambda: photographs.remove_expired(store=files(), at=at),
        ),
        ("stored files without a row removed", lambda: stored_files.remove_orphans(files(), at=at)),
        ("removals forgotten for good", lambda: safeguards.forget_again(at=at)),
        ("rows whose file is missing", lambda: stored_files.report_missing(files())),
    ]


def _about_numbers(at: datetime) -> list[tuple[str, Callable[[], int]]]:
    return [
        ("helplines that changed", lambda: facts.note_helplines(at=at)),
        ("schools reminded to confirm numbers", lambda: _told(facts.remind_of_numbers, at)),
    ]


def _reminded(content: Content, at: datetime) -> int:
    """Remind people of deadlines; the mails leave with the next job, so that none leaves twice."""

    def left(deadline: Deadline) -> int | None:
        return criteria_left(deadline, content)

    with notices.hold_mails():
        return deadlines.remind(
            at=at,
            left_of={DeadlineKind.REVIEW: left, DeadlineKind.SECOND_REVIEW: left},
            people_of={DeadlineKind.APPEAL: lambda deadline: panel_of(deadline.subject_id)},
        )


def _held(job: Callable[..., int], content: Content, at: datetime) -> int:
    """Run a job that queues mails; they leave with the job that sends, so that none leaves twice."""
    with notices.hold_mails():
        return job(content, at=at)


def _told(job: Callable[..., int], at: datetime) -> int:
    """Run a job that queues mails about what was written; they leave with the job that sends."""
    with notices.hold_mails():
        return job(at=at)


def _published(content: Content, at: datetime) -> int:
    """Publish what a crash, a full disk or a silent time-stamp service left reserved."""
    issuer = Issuer(content, current_app.config["CISS"], files())
    with notices.hold_mails():
        return publish_reserved(issuer, at=at)


def _mailed(at: datetime) -> int:
    with notices.hold_mails():
        return mail_checkpoint(current_app.config["CISS"].witness_mail, at=at)


def _messages(at: datetime) -> int:
    """Go on with messages that a restart interrupted; their mails leave with the next job."""
    with notices.hold_mails():
        return messages.send_unfinished(at=at)


def _ended(at: datetime) -> int:
    """End drills whose days are over; the mails leave with the next job."""
    with notices.hold_mails():
        return drills.end_overdue(at=at)


def _attempts_ended(content: Content, at: datetime) -> int:
    """Close attempts whose days are over; what follows from a pass is told with the next job."""
    with notices.hold_mails():
        return learning.end_due_attempts(content=content, at=at)


def _sealed(at: datetime) -> int:
    seal = audit.seal_settled(at)
    return seal.count if seal else 0
