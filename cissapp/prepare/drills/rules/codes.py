"""The code of a drill, such as DRILL-7Q4K: part of the message, entered by the school."""

import secrets

from cissapp.foundation.core.unicode import normalised

# Crockford's base 32: no I, L, O or U, so that a code can be read out and typed from paper.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 4
PREFIX = "DRILL-"

# Look-alikes that people type instead, including those of a Cyrillic keyboard.
TYPED_AS = str.maketrans("OILОІАВСЕНКМРТХУЈ", "01101ABCEHKMPTXYJ")


def new_code() -> str:
    """Generate a code."""
    return PREFIX + "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))


def normalise_code(raw: str) -> str:
    """Read a code as someone typed it: case, blanks, dashes, look-alikes and the word before it do not matter."""
    text = normalised("NFKC", raw[:60]).upper()
    kept = "".join(mark for mark in text if mark.isalnum())
    return PREFIX + kept.removeprefix("DRILL").translate(TYPED_AS)
