"""The code of a drill, such as DRILL-7Q4K: part of the message, entered by the school."""

import secrets
from datetime import timedelta

from cissapp.foundation.core.unicode import CODE_LETTERS, TYPED_AS, normalised
from cissapp.people.accounts.rules import AttemptLimit

CODE_LENGTH = 4
PREFIX = "DRILL-"
# A drill can be found for ten working days: without this limit, a program that tries a million codes finds it.
WRONG_CODES = AttemptLimit("codes of drills", 40, timedelta(days=1))


def new_code() -> str:
    """Generate a code."""
    return PREFIX + "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))


def normalise_code(raw: str) -> str:
    """Read a code as someone typed it: case, blanks, dashes, look-alikes and the word before it do not matter."""
    text = normalised("NFKC", raw[:60]).upper()
    kept = "".join(mark for mark in text if mark.isalnum())
    return PREFIX + kept.removeprefix("DRILL").translate(TYPED_AS)
