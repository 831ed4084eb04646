"""Whatever is sent about two countries that differ in hidden numbers only is the same, to the byte."""

import io
import re
import zipfile
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pikepdf
import pytest

from cissapp.foundation.core import clock
from cissapp.foundation.core.roles import Role
from cissapp.oversee.figures.queries import briefs, tables
from cissapp.oversee.figures.rules import Cell, Measure, Need
from cissapp.people.schools.rules import Figure
from tests.oversee.api.programs import program_of
from tests.oversee.figures.kinds import COUNTRY, Country, Leaves, measures_of, numbers_of
from tests.oversee.figures.program import Program

AT = datetime(2026, 3, 4, 12, tzinfo=UTC)
CODES = ("MD-CU", "MD-OR", "MD-CA", "MD-BA", "MD-SO")
# Countries of a few regions that hide most places, some or none of the country's.
SEEDS = (3, 4, 56)
SORTS = ("name", "schools", "certified", "not_begun", "on_the_way", "share", "change")
WAITS = {
    Need.LONG_TRAINING: "in_training",
    Need.WAITING_FOR_REVIEW: "cases",
    Need.NOT_SUBMITTED: "trained",
    Need.OPEN_QUESTIONS: "in_review",
}


class Search(Program):
    """A search that keeps the schools of what it found."""

    def other(self) -> Leaves:
        """Find a country that looks the same, with another number in a hidden cell."""
        for key, cell in sorted(self.found.items()):
            if (
                isinstance(cell, Cell)
                and cell.reason
                and any(self._other(key, one) for one in (1, -1))
            ):
                return self.leaves
        raise LookupError

    def _solve(self, *conditions: Any) -> Leaves | None:
        self.leaves = super()._solve(*conditions) or {}
        return self.leaves or None


def in_moldova(country: Country) -> Country:
    """Call the regions as some of Moldova's."""
    names = dict(zip(country.leaves, CODES, strict=False))
    country.leaves = {names[name]: kinds for name, kinds in country.leaves.items()}
    country.rows = sorted(country.leaves)
    return country


def searched(seed: int) -> tuple[Country, Leaves]:
    """Invent a country, and look for another that publishes the same."""
    country = in_moldova(Country(seed))
    return country, Search(country).other()


def publish(monkeypatch, country: Country, leaves: Leaves) -> None:
    """Let the figures be those of an invented country."""
    numbers = {area: numbers_of(country, leaves, area) for area in (COUNTRY, *country.rows)}
    tallies = {
        area: {figure: found.get(figure.value, 0) for figure in Figure}
        | {Figure.LEVEL_1: found["certified"]}
        for area, found in numbers.items()
        if area
    }
    measured = {area: measures_of(found) | _waits(found) for area, found in numbers.items()}
    monkeypatch.setattr(tables, "tallies_of", lambda _code: tallies)
    monkeypatch.setattr(briefs, "_measures", lambda *_asked: (measured, AT))


def _waits(numbers: Mapping[str, int]) -> dict[tuple[Measure, str], int]:
    """Let every school wait for long where it is, and each case be due."""
    waits = {(Measure.WAITING, need.value): numbers[name] for need, name in WAITS.items()}
    return {**waits, (Measure.DUE, ""): numbers["cases"]}


def sent(browser, program) -> dict[str, bytes]:
    """Request everything in every form and order."""
    found = {}
    for area in ("MD", "MD/MD-CU"):
        for sort in SORTS:
            page = browser.get(f"/oversight/{area}?rows=all&sort={sort}&region=MD-CU&with=MD-OR")
            found[f"{area} by {sort}"] = main_of(page)
        found[f"{area} csv"] = browser.get(f"/oversight/{area}/figures.csv").get_data()
        found[f"{area} xlsx"] = unpacked(browser.get(f"/oversight/{area}/figures.xlsx"))
        found[f"{area} pdf"] = drawn(browser.get(f"/oversight/{area}/report.pdf").get_data())
    for path in ("", "/regions/MD-CU"):
        for name in ("figures", "brief"):
            answer = program.ask(f"/countries/MD{path}/{name}")
            assert answer.status_code == 200
            found[f"api {path} {name}"] = answer.get_data() + answer.headers["ETag"].encode()
    found["search"] = main_of(browser.get("/oversight/MD?q=or&sort=not_begun"))
    return found


def main_of(page) -> bytes:
    assert page.status_code == 200
    return re.search(rb"<main.*</main>", page.get_data(), re.DOTALL).group()


def unpacked(sheet) -> bytes:
    with zipfile.ZipFile(io.BytesIO(sheet.get_data())) as parts:
        return b"".join(name.encode() + parts.read(name) for name in parts.namelist())


def drawn(paper: bytes) -> bytes:
    """Return what the pages of a PDF draw, and the words of its structure."""
    with pikepdf.open(io.BytesIO(paper)) as pdf:
        words = [str(one.get("/Alt", "")) for one in pdf.Root.StructTreeRoot.K.K]
        pages = [page.Contents.read_bytes() for page in pdf.pages]
    return b"".join(pages) + "".join(words).encode()


def mirrored() -> tuple[Country, Leaves]:
    """Make a country of one large and two small regions, which exchange all their places in the other."""
    country = in_moldova(Country(4))
    first = Counter({"registered": 9, "in training": 1, "in review": 1})
    second = Counter({"registered": 1, "in training": 7, "in review": 3})
    large = Counter({"registered": 30, "in training": 30, "in review": 30, "certified": 20})
    country.leaves = {"MD-CA": large, "MD-CU": first, "MD-OR": second}
    return country, {"MD-CA": large, "MD-CU": second, "MD-OR": first}


@pytest.mark.one_database("sqlite")
@pytest.mark.parametrize("seed", [None, *SEEDS])
def test_nothing_that_is_sent_depends_on_a_hidden_number(app, make, sign_in, monkeypatch, seed):
    country, other = mirrored() if seed is None else searched(seed)
    person = make.user(Role.MINISTRY, country_code="MD")

    with clock.at(AT):
        browser, program = sign_in(person), program_of(app, person)
        publish(monkeypatch, country, country.leaves)
        first = sent(browser, program)
        publish(monkeypatch, country, other)
        second = sent(browser, program)

    assert other != country.leaves
    assert [name for name in first if first[name] != second[name]] == []


@pytest.mark.one_database("sqlite")
def test_a_shown_number_changes_what_is_sent(app, make, sign_in, monkeypatch):
    country = in_moldova(Country(4))
    person = make.user(Role.MINISTRY, country_code="MD")
    more = {**country.leaves, "MD-CU": country.leaves["MD-CU"] + Counter(certified=1)}

    with clock.at(AT):
        browser, program = sign_in(person), program_of(app, person)
        publish(monkeypatch, country, country.leaves)
        first = sent(browser, program)
        publish(monkeypatch, country, more)
        second = sent(browser, program)

    assert [name for name in first if first[name] == second[name]] == []
