"""Tables of providers of accounts, and of whose account there is whose here."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cissapp.foundation.core.db import Model, new_id
from cissapp.people.accounts.models import User
from cissapp.people.schools.models import NationalGroup


class IdentityProvider(Model):
    """An organisation whose accounts open accounts of its own people here; the secretariat enters it."""

    __tablename__ = "identity_provider"
    __table_args__ = (
        CheckConstraint("(country_code IS NULL) <> (group_id IS NULL)", name="one_scope"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    name: Mapped[str]
    issuer: Mapped[str]
    client_id: Mapped[str]
    # Sealed: whoever reads the database alone cannot speak to the provider in our name.
    sealed_secret: Mapped[str]
    country_code: Mapped[str | None] = mapped_column(ForeignKey("country.code"))
    group_id: Mapped[UUID | None] = mapped_column(ForeignKey("national_group.id"), index=True)
    # What the provider said of itself when it was last tried.
    endpoints: Mapped[dict[str, Any] | None]
    tried_at: Mapped[datetime | None]
    on_since: Mapped[datetime | None]
    added_at: Mapped[datetime]
    added_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))

    group: Mapped[NationalGroup | None] = relationship()


class LinkedIdentity(Model):
    """That an account of an organisation is that of a person here: known by its number there, never by an address."""

    __tablename__ = "linked_identity"
    __table_args__ = (
        UniqueConstraint("provider_id", "subject"),
        UniqueConstraint("provider_id", "user_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    provider_id: Mapped[UUID] = mapped_column(
        ForeignKey("identity_provider.id", ondelete="CASCADE")
    )
    subject: Mapped[str]
    user_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    linked_at: Mapped[datetime]
    used_at: Mapped[datetime | None]

    provider: Mapped[IdentityProvider] = relationship(lazy="joined")
    user: Mapped[User] = relationship(lazy="joined")
