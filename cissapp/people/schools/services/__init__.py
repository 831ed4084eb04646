"""Writes of countries, national groups and schools, and of the tallies derived from them."""

from cissapp.people.schools.services.history import repair_history
from cissapp.people.schools.services.kept_figures import keep_figures
from cissapp.people.schools.services.letterheads import (
    DamagedLogo,
    examine_logo,
    logo_for_papers,
    read_logo,
    save_letterhead,
)
from cissapp.people.schools.services.many import (
    NOBODY,
    enter_schools,
    leave_register,
    leave_together,
)
from cissapp.people.schools.services.programme import (
    add_country,
    cover_countries,
    create_group,
)
from cissapp.people.schools.services.schools import (
    add_invented_school,
    change_facts,
    count_new,
    enter_school,
    place,
    place_each,
    register,
)
from cissapp.people.schools.services.tallies import (
    repair_tallies,
)

__all__ = [
    "NOBODY",
    "DamagedLogo",
    "add_country",
    "add_invented_school",
    "change_facts",
    "count_new",
    "cover_countries",
    "create_group",
    "enter_school",
    "enter_schools",
    "examine_logo",
    "keep_figures",
    "leave_register",
    "leave_together",
    "logo_for_papers",
    "place",
    "place_each",
    "read_logo",
    "register",
    "repair_history",
    "repair_tallies",
    "save_letterhead",
]
