"""Takes decisions: a decision and everything that follows from it are saved together, or not at all."""

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from msgspec import Struct
from sqlalchemy.exc import IntegrityError

from cissapp.certify.certificates import services as certificates
from cissapp.certify.certificates.document.issuer import Award, Issuer
from cissapp.certify.certificates.services.publishing import publish_soon
from cissapp.foundation.audit.rules import Event
from cissapp.foundation.audit.services import record
from cissapp.foundation.content.values import Content
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.db import session
from cissapp.foundation.core.errors import N_, EditConflict, Problem, Refused
from cissapp.learn.learning.queries import training_left
from cissapp.people.accounts.rules import DUTY_NAMES, Duty
from cissapp.prepare.applications import services as applications
from cissapp.prepare.applications.models import Application, Submission
from cissapp.prepare.applications.queries.standards import standard_of
from cissapp.prepare.applications.rules import (
    ApplicationFacts,
    ApplicationOutcome,
    ApplicationState,
    round_left,
)
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
from cissapp.review.reviews.rules.outcomes import (
    RuleProposal,
    departure_problems,
    outcome_problems,
    rule_proposal,
)
from cissapp.review.reviews.rules.places import ReviewPlace, combine_scores, wanted_places
from cissapp.review.reviews.rules.standard import (
    Scores,
    criteria_to_reopen,
    module_levels,
    needs_attested,
)
from cissapp.review.reviews.services import letters
from cissapp.review.reviews.services.needs import confirmed_needs
from cissapp.review.reviews.services.reloading import reloaded_reviews

Reviews = Mapping[ReviewPlace, Review]


class DecisionInput(Struct, frozen=True):
    """The decision, the opening of its letter, and the reason for any departure from the rule."""

    outcome: ApplicationOutcome
    level: int | None
    needs: Collection[str]
    reasons: str
    opening: str = ""
    departure: str = ""


def decide(
    application: Application,
    chosen: DecisionInput,
    *,
    version: int,
    sha256: str,
    issuer: Issuer,
    by: Actor,
    at: datetime,
) -> Decision:
    """Record a decision on the reviews and application that were seen; raise `EditConflict` if they changed.

    Everything is checked again here: who decides, the combined scores, the training. For “certified” the
    documents are accepted and the certificate is reserved in the same transaction. Every decision gets its
    letter.
    """
    lock_application(application)
    person_id = require_group_member(application, by)
    reviews = _require_unchanged_reviews(application, version, sha256)
    found = reasons_not_to_decide(involvement_of(application, person_id, today=at.date()))
    found = found or decision_problems(application, reviews, chosen, issuer.content)
    if found:
        raise Refused(*found)
    take_role(application, person_id, CaseRole.DECIDER, by=by, at=at)
    finish_work(application, person_id, at=at)
    decision = _save_decision(reviews, chosen, issuer.content, by, at)
    letters.save_letter(
        decision, letters.letter_facts(chosen, reviews), issuer.content, by=by, at=at
    )
    _carry_out(decision, reviews, issuer, by, at)
    mails.tell_school(application, decision, at=at)
    session.flush()
    return decision


def _require_unchanged_reviews(application: Application, version: int, sha256: str) -> Reviews:
    """Return the reviews; raise `EditConflict` if another person has decided or changed one meanwhile."""
    reviews = reloaded_reviews(application)
    if not reviews or application.state is not ApplicationState.IN_REVIEW:
        raise EditConflict
    if not all_reviews_submitted(application, reviews):
        raise Refused(Problem("state", N_("The review has not been submitted yet.")))
    if (version, sha256) != (
        reviews_version(reviews),
        reviews[ReviewPlace.FIRST].submission.sha256,
    ):
        raise EditConflict
    return reviews


def all_reviews_submitted(application: Application, reviews: Reviews) -> bool:
    """Return whether every review that the round needs is submitted."""
    wanted = wanted_places(application.reviews_wanted)
    return set(wanted) <= set(queries.places_submitted(reviews.values()))


def reviews_version(reviews: Reviews) -> int:
    """Return a number that grows with every change of any of the reviews."""
    return sum(one.version for one in reviews.values())


def combined_scores(reviews: Reviews) -> Scores:
    """Return the levels that count: those of all reviews combined."""
    return combine_scores({place: queries.levels_of(one) for place, one in reviews.items()})


def recommended_level(reviews: Reviews) -> int | None:
    """Return the lower of the levels that the first two reviews recommend; None if either recommends none."""
    judged = [one for place, one in reviews.items() if place is not ReviewPlace.THIRD]
    return min((one.level or 0 for one in judged), default=0) or None


def proposal_for(application: Application, reviews: Reviews, content: Content) -> RuleProposal:
    """Return what the rule gives from the combined scores and what the reviewers confirmed."""
    standard = standard_of(reviews[ReviewPlace.FIRST].submission, content)
    attested = needs_attested(standard.decision, recommended_level(reviews))
    return rule_proposal(
        combined_scores(reviews),
        standard.decision,
        standard.criteria,
        confirmed_needs(application.id, attested),
    )


def decision_problems(
    application: Application, reviews: Reviews, chosen: DecisionInput, content: Content
) -> list[Problem]:
    """List what rules out a decision: the rule, the last round, training, or an unexplained departure."""
    standard = standard_of(reviews[ReviewPlace.FIRST].submission, content)
    attested = set(needs_attested(standard.decision, recommended_level(reviews)))
    found = outcome_problems(
        chosen.outcome,
        chosen.level,
        combined_scores(reviews),
        standard.decision,
        standard.criteria,
        needs_met=attested & confirmed_needs(application.id, chosen.needs),
    )
    if chosen.outcome is ApplicationOutcome.MINOR_GAPS:
        found += round_left(ApplicationFacts(course=applications.course(application)))
    if chosen.outcome is ApplicationOutcome.CERTIFIED:
        found += training_problems(application, content)
    proposal = proposal_for(application, reviews, content)
    return found or departure_problems(proposal, chosen.outcome, chosen.level, chosen.departure)


def training_problems(application: Application, content: Content) -> list[Problem]:
    """List the people and duties of the school with modules left to pass before it can be certified."""
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


def _save_decision(
    reviews: Reviews, chosen: DecisionInput, content: Content, by: Actor, at: datetime
) -> Decision:
    review = reviews[ReviewPlace.FIRST]
    standard = standard_of(review.submission, content)
    proposal = proposal_for(review.application, reviews, content)
    followed = proposal.is_followed(chosen.outcome, chosen.level)
    decision = Decision(
        application_id=review.application_id,
        review_id=review.id,
        review=review,
        round=review.round,
        assessor_id=review.assessor_id,
        decider_id=by.id,
        outcome=chosen.outcome,
        level=chosen.level,
        reasons=chosen.reasons,
        departure=None if followed else chosen.departure,
        open_criteria=criteria_to_reopen(
            chosen.outcome, combined_scores(reviews), standard.decision, standard.criteria
        ),
        decided_at=at,
    )
    session.add(decision)
    try:
        session.flush()
    except IntegrityError as error:
        raise EditConflict from error
    record(
        Event.DECISION_TAKEN,
        decision,
        by=by,
        at=at,
        school_id=review.application.school_id,
        round=review.round,
        outcome=chosen.outcome.value,
        level=chosen.level,
        needs=sorted(confirmed_needs(review.application_id, chosen.needs)),
        reviews=len(reviews),
        submission=review.submission.sha256,
    )
    return decision


def _carry_out(
    decision: Decision, reviews: Reviews, issuer: Issuer, by: Actor, at: datetime
) -> None:
    application = decision.review.application
    if decision.outcome is ApplicationOutcome.MINOR_GAPS:
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
    """Build the award of a certificate from a submission and the levels that count."""
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
    """Accept the documents of an application and reserve its certificate, in the transaction of the decision.

    The file is created in the background once that transaction is committed.
    """
    documents.accept_versions([one.version for one in award.submission.versions], by=by, at=at)
    publish_soon(certificates.reserve(award, issuer, by=by, at=at), at=at)
