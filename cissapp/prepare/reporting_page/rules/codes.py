"""The code of a page: short enough to be typed, and not to be guessed."""

import secrets

# Neither 0 nor o, neither 1 nor l nor i: nobody has to ask which one it is.
SIGNS = "23456789abcdefghjkmnpqrstuvwxyz"
LENGTH = 8


def new_code() -> str:
    """Return a new code by chance: one of 850 thousand million."""
    return "".join(secrets.choice(SIGNS) for _ in range(LENGTH))


def fold_code(typed: str) -> str:
    """Return a code as it is kept, however it was typed."""
    return "".join(sign for sign in typed.lower() if sign.isalnum())
