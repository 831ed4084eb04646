"""Reads of factors."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct
from sqlalchemy import func, select

from cissapp.foundation.core.db import session
from cissapp.people.accounts import queries as accounts
from cissapp.people.accounts.models import User
from cissapp.people.factors.models import (
    AuthenticatorApp,
    FactorChallenge,
    Passkey,
    RecoveryCode,
    WrongProof,
)
from cissapp.people.factors.rules import CHALLENGE_LASTS, ChallengePurpose
from cissapp.people.factors.rules.limits import WRONG_KEPT


class Factors(Struct, frozen=True):
    """What a person has beside a password."""

    apps: list[AuthenticatorApp]
    passkeys: list[Passkey]
    codes_left: int

    @property
    def count(self) -> int:
        """How many there are; recovery codes replace a lost factor, and do not count as one."""
        return len(self.apps) + len(self.passkeys)


class AccountInGroup(Struct, frozen=True):
    """The account of a person, and the national group whose coordinator may help with it."""

    person: User
    group_id: UUID | None

    @property
    def user_id(self) -> UUID:
        """The person."""
        return self.person.id


def factors_of(user_id: UUID) -> Factors:
    """List the factors of a person, the oldest first."""
    left = select(func.count(RecoveryCode.id)).where(
        RecoveryCode.user_id == user_id, RecoveryCode.used_at.is_(None)
    )
    return Factors(apps_of(user_id), passkeys_of(user_id), session.scalar(left) or 0)


def apps_of(user_id: UUID) -> list[AuthenticatorApp]:
    """List the apps of a person."""
    query = select(AuthenticatorApp).where(AuthenticatorApp.user_id == user_id)
    return list(session.scalars(query.order_by(AuthenticatorApp.added_at)))


def all_apps() -> list[AuthenticatorApp]:
    """List the apps of everybody."""
    return list(session.scalars(select(AuthenticatorApp)))


def passkeys_of(user_id: UUID) -> list[Passkey]:
    """List the passkeys of a person."""
    query = select(Passkey).where(Passkey.user_id == user_id)
    return list(session.scalars(query.order_by(Passkey.added_at)))


def app(app_id: UUID) -> AuthenticatorApp | None:
    """Find an app by id."""
    return session.get(AuthenticatorApp, app_id)


def passkey(passkey_id: UUID) -> Passkey | None:
    """Find a passkey by id."""
    return session.get(Passkey, passkey_id)


def recovery_code(user_id: UUID, beginning: str) -> RecoveryCode | None:
    """Find an unused recovery code by the characters it begins with."""
    return session.scalar(
        select(RecoveryCode).where(
            RecoveryCode.user_id == user_id,
            RecoveryCode.beginning == beginning,
            RecoveryCode.used_at.is_(None),
        )
    )


def challenge(
    session_id: UUID, purpose: ChallengePurpose, *, at: datetime
) -> FactorChallenge | None:
    """Find what a session was asked and has not answered, while it is still valid."""
    return session.scalar(
        select(FactorChallenge).where(
            FactorChallenge.session_id == session_id,
            FactorChallenge.purpose == purpose,
            FactorChallenge.asked_at > at - CHALLENGE_LASTS,
        )
    )


def wrong_proofs(user_id: UUID, *, at: datetime) -> list[datetime]:
    """List the times of a person's failed proofs, as far back as a limit reaches."""
    query = select(WrongProof.at).where(
        WrongProof.user_id == user_id, WrongProof.at > at - WRONG_KEPT
    )
    return list(session.scalars(query))


def is_spent(user_id: UUID, step: int) -> bool:
    """Check whether the code of a step was typed outside its window, and so may be known to somebody."""
    query = select(WrongProof.id).where(WrongProof.user_id == user_id, WrongProof.step == step)
    return session.scalar(query.limit(1)) is not None


def account_in_group(account_id: UUID) -> AccountInGroup | None:
    """Find an open account with the group that helps with it: its own, or that of its school."""
    found = accounts.person(account_id)
    if found is None or found.deactivated_at is not None:
        return None
    return AccountInGroup(found, found.school.group_id if found.school else found.group_id)
