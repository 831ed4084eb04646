"""A browser in which a person was signed in is known again by a mark, so that strangers who guess keep nobody out.

The mark is no way in and names nobody: it is worth something only together with the password that it was made for
(OWASP, device cookies). Nothing of it is kept here.
"""

import hmac
import secrets
from collections.abc import Iterable

from cissapp.foundation.core.installation import secret_keys
from cissapp.people.accounts.models import User


def new_mark(user: User) -> str:
    """Draw a mark by which this browser is known again for this person, until the password changes."""
    drawn = secrets.token_urlsafe(12)
    return f"{drawn}.{_proof(user, drawn)}"


def known_mark(user: User | None, marks: Iterable[str]) -> str | None:
    """Return the mark among these that was drawn for a person; None where none was.

    For an address without an account the same work is done.
    """
    for mark in marks:
        drawn, _, proof = mark.partition(".")
        if hmac.compare_digest(proof.encode(), _proof(user, drawn).encode()):
            return mark if user else None
    return None


def _proof(user: User | None, drawn: str) -> str:
    of = f"{user.id} {user.password_hash}" if user else "nobody"
    return secret_keys.keyed_digest("known device", f"{drawn} {of}")
