"""Reads of one application, as far as a person of the group may see it."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import defer, joinedload, lazyload

from cissapp.accounts.queries import inviters_of_school
from cissapp.applications import queries as applications
from cissapp.applications.models import Application, Submission, SubmittedVersion
from cissapp.applications.snapshot import Snapshot, read
from cissapp.core.actor import Actor
from cissapp.core.db import session
from cissapp.core.errors import Missing
from cissapp.evidence.models import DocumentVersion
from cissapp.reviews.models import Decision, Declaration, Review, Score
from cissapp.reviews.rules import ReviewState
from cissapp.reviews.rules.people import Hands, Work, may_see_scores, work

# A dossier without the texts of its documents: they are long, and read one at a time.
LIGHT = lazyload(Submission.versions)


@dataclass(frozen=True)
class Case:
    """An application as a person of the group sees it: `scores` holds only what the person may see."""

    application: Application
    submission: Submission
    hands: Hands
    declaration: Declaration | None
    review: Review | None
    decision: Decision | None
    earlier: list[Decision]
    scores: Mapping[str, Score]
    mine: bool

    @property
    def scored(self) -> int:
        """How many criteria are scored; only the number is for everybody."""
        return len(self.review.scores) if self.review else 0

    @property
    def handed_in(self) -> bool:
        """Whether the assessor has handed the review in."""
        return self.review is not None and self.review.state is ReviewState.HANDED_IN

    @property
    def work(self) -> Work:
        """What the person does next."""
        return work(self.hands, self.application.state, mine=self.mine, handed_in=self.handed_in)

    @property
    def levels(self) -> dict[str, int | None]:
        """The levels that the person may see, for the decision rule."""
        return {key: one.level for key, one in self.scores.items()}

    @cached_property
    def dossier(self) -> Snapshot:
        """What the school handed in at this round."""
        return read(self.submission)

    def is_open(self, criterion_id: str) -> bool:
        """Say whether this round scores the criterion anew."""
        return self.dossier.is_open(criterion_id)


@dataclass(frozen=True)
class Letter:
    """The newest decision about a school's application, for the school."""

    school_id: UUID
    decision: Decision


def application(application_id: UUID) -> Application:
    """Find an application that was handed in; a draft is the school's own business."""
    found = applications.application(application_id)
    if found is None or found.round == 0:
        raise Missing
    return found


def hands(of: Application, person_id: UUID | None) -> Hands:
    """Gather what a person has had to do with a school and its application."""
    declared = declaration_of(of, person_id)
    assessed = exists().where(Review.application_id == of.id, Review.assessor_id == person_id)
    decided = exists().where(Decision.application_id == of.id, Decision.decider_id == person_id)
    return Hands(
        tied=declared.tied if declared else None,
        invited=person_id in inviters_of_school(of.school_id),
        assessed=bool(session.scalar(select(assessed))),
        decided=bool(session.scalar(select(decided))),
    )


def declaration_of(of: Application, person_id: UUID | None) -> Declaration | None:
    """Find what a person declared about an application."""
    query = select(Declaration).where(
        Declaration.application_id == of.id, Declaration.user_id == person_id
    )
    return session.scalar(query)


def review_of_round(of: Application, number: int) -> Review | None:
    """Find the review of a round."""
    query = select(Review).where(Review.application_id == of.id, Review.round == number)
    return session.scalar(query.options(joinedload(Review.submission).options(LIGHT)))


def decisions_of(of: Application) -> list[Decision]:
    """List what was decided, the first round first."""
    query = select(Decision).where(Decision.application_id == of.id).order_by(Decision.round)
    return list(session.scalars(query.options(lazyload(Decision.review))))


def case(of: Application, person: Actor) -> Case:
    """Gather an application for a person of the group."""
    decisions = decisions_of(of)
    review = review_of_round(of, of.round)
    hold = hands(of, person.id)
    mine = review is not None and review.assessor_id == person.id
    handed_in = review is not None and review.state is ReviewState.HANDED_IN
    seen = review is not None and may_see_scores(hold, own=mine, handed_in=handed_in)
    return Case(
        application=of,
        submission=submission_of(of),
        hands=hold,
        declaration=declaration_of(of, person.id),
        review=review,
        decision=next((one for one in decisions if one.round == of.round), None),
        earlier=[one for one in decisions if one.round < of.round],
        scores={one.criterion_id: one for one in review.scores} if review and seen else {},
        mine=mine,
    )


def submission_of(of: Application) -> Submission:
    """Give the dossier of the current round."""
    query = select(Submission).where(
        Submission.application_id == of.id, Submission.round == of.round
    )
    return session.scalars(query.options(LIGHT)).one()


def version_of(of: Application, version_id: UUID) -> DocumentVersion | None:
    """Find a version of a document that was handed in with an application."""
    query = (
        select(DocumentVersion)
        .join(SubmittedVersion, SubmittedVersion.version_id == DocumentVersion.id)
        .join(Submission, Submission.id == SubmittedVersion.submission_id)
        .where(DocumentVersion.id == version_id, Submission.application_id == of.id)
        .options(defer(DocumentVersion.text))
    )
    return session.scalars(query).first()


def letter(school_id: UUID | None) -> Letter:
    """Find the newest decision about a school; raise `Missing`, if there is none."""
    query = (
        select(Decision)
        .join(Application, Application.id == Decision.application_id)
        .where(Application.school_id == school_id)
        .options(joinedload(Decision.review).joinedload(Review.submission).options(LIGHT))
        .order_by(Decision.decided_at.desc())
        .limit(1)
    )
    found = session.scalars(query).first()
    if found is None or school_id is None:
        raise Missing
    return Letter(school_id, found)
