"""Puts the monitoring report together: the words and figures of the page, for paper."""

from collections.abc import Iterator
from functools import partial

from flask_babel import gettext as _

from cissapp.foundation.paper.canvas import Drawing
from cissapp.foundation.web.filters import moment
from cissapp.oversee.figures.rules.definitions import CLAIM
from cissapp.oversee.oversight import phrases
from cissapp.oversee.oversight.papers.plots import (
    BAR_ROW,
    PaperBar,
    PaperTile,
    PaperWord,
    draw_bars,
    draw_legend,
    draw_map,
    draw_months,
    legend_of,
    map_size,
)
from cissapp.oversee.oversight.papers.report import (
    WIDTH,
    PrintedPicture,
    PrintedReport,
    PrintedTable,
    Section,
    draw_report,
)
from cissapp.oversee.oversight.rules import PlotSize
from cissapp.oversee.oversight.views import ahead, drawn, large, tables
from cissapp.oversee.oversight.views.addresses import area_address
from cissapp.oversee.oversight.views.page import corrections, dated, help_title, since
from cissapp.oversee.oversight.views.reading import Reading
from cissapp.oversee.oversight.views.reasons import reason_lines, why_together

SIZE = PlotSize(WIDTH, 170, left=40, right=20, top=26, bottom=22)
EVEN = 5
MOST_BARS = 40
REGION_WIDTHS = (0.23, 0.1, 0.15, 0.11, 0.17, 0.09, 0.15)


def report_of(reading: Reading) -> bytes:
    """Draw the report of an area in the language of the page."""
    title = _("%(area)s: monitoring report on school certification", area=reading.name)
    return draw_report(
        PrintedReport(
            title=title,
            lines=(
                dated(reading),
                large.first_sentences(reading),
                _(CLAIM),
                *corrections(reading),
            ),
            sections=tuple(_sections(reading)),
            foot=_foot(reading),
            language=reading.language,
        )
    )


def _foot(reading: Reading) -> str:
    area = reading.area
    return str(
        _(
            "Counted on %(moment)s. Data and definitions: %(address)s",
            moment=moment(reading.brief.counted_at),
            address=area_address(area.country_code, area.region_code, _external=True),
        )
    )


def _sections(reading: Reading) -> Iterator[Section]:
    yield _figures(reading)
    yield from _months(reading)
    yield from _reasons(reading)
    yield from _steps(reading)
    yield _shares(reading)
    yield from _help(reading)
    yield from _map(reading)
    yield from _regions(reading)
    yield from _ahead(reading)
    yield _definitions(reading)


def _figures(reading: Reading) -> Section:
    rows = tuple(
        (one.label, one.number, one.of or "–", one.change.words if one.change else "–")
        for one in large.large(reading)
    )
    head = (_("Figure"), _("How many"), _("Out of"), since(reading) or "–")
    return Section(
        _("At a glance"), table=PrintedTable(head, rows, (0.3, 0.14, 0.32, 0.24), frozenset({1}))
    )


def _months(reading: Reading) -> Iterator[Section]:
    plot = drawn.months_plot(reading)
    if plot is None:
        return
    placed = drawn.months_on(reading, SIZE, "report")
    picture = PrintedPicture(
        SIZE.height,
        partial(
            draw_months,
            plot=placed.plot,
            months=[PaperWord(word.x, word.y, word.text) for word in placed.months],
            marks=[PaperWord(word.x, word.y, word.text) for word in placed.marks],
        ),
        plot.told,
    )
    table = PrintedTable(
        plot.head, plot.rows, (0.34, 0.18, 0.16, 0.16, 0.16), frozenset({1, 2, 3, 4})
    )
    yield Section(_("Certified by month"), picture=picture, table=table)


def _reasons(reading: Reading) -> Iterator[Section]:
    rows = tuple(reason_lines(reading))
    if rows:
        head = (_("Reason"), since(reading))
        yield Section(
            _("Why the number of certified schools changed"),
            tuple(filter(None, [why_together(reading)])),
            table=PrintedTable(head, rows, (0.6, 0.4), frozenset({1})),
        )


def _steps(reading: Reading) -> Iterator[Section]:
    bars = [
        PaperBar(step.name, (("solid", 0.0, step.part),) if step.part else (), step.text)
        for step in drawn.step_bars(reading.brief)
    ]
    if not bars:
        return
    rows = tuple(drawn.step_rows(reading.brief))
    words = "; ".join(f"{bar.name}: {bar.text}" for bar in bars)
    head = tuple(drawn.step_heads())
    yield Section(
        _("From registration to certificate"),
        (_(phrases.REACHED), *_measured(reading)),
        picture=_bars(bars, words),
        table=PrintedTable(head, rows, (0.34, 0.18, 0.3, 0.18), frozenset({1, 2, 3})),
    )


def _measured(reading: Reading) -> Iterator[str]:
    if reading.brief.measured_at:
        yield str(_("Calculated on %(moment)s", moment=moment(reading.brief.measured_at)))


def _bars(bars: list[PaperBar], words: str) -> PrintedPicture:
    return PrintedPicture(
        len(bars) * BAR_ROW + EVEN, partial(draw_bars, bars=bars, width=WIDTH), words
    )


def _shares(reading: Reading) -> Section:
    shares = drawn.share_lines(reading)
    bars = [
        PaperBar(one.name, (("solid", 0.0, one.part),) if one.part else (), one.text)
        for one in shares
    ]
    sources = tuple(dict.fromkeys(one.source for one in shares if one.source))
    words = "; ".join(f"{bar.name}: {bar.text}" for bar in bars)
    return Section(_("Share of all schools and pupils"), sources, _bars(bars, words))


def _help(reading: Reading) -> Iterator[Section]:
    rows = tuple((one.name, one.why, one.helps, one.how_far) for one in ahead.help_rows(reading))
    if rows:
        head = (_("Region"), _("Why"), _("What helps"), _("Progress"))
        yield Section(
            help_title(len(rows)), table=PrintedTable(head, rows, (0.2, 0.32, 0.29, 0.19))
        )


def _map(reading: Reading) -> Iterator[Section]:
    placed = drawn.tiles(reading)
    if not placed:
        return
    tiles = [PaperTile(tile.row, tile.column, tile.short, tile.text, tile.shade) for tile in placed]
    words = _(
        "Share of certified schools, one square for each region. The table has the same figures."
    )
    _width, height = map_size(tiles)
    picture = PrintedPicture(height, partial(draw_map, tiles=tiles), words)
    title = _("Share of the schools in the programme, by region")
    yield Section(title, (drawn.short_names(placed, reading.language),), picture)


def _regions(reading: Reading) -> Iterator[Section]:
    shown = tables.all_rows(reading)
    if not shown:
        return
    head = (
        _("Region"),
        _("Schools"),
        *tables.stage_names().values(),
        _("Share"),
        since(reading) or "–",
    )
    # All that is directly below the area: some of its districts, as the table begins, would tell nothing.
    below = [row for row in shown if not row.part_of][:MOST_BARS]
    bars = [PaperBar(row.name, row.parts, row.certified) for row in below]
    legend = tables.legend(below)
    table = PrintedTable(
        head, tuple(map(_region_cells, shown)), REGION_WIDTHS, frozenset(range(1, len(head)))
    )
    title = _("Regions with schools in the programme")
    lines = tuple(filter(None, (tables.marks(reading), tables.not_to_add_up(reading))))
    yield Section(title, lines, _stacked_bars(bars, legend), table)


def _stacked_bars(bars: list[PaperBar], legend: list[tuple[str, str]]) -> PrintedPicture:
    """Draw bars of several parts below what each part means."""
    keys = legend_of(legend, WIDTH)
    top = keys[-1].word.y + BAR_ROW + EVEN

    def draw(paper: Drawing) -> None:
        draw_legend(paper, keys)
        draw_bars(paper, bars, WIDTH, top=top)

    words = "; ".join(meaning for _ground, meaning in legend)
    return PrintedPicture(top + len(bars) * BAR_ROW + EVEN, draw, words)


def _region_cells(row: tables.RegionRow) -> tuple[str, ...]:
    name = f"{row.name} ({row.part_of})" if row.part_of else row.name
    told = (row.schools, row.not_begun, row.on_the_way, row.certified, row.share, row.change)
    return (name, *told)


def _ahead(reading: Reading) -> Iterator[Section]:
    months = tuple(one.cells for one in ahead.months_ahead(reading.brief))
    if months:
        table = PrintedTable(ahead.head_ahead(), months, (0.5, 0.25, 0.25), frozenset({1, 2}))
        yield Section(_("Certificates expiring"), table=table)
    load = tuple(ahead.load_lines(reading.brief))
    yield Section(
        _("Reviewers’ work"),
        table=PrintedTable((_("Figure"), _("How many")), load, (0.6, 0.4), frozenset({1})),
    )
    weak = tuple(
        (f"{one.id} · {one.title}", f"{one.percent} %", one.of) for one in ahead.weak_rows(reading)
    )
    if weak:
        head_of_weak = (_("Criterion"), _("Below level 2"), _("Out of"))
        yield Section(
            _("Weak criteria"),
            (_("Share of reviewed schools below level 2. Never shown for a single school."),),
            table=PrintedTable(head_of_weak, weak, (0.6, 0.18, 0.22), frozenset({1, 2})),
        )


def _definitions(reading: Reading) -> Section:
    rows = tuple(tables.definitions(reading))
    head = (_("Figure"), _("What it counts"))
    return Section(
        _("What each figure means"),
        (tables.marks(reading),),
        table=PrintedTable(head, rows, (0.26, 0.74)),
    )
