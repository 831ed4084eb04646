"""Tables of the second proof. Secrets are sealed, codes are hashed, challenges belong to one session."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from cissapp.foundation.core.db import Model, new_id
from cissapp.people.factors.rules import ChallengePurpose


class AuthenticatorApp(Model):
    """An app that shows codes, set up with a correct one."""

    __tablename__ = "authenticator_app"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    sealed_secret: Mapped[str]
    added_at: Mapped[datetime]
    # The step of the last code that was used: neither that code nor an older one is accepted again.
    last_step: Mapped[int]
    used_at: Mapped[datetime | None]


class Passkey(Model):
    """A passkey of a person: the public half only."""

    __tablename__ = "passkey"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    name: Mapped[str]
    credential_id: Mapped[str] = mapped_column(unique=True)
    public_key: Mapped[str]
    sign_count: Mapped[int] = mapped_column(BigInteger)
    # Where it was added, such as "Firefox on Android", so that a passkey of a shared machine is noticed.
    device: Mapped[str]
    added_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class RecoveryCode(Model):
    """A code for one use; its beginning finds the row, its hash proves the rest."""

    __tablename__ = "recovery_code"
    __table_args__ = (UniqueConstraint("user_id", "beginning"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    beginning: Mapped[str]
    code_hash: Mapped[str]
    made_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class FactorChallenge(Model):
    """What one session was asked, and may answer once."""

    __tablename__ = "factor_challenge"
    __table_args__ = (UniqueConstraint("session_id", "purpose"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    session_id: Mapped[UUID] = mapped_column(ForeignKey("user_session.id", ondelete="CASCADE"))
    purpose: Mapped[ChallengePurpose]
    # The challenge of a passkey, or the sealed secret of an app that is not set up yet.
    content: Mapped[str]
    asked_at: Mapped[datetime] = mapped_column(index=True)


class WrongProof(Model):
    """A failed proof of a person, counted for the limits; never what was typed."""

    __tablename__ = "wrong_proof"
    __table_args__ = (Index("ix_wrong_proof_user_id_at", "user_id", "at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    # The step of a code typed outside its time window, so that nobody can save it for later.
    step: Mapped[int | None]
