"""Reads of one application, limited to what a person of the group may see."""

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cached_property
from uuid import UUID

from msgspec import Struct
from sqlalchemy import bindparam, select
from sqlalchemy.orm import defer, joinedload, lazyload

from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.db import session
from cissapp.foundation.core.errors import Problem
from cissapp.foundation.core.roles import Role
from cissapp.people.deadlines.queries import is_open as deadline_is_open
from cissapp.people.deadlines.rules import DeadlineKind
from cissapp.prepare.applications import queries as applications
from cissapp.prepare.applications.models import (
    Application,
    CompletenessCheck,
    ReviewQuestion,
    Submission,
    SubmittedVersion,
)
from cissapp.prepare.applications.rules import ApplicationState
from cissapp.prepare.applications.submission_content.reading import read_submission
from cissapp.prepare.applications.submission_content.values import SubmissionContent
from cissapp.prepare.documents.models import DocumentVersion
from cissapp.review.independence.queries import involvement_of
from cissapp.review.independence.rules.involvement import (
    Involvement,
    is_mentor,
    may_decide,
    may_open,
    reasons_not_to_decide,
)
from cissapp.review.reviews.models import Decision, Review, Score
from cissapp.review.reviews.rules import ReviewState
from cissapp.review.reviews.rules.phases import (
    SCORES_OF,
    CaseContent,
    CaseRelation,
    Phase,
    may_see,
    phase_of_case,
    relations_of,
)
from cissapp.review.reviews.rules.places import ReviewPlace, combine_scores, wanted_places
from cissapp.review.reviews.rules.work import ReviewsOfRound, Work, next_work

# Loads no texts of documents, which are long and read one at a time.
LIGHT = lazyload(Submission.versions)


# States in which there may be a decision that a school can appeal against.
APPEALABLE = frozenset({ApplicationState.DECIDED, ApplicationState.CHANGES_REQUESTED})


class Case(Struct, frozen=True, dict=True):
    """An application as a person of the group sees it, without anything that the table of phases hides.

    `own` is the person's own review of this round, `reviews` are those whose scores the person sees.
    """

    application: Application
    submission: Submission
    involvement: Involvement
    phase: Phase
    whos: frozenset[CaseRelation]
    reviewing: ReviewsOfRound
    reviewers: Mapping[ReviewPlace, Review]
    own: Review | None
    reviews: Mapping[ReviewPlace, Review]
    decision: Decision | None
    earlier: list[Decision]
    completeness_check: CompletenessCheck | None
    question: ReviewQuestion | None

    def sees(self, what: CaseContent) -> bool:
        """Return whether the person may see this kind of content now."""
        return may_see(self.whos, what, self.phase)

    @property
    def mine(self) -> bool:
        """Whether a review of this round is the person's own."""
        return self.own is not None

    @property
    def is_mentored(self) -> bool:
        """Whether the person mentors the school, or did so lately enough to count."""
        return is_mentor(self.involvement)

    @property
    def work(self) -> Work:
        """What the person does next."""
        return next_work(self.involvement, self.application.state, self.phase, self.reviewing)

    @property
    def reasons_to_wait(self) -> list[Problem]:
        """Why the person, who reviewed nothing in this round, cannot take the decision that it waits for."""
        waits = self.work is Work.WAIT and self.phase is Phase.DECISION
        if not waits or self.reviewing.own:
            return []
        # Who waits without a declaration is not asked for one: other reasons bar them for good.
        found = reasons_not_to_decide(self.involvement)
        return [one for one in found if one.code != "declaration"]

    @cached_property
    def scores(self) -> dict[str, Score]:
        """The scores that the page shows: those of the person's own review, else those that count."""
        if self.own is not None:
            return {one.criterion_id: one for one in self.own.scores}
        return counted_scores(self.reviews)

    @property
    def levels(self) -> dict[str, int | None]:
        """The levels of these scores, for the decision rule."""
        return {key: one.level for key, one in self.scores.items()}

    @cached_property
    def dossier(self) -> SubmissionContent:
        """What the school submitted in this round."""
        return read_submission(self.submission)

    def is_open(self, criterion_id: str) -> bool:
        """Return whether the criterion is scored again in the person's own review, or else in this round."""
        if self.own is not None:
            return scores_anew(self.own, criterion_id)
        return self.dossier.is_open(criterion_id)


def scores_anew(review: Review, criterion_id: str) -> bool:
    """Return whether a review scores a criterion again: it belongs to the review and was not carried over."""
    if review.criteria is not None and criterion_id not in review.criteria:
        return False
    return not any(one.carried and one.criterion_id == criterion_id for one in review.scores)


def levels_of(review: Review) -> dict[str, int | None]:
    """Return the levels of a review."""
    return {one.criterion_id: one.level for one in review.scores}


def counted_scores(reviews: Mapping[ReviewPlace, Review]) -> dict[str, Score]:
    """Return the score that counts for each criterion: the first, by place, with the combined level."""
    levels = combine_scores({place: levels_of(one) for place, one in reviews.items()})
    found: dict[str, Score] = {}
    for place in ReviewPlace:
        for one in reviews[place].scores if place in reviews else []:
            if one.level == levels[one.criterion_id]:
                found.setdefault(one.criterion_id, one)
    return found


# Executed with every page of a case and every change of a review, so it is built only once.
_OF_ROUND = (
    select(Review)
    .where(
        Review.application_id == bindparam("application_id"),
        Review.round == bindparam("number"),
        Review.state != ReviewState.VOID,
    )
    .options(joinedload(Review.submission).options(LIGHT))
)


def reviews_of(of: Application, number: int) -> dict[ReviewPlace, Review]:
    """Return the reviews of a round by place, regardless of who may see them, without those that are void."""
    found = session.scalars(_OF_ROUND, {"application_id": of.id, "number": number})
    return {one.place: one for one in found}


def has_void_third(of: Application, person_id: UUID) -> bool:
    """Check whether a third review of a person in this round no longer counts."""
    query = select(Review.id).where(
        Review.application_id == of.id,
        Review.round == of.round,
        Review.place == ReviewPlace.THIRD,
        Review.assessor_id == person_id,
        Review.state == ReviewState.VOID,
    )
    return session.scalar(query) is not None


def places_submitted(reviews: Iterable[Review]) -> list[ReviewPlace]:
    """List the places whose reviews are submitted."""
    return [one.place for one in reviews if one.state is ReviewState.HANDED_IN]


def phase_of(of: Application, reviews: Mapping[ReviewPlace, Review]) -> Phase:
    """Return the phase of an application."""
    checked = (
        of.state is not ApplicationState.SUBMITTED
        or applications.course(of, 0).completeness_checked
    )
    return phase_of_case(
        of.state,
        checked=checked,
        wanted=wanted_places(of.reviews_wanted),
        handed_in=places_submitted(reviews.values()),
        appealed=of.state in APPEALABLE and deadline_is_open(DeadlineKind.APPEAL, of.school_id),
    )


def decisions_of(of: Application) -> list[Decision]:
    """List the decisions on an application, the first round first."""
    query = select(Decision).where(Decision.application_id == of.id).order_by(Decision.round)
    return list(session.scalars(query.options(lazyload(Decision.review))))


def case(of: Application, person: Actor, *, today: date) -> Case:
    """Gather an application for a person of the group, without what the table of phases hides."""
    involvement, reviews = involvement_of(of, person.id, today=today), reviews_of(of, of.round)
    own = [one for one in reviews.values() if one.assessor_id == person.id]
    now, opened = phase_of(of, reviews), may_open(involvement)
    who = relations_of(
        opened=opened,
        coordinator=person.role is Role.COORDINATOR,
        may_decide=may_decide(involvement),
        authored=[one.place for one in own],
    )
    decisions = decisions_of(of) if opened else []
    asked = applications.question(of) if may_see(who, CaseContent.QUESTION, now) else None
    return Case(
        application=of,
        submission=submission_of(of),
        involvement=involvement,
        phase=now,
        whos=who,
        reviewing=ReviewsOfRound(
            wanted=wanted_places(of.reviews_wanted),
            begun=list(reviews),
            handed_in=places_submitted(reviews.values()),
            own=[one.place for one in own],
        ),
        reviewers=reviews if may_see(who, CaseContent.REVIEWERS, now) else {},
        own=own[-1] if own and opened else None,
        reviews=_visible_reviews(reviews, person, who, now) if opened else {},
        decision=next((one for one in decisions if one.round == of.round), None),
        earlier=[one for one in decisions if one.round < of.round],
        completeness_check=applications.completeness_checks(of).get(of.round)
        if may_see(who, CaseContent.CHECK_REMARKS, now)
        else None,
        question=asked,
    )


def _visible_reviews(
    reviews: Mapping[ReviewPlace, Review], person: Actor, who: frozenset[CaseRelation], now: Phase
) -> dict[ReviewPlace, Review]:
    """Return the reviews whose scores the person sees: their own, and those that the table allows."""
    return {
        place: one
        for place, one in reviews.items()
        if one.assessor_id == person.id
        or (one.state is ReviewState.HANDED_IN and may_see(who, SCORES_OF[place], now))
    }


def submission_of(of: Application) -> Submission:
    """Return the submission of the current round."""
    query = select(Submission).where(
        Submission.application_id == of.id, Submission.round == of.round
    )
    return session.scalars(query.options(LIGHT)).one()


def version_of(of: Application, version_id: UUID) -> DocumentVersion | None:
    """Find a version of a document that was submitted with an application."""
    query = (
        select(DocumentVersion)
        .join(SubmittedVersion, SubmittedVersion.version_id == DocumentVersion.id)
        .join(Submission, Submission.id == SubmittedVersion.submission_id)
        .where(DocumentVersion.id == version_id, Submission.application_id == of.id)
        .options(defer(DocumentVersion.text))
    )
    return session.scalars(query).first()
