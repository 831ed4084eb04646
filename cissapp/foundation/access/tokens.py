"""How the secret of a link, a session or a program is kept: as a hash alone."""

import hashlib


def hash_of(token: str) -> str:
    """Hash a token to the form in which it is stored; it is drawn at random, so that no salt is needed."""
    return hashlib.sha256(token.encode()).hexdigest()
