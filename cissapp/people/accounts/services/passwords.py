"""Hashes and checks passwords with Argon2id, at most two at a time."""

from functools import cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import select

from cissapp.foundation.core.db import session
from cissapp.people.accounts.models import User

# OWASP's second choice: 19 MiB, two passes, one lane; about 23 ms of one core.
_hasher = PasswordHasher(memory_cost=19_456, time_cost=2, parallelism=1)
_two_at_a_time = BoundedSemaphore(2)

# No password has this hash: the account opens by another way, until a link in a mail sets a password.
NO_PASSWORD = "!"  # noqa: S105 -- it opens nothing


@cache
def _nobody() -> str:
    return _hasher.hash("nobody has this password")


def hash_password(password: str) -> str:
    """Hash a password."""
    with _two_at_a_time:
        return _hasher.hash(password)


def has_password(user: User) -> bool:
    """Check whether any password opens the account; not until one is set, after joining by an organisation."""
    return user.password_hash != NO_PASSWORD


def verify_password(stored: str | None, password: str) -> bool:
    """Check a password; without a stored hash the same work is done, and the answer is no."""
    stored = None if stored == NO_PASSWORD else stored
    with _two_at_a_time:
        try:
            return _hasher.verify(stored or _nobody(), password) and stored is not None
        except (VerificationError, InvalidHashError):
            return False


def hash_anew(stored: str | None, password: str) -> str | None:
    """Return a new hash of a correct password if the stored one has an outdated cost; otherwise None."""
    if stored is None or not _hasher.check_needs_rehash(stored):
        return None
    return hash_password(password)


def is_still_right(user: User, password: str, *, checked: str | None) -> bool:
    """Return whether a password that fitted the hash `checked` still does, and let nobody change it until commit.

    Checking takes so long that the password may be changed meanwhile, which ends every session: one that the
    old password opens must not come after that. A hash of another cost is checked again.
    """
    own = select(User.password_hash).where(User.id == user.id).with_for_update(key_share=True)
    stored = session.scalars(own).one()
    return stored == checked or verify_password(stored, password)
