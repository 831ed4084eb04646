"""The code of a page: short enough to type, and hard to guess."""

import secrets

# Without the lookalikes 0 and o, and 1, l and i.
SIGNS = "23456789abcdefghjkmnpqrstuvwxyz"
LENGTH = 8


def new_code() -> str:
    """Return a new random code, one of 850 thousand million."""
    return "".join(secrets.choice(SIGNS) for _ in range(LENGTH))


def fold_code(typed: str) -> str:
    """Return a code as it is kept, however it was typed."""
    return "".join(sign for sign in typed.lower() if sign.isalnum())
