"""The open actions of a school's plan, as a table of a product."""

from collections.abc import Iterable

from babel.dates import format_date
from flask_babel import force_locale
from flask_babel import gettext as _

from cissapp.foundation.office.filling import Value, plain, table
from cissapp.prepare.facts.queries import FactTable
from cissapp.prepare.plan.models import PlannedAction

# The columns of the table, by the names that products use.
COLUMNS = ("what", "who", "due")


def action_heads(language: str) -> tuple[str, ...]:
    """Return the column headings in a language."""
    with force_locale(language):
        return str(_("What needs to be done")), str(_("Who does it")), str(_("By when"))


def table_of_actions(actions: Iterable[PlannedAction], language: str) -> FactTable:
    """Return the open actions as rows: what, who, by when."""
    rows = tuple(
        (one.what, one.who, format_date(one.due_on, format="d MMMM y", locale=language))
        for one in actions
        if one.done_on is None
    )
    return FactTable(COLUMNS, action_heads(language), rows, {})


def value_of_table(found: FactTable) -> Value | None:
    """Return a table as a value for a text; None if it has no rows."""
    if not found.rows:
        return None
    return Value(table(found.head, [[plain(cell) for cell in row] for row in found.rows]))
