"""The files of a brief: the cells of the page as CSV and XLSX, and the monitoring report."""

from flask import Response
from flask_babel import gettext as _

from cissapp.foundation.core.errors import Missing
from cissapp.foundation.web.filters import day
from cissapp.foundation.web.sheet_streams import (
    SheetFormat,
    StreamedSheet,
    sheet_response,
)
from cissapp.foundation.web.spreadsheets import WholePercent
from cissapp.oversee.figures.rules import Column
from cissapp.oversee.figures.rules.definitions import CLAIM
from cissapp.oversee.oversight.phrases import last_day
from cissapp.oversee.oversight.views import tables
from cissapp.oversee.oversight.views.file_tables import tables_below
from cissapp.oversee.oversight.views.page import corrections, dated, since
from cissapp.oversee.oversight.views.reading import Reading, row_of
from cissapp.oversee.oversight.views.reasons import reason_rows


def sheet_of(reading: Reading) -> StreamedSheet:
    """Return the table of an area: the page's cells with month and timestamp in each row, and definitions."""
    return StreamedSheet(
        reading.name,
        [
            *(_("Region"), _("Code"), _("Part of")),
            *tables.heads(),
            *_head_of_change(reading),
            *(_("Month"), _("Counted on")),
        ],
        [_rows(reading)],
        [
            [dated(reading)],
            *([line] for line in corrections(reading)),
            *([line] for line in (_(CLAIM), tables.not_to_add_up(reading)) if line),
            *reason_rows(reading, since(reading)),
            *tables_below(reading),
            *([name, says] for name, says in tables.definitions(reading)),
            [tables.marks(reading)],
        ],
        is_mixed=True,
        wide=frozenset({0, 2}),
    )


def _rows(reading: Reading) -> list[list[str | int]]:
    brief = reading.brief
    when = [f"{brief.on:%Y-%m}" if brief.on else "", brief.counted_at.isoformat(timespec="seconds")]
    return [
        [
            *(line.name, line.code or "", line.part_of),
            *map(_value, line.cells),
            *_change(reading, line.code),
            *when,
        ]
        for line in tables.lines(reading)
    ]


def _head_of_change(reading: Reading) -> list[str]:
    against = reading.brief.against
    if against is None or reading.brief.before is None:
        return []
    return [_("Certified, compared with %(day)s", day=day(last_day(against.month)))]


def _change(reading: Reading, code: str | None) -> list[str | int]:
    """Return how many schools more or fewer are certified, which is never hidden; a dash if it is not known."""
    table, before = reading.brief.table, reading.brief.before
    if before is None:
        return []
    now, then = row_of(table, code), row_of(before, code)
    if now is None or then is None:
        return ["–"]
    return [now[Column.CERTIFIED].count - then[Column.CERTIFIED].count]


def _value(cell: str) -> str | int:
    number, _space, sign = cell.partition(" ")
    if not number.isdecimal():
        return cell
    return WholePercent(number) if sign == "%" else int(number)


def sheet_file(reading: Reading, form: SheetFormat) -> Response:
    """Return the table of an area as a file; raise `Missing` for a month that is not kept."""
    _require_months(reading)
    return sheet_response(sheet_of(reading), form, _name(reading))


def report_file(reading: Reading) -> Response:
    """Return the monitoring report of an area; raise `Missing` for a month that is not kept."""
    from cissapp.oversee.oversight.views.report import report_of  # noqa: PLC0415 -- slow import

    _require_months(reading)
    headers = {"Content-Disposition": f'attachment; filename="{_name(reading)}.pdf"'}
    return Response(report_of(reading), content_type="application/pdf", headers=headers)


def _require_months(reading: Reading) -> None:
    # A page says which month is missing; a file that is saved for later would pass for that month.
    if reading.asked.unknown:
        raise Missing


def _name(reading: Reading) -> str:
    """Return the name of a file: the area and the date of its figures."""
    on = reading.brief.on
    date = last_day(on) if on else reading.brief.counted_at.date()
    area = reading.area.region_code or reading.area.country_code
    return f"ciss-{area}-{date:%Y-%m-%d}"
