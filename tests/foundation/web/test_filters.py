"""How moments and figures are written on pages."""

import re
from datetime import UTC, datetime, timedelta, timezone
from fractions import Fraction

import pytest
from flask_babel import force_locale

from cissapp.certify.certificates.rules import in_groups
from cissapp.foundation.web import filters
from config import ROOT
from tests.certify.transparency.test_services import five_events
from tests.client import main_text

WINTER = datetime(2026, 11, 27, 12, 3, 4, tzinfo=UTC)
SUMMER = datetime(2026, 7, 1, 12, 3, 4, tzinfo=UTC)


@pytest.mark.one_database("sqlite")
@pytest.mark.parametrize(
    ("moment", "zone", "expected"),
    [
        (WINTER, "UTC", "27 November 2026, 12:03 UTC"),
        (WINTER, "Europe/Chisinau", "27 November 2026, 14:03 UTC+2"),
        (SUMMER, "Europe/Chisinau", "1 July 2026, 15:03 UTC+3"),
        (SUMMER, "Asia/Kolkata", "1 July 2026, 17:33 UTC+5:30"),
        (SUMMER, "America/St_Johns", "1 July 2026, 09:33 UTC−2:30"),
        (WINTER.replace(tzinfo=timezone(timedelta(hours=3))), "UTC", "27 November 2026, 09:03 UTC"),
    ],
)
def test_a_moment_says_its_zone(app, moment, zone, expected):
    with app.test_request_context():
        assert filters.moment(moment, zone) == expected


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("ro", "27 noiembrie 2026, 12:03 UTC"),
        ("uk", "27 листопада 2026, 12:03 UTC"),
        ("ru", "27 ноября 2026, 12:03 UTC"),
        ("be", "27 лістапада 2026, 12:03 UTC"),
    ],
)
def test_a_visitor_reads_universal_time_and_is_told_so(app, language, expected):
    with app.test_request_context(), force_locale(language):
        assert filters.moment(WINTER) == expected
        assert filters.clock_time(WINTER) == "12:03:04 UTC"


def zones(page) -> set[str]:
    """List the zones beside the times of a page; "" where a time has none."""
    times = re.findall(r"(?<!\d)\d\d:\d\d(?::\d\d)?(?:\s(UTC[^ <,.)]*))?(?!\d)", main_text(page))
    assert times
    return set(times)


def test_each_page_with_times_says_whose_they_are(databases, client, sign_in, make):
    certificate = databases.kept(five_events)
    check = f"/verify/{in_groups(certificate.code)}"

    # A certificate is checked by the clock of its country, whoever reads.
    assert zones(client.get(check)) == {"UTC+2"}
    assert [zones(client.get(one)) for one in ("/log", "/register")] == [{"UTC"}] * 2
    assert zones(sign_in(make.user()).get("/audit")) == {"UTC"}
    browser = sign_in(make.manager(certificate.school))
    assert [zones(browser.get(one)) for one in (check, "/school/certificate")] == [{"UTC+2"}] * 2


def test_no_page_writes_a_time_by_another_way():
    templates = (ROOT / "cissapp").rglob("*.html")
    modules = [one for one in (ROOT / "cissapp").rglob("*.py") if one.name != "filters.py"]

    assert [
        one for one in templates if re.search(r"strftime|isoformat|format_", one.read_text())
    ] == []
    assert [one for one in modules if "HH:mm" in one.read_text()] == []


@pytest.mark.parametrize(("language", "expected"), [("en", "1.13"), ("ro", "1,13"), ("be", "1,13")])
def test_a_figure_is_rounded_once_and_has_the_sign_of_the_language(app, language, expected):
    with app.test_request_context(), force_locale(language):
        assert filters.decimal(Fraction(9, 8)) == filters.decimal(1.125) == expected


def test_a_table_moves_in_its_own_place_and_its_empty_corner_is_no_heading(app):
    html = filters.markdown("| | b |\n|---|---|\n| 1 | 2 |\n")

    assert html.startswith('<div class="scroll" tabindex="0"><table>')
    assert html.rstrip().endswith("</table></div>")
    assert "<th></th>" not in html
    assert "<th>b</th>" in html


def test_mails_write_their_dates_as_pages_do():
    """The short form of a date differs: "Jan 24, 2027" in a letter that a page calls "24 January 2027"."""
    mails = [*ROOT.glob("cissapp/**/mails.py"), *ROOT.glob("cissapp/**/mails/*.py")]

    assert len(mails) > 10
    assert [path.name for path in mails if "format_date" in path.read_text(encoding="utf-8")] == []


@pytest.mark.parametrize(
    ("language", "expected"),
    [("en", ["1 kB", "18 kB", "1.2 MB"]), ("ro", ["1 kB", "18 kB", "1,2 MB"])],
)
def test_a_size_has_the_decimals_of_the_language(app, language, expected):
    with app.test_request_context(), force_locale(language):
        assert [filters.file_size(size) for size in (40, 18_200, 1_230_000)] == expected
