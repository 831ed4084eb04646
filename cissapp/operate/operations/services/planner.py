"""What the database knows of its tables, by which it plans how to read them."""

from sqlalchemy import text

from cissapp.foundation.core.db import session

# So many rows of each index are looked at: enough to plan by, and it takes a moment at any size.
ROWS_A_TABLE = 1000


def refresh_statistics() -> int:
    """Let SQLite look at its tables anew, and return 1; return 0 on PostgreSQL, which does so by itself."""
    if session.get_bind().dialect.name != "sqlite":
        return 0
    session.execute(text(f"PRAGMA analysis_limit={ROWS_A_TABLE}"))
    session.execute(text("ANALYZE"))
    return 1
