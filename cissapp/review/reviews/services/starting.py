"""Starts reviews: the first, an independent second, and a third on the criteria that differ."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from cissapp.foundation.content.installed import content as current_content
from cissapp.foundation.content.values import Standard
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.db import session
from cissapp.foundation.core.errors import N_, Problem, Refused
from cissapp.people.deadlines.rules.kinds import DeadlineKind
from cissapp.prepare.applications import services as applications
from cissapp.prepare.applications.models import Application, Submission
from cissapp.prepare.applications.queries.deadlines import working_day_after
from cissapp.prepare.applications.queries.standards import standard_of
from cissapp.prepare.applications.rules.states import ApplicationState
from cissapp.prepare.applications.services import review_records
from cissapp.prepare.applications.services.deadlines import assign_deadline
from cissapp.prepare.applications.submission_content.reading import read_submission
from cissapp.prepare.applications.submission_content.values import SubmissionContent
from cissapp.review.independence.services import lock_application, require_group_member, take_role
from cissapp.review.reviews import queries
from cissapp.review.reviews.models import Review
from cissapp.review.reviews.rules import ReviewState
from cissapp.review.reviews.rules.places import (
    ReviewPlace,
    aims_high,
    differences,
    is_drawn,
    wanted_places,
)
from cissapp.review.reviews.rules.work import ROLE_OF_PLACE
from cissapp.review.reviews.services.carrying import settled_scores
from cissapp.review.reviews.services.following import open_deadline_of, tell_not_continued


def start_review(
    application: Application, *, place: ReviewPlace = ReviewPlace.FIRST, by: Actor, at: datetime
) -> Review:
    """Start a review of the round; the person who starts it takes the role of its reviewer.

    Scores settled in an earlier round are carried over and not scored again. A third review covers only
    the criteria in which the first two differ too much.
    """
    lock_application(application)
    person_id = require_group_member(application, by)
    content = current_content()
    submission = queries.submission_of(application)
    standard = standard_of(submission, content)
    reviews = queries.reviews_of(application, application.round)
    found = _reasons_not_to_begin(application, reviews, place)
    if found:
        raise Refused(*found)
    take_role(application, person_id, ROLE_OF_PLACE[place], by=by, at=at)
    # Under review already, it only lacks a first review that was taken back.
    is_new = application.state is not ApplicationState.IN_REVIEW
    if is_new:
        applications.start_review(application, by=by, at=at)
    criteria = _differing(reviews, standard) if place is ReviewPlace.THIRD else None
    review = _begin(application, submission, place, criteria, person_id=person_id, at=at)
    kind = DeadlineKind.REVIEW if place is ReviewPlace.FIRST else DeadlineKind.SECOND_REVIEW
    assign_deadline(application, kind, person_id, by=by, at=at)
    if is_new:
        _request_second(application, read_submission(submission), standard, by, at)
        tell_not_continued(application, at=at)
    return review


def _reasons_not_to_begin(
    application: Application, reviews: dict[ReviewPlace, Review], place: ReviewPlace
) -> list[Problem]:
    if place in reviews:
        return [Problem("state", N_("Another person has already begun this review."))]
    wanted = place in wanted_places(application.reviews_wanted)
    if place is not ReviewPlace.FIRST and not (
        wanted and application.state is ApplicationState.IN_REVIEW
    ):
        return [Problem("state", N_("This review is not needed at the moment."))]
    return []


def _begin(
    application: Application,
    submission: Submission,
    place: ReviewPlace,
    criteria: list[str] | None,
    *,
    person_id: UUID,
    at: datetime,
) -> Review:
    review = _void_review(application, place) or Review(
        application_id=application.id, round=application.round, place=place
    )
    review.submission_id = submission.id
    review.criteria = criteria
    review.assessor_id = person_id
    review.state, review.started_at = ReviewState.OPEN, at
    review.level = review.summary = None
    review.scores = settled_scores(application, place, read_submission(submission), person_id)
    session.add(review)
    session.flush()
    session.expire(review, ["assessor"])
    return review


def _void_review(application: Application, place: ReviewPlace) -> Review | None:
    """Find the void review of a place, whose row the person who replaces its author begins anew."""
    return session.scalar(
        select(Review).where(
            Review.application_id == application.id,
            Review.round == application.round,
            Review.place == place,
            Review.state == ReviewState.VOID,
        )
    )


def _differing(reviews: dict[ReviewPlace, Review], standard: Standard) -> list[str]:
    first, second = (
        queries.levels_of(reviews[one]) for one in (ReviewPlace.FIRST, ReviewPlace.SECOND)
    )
    return differences(first, second, standard.decision, standard.criteria)


def _request_second(
    application: Application,
    dossier: SubmissionContent,
    standard: Standard,
    by: Actor,
    at: datetime,
) -> None:
    """Request a second review at once if the application is drawn or the school aims high enough."""
    own = {key: one.level for key, one in dossier.scores.items()}
    if is_drawn(application.id, standard.decision) or aims_high(
        own, standard.decision, standard.criteria
    ):
        request_reviews(application, 2, standard, by=by, at=at)


def request_reviews(
    application: Application, count: int, standard: Standard, *, by: Actor, at: datetime
) -> None:
    """Raise the number of reviews of this round, and start the deadline of the next one.

    An application that is for one person only (`only_for_id`) keeps a single review.
    """
    if application.only_for_id is not None or application.reviews_wanted >= count:
        return
    review_records.set_reviews_wanted(application, count)
    days = standard.decision.process.review_days
    due_on = working_day_after(application, days, at)
    place = ReviewPlace.THIRD if count > 2 else ReviewPlace.SECOND
    open_deadline_of(application, ROLE_OF_PLACE[place], due_on, by=by, at=at)
    session.flush()
