"""The brief as files: the same cells in each, with day, month and definitions inside."""

import csv
import io
import subprocess

import openpyxl
import pikepdf
import pytest

from cissapp.foundation.core.roles import Role
from cissapp.oversee.figures import queries
from tests.certify.certificates.test_pdf import needs
from tests.oversee.oversight import sample
from tests.oversee.oversight.test_views import all_figures, regions


@pytest.fixture(autouse=True)
def _sample(monkeypatch):
    sample.stand_in(monkeypatch)


@pytest.fixture
def browser(make, sign_in):
    return sign_in(make.user(Role.MINISTRY))


def csv_rows(answer):
    return list(csv.reader(io.StringIO(answer.get_data().decode("utf-8-sig"))))


def sheets(answer):
    book = openpyxl.load_workbook(io.BytesIO(answer.get_data()))
    return [[list(row) for row in sheet.iter_rows(values_only=True)] for sheet in book]


def by_place(rows, head):
    """The rows of the table: what is said about it stands below them."""
    return [row for row in rows if len(row) == len(head) and row[-1].startswith("2026-")]


def in_excel(share):
    """A share as a spreadsheet calculates with it."""
    return str(int(share.removesuffix(" %")) / 100)


def test_files_tell_a_loss_and_what_cannot_be_compared(browser, monkeypatch):
    plain = queries.brief
    monkeypatch.setattr(queries, "brief", lambda *one, **asked: sample.uneven(plain(*one, **asked)))
    head, *rows = csv_rows(browser.get("/oversight/MD/figures.csv"))

    column = head.index("Certified, compared with 31 August 2026")
    told = {row[0]: row[column] for row in by_place(rows, head)}
    assert (told["Chișinău"], told["Orhei"], told["Soroca"]) == ("2", "-9", "–")


def test_every_file_has_the_cells_of_the_page(browser):
    page = browser.get("/oversight/MD?rows=all")
    head, *rows = csv_rows(browser.get("/oversight/MD/figures.csv"))
    table, about = sheets(browser.get("/oversight/MD/figures.xlsx"))

    by_name = {row[0]: dict(zip(head, row, strict=True)) for row in rows if len(row) == len(head)}
    for name, schools, not_begun, on_the_way, certified, share, change in regions(page)[1:]:
        cells = [schools, not_begun, on_the_way, certified, share]
        columns = ["Schools", "Not begun", "On the way", "Certified", "Share"]
        assert [by_name[name][column] for column in columns] == cells
        more = int(by_name[name]["Certified, compared with 31 August 2026"])
        assert change == (f"{more} more" if more else "no change")
    whole = by_name["Moldova, all regions"]
    assert {name: whole[name] for name in all_figures(page)} == {
        name: cells[0] for name, cells in all_figures(page).items()
    }
    share = head.index("Share")
    assert [["" if cell is None else str(cell) for cell in row] for row in table] == [
        head,
        *([*row[:share], in_excel(row[share]), *row[share + 1 :]] for row in by_place(rows, head)),
    ]
    assert [type(cell) for cell in table[1][3:5]] == [int, int]
    assert about[0][0] == "24 November 2026, 16:00 UTC+2, compared with 31 August 2026"
    said = {row[0]: row[1] for row in about if len(row) > 1}
    assert set(head[3:5]) <= set(said)


def test_a_file_says_its_month_and_what_its_columns_count(browser):
    answer = browser.get("/oversight/MD/figures.csv?month=2026-09")

    head, *rows = csv_rows(answer)
    assert answer.headers["Content-Disposition"] == 'attachment; filename="ciss-MD-2026-09-30.csv"'
    assert head[-2:] == ["Month", "Counted on"]
    assert {tuple(row[-2:]) for row in by_place(rows, head)} == {
        ("2026-09", "2026-11-24T14:00:00+00:00")
    }
    below = rows[len(by_place(rows, head)) :]
    said = {row[0]: row[1] for row in below if len(row) > 1}
    assert said["Schools"].startswith("Schools in the programme’s register. Invented schools")


def test_files_have_the_months_steps_and_ends_of_the_page_as_numbers(browser):
    _table, about = sheets(browser.get("/oversight/MD/figures.xlsx"))
    rows = csv_rows(browser.get("/oversight/MD/figures.csv"))

    told = [[cell for cell in row if cell is not None] for row in about]
    for table in (
        [
            ["Certified by month"],
            ["Month", "Certified", "Level 1", "Level 2", "Level 3"],
            ["November 2026, so far", 412, 252, 120, 40],
            ["October 2026", 389, 229, 120, 40],
        ],
        [
            ["From registration to certificate"],
            ["Calculated on 24 November 2026, 16:00 UTC+2"],
            ["Step", "Reached", "Days since the previous step", "At this step now"],
            ["Registered", 873, "–", 30],
            ["In training", 741, 9, 205],
        ],
        [
            ["Certificates expiring"],
            ["Calculated on 24 November 2026, 16:00 UTC+2"],
            ["Month", "How many", "Total by then"],
            ["December 2026", 5, 5],
            ["January 2027", 6, 11],
        ],
    ):
        at = told.index(table[0])
        assert told[at : at + len(table)] == table
        at = rows.index(table[0])
        assert rows[at : at + len(table)] == [[str(cell) for cell in row] for row in table]


@pytest.mark.parametrize("name", ["figures.csv", "figures.xlsx", "report.pdf"])
@pytest.mark.parametrize("asked", ["month=2019-02", "against=2019-02", "month=September"])
def test_there_is_no_file_of_a_month_that_is_not_kept(browser, name, asked):
    assert browser.get(f"/oversight/MD/{name}?{asked}").status_code == 404


def test_a_name_is_never_a_formula(browser, monkeypatch):
    from cissapp.oversee.oversight.views.reading import Reading

    monkeypatch.setattr(Reading, "region_name", lambda _reading, code: f'=HYPERLINK("{code}")')

    rows = csv_rows(browser.get("/oversight/MD/figures.csv"))
    table, _about = sheets(browser.get("/oversight/MD/figures.xlsx"))

    assert rows[2][0].startswith("'=HYPERLINK")
    assert table[2][0].startswith("'=HYPERLINK")


def test_the_report_is_tagged_and_its_plots_have_words(browser):
    answer = browser.get("/oversight/MD/report.pdf")

    assert answer.headers["Content-Disposition"] == 'attachment; filename="ciss-MD-2026-11-24.pdf"'
    with pikepdf.open(io.BytesIO(answer.get_data())) as pdf:
        assert str(pdf.Root.Lang) == "en"
        assert pdf.Root.MarkInfo.Marked
        document = pdf.Root.StructTreeRoot.K
        roles = [str(one.S) for one in document.K]
        words = [str(one.Alt) for one in document.K if str(one.S) == "/Figure"]
    assert roles.count("/H1") == 1
    assert roles.count("/Table") >= 7
    assert words[0] == "December 2025: 250 certified schools. November 2026, so far: 412."
    assert words[1] == (
        "Registered: 873; In training: 741; Submitted: 536; In review: 469; Ever certified: 412"
    )
    assert len(words) == 5


@needs("pdftotext")
def test_the_report_has_the_cells_of_the_page(browser, tmp_path):
    (tmp_path / "report.pdf").write_bytes(browser.get("/oversight/MD/report.pdf").get_data())
    page = browser.get("/oversight/MD?rows=all")

    command = ["pdftotext", "-layout", str(tmp_path / "report.pdf"), "-"]
    said = subprocess.run(command, capture_output=True, check=True, text=True).stdout

    printed = ["".join(line.split()) for line in said.splitlines()]
    for cells in regions(page)[1:]:
        row = "".join("".join(cells[:6]).split())
        assert [line for line in printed if line.startswith(row)] != [], row
    assert "One in 5 schools is certified." in said
    assert "A7 · Code of conduct for adults online" in said
