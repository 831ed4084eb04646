"""How the secret of a link, a session or a program is stored: only as a hash."""

import hashlib


def hash_of(token: str) -> str:
    """Hash a token for storage; tokens are random, so no salt is needed."""
    return hashlib.sha256(token.encode()).hexdigest()
