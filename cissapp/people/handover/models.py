"""Tables of handovers between heads, and of acts that wait for a second person."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship, synonym

from cissapp.foundation.core.db import Model, new_id
from cissapp.people.accounts.models import User
from cissapp.people.handover.rules.handovers import Afterwards, HandoverOutcome
from cissapp.people.handover.rules.powers import ActOutcome, SharedAct
from cissapp.people.handover.rules.proposals import Colleague, Proposed
from cissapp.people.schools.models import School, of_school

OPEN = text("ended_at IS NULL")


class Handover(Model):
    """A head of a school handing over to a successor, who must agree.

    The successor has an account at the school (`successor_id`), or an invitation to `email`.
    """

    __tablename__ = "handover"
    __table_args__ = (
        CheckConstraint("(ended_at IS NULL) = (outcome IS NULL)", name="ended_at_with_outcome"),
        Index(
            "uq_handover_open",
            "school_id",
            unique=True,
            sqlite_where=OPEN,
            postgresql_where=OPEN,
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    school_id: Mapped[UUID] = mapped_column(ForeignKey("school.id"), index=True)
    # None if the school has no head with an account.
    head_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    successor_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    invitation_id: Mapped[UUID | None] = mapped_column(ForeignKey("invitation.id"))
    email: Mapped[str]
    name: Mapped[str]
    afterwards: Mapped[Afterwards]
    started_at: Mapped[datetime]
    started_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    outcome: Mapped[HandoverOutcome | None]

    school: Mapped[School] = relationship()
    head: Mapped[User | None] = relationship(foreign_keys=head_id)
    successor: Mapped[User | None] = relationship(foreign_keys=successor_id)
    started_by: Mapped[User] = relationship(foreign_keys=started_by_id)

    group_id: Mapped[UUID] = of_school(School.group_id, school_id)


class ActProposal(Model):
    """An act that one person of the secretariat proposed and another must confirm.

    `values` are the arguments of the act, `title` names what it is about. `alone_from` is when it no longer
    needs a second person; None if there was one to ask. `lost_id` is the coordinator who can stop it,
    either signed in or by a link, of which only the hash is stored.
    """

    __tablename__ = "act_proposal"
    __table_args__ = (
        CheckConstraint("(ended_at IS NULL) = (outcome IS NULL)", name="ended_at_with_outcome"),
        Index(
            "uq_act_proposal_open",
            "act",
            "subject_id",
            unique=True,
            sqlite_where=OPEN,
            postgresql_where=OPEN,
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    act: Mapped[SharedAct]
    subject_id: Mapped[UUID]
    title: Mapped[str]
    reason: Mapped[str]
    values: Mapped[dict[str, Any]]
    proposed_at: Mapped[datetime] = mapped_column(index=True)
    proposed_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    expires_at: Mapped[datetime]
    alone_from: Mapped[datetime | None]
    lost_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    token_hash: Mapped[str | None] = mapped_column(unique=True)
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    outcome: Mapped[ActOutcome | None]

    proposed_by: Mapped[User] = relationship(foreign_keys=proposed_by_id)
    ended_by: Mapped[User | None] = relationship(foreign_keys=ended_by_id)

    user_id: Mapped[UUID | None] = synonym("lost_id")

    @property
    def proposed(self) -> Proposed:
        """The facts that the two-person rule needs."""
        proposer = Colleague(
            self.proposed_by_id, self.proposed_by.joined_at, self.proposed_by.invited_by_id
        )
        return Proposed(proposer, self.proposed_at, self.expires_at, self.alone_from)
