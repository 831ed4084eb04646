"""A browser is recognised by a mark, so that strangers who guess passwords lock nobody out of it.

The mark grants no access and names nobody: it only works together with the password that it was made for
(OWASP, device cookies). It is not stored here.
"""

import hmac
import secrets
from collections.abc import Iterable

from cissapp.foundation.core.installation import secret_keys
from cissapp.people.accounts.models import User


def new_mark(user: User) -> str:
    """Generate a mark that identifies this browser for this person until the password changes."""
    drawn = secrets.token_urlsafe(12)
    return f"{drawn}.{_proof(user, drawn)}"


def known_mark(user: User | None, marks: Iterable[str]) -> str | None:
    """Return the mark among these that was made for a person; None if there is none.

    The same work is done for an address without an account.
    """
    for mark in marks:
        drawn, _, proof = mark.partition(".")
        if hmac.compare_digest(proof.encode(), _proof(user, drawn).encode()):
            return mark if user else None
    return None


def _proof(user: User | None, drawn: str) -> str:
    of = f"{user.id} {user.password_hash}" if user else "nobody"
    return secret_keys.keyed_digest("known device", f"{drawn} {of}")
