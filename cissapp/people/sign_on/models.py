"""Tables of identity providers, and of the links between their accounts and those here."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cissapp.foundation.core.db import Model, new_id
from cissapp.people.accounts.models import User
from cissapp.people.schools.models import NationalGroup


class IdentityProvider(Model):
    """An organisation whose accounts open the accounts of its people here; entered by the secretariat."""

    __tablename__ = "identity_provider"
    __table_args__ = (
        CheckConstraint("(country_code IS NULL) <> (group_id IS NULL)", name="one_scope"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    name: Mapped[str]
    issuer: Mapped[str]
    client_id: Mapped[str]
    # Sealed, so that somebody who reads only the database cannot act as us towards the provider.
    sealed_secret: Mapped[str]
    country_code: Mapped[str | None] = mapped_column(ForeignKey("country.code"))
    group_id: Mapped[UUID | None] = mapped_column(ForeignKey("national_group.id"), index=True)
    # The provider's configuration when it was last tested.
    endpoints: Mapped[dict[str, Any] | None]
    tried_at: Mapped[datetime | None]
    on_since: Mapped[datetime | None]
    added_at: Mapped[datetime]
    added_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))

    group: Mapped[NationalGroup | None] = relationship()


class LinkedIdentity(Model):
    """Links an organisation's account to a person here, by its subject and never by an e-mail address."""

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
