"""The work of each day: safe to repeat, safe to miss."""

from collections.abc import Callable
from datetime import datetime

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
from cissapp.foundation.core.installation.settings import current_config
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
from cissapp.review.appeals import services as appeals
from cissapp.review.calibration import services as calibration
from cissapp.review.discussions import services as discussions
from cissapp.review.followup import services as followup
from cissapp.review.history import services as history
from cissapp.review.mentoring import services as mentoring
from cissapp.review.messages import services as messages

# A demonstration whose past is still being made must not freeze months of it.
MONTHS = "months of figures frozen"


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
        *_about_people(content, at),
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
    witnesses = current_config().witness_mail
    return [
        Job("reserved certificates published", lambda: _published(content, at)),
        Job(
            "waiting certificates that came into force",
            lambda: succession.begin_due_certificates(at=at),
            commits=True,
        ),
        Job(
            "certificates whose status changed",
            lambda: certificates.refresh_standings(at=at, expiring_days=expiring),
            commits=True,
        ),
        Job("entries added to the public log", lambda: transparency.catch_up(at=at)),
        Job("checkpoints of the public log signed", lambda: transparency.sign_now(at=at)),
        Job("checkpoints emailed to witnesses", lambda: mail_checkpoint(witnesses, at=at)),
        Job(
            "missing credentials made",
            lambda: credentials.make_missing(issuer=credential_issuer(), at=at),
            repeats=True,
        ),
        Job(
            "issued certificates checked again",
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
            "changes to the people behind a certificate recorded",
            lambda: upkeep.update_quorums(content, at=at),
            commits=True,
        ),
        Job(
            "heads asked for the yearly confirmation",
            lambda: upkeep.ask_to_confirm(content, at=at),
            commits=True,
        ),
        Job(
            "schools reminded that their certificate expires",
            lambda: upkeep.remind_of_ends(content, at=at),
            commits=True,
        ),
        Job("deadline reminders queued", lambda: remind_of_deadlines(content, at=at), commits=True),
    ]


def _about_people(content: Content, at: datetime) -> list[Job]:
    return [
        Job(
            "quiz attempts that ended",
            lambda: learning.end_due_attempts(content=content, at=at),
            commits=True,
        ),
        Job("learners reminded", lambda: learning.send_reminders(content, at=at), commits=True),
        Job(
            "emails about comments queued",
            lambda: discussions.notify_waiting(at=at),
            commits=True,
        ),
        Job(
            "emails between mentors and schools queued",
            lambda: mentoring.notify_waiting(at=at),
            commits=True,
        ),
        Job("unanswered drills ended", lambda: drills.end_overdue(at=at), commits=True),
        Job("barred panel members excused", lambda: appeals.excuse_barred(at=at), commits=True),
        Job(
            "reviewers given schools for calibration",
            lambda: calibration.assign_due_benchmarks(content, store=files(), at=at),
            commits=True,
        ),
    ]


def _about_two_people(at: datetime) -> list[Job]:
    return [
        Job("unopposed acts carried out", lambda: handover.carry_out_ripe_acts(at=at)),
        Job("unconfirmed acts ended", lambda: handover.end_expired_acts(at=at)),
        Job("handovers without agreement ended", lambda: handover.end_expired_handovers(at=at)),
    ]


def _about_interrupted(at: datetime) -> list[Job]:
    return [
        Job("interrupted messages continued", lambda: messages.send_unfinished(at=at)),
        Job(
            "interrupted school lists continued or deleted",
            lambda: school_lists.finish_interrupted(at=at, store=files()),
        ),
    ]


def _about_numbers(at: datetime) -> list[Job]:
    return [
        Job("changed helplines noted", lambda: facts.note_helplines(at=at)),
        Job(
            "schools reminded to confirm phone numbers",
            lambda: facts.remind_of_numbers(at=at),
            commits=True,
        ),
    ]


def _about_old_rows(content: Content, at: datetime) -> list[Job]:
    return [
        Job("old webhook messages deleted", lambda: webhooks.forget_messages(at=at)),
        Job("stored API answers deleted", lambda: api_tokens.forget_answers(at=at)),
        Job("old requests to join deleted", lambda: joining.forget_requests(at=at)),
        Job("old counts of attempts deleted", lambda: accounts.forget_old_counts(at=at)),
        Job("waiting password links sent", lambda: accounts.answer_reset_requests(at=at)),
        Job(
            "people erased at their request",
            lambda: erasures.carry_out_due(store=files(), at=at),
            commits=True,
        ),
        Job(
            "records past their retention deleted",
            lambda: _deleted_in_time(content, at),
            minutes=40,
            commits=True,
        ),
        Job("secrets sealed again with the current key", _sealed_anew),
        Job("old notifications deleted", lambda: notices.forget_old_notifications(at=at)),
        Job(
            "schools moved out of abolished regions",
            lambda: regions.move_after_reforms(content.countries.values(), at=at),
        ),
    ]


def _about_figures(content: Content, at: datetime) -> list[Job]:
    return [
        Job("table statistics updated", planner.refresh_statistics),
        Job("tallies corrected", lambda: schools.repair_tallies(at=at)),
        Job("school steps corrected", lambda: followup.repair_steps(at=at)),
        Job("school histories corrected", lambda: schools.repair_history(at)),
        Job(
            MONTHS,
            lambda: figures.freeze_newest_month(content.countries, at=at),
            repeats=True,
        ),
        Job("today's measures computed", lambda: figures.measure_today(content.countries, at=at)),
        Job("statistics of large groups", lambda: followup.keep_statistics(content, at=at)),
        Job("toolkit of large groups", lambda: history.keep_toolkit_use(content.toolkit, at=at)),
        Job("calibration of large groups", lambda: calibration.keep_figures(content, at=at)),
        Job(
            "evaluation of a large programme",
            lambda: evaluation.keep_evaluation(at=at),
            commits=True,
        ),
        Job("accounts of a large programme", lambda: enrolment.keep_account_counts(at=at)),
        Job("audit trail entries sealed", lambda: _sealed(at)),
    ]


def _about_what_is_stored(at: datetime) -> list[Job]:
    return [
        Job(
            "missing copies of documents made",
            lambda: documents.make_missing_copies(store=files()),
            commits=True,
        ),
        Job(
            "scanned pages read",
            lambda: documents.read_waiting_scans(store=files()),
            minutes=40,
            commits=True,
        ),
        Job(
            "evidence expiry reminders queued",
            lambda: documents.remind_of_expiry(at=at),
            commits=True,
        ),
        Job("tickets of finished rounds deleted", lambda: awareness.forget_tickets(at=at)),
        Job("unfinished uploads deleted", lambda: uploads.remove_expired(store=files(), at=at)),
        Job("drafts untouched for 60 days deleted", lambda: drafts.remove_expired(at=at)),
        Job(
            "photographs that waited too long deleted",
            lambda: photographs.remove_expired(store=files(), at=at),
        ),
        Job(
            "stored files without a record deleted",
            lambda: stored_files.remove_orphans(files(), at=at),
            commits=True,
        ),
        Job("recent removals wiped from the database", lambda: safeguards.forget_again(at=at)),
        Job(
            "records whose file is missing",
            lambda: stored_files.report_missing(files()),
            commits=True,
        ),
    ]


def _published(content: Content, at: datetime) -> int:
    """Publish certificates left reserved by a crash, a full disk or a silent time-stamp service."""
    return publish_reserved(Issuer(content, current_config(), files()), at=at)


def _deleted_in_time(content: Content, at: datetime) -> int:
    """Apply the rules of retention, and return how many things were deleted for good."""
    return sum(one.gone for one in retention.carry_out(content, store=files(), at=at))


def _sealed_anew() -> int:
    """Seal again with the current secret key what an old one sealed, so that the old one can be retired."""
    return factors.seal_secrets_anew() + sign_on.seal_secrets_anew()


def _sealed(at: datetime) -> int:
    seal = audit.seal_settled(at)
    return seal.count if seal else 0
