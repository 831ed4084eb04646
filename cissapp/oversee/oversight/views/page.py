"""Puts a brief together for its page."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta

from flask_babel import gettext as _
from flask_babel import ngettext

from cissapp.foundation.access.guard import actor
from cissapp.foundation.core.errors import N_
from cissapp.foundation.web.filters import day, moment
from cissapp.oversee.figures.rules import FrozenMonth
from cissapp.oversee.figures.rules.definitions import CLAIM
from cissapp.oversee.figures.rules.reforms import gains
from cissapp.oversee.oversight import phrases, queries
from cissapp.oversee.oversight.phrases import last_day, month_name
from cissapp.oversee.oversight.views import ahead, comparing, drawn, large, tables
from cissapp.oversee.oversight.views.addresses import area_address
from cissapp.oversee.oversight.views.asking import Sort
from cissapp.oversee.oversight.views.reading import Reading
from cissapp.oversee.oversight.views.reasons import reason_lines, why_together

A_YEAR = timedelta(days=366)
CORRECTED = N_("The figures of %(month)s were corrected on %(day)s.")
CORRECTED_BECAUSE = N_("The figures of %(month)s were corrected on %(day)s: %(reason)s")
TOOK_OVER = N_("On %(day)s this region took over: %(regions)s.")
TOOK_OVER_WHOLE = N_(
    "On %(day)s this region took over: %(regions)s. The months before include these."
)
TOOK_PART = N_(
    "On %(day)s this region got a part of: %(regions)s. It is not compared with the time before."
)


def brief_page(reading: Reading) -> Mapping[str, object]:
    """Return all that the page of a brief shows."""
    return _head(reading) | _plots(reading) | _tables(reading)


def _head(reading: Reading) -> dict[str, object]:
    asked, against = reading.asked, reading.brief.against
    return {
        "area": reading.area,
        "name": reading.name,
        "dated": dated(reading),
        "choice": asked,
        "months_there": _months(reading.months),
        "months_kept": _months(reading.comparable),
        "month_shown": f"{asked.month:%Y-%m}" if asked.month else "",
        "month_before": f"{against.month:%Y-%m}" if against else "",
        "measured_at": reading.brief.measured_at,
        "corrected": corrections(reading),
        "reform": reform(reading),
        "files": file_addresses(reading),
        "everything": _address(reading, rows="all"),
    }


def _months(kept: Iterable[FrozenMonth]) -> list[tuple[str, str]]:
    return [(f"{one.month:%Y-%m}", month_name(one.month)) for one in kept]


def _plots(reading: Reading) -> dict[str, object]:
    brief, placed = reading.brief, drawn.tiles(reading)
    return {
        "first": large.first_sentences(reading),
        "large": large.large(reading),
        "months": drawn.months_plot(reading),
        "reasons": reason_lines(reading),
        "why_together": why_together(reading),
        "reached": _(phrases.REACHED),
        "steps": drawn.step_bars(brief),
        "step_heads": drawn.step_heads(),
        "step_rows": drawn.step_rows(brief),
        "shares": drawn.share_lines(reading),
        "tiles": placed,
        "classes": drawn.classes_of(placed),
        "short_names": drawn.short_names(placed, reading.language),
    }


def _tables(reading: Reading) -> dict[str, object]:
    brief, table = reading.brief, tables.region_table(reading)
    return {
        "to_help": ahead.help_rows(reading),
        "no_help": ahead.no_help(brief),
        "help_title": help_title(len(brief.to_help)),
        "table": table,
        "legend": tables.legend(table.rows),
        "since": since(reading),
        "sorts": sort_links(reading),
        "months_ahead": ahead.months_ahead(brief),
        "head_ahead": ahead.head_ahead(),
        "no_months": ahead.no_months(brief),
        "load": ahead.load_lines(brief),
        "weak": ahead.weak_rows(reading),
        "no_weak": ahead.no_weak(reading),
        "sides": comparing.side_by_side(reading),
        "definitions": tables.definitions(reading),
        "marks": tables.marks(reading),
        "claim": _(CLAIM),
        "cut_in_print": tables.cut_in_print(
            table, is_alone=not (brief.to_help or drawn.tiles(reading))
        ),
    }


def dated(reading: Reading) -> str:
    """Write the date of the figures, and the date that they are compared with."""
    brief = reading.brief
    on = day(last_day(brief.on)) if brief.on else moment(brief.counted_at)
    if brief.against is None or brief.before is None:
        return str(_("%(day)s; there is no earlier month to compare with", day=on))
    against = day(last_day(brief.against.month))
    return str(_("%(day)s, compared with %(against)s", day=on, against=against))


def corrections(reading: Reading) -> list[str]:
    """List the corrections of the months that are shown, with date, and with the reason for who sees the country.

    The reason is written about the whole country, and may name another region.
    """
    shown = {reading.brief.on, reading.brief.against.month if reading.brief.against else None}
    says_why = queries.sees_country(actor(), reading.area)
    return [
        _(
            CORRECTED_BECAUSE if says_why else CORRECTED,
            month=month_name(one.month),
            day=moment(one.frozen_at),
            reason=one.reason,
        )
        for one in reading.kept
        if one.month in shown and one.version > 1
    ]


def reform(reading: Reading) -> str:
    """Write when a region ended, what it became, and what its own officer can do; or what it took over."""
    code = reading.area.region_code
    until = reading.pack.regions[code].until_on if code else None
    if code is None:
        return ""
    if until is None or reading.day <= until:
        return " ".join(_taken_over(reading, code))
    heirs = reading.pack.successors(code, reading.day)
    said = _(
        "The region ended on %(day)s. It became: %(regions)s.",
        day=day(until),
        regions="; ".join(map(reading.region_name, heirs)),
    )
    if actor().region_code != code:
        return str(said)
    what = _(
        "Your account still shows this region. Ask the person who invited you: the secretariat can change the region of your account."
    )
    return f"{said} {what}"


def _taken_over(reading: Reading, code: str) -> Iterator[str]:
    """Write what a region got in reforms of the year that its months show: its figures rise without new schools."""
    found: dict[tuple[date, bool, bool], list[str]] = {}
    for one in gains(reading.pack, code, reading.day):
        if one.since_on > reading.day - A_YEAR:
            key = one.since_on, not one.is_whole, one.is_compared
            found.setdefault(key, []).append(reading.region_name(one.code))
    for (since_on, is_part, is_compared), names in sorted(found.items()):
        whole = TOOK_OVER_WHOLE if is_compared else TOOK_OVER
        said = TOOK_PART if is_part else whole
        yield str(_(said, day=day(since_on), regions="; ".join(names)))


def help_title(count: int) -> str:
    """Return the heading of the regions to help."""
    if not count:
        return str(_("Regions to help"))
    return str(
        ngettext("%(num)d region to help, and why", "%(num)d regions to help, and why", count)
    )


def since(reading: Reading) -> str:
    """Return the heading of the column of changes; empty, if nothing is compared."""
    against: date | None = reading.brief.against.month if reading.brief.against else None
    if against is None or reading.brief.before is None:
        return ""
    on = day(last_day(against))
    if reading.brief.on and against > reading.brief.on:
        return str(_("Compared with %(day)s", day=on))
    return str(_("Since %(day)s", day=on))


def sort_links(reading: Reading) -> dict[str, str]:
    """Return the address of the page for each order of the table."""
    return {sort.value: _address(reading, sort=sort.value) + "#regions" for sort in Sort}


def file_addresses(reading: Reading) -> dict[str, str]:
    """Return the addresses of the report and the files of the same brief."""
    asked = reading.asked.address(q="", rows="", sort="", region="", **{"with": ""})
    return {
        kind: f"{area_address(reading.area.country_code, reading.area.region_code)}/{file}"
        + ("?" + "&".join(f"{name}={part}" for name, part in asked.items()) if asked else "")
        for kind, file in (("pdf", "report.pdf"), ("xlsx", "figures.xlsx"), ("csv", "figures.csv"))
    }


def _address(reading: Reading, **changed: str) -> str:
    asked = reading.asked.address(**changed)
    return area_address(reading.area.country_code, reading.area.region_code, **asked)
