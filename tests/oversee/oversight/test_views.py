"""Pages of figures, through the client."""

import csv
import io
import re

import html5lib
import pytest
from sqlalchemy import event

from cissapp.foundation.core import clock
from cissapp.foundation.core.db import db
from cissapp.foundation.core.roles import Role
from cissapp.foundation.web.spreadsheets import safe
from cissapp.oversee.oversight.views.tables import FigureRow, csv_of
from cissapp.people.schools.rules import Figure, Progress, Standing
from tests.factories import NOW

SVG = "{http://www.w3.org/2000/svg}"
HEADS = [
    "Region",
    "Schools",
    "Certified",
    "Share",
    "Level 1",
    "Level 2",
    "Level 3",
    "Expiring",
    "Expired",
    "Registered",
    "In training",
    "Trained",
    "Submitted",
    "In review",
    "Decided",
]
PLACES = slice(HEADS.index("Registered"), None)


@pytest.fixture(autouse=True)
def _now():
    with clock.at(NOW):
        yield


def tree(response):
    return html5lib.parse(response.get_data(as_text=True), namespaceHTMLElements=False)


def text_of(element):
    return " ".join("".join(element.itertext()).split())


def table_of(response):
    """Head and rows of the table of the page, the name of a region as it is read."""
    table = next(tree(response).iter("table"))
    return [[text_of(cell) for cell in row] for row in table.iter("tr")]


def row_of(response, name):
    return next(row for row in table_of(response) if row[0] == name)


def figures(response):
    return [
        tuple(text_of(one) for one in card.iter("p"))
        for card in tree(response).findall(".//*[@class='card figure']")
    ]


def explained(response):
    rows = tree(response).findall(".//dl[@class='summary']/div")
    return {text_of(row.find("dt")): text_of(row.find("dd/strong")) for row in rows}


def csv_rows(response):
    return list(csv.reader(io.StringIO(response.get_data().decode("utf-8-sig"))))


def statements_of(app, browser, address):
    """How often a page asks the database."""
    seen = []

    def see(_connection, _cursor, statement, *_rest):
        if statement != "BEGIN":
            seen.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", see)
    assert browser.get(address).status_code == 200
    event.remove(engine, "before_cursor_execute", see)
    return len(seen)


def counted(**figures):
    """Write the tallies of regions as if schools had been counted: `MD_OR={...}`."""
    from cissapp.foundation.core.db import session, unit_of_work
    from cissapp.people.schools.models import Tally
    from tests import factories

    with factories._app.app_context(), unit_of_work():
        for code, counts in figures.items():
            region = code.replace("_", "-")
            for figure, number in counts.items():
                session.get(Tally, (region[:2], region, Figure(figure))).count = number


@pytest.fixture
def ministry(make):
    return make.user(Role.MINISTRY)


@pytest.fixture
def officer(make):
    return make.user(Role.REGION_OFFICER)


@pytest.fixture
def moldova(make, ministry):
    """Three regions with figures, large and small."""
    counted(
        MD_OR={
            "schools": 60,
            "registered": 20,
            "in_training": 10,
            "trained": 6,
            "submitted": 8,
            "in_review": 4,
            "changes_requested": 2,
            "decided": 10,
            "level_1": 5,
            "level_2": 2,
            "expiring": 0,
            "expired": 6,
        },
        MD_CU={
            "schools": 1140,
            "registered": 1000,
            "in_training": 60,
            "trained": 30,
            "submitted": 20,
            "in_review": 12,
            "changes_requested": 8,
            "decided": 10,
            "level_1": 7,
            "level_3": 1,
            "expiring": 8,
            "expired": 0,
        },
        MD_SO={"schools": 7, "registered": 7},
    )


# --- who sees what ---------------------------------------------------------------------------


def test_everybody_is_led_to_the_own_figures(make, sign_in, ministry, officer):
    assert sign_in(ministry).get("/oversight").location == "/oversight/MD"
    assert sign_in(officer).get("/oversight").location == "/oversight/MD/MD-OR"


@pytest.mark.parametrize(
    ("role", "answers"),
    [
        (Role.MINISTRY, [200, 200, 200, 200, 404, 404, 404]),
        (Role.REGION_OFFICER, [404, 404, 200, 404, 404, 404, 404]),
        (Role.SECRETARIAT, [200, 200, 200, 200, 200, 200, 200]),
        (Role.SCHOOL_MANAGER, [403] * 7),
        (Role.REVIEWER, [403] * 7),
        (Role.COORDINATOR, [403] * 7),
    ],
)
def test_a_ministry_sees_its_country_and_an_officer_the_own_region(make, sign_in, role, answers):
    make.country("MD")
    make.country("UA")
    browser = sign_in(make.user(role))

    found = [
        browser.get(f"/oversight/{place}").status_code
        for place in (
            "MD",
            "MD/figures.csv",
            "MD/MD-OR",
            "MD/MD-CU",
            "UA",
            "UA/figures.csv",
            "UA/UA-30",
        )
    ]

    assert found == answers


@pytest.mark.parametrize("place", ["XX", "BY", "MD/MD-XX", "MD/UA-30", "UA/MD-OR", "MD/figures"])
def test_what_the_programme_does_not_know_is_missing(make, sign_in, place):
    make.country("MD")
    make.country("UA")

    answer = sign_in(make.user(Role.SECRETARIAT)).get(f"/oversight/{place}")

    assert (answer.status_code, text_of(next(tree(answer).iter("h1")))) == (404, "Page not found")


def test_the_letters_of_a_country_may_be_small(make, sign_in, ministry, officer):
    assert sign_in(ministry).get("/oversight/md").status_code == 200
    assert sign_in(officer).get("/oversight/md/md-or").status_code == 200


def test_the_same_answer_for_what_is_foreign_and_what_is_not_there(make, sign_in, officer):
    browser = sign_in(officer)

    def page(place):
        html = browser.get(f"/oversight/{place}").get_data(as_text=True)
        return re.sub(r'value="[^"]*"', "", html)

    assert page("MD/MD-CU") == page("MD/MD-XX") == page("MD")


def test_the_secretariat_sees_how_far_the_countries_are(make, sign_in, moldova):
    make.country("UA")

    page = sign_in(make.user(Role.SECRETARIAT)).get("/oversight")

    tasks = tree(page).findall(".//li[@class='task']")
    assert [(text_of(one), one.find(".//a").get("href")) for one in tasks] == [
        ("Moldova 15 of 1,207 schools certified, 1 %", "/oversight/MD"),
        ("Ukraine 0 of 0 schools certified, 0 %", "/oversight/UA"),
    ]


def test_without_a_country_the_page_says_what_to_do(make, sign_in):
    page = sign_in(make.user(Role.SECRETARIAT)).get("/oversight")

    assert text_of(tree(page).find(".//*[@class='empty']")) == (
        "The countries of the programme will be here. Add the first one under “Programme”."
    )


# --- the country -----------------------------------------------------------------------------


def test_the_country_in_four_large_figures(sign_in, ministry, moldova):
    page = sign_in(ministry).get("/oversight/MD")

    assert figures(page) == [
        ("Certified", "15", "of 1,207 schools, 1 %"),
        ("In review", "26", "of 1,207 schools"),
        ("Expiring in 90 days", "8", "of the certified schools"),
        ("Submitted", "28", "of 1,207 schools"),
    ]
    assert "Counted on 25 November 2026, 11:00 UTC+2" in text_of(tree(page).find(".//main"))


def test_the_table_has_the_whole_country_and_the_regions_with_schools(sign_in, ministry, moldova):
    head, *rows = table_of(sign_in(ministry).get("/oversight/MD"))

    assert head == HEADS
    assert rows == [
        [
            "Moldova, all regions",
            *["1207", "15", "1 %", "12", "2", "1", "8", "6"],
            *["1027", "70", "36", "28", "26", "20"],
        ],
        [
            "Chișinău",
            *["1140", "8", "0 %", "7", "0", "1", "8", "0"],
            *["1000", "60", "30", "20", "20", "10"],
        ],
        [
            "Orhei",
            *["60", "7", "11 %", "5", "2", "0", "0", "6"],
            *["20", "10", "6", "8", "6", "10"],
        ],
        ["Soroca", *["7", "0", "0 %", "0", "0", "0", "0", "0"], *["7", "0", "0", "0", "0", "0"]],
    ]


def test_regions_without_schools_are_named_in_one_line(sign_in, ministry, moldova):
    page = tree(sign_in(ministry).get("/oversight/MD"))

    fold = page.find(".//details[@class='card fold']")
    assert text_of(fold.find("summary")) == "34 regions have no school in the programme yet"
    names = [text_of(one).casefold() for one in fold.iter("a")]
    assert len(names) == 34
    assert names == sorted(names)


def test_every_figure_stands_with_its_definition(sign_in, ministry, moldova):
    assert explained(sign_in(ministry).get("/oversight/MD")) == {
        "Schools": "1207",
        "Certified": "15",
        "Level 1": "12",
        "Level 2": "2",
        "Level 3": "1",
        "Expiring": "8",
        "Expired": "6",
        "Registered": "1027",
        "In training": "70",
        "Trained": "36",
        "Submitted": "28",
        "In review": "26",
        "Decided": "20",
    }


def test_the_map_shows_the_same_shares_as_the_table(sign_in, ministry, moldova):
    page = sign_in(ministry).get("/oversight/MD")

    tiles = tree(page).findall(f".//{SVG}a")
    on_map = dict(one.get("aria-label").rsplit(": ", 1) for one in tiles)
    in_table = {row[0]: row[HEADS.index("Share")] for row in table_of(page)[2:]}
    assert {name: share for name, share in on_map.items() if share != "–"} == in_table
    places = {tuple(one.find(f"{SVG}rect").get(name) for name in ("x", "y")) for one in tiles}
    assert len(places) == 37
    assert {one.get("href") for one in tiles} == {
        one.get("href")
        for one in tree(page).iter("a")
        if one.get("href", "").startswith("/oversight/MD/MD-")
    }


def test_small_figures_are_hidden_and_none_can_be_computed(sign_in, ministry, moldova):
    counted(MD_CA={"schools": 30, "registered": 27, "submitted": 3})

    page = sign_in(ministry).get("/oversight/MD")

    cahul, whole = row_of(page, "Cahul"), row_of(page, "Moldova, all regions")
    assert cahul[HEADS.index("Submitted")] == "< 5"
    assert sum(cell in {"< 5", "–"} for cell in cahul[PLACES]) >= 2
    submitted = [row[HEADS.index("Submitted")] for row in table_of(page)[1:]]
    assert sum(cell in {"< 5", "–"} for cell in submitted) >= 2
    assert whole[HEADS.index("Submitted")] == "31"


def test_a_small_figure_of_the_country_is_hidden_in_large_too(sign_in, ministry):
    counted(MD_OR={"schools": 20, "registered": 17, "submitted": 3})

    page = sign_in(ministry).get("/oversight/MD")

    assert [number for _label, number, _of in figures(page)] == ["0", "0", "0", "< 5"]
    assert explained(page)["Submitted"] == "< 5"


def test_a_region_that_the_pack_lost_is_still_counted(app, sign_in, ministry, moldova):
    from cissapp.foundation.core.db import session, unit_of_work
    from cissapp.people.schools.models import Tally

    with app.app_context(), unit_of_work():
        for figure, number in ((Figure.SCHOOLS, 9), (Figure.REGISTERED, 9)):
            row = Tally(country_code="MD", region_code="MD-ZZ", figure=figure, count=number)
            session.add(row)

    page = sign_in(ministry).get("/oversight/MD")

    assert [row_of(page, "MD-ZZ")[HEADS.index(head)] for head in ("Schools", "Registered")] == [
        "9",
        "9",
    ]
    assert row_of(page, "Moldova, all regions")[1] == "1216"


def test_names_are_in_the_language_of_the_person(make, sign_in, moldova):
    counted_in = make.user(Role.MINISTRY, language="uk")

    names = [row[0] for row in table_of(sign_in(counted_in).get("/oversight/MD"))]

    assert {"Оргіїв", "Кишинів"} <= set(names)


# --- the file --------------------------------------------------------------------------------


def test_the_file_has_exactly_the_cells_of_the_page(sign_in, ministry, moldova):
    counted(MD_CA={"schools": 30, "registered": 27, "submitted": 3})
    browser = sign_in(ministry)

    answer = browser.get("/oversight/MD/figures.csv")

    head, *rows = csv_rows(answer)
    shown_head, *shown = table_of(browser.get("/oversight/MD"))
    assert [head[0], *head[2:-2]] == shown_head
    assert [[row[0], *row[2:-2]] for row in rows if row[2] != "0"] == shown
    assert (head[1], *head[-2:]) == ("Code", "Counted on", "Definitions")
    assert {row[-2] for row in rows} == {"2026-11-25T09:00:00+00:00"}
    assert [bool(row[-1]) for row in rows] == [True] + [False] * 37
    assert rows[0][-1].startswith("Schools: Schools in the register of the programme. Certified:")
    assert [row[1] for row in rows[:2]] == ["", "MD-AN"]


def test_the_file_opens_in_a_spreadsheet(sign_in, ministry):
    answer = sign_in(ministry).get("/oversight/MD/figures.csv")

    assert answer.get_data()[:3] == b"\xef\xbb\xbf"
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"] == (
        'attachment; filename="ciss-MD-2026-11-25.csv"'
    )
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+373 22", "'+373 22"),
        ("-5", "'-5"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        ("\n=1", "'\n=1"),
        ("＝1+1", "'＝1+1"),
        ("  =1+1", "'  =1+1"),
        ("\u00a0=1", "'\u00a0=1"),
        ("< 5", "< 5"),
        ("–", "–"),
        ("16 %", "16 %"),
        ("Orhei", "Orhei"),
        ("", ""),
    ],
)
def test_no_cell_is_taken_for_a_formula(cell, written):
    assert safe(cell) == written


def test_names_are_made_safe_in_the_file(app):
    with app.test_request_context():
        written = csv_of([FigureRow("MD-X", '=HYPERLINK("x")', ("1",))], counted_at=NOW)

    assert list(csv.reader(io.StringIO(written.decode("utf-8-sig"))))[1][:2] == [
        '\'=HYPERLINK("x")',
        "MD-X",
    ]


# --- the region ------------------------------------------------------------------------------


def test_a_region_has_the_same_figures_as_its_row(sign_in, ministry, officer, moldova):
    counted(MD_OR={"registered": 26, "in_review": 0, "changes_requested": 0})
    in_country = row_of(sign_in(ministry).get("/oversight/MD"), "Orhei")

    page = sign_in(officer).get("/oversight/MD/MD-OR")

    assert [*explained(page).values()] == [
        cell
        for head, cell in zip(HEADS, in_country, strict=True)
        if head not in {"Region", "Share"}
    ]
    assert figures(page)[0] == ("Certified", "7", "of 60 schools, 11 %")
    assert text_of(next(tree(page).iter("h1"))) == "Orhei: certified schools"


def test_only_who_sees_the_country_is_led_back_to_it(sign_in, ministry, officer):
    def crumbs(user):
        page = sign_in(user).get("/oversight/MD/MD-OR")
        return [one.get("href") for one in tree(page).findall(".//*[@class='crumbs small']//a")]

    assert (crumbs(ministry), crumbs(officer)) == (["/oversight/MD"], [])


def test_a_region_lists_its_certified_schools_as_the_register_does(make, sign_in, officer):
    group = make.group()
    for name, region, level in (
        ("Liceul B", "MD-OR", 2),
        ("Liceul A", "MD-OR", 1),
        ("Liceul C", "MD-CU", 3),
    ):
        school = make.school(group_id=group.id, name=name, region_code=region)
        make.certified(school, level=level)
    make.school(group_id=group.id, name="Not certified", progress=Progress.IN_REVIEW)
    make.school(
        group_id=group.id,
        name="Expired",
        progress=Progress.DECIDED,
        standing=Standing.EXPIRED,
        level=1,
        valid_until_on=NOW.date(),
    )

    page = sign_in(officer).get("/oversight/MD/MD-OR")

    tasks = tree(page).findall(".//li[@class='task']")
    assert [text_of(one) for one in tasks] == [
        "Liceul A Orhei · valid until 25 November 2028 ✓ Level 1: Safeguards in place",
        "Liceul B Orhei · valid until 25 November 2028 ✓ Level 2: Working in practice",
    ]
    assert "2 schools with a certificate in force" in [
        text_of(one) for one in tree(page).iter("h2")
    ]


def test_a_region_without_certificates_says_what_will_be_here(sign_in, officer):
    page = sign_in(officer).get("/oversight/MD/MD-OR?page=99")

    assert text_of(tree(page).find(".//*[@class='empty']")) == (
        "Schools will be listed here once they have a certificate. The figures show how far they are."
    )


# --- what never appears, and what it costs ---------------------------------------------------


def test_no_person_no_score_and_no_document_appears(make, sign_in, ministry, officer):
    """A whole application with words that would be found anywhere."""
    school = make.school(progress=Progress.TRAINED, name="Canary school without certificate")
    make.manager(school, name="Canary Person", email="canary@school.example")
    make.handed_in(school)
    certified = make.school(group_id=school.group_id, name="Liceul A")
    make.certified(certified, level=2)

    pages = [
        sign_in(ministry).get("/oversight/MD"),
        sign_in(ministry).get("/oversight/MD/figures.csv"),
        sign_in(ministry).get("/oversight/MD/MD-OR"),
        sign_in(officer).get("/oversight/MD/MD-OR"),
    ]

    canaries = ("anary", "school.example", "policy.pdf", "2.25", "Page 11")
    for page in pages:
        said = page.get_data(as_text=True)
        assert [word for word in canaries if word in said] == []


def test_many_schools_and_regions_cost_no_more_than_one(app, make, sign_in, ministry, officer):
    group = make.group()

    def costs():
        return [
            statements_of(app, sign_in(ministry), "/oversight/MD"),
            statements_of(app, sign_in(ministry), "/oversight/MD/figures.csv"),
            statements_of(app, sign_in(officer), "/oversight/MD/MD-OR"),
            statements_of(app, sign_in(make.user(Role.SECRETARIAT)), "/oversight"),
        ]

    make.certified(make.school(group_id=group.id))
    one = costs()
    for region in ("MD-OR", "MD-OR", "MD-CU", "MD-CA"):
        make.certified(make.school(group_id=group.id, region_code=region))
    make.country("UA")

    assert costs() == one
    assert one == [3, 3, 5, 2]


def test_a_look_changes_nothing(app, sign_in, ministry, moldova):
    browser = sign_in(ministry)
    seen = []

    def see(_connection, _cursor, statement, *_rest):
        seen.append(statement.split()[0])

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", see)
    for address in ("/oversight", "/oversight/MD", "/oversight/MD/figures.csv"):
        browser.get(address)
    event.remove(engine, "before_cursor_execute", see)

    assert set(seen) - {"BEGIN"} == {"SELECT"}
