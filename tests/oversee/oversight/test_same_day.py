"""All pages and files count the same schools on the day after a certificate ended, before daily work and after it."""

import csv
import io
import re
from datetime import UTC, date, datetime, time, timedelta

import pytest

from cissapp.certify.certificates.services import refresh_standings
from cissapp.foundation.core import clock
from cissapp.foundation.core.db import session, unit_of_work
from cissapp.foundation.core.roles import Role
from cissapp.oversee.api.rules.tokens import TokenScope
from cissapp.oversee.api.services import tokens
from cissapp.verify.directory import queries as directory
from tests.client import main_text
from tests.factories import NOW
from tests.oversee.api.programs import Program

pytestmark = pytest.mark.usefixtures("plain_files")


class Reader:
    """Reads the number of certified schools of a country with one region wherever it is told."""

    def __init__(self, app, sign_in, person, at: datetime) -> None:
        with app.app_context(), unit_of_work():
            scopes = [TokenScope.FIGURES, TokenScope.REGISTER]
            ends_on = at.date() + timedelta(days=9)
            token = tokens.make_token("T", scopes, ends_on, by=session.merge(person), at=at)
        self.program, self.browser = Program(app, token), sign_in(person)
        self.visitor = app.test_client()

    def page(self, address: str, pattern: str) -> int:
        browser = self.visitor if address == "/" else self.browser
        found = re.search(pattern, main_text(browser.get(address)))
        return int(found[1]) if found else -1

    def rows(self, address: str) -> list[dict[str, str]]:
        return list(csv.DictReader(io.StringIO(self.browser.get(address).text.lstrip("\ufeff"))))

    def certified(self) -> dict[str, int]:
        """Return the number of certified schools by where it was read."""
        figures = self.program.ask("/countries/MD/figures").json
        of_region = self.program.ask("/countries/MD/regions/MD-OR/figures").json
        (row,) = [one for one in figures["regions"] if one["region"] == "MD-OR"]
        listed = [one for one in self.rows("/register.csv") if one["Code"]]
        return {
            "start": self.page("/", r"(\d+) schools? (is|are) certified today"),
            "countries": self.page("/oversight", r"Moldova (\d+) of 3 schools"),
            "brief": self.page("/oversight/MD", r"Certified schools (\d+) of"),
            "region": self.page("/oversight/MD/MD-OR", r"Certified schools (\d+) of 3 schools"),
            "map": self.page("/oversight/MD", r"Orhei \(OR\): (\d+) %") * 3 // 99,
            "file": int(self.rows("/oversight/MD/figures.csv")[0]["Certified"]),
            "file of the region": int(self.rows("/oversight/MD/MD-OR/figures.csv")[0]["Certified"]),
            "API": figures["whole"]["certified"]["count"],
            "API, in the country": row["figures"]["certified"]["count"],
            "API of the region": of_region["whole"]["certified"]["count"],
            "API, register": len(self.program.ask("/register").json["items"]),
            "register": self.page("/register", r"(\d+) schools?\b"),
            "register's file": len(listed),
            "register's JSON": len(self.browser.get("/register.json").json["schools"]),
        }


@pytest.mark.both_databases
def test_every_page_and_file_counts_a_certificate_until_the_same_midnight(
    app, make, sign_in, monkeypatch
):
    """At 22:30 UTC it is the next day already in Chișinău and Kyiv; daily work comes some hours after midnight."""
    monkeypatch.setattr(directory, "PER_PAGE", 1)  # or the list is short enough to be counted
    ending = make.certified(at=NOW)
    for _ in range(2):
        make.certified(at=NOW + timedelta(days=10))
    make.group("UA")  # or there is no list of countries
    person, until = make.user(Role.SECRETARIAT), ending.valid_until_on

    def read(day: date, hour: int) -> dict[str, int]:
        at = datetime.combine(day, time(hour, 30), UTC)
        with clock.at(at):
            return Reader(app, sign_in, person, at).certified()

    evening, night = read(until, 22), read(until + timedelta(days=1), 0)
    at = datetime.combine(until + timedelta(days=1), time(3), UTC)
    with app.app_context():
        assert refresh_standings(at=at, expiring_days=90) == 3
    morning = read(at.date(), 6)

    assert [set(one.values()) for one in (evening, night, morning)] == [{3}, {2}, {2}], night
