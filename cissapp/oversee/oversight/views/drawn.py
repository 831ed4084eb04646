"""The plots of a brief with their words: months, steps, shares, the map."""

from collections.abc import Sequence
from datetime import date

from flask_babel import format_decimal
from flask_babel import gettext as _
from msgspec import Struct

from cissapp.foundation.content.packs import Denominator
from cissapp.foundation.web.filters import day
from cissapp.foundation.web.languages import in_order_of
from cissapp.oversee.figures.rules import Brief, Cell, Column, FunnelStep, MonthFigure, Share
from cissapp.oversee.figures.rules import percent as whole_percent
from cissapp.oversee.oversight import phrases
from cissapp.oversee.oversight.phrases import month_name, number, written
from cissapp.oversee.oversight.rules import (
    AreaPlot,
    PlotSize,
    area_of,
    area_plot,
    line_of,
    map_class,
)
from cissapp.oversee.oversight.views.addresses import region_address
from cissapp.oversee.oversight.views.large import all_of
from cissapp.oversee.oversight.views.reading import Reading, Row

WIDE = PlotSize(620, 340, left=52, right=24)
NARROW = PlotSize(300, 210, left=46, right=18)
# On paper the reasons of a change stand below the plot on the same sheet: it is flatter then.
PRINTED = PlotSize(420, 200, left=46, right=18, top=24, bottom=22)
PRINTED_FLAT = PlotSize(420, 116, left=46, right=18, top=24, bottom=22)
MONTHS_SHOWN, MOST_MONTHS_NARROW, MOST_MONTHS_PRINTED = 13, 4, 7
NO_SCHOOLS = "none"
LEGEND_OF_MAP = (NO_SCHOOLS, "1", "2", "3", "4")


class PlacedText(Struct, frozen=True):
    """Text with its position on a plot."""

    x: float
    y: float
    text: str


class DrawnMonths(Struct, frozen=True):
    """The plot of the months in one size; `kind` says where it is shown."""

    kind: str
    plot: AreaPlot
    line: str
    area: str
    months: tuple[PlacedText, ...]
    marks: tuple[PlacedText, ...]


class MonthsPlot(Struct, frozen=True):
    """Certified schools by month: drawn in three sizes, told in words, and as a table."""

    plots: tuple[DrawnMonths, ...]
    told: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


class StepBar(Struct, frozen=True):
    """A step: its name, how many reached it, also in per cent of the first, and days since the last one."""

    name: str
    text: str
    part: float | None
    between: str
    longest: bool
    waiting: str


class ShareLine(Struct, frozen=True):
    """A share of all schools or pupils; `part` is None if none is shown, and the text says why."""

    name: str
    text: str
    part: float | None
    source: str


class Tile(Struct, frozen=True):
    """A region on the map; `told` is what its square says, for a reader who does not see it."""

    row: int
    column: int
    short: str
    text: str
    shade: str
    href: str
    name: str
    told: str


def months_plot(reading: Reading) -> MonthsPlot | None:
    """Draw the certified schools by month; None until a month is kept."""
    months = months_shown(reading)
    if not months:
        return None
    first, last = months[0], months[-1]
    return MonthsPlot(
        _in_all_sizes(reading),
        _(
            "%(first)s: %(before)s certified schools. %(last)s: %(now)s.",
            first=month_name(first.month),
            before=written(first.certified),
            last=month_with_state(reading, last.month),
            now=written(last.certified),
        ),
        phrases.month_heads(),
        tuple(
            (
                month_with_state(reading, one.month),
                written(one.certified),
                *(written(level) for level in one.levels),
            )
            for one in reversed(months)
        ),
    )


def _in_all_sizes(reading: Reading) -> tuple[DrawnMonths, ...]:
    printed = PRINTED_FLAT if reading.brief.reasons else PRINTED
    return (
        months_on(reading, WIDE, "wide"),
        months_on(reading, NARROW, "narrow", MOST_MONTHS_NARROW),
        months_on(reading, printed, "printed", MOST_MONTHS_PRINTED),
    )


def month_with_state(reading: Reading, month: date) -> str:
    """Name a month; one that has not ended says so, and so does one whose figures were corrected."""
    version = {one.month: one.version for one in reading.kept}.get(month)
    if version is None:
        return str(_("%(month)s, so far", month=month_name(month)))
    if version > 1:
        return str(_("%(month)s, corrected", month=month_name(month)))
    return month_name(month)


def months_shown(reading: Reading) -> list[MonthFigure]:
    """Return the last 13 months; if the brief shows the present, this month as it is now is the last one."""
    brief, row = reading.brief, reading.row
    months = list(brief.months)
    this = brief.counted_at.date().replace(day=1)
    if brief.on is None and months and months[-1].month < this:
        levels = (row[Column.LEVEL_1].count, row[Column.LEVEL_2].count, row[Column.LEVEL_3].count)
        months.append(MonthFigure(this, row[Column.CERTIFIED].count, levels))
    return months[-MONTHS_SHOWN:]


def months_on(reading: Reading, size: PlotSize, kind: str, most: int = MONTHS_SHOWN) -> DrawnMonths:
    """Lay out the months on a plot of a given size, with as many month names as it has room for."""
    months, against = months_shown(reading), reading.brief.against
    days = [one.month for one in months]
    plot = area_plot([one.certified for one in months], size)
    marked = {days[-1], *([against.month] if against else [])}
    every = -(-len(days) // most)
    placed = list(zip(plot.points, days, strict=True))
    labels = [
        PlacedText(point.x, point.y, month_name(day, "LLL"))
        for place, (point, day) in enumerate(placed)
        if (len(days) - 1 - place) % every == 0
    ]
    marks = [
        PlacedText(point.x, point.y, written(point.value)) for point, day in placed if day in marked
    ]
    drawable = len(days) > 1
    return DrawnMonths(
        kind,
        plot,
        line_of(plot) if drawable else "",
        area_of(plot) if drawable else "",
        tuple(labels),
        tuple(_not_over(marks)),
    )


def _not_over(marks: Sequence[PlacedText]) -> list[PlacedText]:
    """Leave out marks that would overlap the last one."""
    last = marks[-1]
    return [one for one in marks if one is last or last.x - one.x > NARROW.left]


def step_bars(brief: Brief) -> list[StepBar]:
    """List the steps with the days between them."""
    whole = brief.funnel[0].reached if brief.funnel else Cell(0)
    return [
        StepBar(
            _(phrases.STEPS[one.step]),
            number(one.reached),
            _part(one.reached, whole),
            phrases.days_between(one.median_days, longest=one.step is brief.longest)
            if place
            else "",
            one.step is brief.longest,
            number(one.waiting),
        )
        for place, one in enumerate(brief.funnel)
    ]


def _part(cell: Cell, whole: Cell) -> float | None:
    if cell.reason or whole.reason or not whole.count:
        return None
    return round(cell.count * 100 / whole.count, 1)


def step_heads() -> list[str]:
    """Return the headings of the table of steps."""
    return [_("Step"), _("Reached"), _("Days since the previous step"), _("At this step now")]


def step_rows(brief: Brief) -> list[tuple[str, ...]]:
    """List the rows of the table of steps: name, reached, days since the previous step, there now."""
    return [
        (_(phrases.STEPS[one.step]), number(one.reached), _days(one), number(one.waiting))
        for one in brief.funnel
    ]


def _days(step: FunnelStep) -> str:
    return "–" if step.median_days is None else written(step.median_days)


def share_lines(reading: Reading) -> list[ShareLine]:
    """List the shares of all schools and pupils of an area; of a region, with its country's of schools between."""
    brief = reading.brief
    schools, pupils = brief.schools_share, brief.pupils_share
    of_schools = schools.denominator.schools if schools.denominator else None
    of_pupils = pupils.denominator.pupils if pupils.denominator else None
    lines = [
        _share_line(_("All schools"), schools, of_schools),
        _share_line(_("All pupils"), pupils, of_pupils if brief.is_measured else None),
    ]
    if (country := brief.country_schools_share) is not None:
        name = f"{lines[0].name} · {reading.pack.name(reading.language)}"
        lines.insert(1, _share_line(name, country, country.whole))
    return lines


def _share_line(name: str, share: Share, counted: int | None) -> ShareLine:
    """Render a share, or only the total if it is unconfirmed, which allows no share yet."""
    if share.denominator is None or counted is None:
        return ShareLine(name, _("not known"), None, "")
    whole = all_of(share)
    if whole is None:  # nobody has looked it up yet, so there is no source to name
        return ShareLine(
            name, _("about %(count)s, to be confirmed", count=written(counted)), None, ""
        )
    source, part = _source(share.denominator), min(share.part * 100 / whole, 100.0)
    return ShareLine(name, percent(share.part, whole), part, source)


def percent(part: int, whole: int) -> str:
    """Write a share with one decimal, rounded down: 100 means all."""
    return f"{format_decimal(part * 1000 // whole / 10, '0.0')} %"


def _source(denominator: Denominator) -> str:
    return str(
        _(
            "Source: %(source)s, %(day)s.",
            source=denominator.source,
            day=day(denominator.counted_on),
        )
    )


def tiles(reading: Reading) -> list[Tile]:
    """Place the regions below an area on the map, with their shares of certified schools."""
    pack, placed = reading.pack, []
    for code in reading.below:
        region, row = pack.regions.get(code), reading.brief.table.regions.get(code)
        if region is None or row is None or region.tile is None:
            continue
        shade, text = _shade(row)
        href = region_address(pack.code, code)
        name, short = reading.region_name(code), pack.short_name(code, reading.language)
        told = f"{name} ({short}): {text if shade != NO_SCHOOLS else _('no schools yet')}"
        placed.append(Tile(*region.tile, short, text, shade, href, name, told))
    return placed


def short_names(placed: Sequence[Tile], language: str) -> str:
    """Write what the short names on a map stand for; empty without a map."""
    by_name = in_order_of(language)
    ordered = sorted(placed, key=lambda tile: by_name(tile.name))
    return "; ".join(f"{tile.short} – {tile.name}" for tile in ordered)


def _shade(row: Row) -> tuple[str, str]:
    """Return the class of a region on the map, and the text of its tile."""
    certified, schools = row[Column.CERTIFIED], row[Column.SCHOOLS].count
    if not schools:
        return NO_SCHOOLS, "–"
    share = whole_percent(certified.count, schools)
    return str(map_class(share)), f"{share} %"


def classes_of(placed: Sequence[Tile]) -> list[tuple[str, str]]:
    """Return the legend of a map: all classes of shares, but the special one only if used."""
    words = {
        NO_SCHOOLS: _("no schools yet"),
        "1": _("under %(percent)s %%", percent=20),
        "2": _("%(low)s–%(high)s %%", low=20, high=39),
        "3": _("%(low)s–%(high)s %%", low=40, high=59),
        "4": _("%(percent)s %% or more", percent=60),
    }
    used = {tile.shade for tile in placed}
    # A number stays with its sign.
    words = {one: text.replace(" %", "\u00a0%") for one, text in words.items()}
    return [(one, words[one]) for one in LEGEND_OF_MAP if one in used or one.isdigit()]
