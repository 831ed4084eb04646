"""How long sessions, invitations and links last, and when an account waits."""

from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from msgspec import Struct

from cissapp.foundation.core.roles import Role

# Who sees the work of others, or decides about it: a password alone does not let them in (ASVS 6.3.3).
STAFF = frozenset(
    {Role.REVIEWER, Role.COORDINATOR, Role.MINISTRY, Role.REGION_OFFICER, Role.SECRETARIAT}
)


class Proof(StrEnum):
    """How a person last proved who they are."""

    PASSWORD = "password"  # noqa: S105 -- the name of a kind of proof
    INVITATION = "invitation"
    APP_CODE = "app_code"
    PASSKEY = "passkey"
    RECOVERY_CODE = "recovery_code"
    PROVIDER = "provider"


def asks_second_proof(role: Role, *, has_factors: bool, required: bool) -> bool:
    """Return whether a password is not enough: the person has a second factor, or their role needs one.

    `required` is the installation's setting for staff; a demonstration requires nothing.
    """
    return has_factors or (required and role in STAFF)


INVITATION_LASTS = timedelta(days=7)
RESET_LASTS = timedelta(hours=1)

SCHOOL_IDLE, SCHOOL_ABSOLUTE = timedelta(hours=8), timedelta(hours=24)
STAFF_IDLE, STAFF_ABSOLUTE = timedelta(minutes=30), timedelta(hours=12)
SEEN_EVERY = timedelta(minutes=1)
# How long a session may wait for its second proof.
HALF_OPEN_FOR = timedelta(minutes=10)


def idle_and_absolute(role: Role) -> tuple[timedelta, timedelta]:
    """Return after how long a session ends, without use and in any case (ASVS 7.1.1)."""
    if role is Role.SCHOOL_MANAGER:
        return SCHOOL_IDLE, SCHOOL_ABSOLUTE
    return STAFF_IDLE, STAFF_ABSOLUTE


def is_session_over(
    role: Role, *, opened_at: datetime, seen_at: datetime, looked_at: datetime | None, at: datetime
) -> bool:
    """Return whether a session has timed out; `looked_at` is the last page view, kept in the cookie."""
    idle, absolute = idle_and_absolute(role)
    return at - max(seen_at, looked_at or seen_at) > idle or at - opened_at > absolute


class PersonFacts(Struct, frozen=True):
    """The facts about a person that rights, languages and times need, for requests that do not need the row.

    It stands in for the person in Flask-Login and the guard.
    """

    id: UUID
    name: str
    role: Role
    school_id: UUID | None
    group_id: UUID | None
    country_code: str | None
    region_code: str | None
    guest_application_id: UUID | None
    language: str
    content_language: str | None

    @property
    def is_authenticated(self) -> bool:
        """Whether somebody is signed in: these are the facts of somebody."""
        return True


class ReaderFacts(PersonFacts, frozen=True):
    """What every page also shows to a person of a school."""

    unread_notices: int
    school_name: str
