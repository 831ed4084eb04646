"""Formats values for pages: dates in words, times, sizes."""

import hashlib
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, timedelta
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import nh3
from babel.dates import format_date, get_timezone
from babel.numbers import format_decimal as format_number
from flask import Flask, has_request_context, request, url_for
from flask_babel import format_decimal, get_locale, to_user_timezone
from flask_babel import gettext as _
from markupsafe import Markup

from cissapp.foundation.content import figures
from cissapp.foundation.content.languages import ENGLISH
from cissapp.foundation.core import clock

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

TAGS = {
    "p",
    "h2",
    "h3",
    "h4",
    "ul",
    "ol",
    "li",
    "strong",
    "em",
    "a",
    "blockquote",
    "table",
    "thead",
}
TAGS |= {"tbody", "tr", "th", "td", "br", "hr", "code"}


_zone: ContextVar[Callable[[], str] | None] = ContextVar("zone", default=None)


def day(value: date | datetime, zone: str | None = None) -> str:
    """Format a date in words.

    A date that somebody chose is the same everywhere; a moment has the date of the named zone, else of the
    reader's, as in `moment`.
    """
    on = _local(value, zone).date() if isinstance(value, datetime) else value
    return _day(on, str(get_locale() or ENGLISH))


# The lists of a page have many dates, and those of other pages the same.
@lru_cache(maxsize=4096)
def _day(on: date, locale: str) -> str:
    return format_date(on, format="d MMMM y", locale=locale)


def today() -> date:
    """Return the date that the calendar of the reader shows."""
    return _local(clock.now()).date()


MINUS = "\u2212"


def moment(value: datetime, zone: str | None = None) -> str:
    """Format a date and time with its time zone: the named one, else the reader's."""
    local = _local(value, zone)
    return f"{day(local.date())}, {local:%H:%M} {offset(local)}"


def offered_moment(value: datetime, zone: str | None = None) -> str:
    """Format a date and time that somebody chooses, with its weekday, by which people know their week."""
    on = _local(value, zone).date()
    return f"{format_date(on, 'cccc', str(get_locale() or ENGLISH))}, {moment(value, zone)}"


def clock_time(value: datetime) -> str:
    """Format hours, minutes and seconds with their time zone."""
    local = _local(value)
    return f"{local:%H:%M:%S} {offset(local)}"


def short_time(value: datetime) -> str:
    """Format hours and minutes with their time zone."""
    local = _local(value)
    return f"{local:%H:%M} {offset(local)}"


@contextmanager
def read_in(zone: Callable[[], str]) -> Iterator[None]:
    """Write moments in a time zone, found when the first is written: a mail is read elsewhere than the page."""
    token = _zone.set(zone)
    try:
        yield
    finally:
        _zone.reset(token)


def _local(value: datetime, zone: str | None = None) -> datetime:
    """Convert a time to the reader's time zone: UTC for visitors, for others that of their country."""
    named = _zone.get()
    zone = zone or (named() if named else None)
    return value.astimezone(get_timezone(zone)) if zone else to_user_timezone(value)


def offset(local: datetime) -> str:
    """Return how far a time is from UTC: "UTC", "UTC+2", "UTC+5:30"."""
    away = local.utcoffset() or timedelta()
    hours, minutes = divmod(abs(away) // timedelta(minutes=1), 60)
    sign = MINUS if away < timedelta() else "+"
    return f"UTC{sign}{hours}{f':{minutes:02}' if minutes else ''}" if away else "UTC"


def decimal(value: figures.Figure, language: str | None = None) -> str:
    """Return a figure with two places, in the way of a language; without one, of the page's."""
    locale = language or get_locale()
    return str(format_number(figures.rounded(value), format="0.00", locale=locale))


def amount(value: float) -> str:
    """Write a number with as many decimals as it needs, two at most: "8.5"."""
    return str(format_decimal(value, format="#,##0.##"))


def file_size(value: int) -> str:
    """Write a size in kB or MB, with the number and the unit of the page's language."""
    if value >= 1_000_000:
        return str(_("%(size)s MB", size=format_decimal(value / 1_000_000, format="0.0")))
    return str(_("%(size)s kB", size=max(1, round(value / 1000))))


RANGE = re.compile(r"(?<=\d)–(?=\d)")


@cache
def _markdown() -> "MarkdownIt":
    from markdown_it import MarkdownIt  # noqa: PLC0415 -- slow import

    return MarkdownIt("commonmark", {"html": False}).enable("table")


@lru_cache(maxsize=512)
def markdown(value: str) -> Markup:
    """Render the programme's own Markdown; only harmless tags pass, headings begin at h2."""
    html = nh3.clean(_markdown().render(value), tags=TAGS, url_schemes={"http", "https", "mailto"})
    # A wide table scrolls in its own box, by keyboard too; the page does not scroll sideways. The empty
    # corner of a table is not a heading.
    html = html.replace("<table>", '<div class="scroll" tabindex="0"><table>')
    html = html.replace("</table>", "</table></div>").replace("<th></th>", "<td></td>")
    # A range such as 10–13 stays on one line.
    html = RANGE.sub("\u2060–\u2060", html)
    return Markup(html)  # noqa: S704 -- cleaned above, and what is put round a table is ours


def asset(app: Flask) -> dict[str, str]:
    """Offer each static file with a version from its content, so that it can be kept for ever."""
    folder = Path(app.static_folder or "")
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()[:12]
        for path in folder.rglob("*")
        if path.is_file()
    }


def init_app(app: Flask) -> None:
    """Offer the filters to templates."""
    versions = asset(app)

    @lru_cache(maxsize=256)
    def address(_root: str, name: str) -> str:
        return url_for("static", filename=name, v=versions.get(name))

    def static_url(name: str) -> str:
        return address(request.root_path if has_request_context() else "", name)

    app.jinja_env.filters.update(
        day=day,
        moment=moment,
        offered_moment=offered_moment,
        clock_time=clock_time,
        amount=amount,
        decimal=decimal,
        file_size=file_size,
        markdown=markdown,
    )
    app.jinja_env.globals["static_url"] = static_url
