"""Says whether a file shows people: in a process of its own, which keeps nothing."""

from cissapp.foundation.safeguards.pictures.isolation import Family, Looked, look_into, shows_people

__all__ = ["Family", "Looked", "look_into", "shows_people"]
