"""Pages of figures, through the client: who sees what, where the cells come from, what they cost."""

import re
from datetime import date, timedelta

import pytest

from cissapp.foundation.content.installed import content
from cissapp.foundation.core.db import db
from cissapp.foundation.core.roles import Role
from cissapp.foundation.web import regions as region_fields
from cissapp.oversee.figures import queries
from cissapp.oversee.figures.rules import FrozenMonth
from cissapp.people.schools.rules import Figure, Progress, Standing
from tests.factories import NOW
from tests.pages import tree, words
from tests.statements import statements_sent

pytestmark = pytest.mark.usefixtures("stopped_clock")


def regions(response):
    """Head and rows of the table of regions, as they are read."""
    table = tree(response).find(".//section[@class='card ministry-regions']//table")
    return [[words(cell) for cell in row] for row in table.iter("tr")]


def all_figures(response):
    """Every figure of the area, in the columns that stand side by side."""
    table = tree(response).find(".//details[@id='sides']//table")
    rows = [[words(cell) for cell in row] for row in table.iter("tr")]
    return {name: cells for name, *cells in rows[1:]}


def figures(response):
    return [
        tuple(words(one) for one in card.iter("p"))
        for card in tree(response).findall(".//*[@class='card figure']")
    ]


def statements_of(app, browser, address):
    """How often a page asks the database."""
    with statements_sent(app) as seen:
        answer = browser.get(address)
        assert (answer.status_code, bool(answer.get_data())) == (200, True)
    return len([one for one in seen if one != "BEGIN"])


def last_night():
    """Count what is counted at night."""
    from cissapp.foundation.core.db import unit_of_work
    from cissapp.oversee.figures.services import measure_today
    from tests import factories

    with factories._app.app_context(), unit_of_work():
        measure_today({"MD": content().countries["MD"]}, at=NOW)


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
        (Role.MINISTRY, [200, 200, 200, 200, 200, 200, 404, 404, 404]),
        (Role.REGION_OFFICER, [404, 404, 404, 200, 200, 404, 404, 404, 404]),
        (Role.SECRETARIAT, [200] * 9),
        (Role.SCHOOL_MANAGER, [403] * 9),
        (Role.REVIEWER, [403] * 9),
        (Role.COORDINATOR, [403] * 9),
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
            "MD/report.pdf",
            "MD/MD-OR",
            "MD/MD-OR/figures.xlsx",
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

    assert (answer.status_code, words(next(tree(answer).iter("h1")))) == (404, "Page not found")


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
    assert [(words(one), one.find(".//a").get("href")) for one in tasks] == [
        ("Moldova 15 of 1,207 schools certified, 1 %", "/oversight/MD"),
        ("Ukraine 0 of 0 schools certified, 0 %", "/oversight/UA"),
    ]


def test_without_a_country_the_page_says_what_to_do(make, sign_in):
    page = sign_in(make.user(Role.SECRETARIAT)).get("/oversight")

    assert words(tree(page).find(".//*[@class='empty']")) == (
        "The countries in the programme will appear here. Add the first one under “Programme”."
    )


# --- the country -----------------------------------------------------------------------------


def test_the_country_in_four_large_figures(sign_in, ministry, moldova):
    page = sign_in(ministry).get("/oversight/MD")

    assert figures(page) == [
        ("Certified schools", "15", "of 1,194 schools"),
        ("Pupils in these schools", "–", "These figures will appear here tomorrow."),
        ("In review", "26", "review time not known yet"),
        ("Expiring in 90 days", "8"),
    ]
    main = words(tree(page).find(".//main"))
    assert "25 November 2026, 11:00 UTC+2; there is no earlier month to compare with" in main
    assert "1 % of all schools are certified." in main


@pytest.mark.both_databases
def test_a_country_with_reviewers_and_no_school_is_not_said_to_have_none_before_the_first_night(
    make, sign_in, ministry
):
    make.user(Role.REVIEWER, group_id=make.group("MD").id, joined_at=NOW - timedelta(days=1))
    browser = sign_in(ministry)

    def load() -> list[str]:
        page = tree(browser.get("/oversight/MD"))
        return [words(one) for one in page.findall(".//ul[@class='plot-steps ministry-load']/li")]

    assert load() == ["Open cases 0"]

    last_night()
    assert load()[:2] == ["Open cases 0", "Reviewers 1"]


def test_a_country_in_which_nothing_was_found_at_night_does_not_wait_for_tomorrow(
    make, sign_in, ministry
):
    make.group("MD")
    last_night()

    page = words(tree(sign_in(ministry).get("/oversight/MD")).find(".//main"))

    assert "Reviewers 0" in page
    assert "will appear here tomorrow" not in page


def test_three_columns_that_a_person_can_read(sign_in, ministry, moldova):
    browser = sign_in(ministry)

    head, *rows = regions(browser.get("/oversight/MD"))

    assert head == ["Region", "Schools", "Not begun", "On the way", "Certified", "Share"]
    assert rows == [
        ["Chișinău", "1,140", "1,000", "132", "8", "0 %"],
        ["Orhei", "60", "–", "–", "7", "11 %"],
        ["Soroca", "7", "–", "–", "0", "0 %"],
    ]
    detail = all_figures(browser.get("/oversight/MD?region=MD-OR"))
    assert rows[1][2:4] == [detail["Registered"][0], detail["On the way"][0]]


def test_regions_without_schools_are_folded(sign_in, ministry, moldova):
    page = tree(sign_in(ministry).get("/oversight/MD"))

    fold = page.find(".//section[@class='card ministry-regions']/details")
    assert words(fold.find("summary")) == "34 regions have no school in the programme yet"
    names = [words(one).casefold() for one in fold.iter("a")]
    assert len(names) == 34
    assert names == sorted(names)


def test_the_detail_stands_behind_the_three_columns(sign_in, ministry, moldova):
    found = all_figures(sign_in(ministry).get("/oversight/MD?region=MD-OR&with=MD-SO"))

    assert found == {
        "Schools": ["60", "7"],
        "Certified": ["7", "0"],
        "Share": ["11 %", "0 %"],
        "Not begun": ["–", "–"],
        "On the way": ["–", "–"],
        "Level 1": ["5", "0"],
        "Level 2": ["2", "0"],
        "Level 3": ["0", "0"],
        "Expiring": ["0", "0"],
        "Expired": ["–", "–"],
        "Registered": ["–", "–"],
        "In training": ["–", "–"],
        "Trained": ["–", "–"],
        "Submitted": ["–", "–"],
        "In review": ["–", "–"],
        "Decided": ["–", "–"],
    }
    assert list(found)[-6:] == [
        *("Registered", "In training", "Trained", "Submitted", "In review", "Decided")
    ]


def test_the_map_shows_the_same_shares_as_the_table(sign_in, ministry, moldova):
    page = sign_in(ministry).get("/oversight/MD")

    tiles = tree(page).findall(".//svg//a")
    on_map = dict(one.get("aria-label").rsplit(": ", 1) for one in tiles)
    in_table = {row[0]: row[-1] for row in regions(page)[1:]}
    shares = {name: share for name, share in on_map.items() if share != "no schools yet"}
    assert shares == {"Chișinău (CU)": "0 %", "Orhei (OR)": "11 %", "Soroca (SO)": "0 %"}
    assert {name.rsplit(" ", 1)[0]: share for name, share in shares.items()} == in_table
    places = {tuple(one.find("rect").get(name) for name in ("x", "y")) for one in tiles}
    assert len(places) == 37


def test_the_map_speaks_the_script_of_its_reader(sign_in, make, moldova):
    page = sign_in(make.user(Role.MINISTRY, language="uk")).get("/oversight/MD")

    tiles = tree(page).findall(".//svg//a")
    squares = [words(one.find("text")) for one in tiles]
    assert {"Киш", "Орг", "Сор"} <= set(squares)
    assert [one for one in squares if one.isascii()] == []
    said = {one.get("aria-label") for one in tiles}
    assert {"Кишинів (Киш): 0 %", "Оргіїв (Орг): 11 %"} <= said
    assert said == {words(one.find("title")) for one in tiles}
    stands_for = words(tree(page).find(".//details[@class='map-names']/p")).split("; ")
    assert len(stands_for) == 37
    assert "Киш – Кишинів" in stands_for


def test_a_small_figure_is_hidden_wherever_it_stands(sign_in, ministry):
    counted(
        MD_OR={"schools": 20, "registered": 17, "in_review": 3},
        MD_CU={"schools": 200, "registered": 90, "in_training": 60, "in_review": 50},
    )
    browser = sign_in(ministry)

    page = browser.get("/oversight/MD?sort=name")

    orhei = regions(page)[2]
    assert orhei == ["Orhei", "20", "–", "–", "0", "0 %"]
    below = browser.get("/oversight/MD/MD-OR")
    assert figures(below)[2][1] == "–"
    assert all_figures(below)["In review"] == ["–"]
    assert all_figures(below)["On the way"] == ["–"]


def test_a_region_that_the_pack_lost_is_still_counted(app, sign_in, ministry, moldova):
    from cissapp.foundation.core.db import session, unit_of_work
    from cissapp.people.schools.models import Tally

    with app.app_context(), unit_of_work():
        for figure, number in ((Figure.SCHOOLS, 9), (Figure.REGISTERED, 9)):
            row = Tally(country_code="MD", region_code="MD-ZZ", figure=figure, count=number)
            session.add(row)

    page = sign_in(ministry).get("/oversight/MD")

    assert ["MD-ZZ", "9", "0", "0 %"] in [[*row[:2], *row[4:]] for row in regions(page)]
    assert all_figures(page)["Schools"] == ["1,216"]


def test_names_are_in_the_language_of_the_person(make, sign_in, moldova):
    counted_in = make.user(Role.MINISTRY, language="uk")

    names = [row[0] for row in regions(sign_in(counted_in).get("/oversight/MD"))]

    assert {"Оргіїв", "Кишинів"} <= set(names)


# --- the region ------------------------------------------------------------------------------


def test_a_region_has_the_same_figures_as_its_row(sign_in, ministry, officer, moldova):
    in_country = sign_in(ministry).get("/oversight/MD?region=MD-OR")

    page = sign_in(officer).get("/oversight/MD/MD-OR")

    assert all_figures(page) == all_figures(in_country)
    assert figures(page)[0][:2] == ("Certified schools", "7")
    # How many renewals have begun is told of countries only.
    assert figures(page)[3] == ("Expiring in 90 days", "0")
    assert words(next(tree(page).iter("h1"))) == "Orhei: certified schools"


def test_an_officer_reaches_the_districts_below_and_nothing_beside(make, sign_in):
    make.country("UA")
    officer = make.user(Role.REGION_OFFICER, country_code="UA", region_code="UA-32")
    browser = sign_in(officer)

    page = browser.get("/oversight/UA/UA-32")
    below = {
        one.get("href").rpartition("/")[2]
        for one in tree(page).iter("a")
        if one.get("href", "").startswith("/oversight/UA/UA-") and "figures" not in one.get("href")
    } - {"report.pdf"}

    assert below
    assert all(code.startswith("UA-32-") for code in below)
    chosen = tree(page).find(".//select[@id='region']")
    assert {one.get("value") for one in chosen.iter("option")} == {"", *below}
    district = min(below)
    inside = browser.get(f"/oversight/UA/{district}")
    assert inside.status_code == 200
    assert browser.get("/oversight/UA/UA-05").status_code == 404
    crumbs = [one.get("href") for one in tree(inside).findall(".//*[@class='crumbs small']//a")]
    assert crumbs == ["/oversight/UA/UA-32"]


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

    tasks = tree(page).findall(".//*[@id='schools']//li[@class='task']")
    assert [words(one) for one in tasks] == [
        "Liceul A Orhei · valid until 25 November 2028 ✓ Level 1: Safeguards in place",
        "Liceul B Orhei · valid until 25 November 2028 ✓ Level 2: Working in practice",
    ]
    assert "2 schools with a certificate in force" in [words(one) for one in tree(page).iter("h2")]


def test_a_region_that_ended_says_what_it_became(app, make, sign_in, ministry, monkeypatch):
    with app.app_context():
        pack = content().countries["MD"]
    ended = pack.regions["MD-OR"].model_copy(
        update={"until_on": NOW.date() - timedelta(days=1), "into": ["MD-CU", "MD-SO"]}
    )
    monkeypatch.setitem(pack.regions, "MD-OR", ended)
    monkeypatch.setitem(vars(pack), "_ends", {"MD-OR": ended.until_on})
    browser = sign_in(ministry)

    said = tree(browser.get("/oversight/MD/MD-OR")).findall(".//div[@class='notice info']/p")

    assert words(said[0]) == ("The region ended on 24 November 2026. It became: Chișinău; Soroca.")
    (got,) = tree(browser.get("/oversight/MD/MD-CU")).findall(".//div[@class='notice info']/p")
    assert words(got) == (
        "On 25 November 2026 this region got a part of: Orhei. It is not compared with the time before."
    )
    whole = ended.model_copy(update={"into": ["MD-SO"]})
    monkeypatch.setitem(pack.regions, "MD-OR", whole)
    (got,) = tree(browser.get("/oversight/MD/MD-SO")).findall(".//div[@class='notice info']/p")
    assert words(got) == (
        "On 25 November 2026 this region took over: Orhei. The months before include these."
    )
    assert not tree(browser.get("/oversight/MD/MD-CU")).findall(".//div[@class='notice info']")
    divided = pack.regions["MD-CA"].model_copy(
        update={"until_on": ended.until_on, "into": ["MD-SO", "MD-CU"]}
    )
    with monkeypatch.context() as also:
        also.setitem(pack.regions, "MD-CA", divided)
        also.setitem(vars(pack), "_ends", dict.fromkeys(["MD-OR", "MD-CA"], ended.until_on))
        (got,) = tree(browser.get("/oversight/MD/MD-SO")).findall(".//div[@class='notice info']/p")
    assert words(got) == (
        "On 25 November 2026 this region took over: Orhei."
        " On 25 November 2026 this region got a part of: Cahul. It is not compared with the time before."
    )
    monkeypatch.setitem(pack.regions, "MD-OR", ended)
    officer = sign_in(make.user(Role.REGION_OFFICER))
    (own,) = tree(officer.get("/oversight/MD/MD-OR")).findall(".//div[@class='notice info']/p")
    assert words(own).endswith("the secretariat can change the region of your account.")
    assert 'href="/oversight/MD/MD-OR' in browser.get("/oversight/MD?q=orhei").text


def test_only_months_in_which_a_region_existed_are_offered(
    app, make, sign_in, ministry, monkeypatch
):
    kept = [FrozenMonth(date(2026, month, 1), NOW, 1, "") for month in (10, 9, 8)]
    monkeypatch.setattr(queries, "frozen_months", lambda _country_code: kept)
    with app.app_context():
        pack = content().countries["MD"]
    begun = pack.regions["MD-OR"].model_copy(update={"from_on": date(2026, 9, 15)})
    monkeypatch.setitem(pack.regions, "MD-OR", begun)
    page = tree(sign_in(ministry).get("/oversight/MD/MD-OR"))

    def offered(field):
        return [one.get("value") for one in page.findall(f".//select[@id='{field}']/option")]

    assert (offered("month"), offered("against")) == (
        ["", "2026-10", "2026-09"],
        ["2026-10", "2026-09", "2026-08"],
    )


def test_a_region_without_certificates_says_what_will_be_here(sign_in, officer):
    page = sign_in(officer).get("/oversight/MD/MD-OR?page=99")

    assert words(tree(page).find(".//*[@id='schools']/*[@class='empty']")) == (
        "Schools will be listed here once they have a certificate. The figures show how far they have got."
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
        sign_in(person).get(f"/oversight/{place}").get_data(as_text=True)
        for person, place in (
            (ministry, "MD"),
            (ministry, "MD/figures.csv"),
            (ministry, "MD/MD-OR"),
            (officer, "MD/MD-OR"),
        )
    ]

    canaries = ("anary", "school.example", "policy.pdf", "2.25", "Page 11")
    for page in pages:
        assert [word for word in canaries if word in page] == []


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

    with app.app_context():
        # There the number of schools says which index serves.
        by_number = db.engine.dialect.name == "sqlite"
    assert costs() == one
    assert one == [9, 9, 11 + by_number, 4]


def test_a_look_changes_nothing(app, sign_in, ministry, moldova):
    browser = sign_in(ministry)

    with statements_sent(app) as seen:
        for address in ("/oversight", "/oversight/MD", "/oversight/MD/figures.csv"):
            browser.get(address).get_data()

    assert {one.split()[0] for one in seen} - {"BEGIN"} == {"SELECT"}


def test_of_many_regions_those_of_the_first_levels_and_the_chosen_ones_can_be_compared(
    app, make, sign_in, monkeypatch
):
    make.country("UA")
    with app.app_context():
        pack = content().countries["UA"]
    browser = sign_in(make.user(Role.MINISTRY, country_code="UA"))
    top, all_of_them = set(pack.top(NOW.date())), set(pack.regions)

    def offered():
        page = browser.get("/oversight/UA?region=UA-46-02&with=UA-46")
        options = tree(page).findall(".//select[@id='region']/option")
        return {one.get("value") for one in options} - {""}

    assert offered() == all_of_them
    monkeypatch.setattr(region_fields, "MOST_OFFERED", len(top) + 5)
    assert offered() == top | {"UA-46-02"}
