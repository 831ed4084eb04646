"""Writes the tables of figures, with the same cells for page, print and files."""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from flask_babel import gettext as _
from msgspec import Struct

from cissapp.foundation.core.unicode import folded
from cissapp.foundation.web.languages import in_order_of
from cissapp.oversee.evaluation.rules import NoFigureReason
from cissapp.oversee.figures.rules import (
    INDICATORS,
    NAMES,
    Cell,
    Column,
    Stage,
    percent,
)
from cissapp.oversee.oversight.phrases import number, written
from cissapp.oversee.oversight.rules import shares_of
from cissapp.oversee.oversight.views.addresses import region_address
from cissapp.oversee.oversight.views.asking import Sort
from cissapp.oversee.oversight.views.large import change_of
from cissapp.oversee.oversight.views.reading import Reading, Row

MOST_ROWS = 10
# The style sheet prints this many on the sheet for a meeting.
PRINTED_ROWS = 6
# A hidden cell comes last whatever it hides: the order of rows must not reveal it.
HIDDEN = -1
# Rows that cannot be compared come last, below every fall.
LAST = -(10**9)
# The ground of a part of a bar that is not divided further, because a small number would show.
UNTOLD = "untold"


class FigureRow(Struct, frozen=True):
    """A row of a file: a region, or the whole area, and its cells as they are shown."""

    code: str | None
    name: str
    part_of: str
    cells: tuple[str, ...]


class RegionRow(Struct, frozen=True):
    """A row of the page: a region in three readable columns, and a bar of the same figures."""

    code: str
    name: str
    href: str
    part_of: str
    schools: str
    not_begun: str
    on_the_way: str
    certified: str
    share: str
    change: str
    parts: tuple[tuple[str, float, float], ...]


class RegionTable(Struct, frozen=True):
    """The rows that are shown, how many more there are, and the regions without a school."""

    rows: tuple[RegionRow, ...]
    more: int
    idle: tuple[tuple[str, str], ...]


def stages(row: Row) -> dict[Stage, Cell]:
    """Return the three stages of an area as they are shown; the middle one is hidden with the first."""
    certified, begun = row[Column.CERTIFIED], row[Column.REGISTERED]
    left = row[Column.SCHOOLS].count - certified.count - begun.count
    between = Cell(left, NoFigureReason.HELD if begun.reason else None, begun.least)
    return {Stage.NOT_BEGUN: begun, Stage.ON_THE_WAY: between, Stage.CERTIFIED: certified}


def stage_names() -> dict[Stage, str]:
    """Name the three stages."""
    return {
        Stage.NOT_BEGUN: _("Not begun"),
        Stage.ON_THE_WAY: _("On the way"),
        Stage.CERTIFIED: _("Certified"),
    }


def parts_of(row: Row) -> tuple[tuple[str, float, float], ...]:
    """Return the segments of an area's bar: levels, on the way; the rest of it has not begun."""
    grounds = ["level-3", "level-2", "level-1", "way"]
    between = stages(row)[Stage.ON_THE_WAY]
    counts = [row[column].count for column in (Column.LEVEL_3, Column.LEVEL_2, Column.LEVEL_1)]
    counts.append(between.count)
    if between.reason:
        grounds[-1] = UNTOLD
        counts[-1] = row[Column.SCHOOLS].count - row[Column.CERTIFIED].count
    places = shares_of(counts, row[Column.SCHOOLS].count)
    return tuple((ground, *place) for ground, place in zip(grounds, places, strict=True))


def legend(rows: Iterable[RegionRow]) -> list[tuple[str, str]]:
    """Return what each part of the bars of rows means; the part that is hidden only if a bar has it."""
    words = [
        ("level-3", _("certified, level 3")),
        ("level-2", _("level 2")),
        ("level-1", _("level 1")),
        ("way", _("on the way")),
        ("ground", _("not begun")),
    ]
    drawn = {ground for row in rows for ground, _begin, length in row.parts if length}
    if UNTOLD in drawn:
        words.append((UNTOLD, _("on the way or not begun (not divided)")))
    return words


def region_table(reading: Reading) -> RegionTable:
    """Choose and order the rows of the page: search results, or the regions directly below with schools."""
    asked, by_name = reading.asked, in_order_of(reading.language)
    rows = {code: reading.brief.table.regions.get(code) for code in _candidates(reading)}
    names = {code: reading.region_name(code) for code in rows}
    active = [code for code, row in rows.items() if asked.search or _has_schools(row)]
    active.sort(key=lambda code: by_name(names[code]))
    if asked.sort is not Sort.NAME:
        active.sort(key=lambda code: _place(reading, code, asked.sort), reverse=True)
    shown = active if asked.all_rows or asked.search else active[:MOST_ROWS]
    idle = sorted(set(rows) - set(active), key=lambda code: by_name(names[code]))
    return RegionTable(
        tuple(_region_row(reading, code) for code in shown if rows[code]),
        len(active) - len(shown),
        tuple((names[code], region_address(reading.pack.code, code)) for code in idle),
    )


def cut_in_print(table: RegionTable, *, is_alone: bool) -> str:
    """Write that a printed page has only the first rows of the table; empty if it has all.

    Without regions to help and a map the table is alone on its half of the sheet, and has room for more.
    """
    rows, printed = len(table.rows) + table.more, MOST_ROWS if is_alone else PRINTED_ROWS
    if rows <= printed:
        return ""
    shown = _(
        "%(shown)s of %(rows)s regions. The report and the files have all.",
        shown=printed,
        rows=written(rows),
    )
    return str(shown)


def all_rows(reading: Reading) -> list[RegionRow]:
    """List all regions with schools below the area, at every level, each after the one it is part of."""
    rows = reading.brief.table.regions
    return [
        _region_row(reading, code) for code in in_tree_order(reading) if _has_schools(rows[code])
    ]


def in_tree_order(reading: Reading) -> list[str]:
    """Return all regions below the area, each after the one that it is a part of, by name."""
    by_name, pack = in_order_of(reading.language), reading.pack

    @cache
    def key_of(code: str) -> Any:
        return by_name(reading.region_name(code))

    return sorted(reading.within, key=lambda code: [key_of(one) for one in pack.path(code)])


def _candidates(reading: Reading) -> list[str]:
    """Return the regions directly below; in a search, those of every level whose name contains the text."""
    wanted = folded(reading.asked.search)
    if not wanted:
        return reading.below
    return [code for code in reading.ever_within if wanted in folded(reading.region_name(code))]


def _has_schools(row: Row | None) -> bool:
    return row is not None and row[Column.SCHOOLS].count > 0


def _place(reading: Reading, code: str, by: Sort) -> int:
    """Return the sort key of a row, which never depends on hidden figures."""
    row, before = reading.brief.table.regions[code], reading.before_of(code)
    if by is Sort.SHARE:
        return share(row)
    if by in {Sort.CHANGE, Sort.LOSS}:
        change = row[Column.CERTIFIED].count - before[Column.CERTIFIED].count if before else LAST
        return -change if before and by is Sort.LOSS else change
    cells = {
        Sort.SCHOOLS: row[Column.SCHOOLS],
        Sort.CERTIFIED: row[Column.CERTIFIED],
        Sort.NOT_BEGUN: stages(row)[Stage.NOT_BEGUN],
        Sort.ON_THE_WAY: stages(row)[Stage.ON_THE_WAY],
    }
    return HIDDEN if cells[by].reason else cells[by].count


def _region_row(reading: Reading, code: str) -> RegionRow:
    row, before = reading.brief.table.regions[code], reading.before_of(code)
    told, pack = stages(row), reading.pack
    change = change_of(row[Column.CERTIFIED], before[Column.CERTIFIED]) if before else None
    return RegionRow(
        code,
        reading.region_name(code),
        region_address(pack.code, code) if code in pack.regions else "",
        part_of(reading, code),
        number(row[Column.SCHOOLS]),
        number(told[Stage.NOT_BEGUN]),
        number(told[Stage.ON_THE_WAY]),
        number(told[Stage.CERTIFIED]),
        f"{share(row)} %",
        change.words if change else "–",
        parts_of(row),
    )


def part_of(reading: Reading, code: str) -> str:
    """Return the name of the region above one; empty for a region directly below the area."""
    above = reading.pack.path(code)[:-1]
    is_below = not above or above[-1] == reading.area.region_code
    return "" if is_below else reading.region_name(above[-1])


def heads() -> list[str]:
    """List the headings of the columns after that of the region; the share follows the certified schools."""
    names = []
    for column in Column:
        names.append(_(NAMES[column]))
        if column is Column.CERTIFIED:
            names += [_("Share"), *list(stage_names().values())[:2]]
    return names


def definitions(reading: Reading) -> list[tuple[str, str]]:
    """Return the name and the definition of each figure; that of a level says what the level is called."""
    named = {
        f"level_{level}": _("Level %(level)s: %(name)s", level=level, name=name)
        for level, name in reading.level_names.items()
    }
    return [
        (named.get(key, _(one.name)), " ".join(_(sentence) for sentence in one.sentences))
        for key, one in INDICATORS.items()
    ]


def marks(reading: Reading) -> str:
    """Explain the marks that replace hidden figures."""
    # The limit itself is hidden as well: a number that vanishes must not tell that it was just above it.
    least = reading.pack.file.least_shown + 1
    return str(
        _(
            "A dash hides a number below %(least)s, including zero, or one from which such a number could be worked out.",
            least=least,
        )
    )


def not_to_add_up(reading: Reading) -> str:
    """Explain that the rows of a region and of its parts count the same schools; empty without such parts."""
    if not any(part_of(reading, code) for code in reading.within):
        return ""
    return str(
        _("The figures of a region include all its districts: add up rows of one level only.")
    )


def lines(reading: Reading) -> list[FigureRow]:
    """List the whole area first, then its regions by name, each after the one that it is part of."""
    table = reading.brief.table
    name = _("%(country)s, all regions", country=reading.name)
    region_code = reading.area.region_code
    whole = FigureRow(region_code, reading.name if region_code else name, "", cells_of(reading.row))
    return [
        whole,
        *(
            FigureRow(
                code,
                reading.region_name(code),
                part_of(reading, code),
                cells_of(table.regions[code]),
            )
            for code in in_tree_order(reading)
        ),
    ]


def cells_of(row: Mapping[Column, Cell]) -> tuple[str, ...]:
    """Write the cells of a row as they are shown."""
    texts = []
    for column in Column:
        texts.append(row[column].text)
        if column is Column.CERTIFIED:
            told = stages(row)
            texts.append(f"{share(row)} %")
            texts += [told[Stage.NOT_BEGUN].text, told[Stage.ON_THE_WAY].text]
    return tuple(texts)


def share(row: Mapping[Column, Cell]) -> int:
    """Return the share of certified schools in whole per cent; neither number is ever hidden."""
    return percent(row[Column.CERTIFIED].count, row[Column.SCHOOLS].count)
