"""Tables of reviews, scores and decisions."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.ext.associationproxy import AssociationProxy, association_proxy
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cissapp.foundation.core.db import Model, new_id
from cissapp.foundation.intake.media import MediaType
from cissapp.people.accounts.models import User
from cissapp.prepare.applications.models import Application, Submission
from cissapp.prepare.applications.rules import ApplicationOutcome
from cissapp.review.reviews.rules import ReviewState
from cissapp.review.reviews.rules.places import ReviewPlace


class Review(Model):
    """The review of one round by one person; the second reviewer does not see the first review.

    `criteria` are those that a third person scores; None for all.
    """

    __tablename__ = "review"
    __table_args__ = (
        UniqueConstraint("application_id", "round", "place"),
        CheckConstraint(
            "(state = 'handed_in') = (handed_in_at IS NOT NULL)", name="handed_in_at_with_state"
        ),
        CheckConstraint(
            "(handed_in_at IS NULL) = (recommendation IS NULL)",
            name="recommendation_with_handed_in_at",
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    application_id: Mapped[UUID] = mapped_column(ForeignKey("application.id"), index=True)
    submission_id: Mapped[UUID] = mapped_column(ForeignKey("submission.id"))
    round: Mapped[int]
    place: Mapped[ReviewPlace] = mapped_column(default=ReviewPlace.FIRST)
    criteria: Mapped[list[str] | None]
    assessor_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    state: Mapped[ReviewState]
    started_at: Mapped[datetime]
    handed_in_at: Mapped[datetime | None]
    recommendation: Mapped[ApplicationOutcome | None]
    level: Mapped[int | None]
    summary: Mapped[str | None]
    version: Mapped[int] = mapped_column(default=1)

    application: Mapped[Application] = relationship(lazy="joined")
    submission: Mapped[Submission] = relationship(lazy="joined")
    assessor: Mapped[User] = relationship(lazy="joined")
    scores: Mapped[list["Score"]] = relationship(lazy="selectin", back_populates="review")

    __mapper_args__ = {"version_id_col": version}


class Score(Model):
    """The reviewer's level for a criterion, with the reason, which the school reads.

    `references` state where it was seen, see `rules.references`; a score `carried` over from an earlier round
    stays as it is. `agreed`: the school's own level, agreed to in one act, see `rules.agreement`.
    """

    __tablename__ = "score"
    __table_args__ = (
        CheckConstraint("level BETWEEN 0 AND 3", name="level_0_to_3"),
        CheckConstraint("not_applicable = (level IS NULL)", name="level_unless_not_applicable"),
    )

    review_id: Mapped[UUID] = mapped_column(ForeignKey("review.id"), primary_key=True)
    criterion_id: Mapped[str] = mapped_column(primary_key=True)
    level: Mapped[int | None]
    not_applicable: Mapped[bool] = mapped_column(default=False)
    reason: Mapped[str]
    references: Mapped[list[str]] = mapped_column(default=list)
    carried: Mapped[bool] = mapped_column(default=False)
    agreed: Mapped[bool] = mapped_column(default=False)
    saved_at: Mapped[datetime]

    review: Mapped[Review] = relationship(back_populates="scores")

    @property
    def id(self) -> str:
        """A composite id of the score, under the name that the audit trail expects."""
        return f"{self.review_id}/{self.criterion_id}"


class EvidenceView(Model):
    """A record that a reviewer was shown a piece of evidence: a page, or the reporting mechanism.

    `place` is written as in `rules.references`.
    """

    __tablename__ = "evidence_view"

    review_id: Mapped[UUID] = mapped_column(ForeignKey("review.id"), primary_key=True)
    place: Mapped[str] = mapped_column(primary_key=True)
    seen_at: Mapped[datetime]


class Decision(Model):
    """A decision on a review, made by a person other than the reviewer.

    `departure` explains a difference from the decision rule, or is None. The school does not read it.
    """

    __tablename__ = "decision"
    __table_args__ = (
        UniqueConstraint("application_id", "round"),
        CheckConstraint("assessor_id <> decider_id", name="decider_is_not_assessor"),
        CheckConstraint("(outcome = 'certified') = (level IS NOT NULL)", name="level_with_outcome"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    application_id: Mapped[UUID] = mapped_column(ForeignKey("application.id"), index=True)
    review_id: Mapped[UUID] = mapped_column(ForeignKey("review.id"), unique=True)
    round: Mapped[int]
    assessor_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    decider_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    outcome: Mapped[ApplicationOutcome]
    level: Mapped[int | None]
    reasons: Mapped[str]
    departure: Mapped[str | None]
    open_criteria: Mapped[list[str]]
    decided_at: Mapped[datetime]

    review: Mapped[Review] = relationship(lazy="joined")
    decider: Mapped[User] = relationship(lazy="joined", foreign_keys=[decider_id])


class Letter(Model):
    """The letter about a decision, as it was written: one canonical JSON text that never changes."""

    __tablename__ = "letter"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    decision_id: Mapped[UUID] = mapped_column(ForeignKey("decision.id"), unique=True)
    language: Mapped[str]
    content: Mapped[str]
    sha256: Mapped[str]
    written_at: Mapped[datetime]


class Attachment(Model):
    """A reviewer's file for the school, which gets it with the decision of the round."""

    __tablename__ = "attachment"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    application_id: Mapped[UUID] = mapped_column(ForeignKey("application.id"), index=True)
    round: Mapped[int]
    added_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    added_at: Mapped[datetime]
    file_key: Mapped[str] = mapped_column(unique=True)
    file_name: Mapped[str]
    media_type: Mapped[MediaType]
    size: Mapped[int]
    sha256: Mapped[str]

    application: Mapped[Application] = relationship(lazy="joined")
    school_id: AssociationProxy[UUID] = association_proxy("application", "school_id")
    group_id: AssociationProxy[UUID] = association_proxy("application", "group_id")


class AbandonedReview(Model):
    """The scores of a reviewer who handed the role over or took the review back, as they were then."""

    __tablename__ = "abandoned_review"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    review_id: Mapped[UUID] = mapped_column(ForeignKey("review.id"), index=True)
    assessor_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    started_at: Mapped[datetime]
    abandoned_at: Mapped[datetime]
    scores: Mapped[dict[str, Any]]
