"""The brief with everything that it can show: an invented country in place of the figures room."""

import pypdfium2
import pytest
from msgspec.structs import replace

from cissapp.foundation.core.roles import Role
from cissapp.oversee.figures import queries
from cissapp.oversee.figures.rules import ChangeReason, Why
from cissapp.oversee.oversight.views.reasons import WORDS
from config import ROOT
from tests.oversee.oversight import sample
from tests.oversee.oversight.test_files import csv_rows, sheets
from tests.oversee.oversight.test_views import all_figures, figures, regions
from tests.pages import tree, words


@pytest.fixture(autouse=True)
def _sample(monkeypatch):
    sample.stand_in(monkeypatch)


@pytest.fixture
def look(make, sign_in):
    browser = sign_in(make.user(Role.MINISTRY))
    return lambda asked="": browser.get(f"/oversight/MD{asked}")


def lines(page, where):
    return [words(one) for one in tree(page).findall(where)]


def test_one_sentence_first_then_four_figures_with_their_change(look):
    page = look()

    assert lines(page, ".//p[@class='ministry-sentence']") == [
        "One in 5 schools is certified. The longest step is from training to application: 112 days."
    ]
    assert figures(page) == [
        ("Certified schools", "241", "of 1,194 schools", "▲ 24 more"),
        ("Pupils in these schools", "138,900", "of 341,000 pupils"),
        ("In review", "48", "half are certified within 24 days", "= no change"),
        ("Expiring in 90 days", "35", "renewals begun: 9", "▲ 4 more"),
    ]
    assert lines(page, ".//div[@class='ministry-dated']/p")[0] == (
        "24 November 2026, 16:00 UTC+2, compared with 31 August 2026"
    )


def test_the_steps_with_the_days_between_and_where_schools_wait(look):
    page = look()

    assert lines(page, ".//ol[@class='plot-steps']/li") == [
        "Registered 873",
        "↓ 9 days In training 741",
        "↓ 112 days, the longest step Submitted 536",
        "↓ 6 days In review 469",
        "↓ 24 days Ever certified 412",
    ]
    assert lines(page, ".//*[@class='ministry-shares']/p") == [
        "All schools 34.5 %",
        "All pupils 40.7 %",
        "Source: Biroul Național de Statistică, 1 September 2025.",
    ]


def test_a_region_is_compared_with_the_share_of_its_country(look, monkeypatch):
    made = queries.brief

    def brief(*arguments, **values):
        found = made(*arguments, **values)
        own = replace(found.schools_share, part=597)
        return replace(found, schools_share=own, country_schools_share=found.schools_share)

    monkeypatch.setattr(queries, "brief", brief)

    told = ["All schools 50.0 %", "All schools · Moldova 34.5 %", "All pupils 40.7 %"]
    assert lines(look("/MD-OR"), ".//*[@class='ministry-shares']/p")[:-1] == told
    pages = pypdfium2.PdfDocument(look("/MD-OR/report.pdf").get_data())
    report = " ".join(" ".join(one.get_textpage().get_text_bounded() for one in pages).split())
    assert "All schools · Moldova" in report


def test_each_plot_has_its_words_and_its_table(look):
    page = tree(look())

    plots = page.findall(".//svg[@role='img']")
    assert {words(one.find("title")) for one in plots} == {"Certified by month"}
    assert {words(one.find("desc")) for one in plots} == {
        "December 2025: 250 certified schools. November 2026, so far: 412."
    }
    folds = page.findall(".//details[@class='plot-table']")
    assert [len(list(one.iter("tr"))) for one in folds] == [13, 6, 15]
    assert all(
        one.get("aria-hidden") == "true" for one in page.findall(".//svg[@class='share-bar']")
    )


def test_regions_to_help_and_why(look):
    page = look()

    assert lines(page, ".//p[@class='ministry-region']") == [
        "Leova 0 of 27 certified",
        "Gagauzia 4 of 38 certified",
        "Cahul 9 of 50 certified",
        "Hîncești 12 of 52 certified",
        "Cantemir 3 of 27 certified",
    ]
    told = lines(page, ".//ol[@class='ministry-help']/li/p")
    assert told[1::3] == [
        "No school in the programme is here yet.",
        "21 schools have been in training for over 180 days.",
        "7 schools have waited for the review for over 60 days.",
        "7 schools have not answered the review for over 30 days.",
        "9 schools finished the training over 90 days ago but have not submitted.",
    ]
    assert told[2] == "What helps: Invite the heads of schools to an information day."


def test_the_time_ahead(look):
    page = look()

    assert lines(page, ".//ul[@class='plot-steps ministry-load']/li") == [
        "Open cases 57",
        "Reviewers 6",
        "Due in 30 days 21",
        "Expected in 90 days 64",
    ]
    endings = lines(page, ".//ul[@class='plot-steps ministry-ends']/li")
    folded = lines(page, ".//details/ul[@class='plot-steps ministry-ends']/li")
    assert endings[0] == "December 2026 5"
    assert (endings[12:], len(endings) > 12) == (folded, True)
    table = tree(page).findall(".//details[@class='plot-table']")[-1]
    assert [[words(cell) for cell in row] for row in table.iter("tr")][:4] == [
        ["Month", "How many", "Total by then"],
        ["December 2026", "5", "5"],
        ["January 2027", "6", "11"],
        ["February 2027", "7", "18"],
    ]
    assert (
        lines(page, ".//ul[@class='plot-steps']/li")[-3]
        == "A7 · Code of conduct for adults online of 64 schools 41 %"
    )


@pytest.mark.parametrize(
    ("sort", "first"),
    [
        ("", "Chișinău"),
        ("name", "Bălți"),
        ("share", "Chișinău"),
        ("not_begun", "Cahul"),
        ("on_the_way", "Chișinău"),
        ("nonsense", "Chișinău"),
    ],
)
def test_the_table_is_ordered_by_what_is_asked(look, sort, first):
    assert regions(look(f"?sort={sort}"))[1][0] == first


def test_a_second_choice_of_the_change_shows_the_greatest_losses_first(look, monkeypatch):
    plain = queries.brief
    monkeypatch.setattr(queries, "brief", lambda *one, **asked: sample.uneven(plain(*one, **asked)))

    def changes(page):
        return [row[-1] for row in regions(page)[1:]]

    page = look("?sort=change&rows=all")
    assert changes(page) == [*["2 more"] * 10, "9 fewer", "–"]
    address = tree(page).findall(".//th[@aria-sort='descending']/a")[0].get("href")
    assert "sort=loss" in address
    page = look(address.removeprefix("/oversight/MD").replace("#regions", ""))

    assert changes(page) == ["9 fewer", *["2 more"] * 10, "–"]
    assert "sort=change" in tree(page).findall(".//th[@aria-sort='ascending']/a")[0].get("href")


def test_the_order_never_tells_what_is_hidden(look):
    told = [row[2] for row in regions(look("?sort=not_begun&rows=all"))[1:]]

    hidden = [place for place, cell in enumerate(told) if cell in {"–", "< 5"}]
    assert hidden == list(range(len(told) - len(hidden), len(told)))
    names = [row[0] for row in regions(look("?sort=not_begun&rows=all"))[1:]][hidden[0] :]
    assert names == sorted(names)


def test_ten_rows_and_the_others_behind_a_link(look):
    assert len(regions(look())) == 11
    assert "2 more regions" in words(
        tree(look()).find(".//section[@class='card ministry-regions']")
    )
    assert len(regions(look("?rows=all"))) == 13


def test_a_region_is_found_by_a_part_of_its_name_without_its_marks(look):
    assert [row[0] for row in regions(look("?q=CHISI"))[1:]] == ["Chișinău"]
    section = tree(look("?q=nowhere")).find(".//section[@class='card ministry-regions']")
    assert "No region has “nowhere” in its name." in words(section)


def test_two_regions_and_two_months_side_by_side(look):
    page = look("?region=MD-CU&with=MD-OR&against=2026-08")

    table = tree(page).find(".//details[@id='sides']//table")
    assert [words(one) for one in next(table.iter("tr"))] == [
        "Figure",
        "Chișinău, now",
        "Chișinău, August 2026",
        "Orhei, now",
        "Orhei, August 2026",
    ]
    assert all_figures(page)["Certified"] == ["85", "83", "31", "29"]


def test_the_table_of_months_tells_which_is_not_over_and_which_was_corrected(look, monkeypatch):
    corrected = replace(sample.KEPT[0], version=2, reason="Two schools were counted twice.")
    kept = [corrected, *sample.KEPT[1:]]
    monkeypatch.setattr(queries, "frozen_months", lambda _country_code: kept)

    table = tree(look()).find(".//details[@class='plot-table']//tbody")
    assert [words(row.find("th")) for row in table][:3] == [
        "November 2026, so far",
        "October 2026, corrected",
        "September 2026",
    ]


def test_why_a_month_was_corrected_is_told_to_who_sees_the_country(make, sign_in, monkeypatch):
    why = "Two schools of Orhei belong to Soroca."
    corrected = [replace(one, version=2, reason=why) for one in sample.KEPT]
    monkeypatch.setattr(queries, "frozen_months", lambda _country_code: corrected)

    def told(role):
        browser = sign_in(make.user(role))
        page, table = (browser.get(f"/oversight/MD/MD-OR{one}") for one in ("", "/figures.csv"))
        report = pypdfium2.PdfDocument(browser.get("/oversight/MD/MD-OR/report.pdf").get_data())
        texts = [page.text, table.text, report[0].get_textpage().get_text_bounded()]
        said = "The figures of August 2026 were corrected on"
        return [(said in one, why in one) for one in (" ".join(text.split()) for text in texts)]

    assert told(Role.MINISTRY) == [(True, True)] * 3
    assert told(Role.REGION_OFFICER) == [(True, False)] * 3


def test_the_page_says_what_certified_means_and_what_print_leaves_out(look):
    page = look()

    claim = "It never says that a school is safe."
    assert claim in lines(page, ".//p[@class='small ministry-claim']")[0]
    assert lines(page, ".//p[@class='small ministry-cut']") == [
        "6 of 12 regions. The report and the files have all."
    ]
    assert lines(look("?q=chi"), ".//p[@class='small ministry-cut']") == []
    styles = (ROOT / "cissapp/foundation/web/static/css/ciss.css").read_text()
    assert ".ministry-regions tr:nth-child(n + 7) { display: none; }" in styles
    pages = pypdfium2.PdfDocument(look("/report.pdf").get_data())
    assert claim in " ".join(pages[0].get_textpage().get_text_bounded().split())
    assert claim in look("/figures.csv").get_data(as_text=True)


def test_a_past_month_leads_to_no_list_of_today(look):
    where = ".//div[@class='grid ministry-figures']//a"

    assert [one.get("href") for one in tree(look()).findall(where)] == ["/register?country=MD"]
    assert tree(look("?month=2026-09")).findall(where) == []


def test_before_the_first_night_no_zero_is_told_of_what_is_counted_then(look, monkeypatch):
    made = queries.brief

    def brief(*arguments, **values):
        found = made(*arguments, **values)
        pupils, load = replace(found.pupils_share, part=0), replace(found.load, reviewers=0)
        renewals = replace(found.renewals, by_month=())
        empty = {"funnel": (), "longest": None, "to_help": (), "weak": (), "measured_at": None}
        return replace(found, pupils_share=pupils, renewals=renewals, load=load, **empty)

    monkeypatch.setattr(queries, "brief", brief)
    page = look()

    later = "These figures will appear here tomorrow."
    assert figures(page)[1:] == [
        ("Pupils in these schools", "–", later),
        ("In review", "48", "review time not known yet", "= no change"),
        ("Expiring in 90 days", "35", "▲ 4 more"),
    ]
    # Steps, regions to help, months in which certificates end, weak criteria.
    assert lines(page, ".//p[@class='empty']") == [later] * 4
    assert lines(page, ".//ul[@class='plot-steps ministry-load']/li") == ["Open cases 57"]
    assert "All pupils not known" in lines(page, ".//*[@class='ministry-shares']/p")


def test_a_month_says_why_its_weak_criteria_are_not_shown(look, monkeypatch):
    made = queries.brief

    def brief(*arguments, **values):
        return replace(made(*arguments, **values), weak=(), is_weak_withheld=True)

    monkeypatch.setattr(queries, "brief", brief)

    assert "Not shown: these shares were kept before" in words(tree(look("?month=2026-09")))


def test_a_month_of_its_own_and_one_without_figures(look):
    page = look("?month=2026-09&against=2026-06")
    assert lines(page, ".//div[@class='ministry-dated']/p")[0] == (
        "30 September 2026, compared with 30 June 2026"
    )

    later = look("?month=2026-06&against=2026-09")
    assert regions(later)[0][-1] == "Compared with 30 September 2026"

    page = look("?month=2019-02")
    assert lines(page, ".//div[@class='notice warn']/p") == [
        "There are no figures for “2019-02”. This page shows the figures for the date in its heading."
    ]
    chosen = tree(page).findall(".//select[@id='month']/option[@selected='']")
    assert chosen == []


def test_what_is_asked_stays_when_something_else_is_asked(look):
    page = tree(look("?month=2026-09&q=chi&sort=name"))

    hidden = {
        (one.get("name"), one.get("value"))
        for one in page.findall(".//form[@action='#regions']/input[@type='hidden']")
    }
    assert hidden == {("month", "2026-09"), ("sort", "name")}
    files = [one.get("href") for one in page.findall(".//p[@class='ministry-files']/a")][1:]
    assert files == [
        f"/oversight/MD/{name}?month=2026-09"
        for name in ("report.pdf", "figures.xlsx", "figures.csv")
    ]


@pytest.mark.parametrize(
    ("reasons", "told", "why"),
    [
        (
            ((Why.CERTIFIED, 26), (Why.EXPIRED, -3), (Why.ENDED, -1), (Why.MOVED, 2)),
            [
                "Certified, or certified again +26",
                "Certificate expired -3",
                "Certificate suspended or withdrawn -1",
                "Moved from or to another region +2",
            ],
            [],
        ),
        (
            ((Why.CERTIFIED, 1_240), (Why.LOST, -1_216)),
            ["Certified, or certified again +1,240", "No longer certified -1,216"],
            [
                "How many expired, and how many were suspended or withdrawn, is hidden as a small number."
            ],
        ),
        ((), [], []),
    ],
)
def test_why_the_certified_schools_changed_on_page_and_in_the_report(
    look, monkeypatch, reasons, told, why
):
    made = queries.brief

    def brief(*arguments, **values):
        found = tuple(ChangeReason(*one) for one in reasons)
        return replace(made(*arguments, **values), reasons=found)

    monkeypatch.setattr(queries, "brief", brief)
    page, where = look(), ".//section[@class='ministry-shares ministry-reasons']"

    assert lines(page, f"{where}//li") == told
    assert lines(page, f"{where}/p") == (["Since 31 August 2026", *why] if told else [])
    pages = pypdfium2.PdfDocument(look("/report.pdf").get_data())
    report = " ".join(" ".join(one.get_textpage().get_text_bounded() for one in pages).split())
    assert [one in report for one in told] == [True] * len(told)
    assert all(line in report for line in why)
    below = [["Why the number of certified schools changed", "Since 31 August 2026"]]
    below += [[WORDS[name], str(number)] for name, number in reasons] + [[line] for line in why]
    rows = csv_rows(look("/figures.csv"))
    _table, about = sheets(look("/figures.xlsx"))
    written = [[str(cell) for cell in row if cell is not None] for row in about]
    for file in (rows, written):
        assert [row for row in file if row in below] == (below if told else [])
