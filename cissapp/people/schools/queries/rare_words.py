"""Finds schools by a rare word on SQLite, with a trigram index if this SQLite supports one.

Frequent words skip it, as a list by name fills up sooner without. PostgreSQL chooses by itself.
"""

from collections.abc import Iterable
from uuid import UUID
from weakref import WeakKeyDictionary

from sqlalchemy import ColumnElement, Engine, Text, func, select, text, type_coerce

from cissapp.foundation.core.db import db, session

# The index knows nothing shorter.
LEAST_MARKS = 3
# With more matches than this, filling a list by name is faster than finding and sorting them: of 100,000
# schools one match takes 12 microseconds, and a school that is read in vain 18.
MOST_FOUND = 3000

_FOUND = text(
    "SELECT count(*), json_group_array(school_id) FROM searched_school WHERE id IN"
    " (SELECT rowid FROM school_words WHERE school_words MATCH :sought LIMIT :most)"
)
# A recreated table loses its triggers, and without one of them the index would miss schools.
_PARTS = text(
    "SELECT count(*) FROM sqlite_master WHERE name IN"
    " ('school_words', 'school_words_added', 'school_words_changed', 'school_words_removed')"
)
_is_indexed: WeakKeyDictionary[Engine, bool] = WeakKeyDictionary()


def among_found(
    school_id: ColumnElement[UUID], plain: str, codes: Iterable[str]
) -> ColumnElement[bool] | None:
    """Return the condition that a school is among the few with a word; None if frequent, short or no index.

    Each has the text `plain` in its search text, or one of `codes` in its code, ignoring case. There may be
    false matches among them, so the word must still be compared.
    """
    sought = _sought(plain, list(codes))
    if not sought or not _has_index(db.engine):
        return None
    number, ids = session.execute(_FOUND, {"sought": sought, "most": MOST_FOUND + 1}).one()
    if number > MOST_FOUND:
        return None
    # As one value, because a thousand parameters took longer to build into the statement than the search.
    keys = func.json_each(ids).table_valued("value")
    return type_coerce(school_id, Text).in_(select(keys.c.value))


def _sought(plain: str, codes: list[str]) -> str:
    """Return the query for the index; empty if any part of it is too short to be indexed."""
    if min(map(len, [plain, *codes])) < LEAST_MARKS:
        return ""
    return " OR ".join(
        [f"search_text : {_quoted(plain)}", *(f"code : {_quoted(code)}" for code in codes)]
    )


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _has_index(engine: Engine) -> bool:
    if engine.dialect.name != "sqlite":
        return False
    if engine not in _is_indexed:
        _is_indexed[engine] = session.scalar(_PARTS) == 4
    return _is_indexed[engine]
