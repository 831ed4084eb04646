"""Takes decisions: all that follows from one happens with it, or nothing does."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.exc import IntegrityError

from cissapp.accounts.rules import DUTY_NAMES, Duty
from cissapp.applications import services as applications
from cissapp.applications.models import Application
from cissapp.applications.rules import Outcome, State
from cissapp.audit.rules import Event
from cissapp.audit.services import record
from cissapp.certificates import services as certificates
from cissapp.content.values import Content
from cissapp.core.actor import Actor
from cissapp.core.db import session
from cissapp.core.errors import N_, Overtaken, Problem, Refused
from cissapp.core.storage import FileStore
from cissapp.evidence import services as evidence
from cissapp.learning.queries import training_left
from cissapp.reviews import mails, queries
from cissapp.reviews.models import Decision, Review
from cissapp.reviews.rules import ReviewState
from cissapp.reviews.rules.people import keeps_from_deciding
from cissapp.reviews.rules.standard import (
    Scores,
    module_levels,
    needs_attested,
    open_criteria,
)
from cissapp.reviews.rules.verdicts import verdict_problems
from cissapp.reviews.services.persons import alone, fresh, member
from config import Config


@dataclass(frozen=True)
class Ruling:
    """What is decided."""

    outcome: Outcome
    level: int | None
    needs: Collection[str]
    reasons: str


@dataclass(frozen=True)
class Issuing:
    """What it takes to issue a certificate besides the decision."""

    content: Content
    settings: Config
    store: FileStore


def decide(
    application: Application,
    ruling: Ruling,
    *,
    version: int,
    sha256: str,
    issuing: Issuing,
    by: Actor,
    at: datetime,
) -> Decision:
    """Decide on a recommendation of somebody else, for exactly the review and dossier that were seen.

    Everything is checked anew in here: who decides, the scores, the training. With “certified” the
    documents are accepted and the certificate is issued in the same transaction.
    """
    alone(application)
    member(application, by)
    review = _seen(application, version, sha256)
    found = keeps_from_deciding(queries.hands(application, by.id))
    found = found or ruling_problems(application, review, ruling, issuing.content)
    if found:
        raise Refused(*found)
    decision = _kept(review, ruling, issuing.content, by, at)
    _carry_out(decision, issuing, by, at)
    mails.tell_school(application, decision, at=at)
    session.flush()
    return decision


def _seen(application: Application, version: int, sha256: str) -> Review:
    """Give the review that was looked at; refuse, if somebody decided or changed it in the meantime."""
    review = queries.review_of_round(application, application.round)
    if review is None or application.state is not State.IN_REVIEW:
        raise Overtaken
    fresh(review)
    if review.state is not ReviewState.HANDED_IN:
        raise Refused(Problem("state", N_("The review is not handed in yet.")))
    if (version, sha256) != (review.version, review.submission.sha256):
        raise Overtaken
    return review


def _scores(review: Review) -> Scores:
    return {one.criterion_id: one.level for one in review.scores}


def ruling_problems(
    application: Application, review: Review, ruling: Ruling, content: Content
) -> list[Problem]:
    """List what forbids the ruling: the decision rule, and for a certificate the gate of training."""
    standard = content.standard
    attested = set(needs_attested(standard.decision, review.level))
    found = verdict_problems(
        ruling.outcome,
        ruling.level,
        _scores(review),
        standard.decision,
        standard.criteria,
        needs_met=attested & set(ruling.needs),
    )
    if ruling.outcome is Outcome.CERTIFIED:
        found += training_problems(application, content)
    return found


def training_problems(application: Application, content: Content) -> list[Problem]:
    """List who of the school has to pass which modules before it can be certified."""
    gaps = training_left(
        application.school_id, content.modules, content.standard.decision.gate_duties
    )
    message = N_("The training is not finished: %(who)s, %(count)s modules left.")
    return [
        Problem(
            f"training:{gap.duties[0]}",
            message,
            {
                "who": gap.person.name if gap.person else DUTY_NAMES[Duty(gap.duties[0])],
                "count": len(gap.left),
            },
        )
        for gap in gaps
    ]


def _kept(review: Review, ruling: Ruling, content: Content, by: Actor, at: datetime) -> Decision:
    standard = content.standard
    minor = ruling.outcome is Outcome.MINOR_GAPS
    decision = Decision(
        application_id=review.application_id,
        review_id=review.id,
        review=review,
        round=review.round,
        assessor_id=review.assessor_id,
        decider_id=by.id,
        outcome=ruling.outcome,
        level=ruling.level,
        reasons=ruling.reasons,
        open_criteria=open_criteria(_scores(review), standard.decision, standard.criteria)
        if minor
        else [],
        decided_at=at,
    )
    session.add(decision)
    try:
        session.flush()
    except IntegrityError as error:
        raise Overtaken from error
    record(
        Event.DECISION_TAKEN,
        decision,
        by=by,
        at=at,
        school_id=review.application.school_id,
        round=review.round,
        outcome=ruling.outcome.value,
        level=ruling.level,
        needs=sorted(ruling.needs),
        submission=review.submission.sha256,
    )
    return decision


def _carry_out(decision: Decision, issuing: Issuing, by: Actor, at: datetime) -> None:
    application = decision.review.application
    if decision.outcome is Outcome.MINOR_GAPS:
        days = issuing.content.standard.decision.outcomes.minor_gaps.days
        applications.request_changes(
            application,
            open_criteria=decision.open_criteria,
            due_at=at + timedelta(days=days),
            by=by,
            at=at,
        )
        return
    applications.decide(application, outcome=decision.outcome, level=decision.level, by=by, at=at)
    if decision.level is not None:
        _issue(decision, decision.level, issuing, by, at)


def _issue(decision: Decision, level: int, issuing: Issuing, by: Actor, at: datetime) -> None:
    review, standard = decision.review, issuing.content.standard
    application, school = review.application, review.application.school
    evidence.accept([one.version for one in review.submission.versions], by=by, at=at)
    certificates.issue(
        application,
        review.submission,
        level=level,
        module_levels=module_levels(_scores(review), standard.criteria),
        decider_id=decision.decider_id,
        group_name=school.group.name,
        country=issuing.content.countries[school.country_code],
        standard=standard,
        settings=certificates.Settings.of(issuing.settings),
        store=issuing.store,
        by=by,
        at=at,
    )
