"""Writes of countries, national groups and schools, and of the tallies that follow them."""

from cissapp.people.schools.services.programme import (
    add_country,
    cover,
    create_group,
)
from cissapp.people.schools.services.schools import (
    change,
    count_new,
    enter,
    place,
    register,
)
from cissapp.people.schools.services.tallies import (
    repair_tallies,
)

__all__ = [
    "add_country",
    "change",
    "count_new",
    "cover",
    "create_group",
    "enter",
    "place",
    "register",
    "repair_tallies",
]
