"""Find schools by rare words through a trigram index on SQLite: each search used to read every school."""

from contextlib import suppress

import sqlalchemy as sa
from alembic import op

revision = "0059"
down_revision = "0058"
branch_labels = None
depends_on = None

# The row numbers of the index need a table of their own: VACUUM may change those of the table of schools.
PLACES = "CREATE TABLE searched_school (id INTEGER PRIMARY KEY, school_id CHAR(32) NOT NULL UNIQUE)"
# The index stores no text of its own: triggers keep it up to date, and searches check again what it finds.
WORDS = "CREATE VIRTUAL TABLE school_words USING fts5(search_text, code, content='', tokenize='trigram')"
# Removed entries are overwritten, as in the rest of the database. SQLite before 3.42 cannot do this.
OVERWRITE = "INSERT INTO school_words (school_words, rank) VALUES ('secure-delete', 1)"
FILL = (
    "INSERT INTO searched_school (school_id) SELECT id FROM school",
    "INSERT INTO school_words (rowid, search_text, code) SELECT searched_school.id, school.search_text,"
    " school.code FROM searched_school JOIN school ON school.id = searched_school.school_id",
)
ADD = """INSERT INTO school_words (rowid, search_text, code)
  SELECT id, new.search_text, new.code FROM searched_school WHERE school_id = new.id;"""
REMOVE = """INSERT INTO school_words (school_words, rowid, search_text, code)
  SELECT 'delete', id, old.search_text, old.code FROM searched_school WHERE school_id = old.id;"""
TRIGGERS = (
    f"""CREATE TRIGGER school_words_added AFTER INSERT ON school BEGIN
  INSERT INTO searched_school (school_id) VALUES (new.id);
  {ADD}
END""",
    f"""CREATE TRIGGER school_words_changed AFTER UPDATE OF search_text, code ON school
WHEN old.search_text <> new.search_text OR old.code <> new.code BEGIN
  {REMOVE}
  {ADD}
END""",
    f"""CREATE TRIGGER school_words_removed AFTER DELETE ON school BEGIN
  {REMOVE}
  DELETE FROM searched_school WHERE school_id = old.id;
END""",
)


def upgrade() -> None:
    connection = op.get_bind()
    if connection.dialect.name != "sqlite":
        return
    try:
        with connection.begin_nested():
            connection.execute(sa.text(WORDS))
    except sa.exc.OperationalError as error:
        # SQLite without FTS5, or older than 3.34: searches keep reading every school.
        if "no such" not in str(error.orig):
            raise
        return
    with suppress(sa.exc.OperationalError), connection.begin_nested():
        connection.execute(sa.text(OVERWRITE))
    for statement in (PLACES, *FILL, *TRIGGERS):
        op.execute(statement)


def downgrade() -> None:
    if op.get_bind().dialect.name != "sqlite":
        return
    for name in ("added", "changed", "removed"):
        op.execute(f"DROP TRIGGER IF EXISTS school_words_{name}")
    op.execute("DROP TABLE IF EXISTS school_words")
    op.execute("DROP TABLE IF EXISTS searched_school")
