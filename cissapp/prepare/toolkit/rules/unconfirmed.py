"""Which contacts a product leaves out because nobody confirmed them for six months."""

from collections.abc import Collection, Mapping
from datetime import date

from cissapp.prepare.facts.rules import Fact, is_printed

# The values of the school that contain a contact, by the first part of its key.
STANDS_IN = {
    "person": frozenset({"people"}),
    "channel": frozenset({"channels", "outside"}),
    "step": frozenset({"escalation"}),
    "helpline": frozenset({"helplines"}),
}
COVER = "cover"


def values_with(key: str) -> frozenset[str]:
    """Return the values of a school that contain a fact, by its key."""
    start, _dot, rest = key.partition(".")
    return frozenset({rest}) if start == COVER else STANDS_IN.get(start, frozenset())


def left_out(facts: Mapping[str, Fact], used: Collection[str], today: date) -> list[Fact]:
    """List the contacts in the used values that are not printed today."""
    return [
        fact
        for key, fact in facts.items()
        if fact.is_contact and values_with(key) & set(used) and not is_printed(fact, today)
    ]
