"""Reads for the pages for anyone, and for the health of the service."""

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from cissapp.foundation.core.db import session
from cissapp.people.schools import queries as schools


def not_ready(head: str) -> list[str]:
    """List what keeps the database from being used: not reachable, or not migrated."""
    try:
        current = session.execute(text("SELECT version_num FROM alembic_version")).scalar()
    except DBAPIError as error:
        session.rollback()
        return [f"database: {type(error.orig).__name__}"]
    return [] if current == head else ["database: migrations are missing"]


def group_names_by_country() -> dict[str, list[str]]:
    """Name the open national groups of each country that has one."""
    found: dict[str, list[str]] = {}
    for group in schools.groups():
        for code in group.country_codes if group.to_on is None else ():
            found.setdefault(code, []).append(group.name)
    return found
