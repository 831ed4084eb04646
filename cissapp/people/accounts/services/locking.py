"""Locks accounts against concurrent changes.

Whoever needs several locks takes them in one order, or two could wait for each other: first the counted attempts, then
the account, then its links and invitations.
"""

from uuid import UUID

from sqlalchemy import select

from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.db import session
from cissapp.foundation.core.errors import Forbidden
from cissapp.people.accounts.models import User


def lock_person(person_id: UUID | None) -> None:
    """Let nobody else close or change an account until commit; do nothing if there is none."""
    session.execute(select(User.id).where(User.id == person_id).with_for_update(key_share=True))


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
