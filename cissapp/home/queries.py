"""Reads for the health of the service."""

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from cissapp.core.db import session


def not_ready(head: str) -> list[str]:
    """List what keeps the database from being used: not reachable, or not migrated."""
    try:
        current = session.execute(text("SELECT version_num FROM alembic_version")).scalar()
    except DBAPIError as error:
        session.rollback()
        return [f"database: {type(error.orig).__name__}"]
    return [] if current == head else ["database: migrations are missing"]
