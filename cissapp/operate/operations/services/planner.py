"""The statistics of its tables by which the database plans its queries."""

from sqlalchemy import text

from cissapp.foundation.core.db import session

# Rows sampled per index: enough to plan by, and quick at any size.
ROWS_A_TABLE = 1000
# By the statistics of a table that is still small, SQLite reads all of it for each row of another. A list of a
# hundred thousand schools fills it within the hour, before it is analysed again; without any, indexes are used.
SMALL = 1000
FORGET_SMALL = """DELETE FROM sqlite_stat1 WHERE tbl IN (
  SELECT tbl FROM sqlite_stat1 GROUP BY tbl HAVING max(CAST(stat AS INTEGER)) < :small)"""


def refresh_statistics() -> int:
    """Have SQLite analyse its larger tables again, and return 1; return 0 on PostgreSQL, which does so by itself."""
    if session.get_bind().dialect.name != "sqlite":
        return 0
    session.execute(text(f"PRAGMA analysis_limit={ROWS_A_TABLE}"))
    session.execute(text("ANALYZE"))
    session.execute(text(FORGET_SMALL), {"small": SMALL})
    session.execute(text("ANALYZE sqlite_schema"))  # reads what is left
    return 1
