"""Locks accounts against concurrent changes.

Whoever needs several locks takes them in one order, or two could wait for each other: first the counted attempts, then
the erasure of the account, then an address, then the account, then its links and invitations.
"""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select

from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.db import lock, session
from cissapp.foundation.core.errors import Forbidden
from cissapp.people.accounts.models import Invitation, User


def lock_address(email: str) -> None:
    """Let no other account take an address until commit; whether one has it is read after this."""
    lock(f"address:{email}")


def lock_closing() -> None:
    """Let nobody else close an account until commit: two people who close each other's would leave nobody."""
    lock("closing accounts")


def lock_erasure(person_id: UUID) -> None:
    """Let nobody ask for, stop or carry out an erasure, or open a closed account again, until commit."""
    lock(f"erasure:{person_id}")


def lock_person(person_id: UUID | None) -> bool:
    """Let nobody else close or change an account until commit; return False if it is closed, or there is none."""
    is_open = select(User.deactivated_at.is_(None)).where(User.id == person_id)
    return bool(session.scalar(is_open.with_for_update(key_share=True)))


def lock_people(ids: Collection[UUID]) -> None:
    """Let nobody else close or change these accounts until commit, and read again how they stand."""
    found = select(User).where(User.id.in_(ids)).order_by(User.id)
    session.scalars(
        found.with_for_update(key_share=True, of=User).execution_options(populate_existing=True)
    ).all()


def lock_invitations(email: str, school_id: UUID) -> None:
    """Let nobody accept or withdraw the open invitations of an address to a school until commit."""
    found = select(Invitation.id).where(
        Invitation.email == email,
        Invitation.school_id == school_id,
        Invitation.accepted_at.is_(None),
        Invitation.revoked_at.is_(None),
    )
    session.execute(found.order_by(Invitation.id).with_for_update(key_share=True))


def lock_inviter(by: Actor) -> None:
    """Let nobody close or change the inviter's account until commit; raise `Forbidden` if somebody just did.

    Closing it ends the invitations that it sent: one that is under way must not come after that.
    """
    if not isinstance(by, User):
        return
    own = select(User.role, User.duty, User.deactivated_at).where(User.id == by.id)
    found = session.execute(own.with_for_update(key_share=True)).one()
    if tuple(found) != (by.role, by.duty, None):
        raise Forbidden
