"""The data map in short: what people are kept for, and how long. Pure."""

from cissapp.oversee.personal_data.rules.columns import Keep, Purpose
from cissapp.oversee.personal_data.rules.tables import TABLES


def keeps_of() -> dict[Purpose, list[Keep]]:
    """Return how long something of a person is held, by what it is held for, each once and in the order of the words."""
    found: dict[Purpose, set[Keep]] = {purpose: set() for purpose in Purpose}
    for table in TABLES.values():
        if table.is_personal:
            found[table.purpose].add(table.keep)
    return {purpose: [one for one in Keep if one in keeps] for purpose, keeps in found.items()}
