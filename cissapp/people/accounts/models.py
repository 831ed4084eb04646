"""Tables of people, sessions, invitations and password resets. Tokens are kept as hashes only."""

from datetime import datetime
from uuid import UUID

from flask_login import UserMixin
from sqlalchemy import (
    CheckConstraint,
    Connection,
    ForeignKey,
    Index,
    event,
    func,
    select,
    text,
    update,
)
from sqlalchemy.orm import (
    Mapped,
    column_property,
    mapped_column,
    relationship,
    synonym,
    validates,
)
from sqlalchemy.orm.attributes import get_history

from cissapp.foundation.core import clock
from cissapp.foundation.core.db import Model, new_id
from cissapp.foundation.core.roles import Role
from cissapp.foundation.core.unicode import natural_key
from cissapp.people.accounts.rules import Duty, Proof
from cissapp.people.notices.models import Notification
from cissapp.people.notices.rules import UNREAD_COUNTED
from cissapp.people.schools.models import KEY_TEXT, NationalGroup, School

SCOPE_CHECK = (
    "(role = 'school_manager') = (school_id IS NOT NULL)"
    " AND (role = 'school_manager') = (duty IS NOT NULL)"
    " AND (role IN ('reviewer', 'coordinator')) = (group_id IS NOT NULL)"
    " AND (role IN ('ministry', 'region_officer', 'school_manager')) = (country_code IS NOT NULL)"
    " AND (role = 'region_officer') = (region_code IS NOT NULL)"
    " AND (role = 'guest') = (guest_application_id IS NOT NULL)"
    " AND (role = 'guest') = (ends_at IS NOT NULL)"
)


# The few people without a school, among those of all schools.
BESIDE_SCHOOLS = text("school_id IS NULL")


class User(UserMixin, Model):
    """A person with a work address and one role."""

    __tablename__ = "person"
    __table_args__ = (
        CheckConstraint(SCOPE_CHECK, name="role_with_scope"),
        CheckConstraint(
            "(deactivated_at IS NULL) = (deactivated_by_id IS NULL)", name="deactivated_at_with_by"
        ),
        Index(
            "ix_person_beside_schools",
            "role",
            "name_key",
            "id",
            sqlite_where=BESIDE_SCHOOLS,
            postgresql_where=BESIDE_SCHOOLS,
        ),
        Index("ix_person_group_id_name_key_id", "group_id", "name_key", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    # The key that lists are sorted by, derived from the name.
    name_key: Mapped[str] = mapped_column(KEY_TEXT, server_default="")
    password_hash: Mapped[str]
    role: Mapped[Role]
    duty: Mapped[Duty | None]
    school_id: Mapped[UUID | None] = mapped_column(ForeignKey("school.id"), index=True)
    group_id: Mapped[UUID | None] = mapped_column(ForeignKey("national_group.id"), index=True)
    country_code: Mapped[str | None] = mapped_column(ForeignKey("country.code"))
    region_code: Mapped[str | None]
    # The only case of a guest (its table belongs to a room above), and when their access ends.
    guest_application_id: Mapped[UUID | None]
    ends_at: Mapped[datetime | None]
    # Since when the person has had this duty, if they joined with another one.
    duty_since: Mapped[datetime | None]
    language: Mapped[str]
    # The language of lessons and questions, if the person wants another one than on pages.
    content_language: Mapped[str | None]
    joined_at: Mapped[datetime]
    calibrated_at: Mapped[datetime | None]
    invited_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    deactivated_at: Mapped[datetime | None]
    deactivated_by_id: Mapped[UUID | None]
    # Since when this person has had a second factor of any kind; maintained by the room for factors.
    factors_since: Mapped[datetime | None]

    school: Mapped[School | None] = relationship()
    group: Mapped[NationalGroup | None] = relationship()

    user_id: Mapped[UUID] = synonym("id")

    # Loaded with the person of a request, so that no page needs a query of its own; counted up to a limit,
    # because every page counts them.
    unread_notices: Mapped[int] = column_property(
        select(func.count())
        .select_from(
            select(Notification.user_id)
            .where(Notification.user_id == id, Notification.read_at.is_(None))  # noqa: A003 -- the column
            .correlate_except(Notification)
            .limit(UNREAD_COUNTED)
            .subquery()
        )
        .scalar_subquery(),
        deferred=True,
    )

    @validates("name")
    def _follow_name(self, _attribute: str, name: str) -> str:
        self.name_key = natural_key(name)
        return name

    @property
    def is_active(self) -> bool:
        """Whether the account is open: neither closed nor, for a guest, past its end."""
        return self.deactivated_at is None and not self.has_ended

    # Flask-Login reads `is_active` as a property with every request, so only this one reads the clock.
    @property
    def has_ended(self) -> bool:
        """Whether the time of a guest is over."""
        return self.ends_at is not None and self.ends_at <= clock.now()


class UserSession(Model):
    """A session on a device; ended by sign-out, time, or a change of the account."""

    __tablename__ = "user_session"
    __table_args__ = (
        CheckConstraint(
            "(confirmed_at IS NULL) = (confirmed_with IS NULL)", name="confirmed_at_with_proof"
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    token_hash: Mapped[str] = mapped_column(unique=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    opened_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    # When the person last proved who they are with everything that is required; None while the second
    # proof is missing: such a session opens nothing but the page that asks for it.
    confirmed_at: Mapped[datetime | None]
    confirmed_with: Mapped[Proof | None]
    # The kind of device, such as "Firefox on Android"; never the full user agent, and no address.
    device: Mapped[str] = mapped_column(default="")
    closed_at: Mapped[datetime | None]

    user: Mapped[User] = relationship(lazy="joined")


class Invitation(Model):
    """An invitation to join with a role; a single-use link by mail."""

    __tablename__ = "invitation"
    __table_args__ = (
        CheckConstraint(SCOPE_CHECK, name="role_with_scope"),
        Index(
            "ix_invitation_beside_schools",
            "invited_at",
            sqlite_where=BESIDE_SCHOOLS,
            postgresql_where=BESIDE_SCHOOLS,
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    token_hash: Mapped[str] = mapped_column(unique=True)
    email: Mapped[str] = mapped_column(index=True)
    name: Mapped[str]
    role: Mapped[Role]
    duty: Mapped[Duty | None]
    school_id: Mapped[UUID | None] = mapped_column(ForeignKey("school.id"), index=True)
    group_id: Mapped[UUID | None] = mapped_column(ForeignKey("national_group.id"), index=True)
    country_code: Mapped[str | None] = mapped_column(ForeignKey("country.code"))
    region_code: Mapped[str | None]
    # The only case of a guest (its table belongs to a room above), and when their access ends.
    guest_application_id: Mapped[UUID | None]
    ends_at: Mapped[datetime | None]
    language: Mapped[str]
    invited_at: Mapped[datetime]
    invited_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    expires_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]

    school: Mapped[School | None] = relationship()
    group: Mapped[NationalGroup | None] = relationship()


class FormerName(Model):
    """What a person had until a given time: an erasure looks for the name and address in texts.

    The school is kept where the person left it: their name may stand in its texts.
    """

    __tablename__ = "former_name"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    name: Mapped[str]
    email: Mapped[str]
    school_id: Mapped[UUID | None] = mapped_column(ForeignKey("school.id"), index=True)
    until_at: Mapped[datetime]


class PasswordReset(Model):
    """A single-use link to set a new password."""

    __tablename__ = "password_reset"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    token_hash: Mapped[str] = mapped_column(unique=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    asked_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]

    user: Mapped[User] = relationship(lazy="joined")


@event.listens_for(User, "after_update")
def _end_what_was_opened_before(_mapper: object, connection: Connection, user: User) -> None:
    """End a person's sessions when their role changes, and reset links when their address changes.

    This applies in whichever room the change is made, so that nobody can forget it.
    """
    if get_history(user, "role").has_changes():
        open_ones = UserSession.user_id == user.id, UserSession.closed_at.is_(None)
        connection.execute(update(UserSession).where(*open_ones).values(closed_at=clock.now()))
    if get_history(user, "email").has_changes():
        unused = PasswordReset.user_id == user.id, PasswordReset.used_at.is_(None)
        connection.execute(update(PasswordReset).where(*unused).values(used_at=clock.now()))


class ResetRequest(Model):
    """A request for a new password, waiting for a background job to check whether there is an account."""

    __tablename__ = "reset_request"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    email: Mapped[str]
    asked_at: Mapped[datetime]


class AttemptCount(Model):
    """How often something was tried under one key, and until when that counts."""

    __tablename__ = "attempt_count"

    key: Mapped[str] = mapped_column(primary_key=True)
    count: Mapped[int]
    ends_at: Mapped[datetime] = mapped_column(index=True)
