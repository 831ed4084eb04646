"""Puts figures side by side: of one area or two, now and in the month compared with."""

from collections.abc import Iterable

from flask_babel import gettext as _
from msgspec import Struct

from cissapp.foundation.web.languages import in_order_of
from cissapp.foundation.web.regions import offered_levels
from cissapp.oversee.oversight.phrases import month_name, written
from cissapp.oversee.oversight.views.reading import Reading, Row
from cissapp.oversee.oversight.views.tables import cells_of, heads


class SideBySide(Struct, frozen=True):
    """The same figures in several columns; `choices` are the regions that can be chosen."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    choices: tuple[tuple[str, str], ...]


def side_by_side(reading: Reading) -> SideBySide:
    """List every figure of the chosen areas, now and in the month compared with."""
    own = reading.area.region_code
    first, second = (
        code if code and (code == own or reading.has_below(code)) else None
        for code in reading.asked.pair
    )
    columns = _columns(reading, first or own)
    if second:
        columns += _columns(reading, second)
    cells = [cells_of(row) if row else None for _title, row in columns]
    names = heads()
    rows = [
        (name, *(_shown(cell[place]) if cell else "–" for cell in cells))
        for place, name in enumerate(names)
    ]
    return SideBySide(
        (_("Figure"), *(title for title, _row in columns)),
        tuple(rows),
        tuple(_choices(reading, filter(None, (first, second)))),
    )


def _shown(cell: str) -> str:
    """Write a number of a file as the page writes numbers."""
    return written(int(cell)) if cell.isdecimal() else cell


def _choices(reading: Reading, chosen: Iterable[str]) -> list[tuple[str, str]]:
    """List the regions that can be chosen: level by level while there are few, and those that are chosen."""
    offered = {code for level in offered_levels(reading.levels()) for code in level}
    by_name = in_order_of(reading.language)
    codes = offered | {code for code in chosen if reading.has_below(code)}
    found = [(code, _path_name(reading, code)) for code in codes]
    return sorted(found, key=lambda choice: by_name(choice[1]))


def _path_name(reading: Reading, code: str) -> str:
    """Return the name of a region with those that it is part of, largest first."""
    above = reading.area.region_code
    path = [one for one in reading.pack.path(code) if one != above or one == code]
    return ", ".join(reading.region_name(one) for one in path)


def _columns(reading: Reading, code: str | None) -> list[tuple[str, Row | None]]:
    brief = reading.brief
    name = reading.region_name(code) if code else reading.name
    when = month_name(brief.on) if brief.on else _("now")
    now = brief.table.regions.get(code) if code else brief.table.whole
    columns = [(_("%(region)s, %(month)s", region=name, month=when), now)]
    if brief.before is not None and brief.against is not None:
        then = brief.before.regions.get(code) if code else brief.before.whole
        month = month_name(brief.against.month)
        columns.append((_("%(region)s, %(month)s", region=name, month=month), then))
    return columns
