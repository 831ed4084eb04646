"""The data map: the place of every column in every table of every wing."""

from cissapp.oversee.personal_data.rules.tables import (
    certify,
    foundation,
    helping,
    learn,
    oversee,
    people,
    personal_data,
    prepare,
    review,
    school_papers,
    signing_in,
)

PARTS = (
    foundation,
    people,
    signing_in,
    learn,
    prepare,
    school_papers,
    certify,
    helping,
    review,
    oversee,
    personal_data,
)
TABLES = {table.name: table for part in PARTS for table in part.TABLES}
