"""Takes decisions: all that follows from one happens with it, or nothing does."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from cissapp.certify.certificates import services as certificates
from cissapp.certify.certificates.issuer import Award, Issuer
from cissapp.certify.certificates.publishing import publish_soon
from cissapp.foundation.audit.rules import Event
from cissapp.foundation.audit.services import record
from cissapp.foundation.content.values import Content
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.db import session
from cissapp.foundation.core.errors import N_, Overtaken, Problem, Refused
from cissapp.learn.learning.queries import training_left
from cissapp.people.accounts.rules import DUTY_NAMES, Duty
from cissapp.prepare.applications import services as applications
from cissapp.prepare.applications.models import Application, Submission
from cissapp.prepare.applications.rules import Facts, Outcome, State, round_left
from cissapp.prepare.documents import services as documents
from cissapp.review.independence.queries import involvement_of
from cissapp.review.independence.rules import CaseRole
from cissapp.review.independence.rules.involvement import reasons_not_to_decide
from cissapp.review.independence.services import (
    finish_work,
    lock_application,
    require_group_member,
    take_role,
)
from cissapp.review.reviews import mails, queries
from cissapp.review.reviews.models import Decision, Review
from cissapp.review.reviews.rules.outcomes import verdict_problems
from cissapp.review.reviews.rules.places import Place, combined, wanted_places
from cissapp.review.reviews.rules.standard import Scores, module_levels, needs_attested, sent_back
from cissapp.review.reviews.services import letters
from cissapp.review.reviews.services.needs import confirmed
from cissapp.review.reviews.services.reloading import fresh_reviews, standard_of

Reviews = Mapping[Place, Review]


@dataclass(frozen=True)
class Ruling:
    """What is decided, and how the letter about it begins."""

    outcome: Outcome
    level: int | None
    needs: Collection[str]
    reasons: str
    opening: str = ""


def decide(
    application: Application,
    ruling: Ruling,
    *,
    version: int,
    sha256: str,
    issuer: Issuer,
    by: Actor,
    at: datetime,
) -> Decision:
    """Decide on the reviews of others, for exactly the reviews and the dossier that were seen.

    Everything is checked anew in here: who decides, the combined scores, the training. With
    “certified” the documents are accepted and the certificate is issued in the same transaction; the
    letter is written with every decision.
    """
    lock_application(application)
    person_id = require_group_member(application, by)
    reviews = _seen(application, version, sha256)
    found = reasons_not_to_decide(involvement_of(application, person_id))
    found = found or ruling_problems(application, reviews, ruling, issuer.content)
    if found:
        raise Refused(*found)
    take_role(application, person_id, CaseRole.DECIDER, by=by, at=at)
    finish_work(application, person_id, at=at)
    decision = _kept(reviews, ruling, issuer.content, by, at)
    letters.write(decision, letters.told_of(ruling, reviews), issuer.content, by=by, at=at)
    _carry_out(decision, reviews, issuer, by, at)
    mails.tell_school(application, decision, at=at)
    session.flush()
    return decision


def _seen(application: Application, version: int, sha256: str) -> Reviews:
    """Give the reviews that were looked at; refuse, if somebody decided or changed one in the meantime."""
    reviews = fresh_reviews(application)
    if not reviews or application.state is not State.IN_REVIEW:
        raise Overtaken
    if not is_whole(application, reviews):
        raise Refused(Problem("state", N_("The review is not handed in yet.")))
    if (version, sha256) != (version_of(reviews), reviews[Place.FIRST].submission.sha256):
        raise Overtaken
    return reviews


def is_whole(application: Application, reviews: Reviews) -> bool:
    """Say whether every review that the round needs is handed in."""
    wanted = wanted_places(application.reviews_wanted)
    return set(wanted) <= set(queries.handed_in(reviews.values()))


def version_of(reviews: Reviews) -> int:
    """Give a number that grows with every change of any of the reviews."""
    return sum(one.version for one in reviews.values())


def combined_scores(reviews: Reviews) -> Scores:
    """Give the levels that count: those of all reviews combined."""
    return combined({place: queries.levels_of(one) for place, one in reviews.items()})


def recommended_level(reviews: Reviews) -> int | None:
    """Give the level that both assessors recommend at least; between two the lower one counts."""
    judged = [one for place, one in reviews.items() if place is not Place.THIRD]
    return min((one.level or 0 for one in judged), default=0) or None


def ruling_problems(
    application: Application, reviews: Reviews, ruling: Ruling, content: Content
) -> list[Problem]:
    """List what forbids the ruling: the decision rule, the last round, and the gate of training."""
    standard = standard_of(reviews[Place.FIRST].submission, content)
    attested = set(needs_attested(standard.decision, recommended_level(reviews)))
    found = verdict_problems(
        ruling.outcome,
        ruling.level,
        combined_scores(reviews),
        standard.decision,
        standard.criteria,
        needs_met=attested & confirmed(application.id, ruling.needs),
    )
    if ruling.outcome is Outcome.MINOR_GAPS:
        found += round_left(Facts(course=applications.course(application)))
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


def _kept(reviews: Reviews, ruling: Ruling, content: Content, by: Actor, at: datetime) -> Decision:
    review = reviews[Place.FIRST]
    standard = standard_of(review.submission, content)
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
        open_criteria=sent_back(
            ruling.outcome, combined_scores(reviews), standard.decision, standard.criteria
        ),
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
        needs=sorted(confirmed(review.application_id, ruling.needs)),
        reviews=len(reviews),
        submission=review.submission.sha256,
    )
    return decision


def _carry_out(
    decision: Decision, reviews: Reviews, issuer: Issuer, by: Actor, at: datetime
) -> None:
    application = decision.review.application
    if decision.outcome is Outcome.MINOR_GAPS:
        standard = standard_of(decision.review.submission, issuer.content)
        applications.request_changes(
            application,
            open_criteria=decision.open_criteria,
            days=standard.decision.outcomes.minor_gaps.days,
            by=by,
            at=at,
        )
        return
    applications.decide(application, outcome=decision.outcome, level=decision.level, by=by, at=at)
    if decision.level is not None:
        award = award_of(
            decision.review.submission,
            combined_scores(reviews),
            level=decision.level,
            decider_id=decision.decider_id,
            content=issuer.content,
        )
        certify_case(award, issuer, by=by, at=at)


def award_of(
    submission: Submission,
    levels: Scores,
    *,
    level: int,
    decider_id: UUID,
    content: Content,
) -> Award:
    """Put together what a certificate is awarded for: a dossier, and the levels that count."""
    standard = standard_of(submission, content)
    application = submission.application
    return Award(
        application,
        submission,
        level,
        module_levels(levels, standard.criteria),
        application.school.group.name,
        decider_id,
    )


def certify_case(award: Award, issuer: Issuer, *, by: Actor, at: datetime) -> None:
    """Accept the documents of a dossier and reserve its certificate, in the transaction of the decision.

    The file is made as soon as that is kept.
    """
    documents.accept([one.version for one in award.submission.versions], by=by, at=at)
    publish_soon(certificates.reserve(award, issuer, by=by, at=at), issuer, at=at)
