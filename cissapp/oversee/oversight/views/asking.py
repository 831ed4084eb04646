"""The query string of a brief: the month, the month to compare with, and which rows in which order."""

from collections.abc import Callable, Container, Mapping, Sequence
from datetime import date
from enum import StrEnum

from msgspec import Struct

from cissapp.oversee.figures.rules import FrozenMonth
from cissapp.oversee.oversight.phrases import last_day

MOST_LETTERS = 80


class Sort(StrEnum):
    """The order of the rows of the table."""

    CERTIFIED = "certified"
    NAME = "name"
    SCHOOLS = "schools"
    NOT_BEGUN = "not_begun"
    ON_THE_WAY = "on_the_way"
    SHARE = "share"
    CHANGE = "change"
    LOSS = "loss"


class Asked(Struct, frozen=True):
    """The parsed query string; `unknown` are requested months that have no figures."""

    month: date | None
    against: date | None
    unknown: tuple[str, ...]
    sort: Sort
    search: str
    all_rows: bool
    pair: tuple[str, str]

    def address(self, **changed: str) -> dict[str, str]:
        """Return the query string with some parts changed; empty parts are left out."""
        parts = {
            "month": f"{self.month:%Y-%m}" if self.month else "",
            "against": f"{self.against:%Y-%m}" if self.against else "",
            "sort": self.sort.value if self.sort is not Sort.CERTIFIED else "",
            "q": self.search,
            "rows": "all" if self.all_rows else "",
            "region": self.pair[0],
            "with": self.pair[1],
        }
        return {name: part for name, part in (parts | changed).items() if part}


def read_asked(
    asked: Mapping[str, str],
    kept: Sequence[FrozenMonth],
    first_on: date,
    comparable: Callable[[date | None], Container[date]],
) -> Asked:
    """Parse the query string; only months with figures are accepted, of a region from its first day.

    `comparable` returns the months that the figures of one month, or those of today, can be compared with.
    """
    there = {one.month for one in kept if last_day(one.month) >= first_on}
    month, against = (_month_of(asked.get(name, "")) for name in ("month", "against"))
    shown = month if month in there else None
    with_figures = comparable(shown)
    unknown = [
        asked[name]
        for name, found, months in (("month", month, there), ("against", against, with_figures))
        if asked.get(name) and found not in months
    ]
    against = against if against in with_figures else None
    by = asked.get("sort", "")
    return Asked(
        month=shown,
        against=against,
        unknown=tuple(text[:MOST_LETTERS] for text in unknown),
        sort=Sort(by) if by in set(Sort) else Sort.CERTIFIED,
        search=asked.get("q", "").strip()[:MOST_LETTERS],
        all_rows=asked.get("rows") == "all",
        pair=(
            asked.get("region", "").upper()[:MOST_LETTERS],
            asked.get("with", "").upper()[:MOST_LETTERS],
        ),
    )


def _month_of(text: str) -> date | None:
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        return None
