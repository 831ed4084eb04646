"""The data map: each table of each wing, each column in its place."""

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
)

PARTS = (
    foundation,
    people,
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
