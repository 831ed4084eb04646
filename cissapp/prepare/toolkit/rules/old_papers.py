"""Whether a product that was made says something that is not so any more, or leaves out what is said since."""

from collections.abc import Iterable, Mapping

from cissapp.prepare.facts.rules.changes import differences_of


def is_old(carried: Mapping[str, str], said: Mapping[str, str], printed: Iterable[str]) -> bool:
    """Check whether a product carries a value that the school does not say today, or would carry more of them now.

    `printed` are the keys that it would carry now. A number that was not confirmed in time is left out of the
    next file, but the one that was made is not wrong.
    """
    return bool(differences_of(carried, {}, said)) or not set(printed) <= set(carried)
