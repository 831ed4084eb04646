"""Whether a paper that was made says something that is not so any more."""

from collections.abc import Mapping


def is_old(carried: Mapping[str, object], printed: Mapping[str, str]) -> bool:
    """Check whether a paper carries a value that papers of today do not say."""
    return any(printed.get(key) != value for key, value in carried.items())
