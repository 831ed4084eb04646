"""Whether a product that was made states outdated values, or lacks newer ones."""

from collections.abc import Iterable, Mapping

from cissapp.prepare.facts.rules.changes import differences_of


def is_old(carried: Mapping[str, str], said: Mapping[str, str], printed: Iterable[str]) -> bool:
    """Check whether a product contains a value that is out of date, or would now contain more values.

    `printed` are the keys that it would contain now. An unconfirmed number is left out of the next file, but
    that does not make the existing one wrong.
    """
    return bool(differences_of(carried, {}, said)) or not set(printed) <= set(carried)
