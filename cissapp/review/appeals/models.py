"""Tables of appeals, of their panel members, and of proposals and votes."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, select, text
from sqlalchemy.ext.hybrid import hybrid_method
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.sql.elements import ColumnElement

from cissapp.foundation.core.db import Model, new_id
from cissapp.people.accounts.models import User
from cissapp.people.schools.models import School, of_school
from cissapp.prepare.applications.models import Application
from cissapp.review.appeals.rules import AppealOutcome, AppealState, ProposalStatus, proposal_status
from cissapp.review.reviews.models import Decision


class Appeal(Model):
    """A school's appeal against a decision; at most one for each decision."""

    __tablename__ = "appeal"
    __table_args__ = (
        CheckConstraint("(state = 'decided') = (outcome IS NOT NULL)", name="outcome_with_state"),
        CheckConstraint("(state = 'decided') = (decided_at IS NOT NULL)", name="decided_at"),
        Index(
            "ix_appeal_waiting",
            "filed_at",
            "id",
            sqlite_where=text("decided_at IS NULL"),
            postgresql_where=text("decided_at IS NULL"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    decision_id: Mapped[UUID] = mapped_column(ForeignKey("decision.id"), unique=True)
    application_id: Mapped[UUID] = mapped_column(ForeignKey("application.id"), index=True)
    school_id: Mapped[UUID] = mapped_column(ForeignKey("school.id"), index=True)
    criteria: Mapped[list[str]]
    grounds: Mapped[str]
    state: Mapped[AppealState] = mapped_column(index=True)
    outcome: Mapped[AppealOutcome | None]
    filed_at: Mapped[datetime]
    filed_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    application: Mapped[Application] = relationship(lazy="joined")
    decision: Mapped[Decision] = relationship(lazy="joined")
    members: Mapped[list["AppealMember"]] = relationship(
        order_by="AppealMember.named_at", lazy="selectin", back_populates="appeal"
    )

    proposals: Mapped[list["Proposal"]] = relationship(
        order_by="Proposal.number", lazy="selectin", back_populates="appeal"
    )

    group_id: Mapped[UUID] = of_school(School.group_id, school_id)

    __mapper_args__ = {"version_id_col": version}

    @property
    def hearing(self) -> list["AppealMember"]:
        """The members who hear the appeal: all who have not been excused."""
        return [one for one in self.members if one.excused_at is None]

    @property
    def accepted_proposal(self) -> "Proposal | None":
        """The proposal that became the decision of the panel."""
        return self._newest_if(ProposalStatus.ACCEPTED)

    @property
    def open_proposal(self) -> "Proposal | None":
        """The newest proposal, if it is open for votes."""
        return self._newest_if(ProposalStatus.OPEN)

    def _newest_if(self, status: ProposalStatus) -> "Proposal | None":
        newest = self.proposals[-1] if self.proposals else None
        return newest if newest and newest.standing is status else None

    # Access scopes check this condition both on a loaded row and in a query.
    @hybrid_method
    def heard_by(self, person_id: UUID) -> bool:
        """Return whether a person is on the panel."""
        return any(one.person_id == person_id for one in self.members)

    @heard_by.expression  # type: ignore[no-redef] # the half for queries
    def heard_by(cls, person_id: UUID) -> ColumnElement[bool]:  # noqa: N805
        """Return `heard_by` as a condition of a query."""
        # Read once, by its index, instead of once for each appeal of the programme.
        heard = select(AppealMember.appeal_id).where(AppealMember.person_id == person_id)
        return cls.id.in_(heard)  # type: ignore[attr-defined, no-any-return] # the class itself


class AppealMember(Model):
    """A person who hears an appeal."""

    __tablename__ = "appeal_member"

    appeal_id: Mapped[UUID] = mapped_column(ForeignKey("appeal.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    named_at: Mapped[datetime]
    named_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    excused_at: Mapped[datetime | None]

    appeal: Mapped[Appeal] = relationship(back_populates="members")
    person: Mapped[User] = relationship(lazy="joined", foreign_keys=[person_id])


class Proposal(Model):
    """A decision proposed by a member of the panel; it becomes the panel's once more than half agree.

    `levels` are the levels of contested criteria as the panel sees them; used with "altered" only.
    """

    __tablename__ = "appeal_proposal"
    __table_args__ = (
        UniqueConstraint("appeal_id", "number"),
        CheckConstraint("(outcome = 'altered') = (level IS NOT NULL)", name="level_with_outcome"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    appeal_id: Mapped[UUID] = mapped_column(ForeignKey("appeal.id"), index=True)
    number: Mapped[int]
    author_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    outcome: Mapped[AppealOutcome]
    level: Mapped[int | None]
    levels: Mapped[dict[str, Any]]
    reasons: Mapped[str]
    proposed_at: Mapped[datetime]

    appeal: Mapped[Appeal] = relationship(back_populates="proposals")
    author: Mapped[User] = relationship(lazy="joined")
    votes: Mapped[list["ProposalVote"]] = relationship(
        order_by="ProposalVote.voted_at", lazy="selectin"
    )

    @property
    def standing(self) -> ProposalStatus:
        """The status of the proposal according to the votes of those who hear the appeal.

        A change of the panel reopens no older proposal. The newest falls with its author, who would be the
        decider of the certificate.
        """
        if self is not self.appeal.proposals[-1]:
            return ProposalStatus.REJECTED
        if self.appeal.state is AppealState.DECIDED:
            return ProposalStatus.ACCEPTED
        hearing = {one.person_id for one in self.appeal.hearing}
        if self.author_id not in hearing:
            return ProposalStatus.REJECTED
        votes = self.counted_votes
        agree = sum(one.agrees for one in votes)
        return proposal_status(agree, len(votes) - agree, len(hearing))

    @property
    def counted_votes(self) -> list["ProposalVote"]:
        """The votes of those who hear the appeal; the vote of a member who left does not count."""
        hearing = {one.person_id for one in self.appeal.hearing}
        return [one for one in self.votes if one.person_id in hearing]

    def voted(self, person_id: UUID | None) -> bool:
        """Return whether a person has voted."""
        return any(one.person_id == person_id for one in self.votes)


class ProposalVote(Model):
    """The single vote of a panel member on a proposal."""

    __tablename__ = "appeal_vote"

    proposal_id: Mapped[UUID] = mapped_column(ForeignKey("appeal_proposal.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    agrees: Mapped[bool]
    note: Mapped[str]
    voted_at: Mapped[datetime]

    person: Mapped[User] = relationship(lazy="joined")
