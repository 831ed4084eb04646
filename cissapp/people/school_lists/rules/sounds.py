"""The sounds of schools and towns, and the codes of schools whose list has none."""

import base64
import re
from functools import lru_cache
from hashlib import blake2b

from cissapp.foundation.core.unicode import AFTER_TOWN, NUMBER_SIGN, folded_name
from cissapp.people.schools.rules import RegisterFacts

# Codes of schools whose list has none. No register is known to have such codes.
OWN_CODE = re.compile("NAME-[A-Z2-7]{4}-[A-Z2-7]{4}-[A-Z2-7]{4}")
OWN_CODE_START = "NAME-"
OWN_CODE_BYTES, OWN_CODE_LETTERS = 8, 12


def neighbours(town: str) -> tuple[str, str]:
    """Return the range of the sounds of all schools of a town."""
    return f"{town}{AFTER_TOWN}", f"{town}{AFTER_TOWN[0]}{chr(ord(AFTER_TOWN[1]) + 1)}"


def town_of(sound: str) -> str:
    """Return the town in the sound of a school."""
    return sound.partition(AFTER_TOWN)[0]


# --- codes -----------------------------------------------------------------------------------


@lru_cache(maxsize=4096)
def own_code(facts: RegisterFacts) -> str:
    """Return the code of a school whose list has none: the same for the same name and place, however it is typed."""
    said = (facts.country_code, facts.region_code, *map(typed, (facts.locality, facts.name)))
    digest = blake2b(repr(said).encode(), digest_size=OWN_CODE_BYTES).digest()
    letters = base64.b32encode(digest).decode()[:OWN_CODE_LETTERS]
    return f"{OWN_CODE_START}{letters[:4]}-{letters[4:8]}-{letters[8:]}"


def is_own_code(code: str) -> bool:
    """Check whether a code is one of a school whose list had none."""
    return OWN_CODE.fullmatch(code) is not None


def typed(text: str) -> str:
    """Return a name without what differs when it is typed again: case, quotation marks, the sign of a number."""
    return folded_name(NUMBER_SIGN.sub(" ", text))
