"""The statistics of its tables by which the database plans its queries."""

from sqlalchemy import text

from cissapp.foundation.core.db import session

# Rows sampled per index: enough to plan by, and quick at any size.
ROWS_A_TABLE = 1000


def refresh_statistics() -> int:
    """Have SQLite analyse its tables again, and return 1; return 0 on PostgreSQL, which does so by itself."""
    if session.get_bind().dialect.name != "sqlite":
        return 0
    session.execute(text(f"PRAGMA analysis_limit={ROWS_A_TABLE}"))
    session.execute(text("ANALYZE"))
    return 1
