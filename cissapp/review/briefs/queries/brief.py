"""Reads of everything that appears on the one-page brief of an application."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from msgspec import Struct
from sqlalchemy import select
from sqlalchemy.orm import lazyload

from cissapp.foundation.content.values import Content
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.db import session
from cissapp.learn.learning.models import ModulePass
from cissapp.people.accounts.models import User
from cissapp.people.accounts.rules import Duty
from cissapp.people.deadlines import queries as deadlines
from cissapp.people.deadlines.models import Deadline
from cissapp.prepare.acknowledgements import queries as acknowledgements
from cissapp.prepare.acknowledgements.rules import AcknowledgementCount
from cissapp.prepare.applications.models import Application, Submission
from cissapp.prepare.applications.rules import ApplicationOutcome
from cissapp.prepare.applications.submission_content.reading import read_submission
from cissapp.prepare.applications.submission_content.values import SubmissionContent
from cissapp.prepare.drills import queries as drills
from cissapp.prepare.drills.rules.results import DrillResult
from cissapp.review.discussions import queries as discussions
from cissapp.review.discussions.rules import CommentReader, CommentSide
from cissapp.review.independence import queries as independence
from cissapp.review.reviews import queries as reviews
from cissapp.review.reviews.models import Decision
from cissapp.review.reviews.queries.cases import counted_scores, reviews_of
from cissapp.review.reviews.rules.phases import CaseContent

LIGHT = lazyload(Submission.versions)


class TrainedDuty(Struct, frozen=True):
    """Duties for which one person must have passed everything; `since` is when the first had, or None."""

    duties: tuple[str, ...]
    since: datetime | None


class EarlierCertificate(Struct, frozen=True):
    """The newest certificate before this application: its level, its date, and the levels that counted."""

    application_id: UUID
    level: int
    decided_at: datetime
    levels: Mapping[str, int | None]


class BriefFacts(Struct, frozen=True):
    """Everything that appears on the page."""

    application: Application
    dossier: SubmissionContent
    training: Sequence[TrainedDuty]
    accepted: EarlierCertificate | None
    before: SubmissionContent | None
    open_threads: int
    drill: DrillResult | None
    counts: Sequence[AcknowledgementCount]
    deadlines: Sequence[Deadline]
    today: date


def application(application_id: UUID) -> Application:
    """Find an application that was submitted; raise `Missing` if there is none."""
    return independence.application(application_id)


def brief_facts(of: Application, person: Actor, content: Content, *, today: date) -> BriefFacts:
    """Gather the facts of the page for a member of the group, limited to what that person may see."""
    case = reviews.case(of, person, today=today)
    reader = CommentReader(
        CommentSide.GROUP, person.id, sees_others=case.sees(CaseContent.COMMENTS)
    )
    talks = discussions.shown_threads(of.id, reader)
    return BriefFacts(
        application=of,
        dossier=case.dossier,
        training=trained_duties(of.school_id, content),
        accepted=earlier_certificate(of),
        before=earlier_submission(of),
        open_threads=sum(one.resolved_at is None for one in talks),
        drill=drills.newest_result(of.school_id),
        counts=acknowledgements.count_by_document(of.school_id),
        deadlines=deadlines.open_of(of.school_id),
        today=today,
    )


def trained_duties(school_id: UUID, content: Content) -> list[TrainedDuty]:
    """Return since when each duty of the training gate has a holder who passed everything, without names."""
    wanted = {one.id for one in content.modules}
    passed: dict[tuple[UUID, Duty | None], dict[str, datetime]] = {}
    rows = session.execute(
        select(User.id, User.duty, ModulePass.module_id, ModulePass.passed_at)
        .join(ModulePass, ModulePass.user_id == User.id)
        .where(User.school_id == school_id, User.deactivated_at.is_(None))
    )
    for user_id, duty, module_id, passed_at in rows:
        passed.setdefault((user_id, duty), {})[module_id] = passed_at
    whole = [
        (duty, max(moments.values()))
        for (_, duty), moments in passed.items()
        if wanted <= set(moments)
    ]
    return [
        TrainedDuty(tuple(duties), min((at for duty, at in whole if duty in duties), default=None))
        for duties in content.standard.decision.gate_duties
    ]


def earlier_certificate(of: Application) -> EarlierCertificate | None:
    """Find the newest certificate that the school got before this application."""
    query = (
        select(Decision)
        .join(Application, Application.id == Decision.application_id)
        .where(
            Application.school_id == of.school_id,
            Application.cycle < of.cycle,
            Decision.outcome == ApplicationOutcome.CERTIFIED,
        )
        .order_by(Decision.decided_at.desc())
        .limit(1)
    )
    found = session.scalars(query.options(lazyload(Decision.review))).first()
    if found is None or found.level is None:
        return None
    earlier = session.get_one(Application, found.application_id)
    counted = counted_scores(reviews_of(earlier, found.round))
    levels = {key: one.level for key, one in counted.items()}
    return EarlierCertificate(earlier.id, found.level, found.decided_at, levels)


def earlier_submission(of: Application) -> SubmissionContent | None:
    """Read the school's previous submission, of an earlier round or of an earlier cycle."""
    query = (
        select(Submission)
        .join(Application, Application.id == Submission.application_id)
        .where(
            Application.school_id == of.school_id,
            (Application.cycle < of.cycle)
            | ((Application.id == of.id) & (Submission.round < of.round)),
        )
        .order_by(Application.cycle.desc(), Submission.round.desc())
        .limit(1)
    )
    found = session.scalars(query.options(LIGHT)).first()
    return read_submission(found) if found is not None else None
