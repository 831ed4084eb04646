"""Makes reviews void whose author has a conflict of interest after all, with what was built on them."""

from datetime import datetime
from typing import Any

from sqlalchemy import or_, select

from cissapp.foundation.content.installed import content
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.db import session
from cissapp.foundation.core.errors import N_
from cissapp.foundation.core.storage import files
from cissapp.people.deadlines.rules.kinds import DeadlineKind
from cissapp.prepare.applications.models import Application
from cissapp.prepare.applications.queries.deadlines import working_day_after
from cissapp.prepare.applications.queries.standards import standard_of
from cissapp.prepare.applications.services import review_records
from cissapp.prepare.applications.services.deadlines import (
    assign_deadline,
    meet_deadlines,
    open_deadline,
)
from cissapp.review.independence import services as independence
from cissapp.review.independence.models import Assignment
from cissapp.review.independence.queries import assignment_of, declaration_of, holder_of
from cissapp.review.independence.rules import KIND_OF_ROLE, UNDER_REVIEW, CaseRole
from cissapp.review.reviews import mails, queries
from cissapp.review.reviews.models import Review
from cissapp.review.reviews.rules import ReviewState
from cissapp.review.reviews.rules.places import ReviewPlace
from cissapp.review.reviews.services.abandoning import set_scores_apart
from cissapp.review.reviews.services.attachments import detach

COMPARED = N_("One of the reviews that this third review compared was taken back.")


def void_reviews_of(left: Assignment, *, by: Actor, at: datetime, **_more: Any) -> None:
    """Make the reviews void that a person began in a case, and give the next person the full time.

    The person's files do not reach the school, as nobody else could remove them. Scores settled by a decision
    of an earlier round stand: the school has its letter.
    """
    application = left.application
    is_of_round = False
    for review in _undecided_reviews(left):
        if review.state is ReviewState.STOPPED:
            # Nobody carries on with what the person scored before a question to the school.
            review.state = ReviewState.VOID
        else:
            is_of_round = True
            _void(review, by=by, at=at)
    session.flush()
    if not _is_decided(application):
        for one in queries.attachments_of(application.id, application.round):
            if one.added_by_id == left.person_id:
                detach(one, store=files(), by=by, at=at)
    # While the school answers, nobody reviews: the next round begins with a review of another person.
    if is_of_round and application.state in UNDER_REVIEW:
        _free_place(left, by=by, at=at)


def void_reviews_left_open(given: Assignment, *, by: Actor, at: datetime, **_more: Any) -> None:
    """Make void what a person with a conflict of interest left open in the place that another is given now.

    Every conflict of interest ends the person's reviews. It did not always: in a case from before, a review
    may still be open in the name of somebody who has left, and would keep everybody else from beginning it.
    """
    query = (
        select(Assignment)
        .join(
            Review,
            (Review.application_id == Assignment.application_id)
            & (Review.assessor_id == Assignment.person_id),
        )
        .where(
            Assignment.application_id == given.application_id,
            Assignment.role == given.role,
            Assignment.left_at.is_not(None),
            Review.round == given.round,
            Review.state == ReviewState.OPEN,
        )
    )
    for left in session.scalars(query).all():
        declared = declaration_of(left.application, left.person_id)
        if declared is not None and declared.has_conflict:
            void_reviews_of(left, by=by, at=at)
            assign_deadline(
                given.application, KIND_OF_ROLE[given.role], given.person_id, by=by, at=at
            )


def _undecided_reviews(left: Assignment) -> list[Review]:
    """List the reviews of a person that were stopped by a question, and the one of a round not decided yet."""
    counts = [Review.state == ReviewState.STOPPED]
    if not _is_decided(left.application):
        counts.append(
            (Review.round == left.application.round)
            & Review.state.in_((ReviewState.OPEN, ReviewState.HANDED_IN))
        )
    query = select(Review).where(
        Review.application_id == left.application_id,
        Review.assessor_id == left.person_id,
        or_(*counts),
    )
    return list(session.scalars(query))


def _is_decided(application: Application) -> bool:
    """Return whether the present round is decided, as after minor gaps: what was decided stands."""
    return any(one.round == application.round for one in queries.decisions_of(application))


def _free_place(left: Assignment, *, by: Actor, at: datetime) -> None:
    """Let the round wait for another review in the place of one that is void, and end what was built on it."""
    application = left.application
    if left.role is not CaseRole.THIRD_REVIEWER and application.reviews_wanted > 2:
        _end_third(application, by=by, at=at)
    meet_deadlines(application, DeadlineKind.DECISION, at=at)
    standard = standard_of(queries.submission_of(application), content())
    due_on = working_day_after(application, standard.decision.process.review_days, at)
    open_deadline(application, KIND_OF_ROLE[left.role], due_on, by=by, at=at)


def _void(review: Review, *, by: Actor, at: datetime) -> None:
    review.state = ReviewState.VOID
    review.handed_in_at = review.recommendation = None
    set_scores_apart(review, by=by, at=at)


def _end_third(application: Application, *, by: Actor, at: datetime) -> None:
    """Want no third review until two others differ again; who submitted one has read what they say."""
    review_records.set_reviews_wanted(application, 2)
    meet_deadlines(application, DeadlineKind.SECOND_REVIEW, at=at)
    third = queries.reviews_of(application, application.round).get(ReviewPlace.THIRD)
    if third is None:
        waiting = holder_of(application, CaseRole.THIRD_REVIEWER)
        if waiting is not None:
            mails.tell_third_ended(application, waiting.person, mails.THIRD_NOT_BEGUN, at=at)
        return
    held, text = assignment_of(application.id, third.assessor_id), mails.THIRD_ENDED
    if third.state is ReviewState.HANDED_IN and held is not None and held.left_at is None:
        independence.leave_role(held, reason=COMPARED, by=by, at=at)
        text = mails.THIRD_LEFT
    mails.tell_third_ended(application, third.assessor, text, at=at)
    _void(third, by=by, at=at)
