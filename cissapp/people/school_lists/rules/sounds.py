"""The sounds by which a new school of a list is looked for in the register."""

from cissapp.foundation.core.unicode import heard_key

# A town is read without its kind, but the register may have “м. Вінниця”: from a form, or from an older list.
KINDS_IN_REGISTER = ("м", "с", "смт", "г", "д", "or", "mun")


def sounds_of(name: str, locality: str) -> list[str]:
    """Return the keys of a school whose town the register has as a list reads it, or after its kind."""
    own = heard_key(name, locality)
    before, comma, town = own.rpartition(", ")
    return [own, *(f"{before}{comma}{kind} {town}" for kind in HEARD_KINDS)]


HEARD_KINDS = [heard_key("", kind).rpartition(", ")[2] for kind in KINDS_IN_REGISTER]
