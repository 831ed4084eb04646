"""The record of processing as a Markdown table, generated from the data map. Pure."""

from cissapp.oversee.personal_data.rules.columns import (
    BASES,
    PEOPLE,
    PURPOSE_NAMES,
    Place,
    Purpose,
    Rows,
    Table,
)
from cissapp.oversee.personal_data.rules.tables import TABLES

HEAD = (
    "| table | people named by number | words of people | held | at an erasure |",
    "|---|---|---|---|---|",
)


def record_of_processing() -> str:
    """List every table that holds personal data, by purpose."""
    parts: list[str] = []
    for purpose in Purpose:
        tables = [
            table for table in TABLES.values() if table.purpose is purpose and table.is_personal
        ]
        if tables:
            rows = [_row(table) for table in sorted(tables, key=lambda table: table.name)]
            ground = f"Ground: {BASES[purpose].value}."
            parts += [f"### {PURPOSE_NAMES[purpose]}", "", ground, "", *HEAD, *rows, ""]
    return "\n".join(parts)


def _row(table: Table) -> str:
    words = table.at(Place.ADDRESS, Place.OWN, Place.TEXT, Place.FROZEN, Place.HIDDEN)
    cells = [
        f"`{table.name}`",
        _listed(table.at(*PEOPLE)),
        _listed(words),
        table.keep.value,
        _at_erasure(table),
    ]
    return f"| {' | '.join(cells)} |"


def _listed(names: list[str]) -> str:
    return ", ".join(names) or "–"


def _at_erasure(table: Table) -> str:
    if table.rows is Rows.DELETED:
        return "row deleted"
    if table.exception:
        return f"pseudonym; kept: {table.exception.value}"
    return "pseudonym"
