"""Recovery codes: ten, each single-use, of letters and digits that are not mistaken for each other."""

import secrets

from cissapp.foundation.core.unicode import normalised

COUNT, FEW_LEFT = 10, 3
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
LENGTH, GROUP = 16, 4


def new_codes() -> list[str]:
    """Return ten new codes; no two begin alike, since the beginning finds the row."""
    found: dict[str, str] = {}
    while len(found) < COUNT:
        code = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
        found[beginning(code)] = code
    return list(found.values())


def beginning(code: str) -> str:
    """Return the part of a code that is stored in plain text; the other twelve characters are secret."""
    return code[:GROUP]


def shown_code(code: str) -> str:
    """Return a code in groups of four."""
    return "-".join(code[at : at + GROUP] for at in range(0, LENGTH, GROUP))


def plain_recovery_code(typed: str) -> str:
    """Return the letters and digits of a typed code, in lower case."""
    return "".join(mark for mark in normalised("NFKC", typed).casefold() if mark in ALPHABET)
