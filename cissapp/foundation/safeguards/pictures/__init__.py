"""Searches a file for people in its pictures: in a process of its own, which keeps nothing."""

from cissapp.foundation.safeguards.pictures.isolation import (
    Family,
    PeopleSearch,
    search_for_people,
    shows_people,
)

__all__ = ["Family", "PeopleSearch", "search_for_people", "shows_people"]
