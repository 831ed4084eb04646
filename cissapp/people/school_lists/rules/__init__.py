"""What columns of a list mean, how its rows are read, and what becomes of them."""

from cissapp.people.school_lists.rules.columns import (
    COLUMN_NAMES,
    FOR_ALL,
    TEMPLATE,
    ListColumn,
    mapping_problems,
)
from cissapp.people.school_lists.rules.headings import guess_columns, is_known
from cissapp.people.school_lists.rules.outcomes import (
    AT_WORK,
    NEEDS_ROWS,
    OUTCOME_KINDS,
    OUTCOME_NAMES,
    TO_MEND,
    WRITING,
    ListState,
    RowOutcome,
    RowResult,
    UndoOutcome,
    restored,
    to_mend,
)
from cissapp.people.school_lists.rules.people import PersonOnList
from cissapp.people.school_lists.rules.rows import ReadRow, RowReader

__all__ = [
    "AT_WORK",
    "COLUMN_NAMES",
    "FOR_ALL",
    "NEEDS_ROWS",
    "OUTCOME_KINDS",
    "OUTCOME_NAMES",
    "TEMPLATE",
    "TO_MEND",
    "WRITING",
    "ListColumn",
    "ListState",
    "PersonOnList",
    "ReadRow",
    "RowOutcome",
    "RowReader",
    "RowResult",
    "UndoOutcome",
    "guess_columns",
    "is_known",
    "mapping_problems",
    "restored",
    "to_mend",
]
