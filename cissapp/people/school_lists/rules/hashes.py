"""Hashes of what the rows of a list say, so that those of a million rows fit in memory."""

from hashlib import blake2b
from typing import Any

# Two of a million codes have the same hash once in a hundred thousand lists.
HASH_BYTES = 7


def hash_of(*values: Any) -> int:
    """Return a hash that another process computes, too."""
    return int.from_bytes(blake2b(repr(values).encode(), digest_size=HASH_BYTES).digest())


def place_of_given(country_code: str, code: str) -> int:
    """Return where the hash of the code is noted that a row gives to a school told by its name until then."""
    return hash_of("given", country_code, code)


def place_of_named(country_code: str, own_code: str) -> int:
    """Return where it is noted that a new school with a code has the name and place of this one."""
    return hash_of("named", country_code, own_code)
