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
from cissapp.foundation.core.storage import files
from cissapp.foundation.safeguards import services as safeguards
from cissapp.learn.learning import services as learning
from cissapp.operate.operations.services import planner, stored_files
from cissapp.operate.operations.services.deadline_reminders import remind_of_deadlines
from cissapp.operate.operations.services.jobs import Job, JobResult, result_of
from cissapp.operate.operations.services.last_work import at_the_end
from cissapp.operate.operations.services.one_run import turn
from cissapp.oversee.api.services import tokens as api_tokens
from cissapp.oversee.api.services import webhooks
from cissapp.oversee.evaluation import services as evaluation
from cissapp.oversee.figures import services as figures
from cissapp.oversee.personal_data.services import requests as erasures
from cissapp.oversee.personal_data.services import retention
from cissapp.people.accounts import services as accounts
from cissapp.people.drafts import services as drafts
from cissapp.people.enrolment import services as enrolment
from cissapp.people.factors import services as factors
from cissapp.people.handover import services as handover
from cissapp.people.joining import services as joining
from cissapp.people.notices import services as notices
from cissapp.people.school_lists import services as school_lists
from cissapp.people.schools import services as schools
from cissapp.people.schools.regions import services as regions
from cissapp.people.sign_on import services as sign_on
from cissapp.prepare.awareness import services as awareness
from cissapp.prepare.documents import services as documents
from cissapp.prepare.documents.photographs import services as photographs
from cissapp.prepare.documents.uploads import services as uploads
from cissapp.prepare.drills import services as drills
from cissapp.prepare.facts import services as facts
from cissapp.review.calibration import services as calibration
from cissapp.review.discussions import services as discussions
from cissapp.review.followup import services as followup
from cissapp.review.history import services as history
from cissapp.review.mentoring import services as mentoring
from cissapp.review.messages import services as messages

# A demonstration whose past is still being made must not freeze months of it.
MONTHS = "months whose figures were kept"


def daily(
    content: Content,
    *,
    at: datetime,
    skip: frozenset[str] = frozenset(),
    tell: Callable[[JobResult], None] = lambda _result: None,
) -> list[JobResult]:
    """Run every job of the day separately, and return the results; a failing job does not stop the others.

    `tell` is called with each result as it ends. Raise `AnotherRun` if another run is under way.
    """
    results = []
    with turn() as keep_turn:
        for job in work(content, at=at):
            if job.name not in skip:
                keep_turn()
                results.append(result_of(job))
                tell(results[-1])
    return results


def work(content: Content, *, at: datetime) -> list[Job]:
    """List the jobs of each day, in their order."""
    return [
        *_about_certificates(content, at),
        *_about_schools(content, at),
        *_about_two_people(at),
        *_about_interrupted(at),
        *_about_numbers(at),
        *_about_old_rows(content, at),
        *_about_figures(content, at),
        *_about_what_is_stored(at),
        *at_the_end(at),
    ]


def _about_certificates(content: Content, at: datetime) -> list[Job]:
    expiring = content.standard.decision.validity.expiring_days
    witnesses = current_app.config["CISS"].witness_mail
    return [
        Job("reserved certificates published", lambda: _published(content, at)),
        Job(
            "certificates that waited and began",
            lambda: succession.begin_due_certificates(at=at),
            commits=True,
        ),
        Job(
            "certificates whose standing changed",
            lambda: certificates.refresh_standings(at=at, expiring_days=expiring),
            commits=True,
        ),
        Job("entries added to the public log", lambda: transparency.catch_up(at=at)),
        Job("checkpoints of the public log signed", lambda: transparency.sign_now(at=at)),
        Job("checkpoints mailed to witnesses", lambda: mail_checkpoint(witnesses, at=at)),
        Job(
            "credentials made for older certificates",
            lambda: credentials.make_missing(issuer=credential_issuer(), at=at),
            repeats=True,
        ),
        Job(
            "certificates looked at once more",
            lambda: credentials.examine_issued(files(), issuer=credential_issuer(), at=at),
            commits=True,
            repeats=True,
        ),
        Job(
            "status lists signed",
            lambda: credentials.sign_changed_lists(issuer=credential_issuer(), at=at),
        ),
    ]


def _about_schools(content: Content, at: datetime) -> list[Job]:
    return [
        Job(
            "changes of the people behind a certificate",
            lambda: upkeep.update_quorums(content, at=at),
            commits=True,
        ),
        Job(
            "heads asked to confirm the year",
            lambda: upkeep.ask_to_confirm(content, at=at),
            commits=True,
        ),
        Job(
            "schools reminded of the end",
            lambda: upkeep.remind_of_ends(content, at=at),
            commits=True,
        ),
        Job("reminders of days agreed", lambda: remind_of_deadlines(content, at=at), commits=True),
        Job(
            "attempts that came to their end",
            lambda: learning.end_due_attempts(content=content, at=at),
            commits=True,
        ),
        Job(
            "people reminded to learn",
            lambda: learning.send_reminders(content, at=at),
            commits=True,
        ),
        Job("mails about comments", lambda: discussions.notify_waiting(at=at)),
        Job("mails between mentors and schools", lambda: mentoring.notify_waiting(at=at)),
        Job("drills without an answer ended", lambda: drills.end_overdue(at=at)),
        Job(
            "people who were dealt files for calibration",
            lambda: calibration.assign_due_benchmarks(content, store=files(), at=at),
            commits=True,
        ),
    ]


def _about_two_people(at: datetime) -> list[Job]:
    return [
        Job("acts that nobody stopped done", lambda: handover.carry_out_ripe_acts(at=at)),
        Job("acts that nobody confirmed ended", lambda: handover.end_expired_acts(at=at)),
        Job("handovers that nobody agreed to ended", lambda: handover.end_expired_handovers(at=at)),
    ]


def _about_interrupted(at: datetime) -> list[Job]:
    return [
        Job("messages to several schools gone on with", lambda: messages.send_unfinished(at=at)),
        Job(
            "lists of schools gone on with, or forgotten",
            lambda: school_lists.finish_interrupted(at=at, store=files()),
        ),
    ]


def _about_numbers(at: datetime) -> list[Job]:
    return [
        Job("helplines that changed", lambda: facts.note_helplines(at=at)),
        Job(
            "schools reminded to confirm numbers",
            lambda: facts.remind_of_numbers(at=at),
            commits=True,
        ),
    ]


def _about_old_rows(content: Content, at: datetime) -> list[Job]:
    return [
        Job("old messages to webhooks deleted", lambda: webhooks.forget_messages(at=at)),
        Job("answers to programs deleted", lambda: api_tokens.forget_answers(at=at)),
        Job("wishes to join that are over deleted", lambda: joining.forget_requests(at=at)),
        Job("counts of tries that are over deleted", lambda: accounts.forget_old_counts(at=at)),
        Job("links for a new password that waited", lambda: accounts.answer_reset_requests(at=at)),
        Job(
            "people erased who asked for it",
            lambda: erasures.carry_out_next(store=files(), at=at),
            repeats=True,
        ),
        Job(
            "things whose time was over deleted",
            lambda: _deleted_in_time(content, at),
            minutes=40,
            commits=True,
        ),
        Job("secrets sealed with the key of today", _sealed_anew),
        Job("old notifications forgotten", lambda: notices.forget_old_notifications(at=at)),
        Job(
            "schools moved out of regions that ended",
            lambda: regions.move_after_reforms(content.countries.values(), at=at),
        ),
    ]


def _about_figures(content: Content, at: datetime) -> list[Job]:
    return [
        Job("statistics of the tables", planner.refresh_statistics),
        Job("tallies corrected", lambda: schools.repair_tallies(at=at)),
        Job("steps of schools corrected", lambda: followup.repair_steps(at=at)),
        Job("schools whose history was mended", lambda: schools.repair_history(at)),
        Job(
            MONTHS,
            lambda: figures.freeze_newest_month(content.countries, at=at),
            repeats=True,
        ),
        Job("measures of today", lambda: figures.measure_today(content.countries, at=at)),
        Job("statistics of large groups", lambda: followup.keep_statistics(content, at=at)),
        Job("toolkit of large groups", lambda: history.keep_toolkit_use(content.toolkit, at=at)),
        Job("calibration of large groups", lambda: calibration.keep_figures(content, at=at)),
        Job(
            "evaluation of a large programme",
            lambda: evaluation.keep_evaluation(at=at),
            commits=True,
        ),
        Job("accounts of a large programme", lambda: enrolment.keep_account_counts(at=at)),
        Job("entries of the audit trail sealed", lambda: _sealed(at)),
    ]


def _about_what_is_stored(at: datetime) -> list[Job]:
    return [
        Job(
            "copies of documents made",
            lambda: documents.make_missing_copies(store=files()),
            commits=True,
        ),
        Job(
            "scanned pages read",
            lambda: documents.read_waiting_scans(store=files()),
            minutes=40,
            commits=True,
        ),
        Job("evidence that soon expires", lambda: documents.remind_of_expiry(at=at), commits=True),
        Job("tickets of rounds that are over deleted", lambda: awareness.forget_tickets(at=at)),
        Job("unfinished uploads removed", lambda: uploads.remove_expired(store=files(), at=at)),
        Job("drafts that nobody touched for 60 days", lambda: drafts.remove_expired(at=at)),
        Job(
            "photographs that waited too long removed",
            lambda: photographs.remove_expired(store=files(), at=at),
        ),
        Job(
            "stored files without a row removed",
            lambda: stored_files.remove_orphans(files(), at=at),
            commits=True,
        ),
        Job("removals forgotten for good", lambda: safeguards.forget_again(at=at)),
        Job(
            "rows whose file is missing", lambda: stored_files.report_missing(files()), commits=True
        ),
    ]


def _published(content: Content, at: datetime) -> int:
    """Publish certificates left reserved by a crash, a full disk or a silent time-stamp service."""
    return publish_reserved(Issuer(content, current_app.config["CISS"], files()), at=at)


def _deleted_in_time(content: Content, at: datetime) -> int:
    """Apply the rules of retention, and return how many things were deleted for good."""
    return sum(one.gone for one in retention.carry_out(content, store=files(), at=at))


def _sealed_anew() -> int:
    """Seal again with the current secret key what an old one sealed, so that the old one can be retired."""
    return factors.seal_secrets_anew() + sign_on.seal_secrets_anew()


def _sealed(at: datetime) -> int:
    seal = audit.seal_settled(at)
    return seal.count if seal else 0
