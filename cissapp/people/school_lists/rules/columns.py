"""What columns of a list hold, and which a list must have."""

from collections.abc import Container, Iterable
from enum import StrEnum

from cissapp.foundation.core.errors import N_, Problem


class ListColumn(StrEnum):
    """What a column of a list holds."""

    COUNTRY = "country"
    REGION = "region"
    DISTRICT = "district"
    CODE = "code"
    NAME = "name"
    LOCALITY = "locality"
    ADDRESS = "address"
    LANGUAGE = "language"
    PUPILS = "pupils"
    HEAD_EMAIL = "head_email"
    HEAD_NAME = "head_name"
    DEPUTY_EMAIL = "deputy_email"
    DEPUTY_NAME = "deputy_name"
    DESIGNATED_EMAIL = "designated_email"
    DESIGNATED_NAME = "designated_name"
    EMAIL = "email"
    PERSON_NAME = "person_name"
    DUTY = "duty"


C = ListColumn

# Each address column with its name column.
ADDRESSES = {
    C.HEAD_EMAIL: C.HEAD_NAME,
    C.DEPUTY_EMAIL: C.DEPUTY_NAME,
    C.DESIGNATED_EMAIL: C.DESIGNATED_NAME,
    C.EMAIL: C.PERSON_NAME,
}

COLUMN_NAMES: dict[ListColumn, str] = {
    C.COUNTRY: N_("Country"),
    C.REGION: N_("Region"),
    C.DISTRICT: N_("District of the region"),
    C.CODE: N_("School code in the ministry’s register"),
    C.NAME: N_("Name of the school"),
    C.LOCALITY: N_("Town or village"),
    C.ADDRESS: N_("Address, for the region and the town"),
    C.LANGUAGE: N_("Language of the school"),
    C.PUPILS: N_("Number of pupils"),
    C.HEAD_EMAIL: N_("Head: email address"),
    C.HEAD_NAME: N_("Head: name"),
    C.DEPUTY_EMAIL: N_("Deputy: email address"),
    C.DEPUTY_NAME: N_("Deputy: name"),
    C.DESIGNATED_EMAIL: N_("Designated person: email address"),
    C.DESIGNATED_NAME: N_("Designated person: name"),
    C.EMAIL: N_("One person per row: email address"),
    C.PERSON_NAME: N_("One person per row: name"),
    C.DUTY: N_("One person per row: role at the school"),
}

# What a list of schools has; without a code, schools are told by name and place.
OF_SCHOOLS = (C.REGION, C.CODE, C.NAME, C.LOCALITY, C.LANGUAGE)
# What it needs; the language may be missing where the country has one only.
NEEDED = (C.REGION, C.NAME, C.LOCALITY)
# What an address says too, for lists without these columns.
IN_ADDRESS = (C.REGION, C.LOCALITY)
# What may be said once for all schools of a list, such as that of one town, instead of in each row.
FOR_ALL = (C.REGION, C.LOCALITY, C.LANGUAGE)
# What a list of people of schools in the register needs.
OF_PEOPLE = (C.CODE, C.EMAIL)
# The columns of the empty list. Lists with these headings have been accepted since the beginning.
TEMPLATE = (C.COUNTRY, *OF_SCHOOLS, C.PUPILS, C.HEAD_EMAIL, C.HEAD_NAME)

# What a list says of schools alone: without their name, it would be taken for one of people.
OF_SCHOOLS_ALONE = {C.LANGUAGE, C.PUPILS}

NO_NAME = N_(
    "Choose the column with the name of the school. A list of people has no language and no number of pupils: if it is one, choose “Do not read” for these columns."
)
MISSING = N_("The list needs a column for: %(columns)s.")
TWICE = N_("Two columns cannot both be “%(column)s”.")


def mapping_problems(
    columns: Iterable[ListColumn], for_all: Container[ListColumn] = ()
) -> list[Problem]:
    """List which columns a choice lacks, or has twice or in vain; what is said for all schools needs no column."""
    chosen = list(columns)
    twice = sorted({column for column in chosen if chosen.count(column) > 1})
    problems = [Problem("columns", TWICE, {"column": COLUMN_NAMES[column]}) for column in twice]
    if C.NAME not in chosen and C.EMAIL in chosen and OF_SCHOOLS_ALONE.intersection(chosen):
        problems.append(Problem("columns", NO_NAME))
    needed = NEEDED if C.NAME in chosen or C.EMAIL not in chosen else OF_PEOPLE
    said = {*chosen, *(IN_ADDRESS if C.ADDRESS in chosen else ())}
    missing = [column for column in needed if column not in said and column not in for_all]
    return problems + [
        Problem("columns", MISSING, {"columns": COLUMN_NAMES[column]}) for column in missing
    ]


def is_list_of_people(columns: Iterable[ListColumn]) -> bool:
    """Check whether a list names people of schools that are in the register, and not schools."""
    return C.NAME not in set(columns)
