"""Requests figures as everybody who may see them, in each form and language, and compares them with the counts."""

import csv
import io
import re
import subprocess
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any, cast

import html5lib
import openpyxl
from flask import Flask

from cissapp.foundation.content.packs import CountryPack
from cissapp.foundation.core import clock
from cissapp.foundation.core.db import session, unit_of_work
from cissapp.foundation.core.roles import Role
from cissapp.oversee.api.rules.tokens import TokenScope
from cissapp.oversee.api.services import tokens
from tests import factories as make
from tests.client import Client

LANGUAGES = ("en", "ro", "uk", "ru", "be")
LEVELS = ("level_1", "level_2", "level_3")
PLACES = ("registered", "in_training", "trained", "submitted", "in_review", "decided")
COLUMNS = ("schools", "certified", *LEVELS, "expiring", "expired", *PLACES)
# The columns of a file between region and month: share and two stages come after the certified schools.
IN_FILES = ("schools", "certified", "share", "not_begun", "on_the_way", *COLUMNS[2:])
MAY_HIDE = {*PLACES, "expired", "not_begun", "on_the_way"}
ON_PAPER = ("schools", "not_begun", "on_the_way", "certified")
HIDDEN, LEAST = "–", 5

Rows = Mapping[str, Mapping[str, int]]
Expected = Mapping[tuple[str, date | None], Rows]
# Cell texts by region and column.
Shown = dict[str, dict[str, str]]


class Reader:
    """A person who may see an area, with a browser and an API token."""

    def __init__(
        self, app: Flask, role: Role, area: tuple[str, str], language: str, at: datetime
    ) -> None:
        self.app, self.role, (self.country, self.region) = app, role, area
        scope: dict[str, Any] = {"country_code": self.country}
        if role is Role.REGION_OFFICER:
            scope["region_code"] = self.region
        if role is Role.SECRETARIAT:
            scope = {}
        self.person = make.user(role, language=language, joined_at=at, **scope)
        self.name = f"{role.value} {language} {self.country}{self.region[2:]}"
        self.browser = cast("Client", app.test_client())
        self.browser.sign_in(self.person)
        with app.app_context(), unit_of_work():
            by = session.merge(self.person)
            ends_on = at.date() + timedelta(days=30)
            self.token = tokens.make_token("Trial", [TokenScope.FIGURES], ends_on, by=by, at=at)

    @property
    def page(self) -> str:
        """The address of the area's page."""
        return f"/oversight/{self.country}" + (f"/{self.region}" if self.region else "")

    def get(self, form: str, month: date | None) -> Any:
        """Request one form of the area's figures."""
        asked = {"month": f"{month:%Y-%m}"} if month else {}
        if form == "page":
            return self.browser.get(self.page, query_string={**asked, "rows": "all"})
        if form == "report":
            return self.browser.get(f"{self.page}/report.pdf", query_string=asked)
        if form != "api":
            return self.browser.get(f"{self.page}/figures.{form}", query_string=asked)
        path = f"/api/v1/countries/{self.country}"
        path += f"/regions/{self.region}" if self.region else ""
        program = self.app.test_client(use_cookies=False)
        headers = {"Authorization": f"Bearer {self.token}"}
        return program.get(f"{path}/figures", query_string=asked, headers=headers)


def in_csv(answer: Any, country: str) -> Shown:
    """Read the rows of a CSV file; the row of the country itself has no code."""
    rows = list(csv.reader(io.StringIO(answer.get_data().decode("utf-8-sig"))))
    return _of_rows([row for row in rows[1:] if len(row) == len(rows[0])], country)


def in_xlsx(answer: Any, country: str) -> Shown:
    """Read the rows of the first sheet; numbers must be numeric cells, and no cell may be a formula."""
    sheet = openpyxl.load_workbook(io.BytesIO(answer.get_data())).worksheets[0]
    rows = [[_number_of(cell) for cell in row] for row in sheet.iter_rows()]
    kinds = {cell.data_type for row in sheet.iter_rows() for cell in row}
    assert "f" not in kinds
    return _of_rows([["" if one is None else str(one) for one in row] for row in rows[1:]], country)


def _number_of(cell: Any) -> Any:
    """Return the value of a cell; a share as it is shown."""
    is_share = cell.data_type == "n" and cell.value is not None and cell.number_format == "0%"
    return f"{round(cell.value * 100)} %" if is_share else cell.value


def _of_rows(rows: list[list[str]], country: str) -> Shown:
    # After them come the change, where there is a month to compare with, the month and the time.
    last = 3 + len(IN_FILES)
    return {
        row[1] if row[1] != country else "": dict(zip(IN_FILES, row[3:last], strict=True))
        for row in rows
    }


def in_api(answer: Any, _country: str) -> Shown:
    """Read the response of the API."""
    said = answer.get_json()

    def texts(row: Any) -> dict[str, str]:
        cells = {one: (row[one]["count"], row[one]["hidden"]) for one in COLUMNS}
        assert all((count is None) == bool(reason) for count, reason in cells.values())
        return {one: HIDDEN if reason else str(count) for one, (count, reason) in cells.items()}

    found = {one["region"]: texts(one["figures"]) for one in said["regions"]}
    return {said["region"] or "": texts(said["whole"]), **found}


def in_page(answer: Any, _country: str) -> Shown:
    """Read the tables of the regions and of the whole area, by the addresses in the rows."""
    tree = html5lib.parse(answer.get_data(as_text=True), namespaceHTMLElements=False)
    found = {}
    for row in tree.iterfind(".//section[@class='card ministry-regions']//table//tr"):
        link = row.find(".//a")
        cells = [" ".join("".join(one.itertext()).split()) for one in row.findall("td")]
        if link is not None and cells:
            code = re.sub(r"\?.*", "", link.get("href", "")).rpartition("/")[2]
            names = ("schools", "not_begun", "on_the_way", "certified", "share")
            found[code] = dict(zip(names, cells, strict=False))
    return found


FORMS = {"csv": in_csv, "xlsx": in_xlsx, "api": in_api, "page": in_page}


def right(row: Mapping[str, int], column: str) -> str:
    """Return the expected text of a cell that is shown."""
    if column == "share":
        return f"{row['certified'] * 100 // row['schools'] if row['schools'] else 0} %"
    if column == "not_begun":
        return str(row["registered"])
    if column == "on_the_way":
        return str(row["schools"] - row["certified"] - row["registered"])
    return str(row[column])


class Comparison:
    """What has been requested and compared so far, and what differs."""

    def __init__(self, packs: Mapping[str, CountryPack], expected: Expected) -> None:
        self.packs, self.expected = packs, expected
        self.compared: Counter[str] = Counter()
        self.faults: list[str] = []
        # Whether a cell is hidden: the first form requested decides it for all others.
        self.hidden: dict[tuple[str, date | None, str, str], bool] = {}

    def ask(self, reader: Reader) -> None:
        """Request every form as one reader."""
        for (country, month), rows in self.expected.items():
            if country == reader.country and _asks(reader, month):
                for form in FORMS:
                    self._compare(reader, form, month, rows)
        self._compare_report(reader)

    def _compare(self, reader: Reader, form: str, month: date | None, rows: Rows) -> None:
        said, answer = f"{reader.name} {month} {form}", reader.get(form, month)
        if answer.status_code != 200:
            self.faults.append(f"{said}: {answer.status_code}")
            return
        shown = FORMS[form](answer, reader.country)
        own = self.packs[reader.country].within(reader.region) if reader.region else set(shown)
        # A page lists regions with schools: one created by a reform had nothing below it before.
        below = not reader.region or any(rows[code]["schools"] for code in own - {reader.region})
        if not set(shown) <= own or (not shown and (form != "page" or below)):
            self.faults.append(f"{said}: has {sorted(shown)}")
        for code, row in shown.items():
            for column, cell in row.items():
                self.compared[form] += 1
                key = (reader.country, month, code, column)
                if fault := self._fault_of(cell, key, rows[code]):
                    self.faults.append(f"{said} {code} {column}: {fault}")

    def _fault_of(
        self, cell: str, key: tuple[str, date | None, str, str], row: Mapping[str, int]
    ) -> str | None:
        column, is_hidden = key[-1], cell == HIDDEN
        if self.hidden.setdefault(key, is_hidden) != is_hidden:
            return "hidden in one form alone"
        if is_hidden:
            return None if column in MAY_HIDE else "hidden without need"
        if column in PLACES and 0 < row[column] < LEAST:
            return f"{cell} is shown"
        return None if cell == right(row, column) else f"{cell}, not {right(row, column)}"

    def _compare_report(self, reader: Reader) -> None:
        """Compare the rows of the PDF report; the names of regions are one word each."""
        answer = reader.get("report", None)
        if answer.status_code != 200:
            self.faults.append(f"{reader.name} report: {answer.status_code}")
            return
        command, rows = ["pdftotext", "-layout", "-", "-"], self.expected[reader.country, None]
        paper = subprocess.run(command, input=answer.get_data(), capture_output=True, check=True)
        names = {f"Region{code.replace('-', '')}": code for code in rows if code}
        for line in paper.stdout.decode().splitlines():
            name, *cells = re.sub(r"\([^)]*\)", "", line).split() or [""]
            # A sentence may also begin with a region.
            if name in names and len(cells) > 5 and not any(map(str.isalpha, cells[:4])):
                for column, cell in zip(ON_PAPER, cells, strict=False):
                    self.compared["report"] += 1
                    key = (reader.country, None, names[name], column)
                    if fault := self._fault_of(cell, key, rows[names[name]]):
                        self.faults.append(f"{reader.name} report {name} {column}: {fault}")


def compare_shown(
    app: Flask, packs: Mapping[str, CountryPack], expected: Expected, at: datetime
) -> Comparison:
    """Request everything in every form, as people who may see it and as people who may not."""
    found = Comparison(packs, expected)
    app.test_client_class = Client
    with clock.at(at):
        for reader in readers(app, packs, at):
            found.ask(reader)
        found.faults += strangers(app, at)
    found.compared["cells, of which hidden"] = len(found.hidden)
    found.compared["hidden"] = sum(found.hidden.values())
    return found


def _asks(reader: Reader, month: date | None) -> bool:
    """Return whether a reader requests a month: the secretariat in English every one, all others some."""
    if reader.name.startswith("secretariat en"):
        return True
    return month is None or month.month in {3, 8, 9}


def readers(app: Flask, packs: Mapping[str, CountryPack], at: datetime) -> Iterator[Reader]:
    """Yield the people who may see figures, in every language."""
    for number, language in enumerate(LANGUAGES):
        for country, pack in packs.items():
            yield Reader(app, Role.SECRETARIAT, (country, ""), language, at)
            yield Reader(app, Role.MINISTRY, (country, ""), language, at)
            codes = sorted(pack.regions)
            for code in (codes[number % len(codes)], codes[(number + 3) % len(codes)]):
                yield Reader(app, Role.REGION_OFFICER, (country, code), language, at)


def strangers(app: Flask, at: datetime) -> Iterator[str]:
    """Yield figures shown without permission: of another country or region, or any at all."""
    officer = Reader(app, Role.REGION_OFFICER, ("UA", "UA-A-1"), "en", at)
    ministry = Reader(app, Role.MINISTRY, ("MD", ""), "en", at)
    asked = [
        ("UA", "UA-A"),
        ("UA", "UA-A-2"),
        ("UA", "UA-B"),
        ("UA", ""),
        ("MD", ""),
        ("MD", "MD-C"),
    ]
    asked_of = [(officer, area) for area in asked]
    asked_of += [(ministry, ("UA", "")), (ministry, ("UA", "UA-A-1"))]
    for reader, (country, code) in asked_of:
        reader.country, reader.region = country, code
        for form in (*FORMS, "report"):
            if (status := reader.get(form, None).status_code) not in {403, 404}:
                yield f"{reader.name} {form} of {country} {code}: {status}"
