"""Files of any length: what a spreadsheet reads is what was written, and nothing of it is run."""

import csv
import io
import os
import zipfile
from datetime import date, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from cissapp.foundation.web import sheet_streams
from cissapp.foundation.web.sheet_streams import (
    SILENT_AT_MOST,
    StreamedSheet,
    csv_pieces,
    spooled,
    xlsx_pieces,
)
from cissapp.foundation.web.spreadsheets import WholePercent, csv_of, safe, safe_in_csv
from cissapp.foundation.web.xlsx_pages import column_letters

HEAD = ["Name", "Number", "Place"]
TEXTS = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn", "Co"]), max_size=12
)
CELLS = st.one_of(
    TEXTS,
    st.sampled_from(
        [
            "=1+1",
            " -1",
            "-a,b",
            "@x",
            "a,b",
            "a\n=b",
            "\t=1",
            "\r=1",
            "\n1",
            "<b>&",
            'say "x"',
            "a;b",
            "a; -1",
            "-0.5",
            "-1;-2",
            "",
        ]
    ),
)
ROWS = st.lists(st.tuples(CELLS, st.one_of(st.none(), st.integers(0, 9999)), CELLS), max_size=6)


def sheet_of(*batches, about=()):
    return StreamedSheet("Schools: all", HEAD, list(batches), about, frozenset({1}))


@given(ROWS, ROWS)
@example([("\r1", 1, "")], [("a", 1, "\r1"), ("\n1", 1, "")])  # a quote begins these cells
@example([("-1", 1, "")], [("-2", 2, "")])  # nothing stands before the first cell of a batch
def test_a_csv_says_what_was_written_and_no_cell_is_a_formula(first, second):
    text = b"".join(csv_pieces(sheet_of(first, second))).decode("utf-8-sig")
    read = list(csv.reader(io.StringIO(text, newline="")))

    expected = [
        [safe_in_csv(name), "" if n is None else str(n), safe_in_csv(place)]
        for name, n, place in first + second
    ]
    assert read == [HEAD, *expected]


@pytest.mark.parametrize("text", ["-0.1", "-0,125", "-12", "-1.000"])
def test_a_negative_number_is_one_in_every_file(text):
    assert (safe(text), safe_in_csv(text)) == (text, text)


@pytest.mark.parametrize(
    "text",
    ["-", "-1-1", "-1+1", "--1", "-A1", "-1e3", "-1 ", "-1\n", " -1", "-007", "-1.2.3", "-1;=A1", "-1,2,3", "+1", "-１", "=-1"],
)  # fmt: skip
def test_what_only_begins_like_a_negative_number_is_written_as_text(text):
    assert safe_in_csv(text).startswith(f"'{text[0]}")


@pytest.mark.parametrize("between", ["", " ", '"', '""', "\t"])
@pytest.mark.parametrize("sign", "=+-@＝")
def test_a_csv_has_no_formula_where_a_spreadsheet_splits_it_at_semicolons(sign, between):
    name = f"School;{between}{sign}cmd|' /C calc'!A0;a"
    streamed = b"".join(csv_pieces(sheet_of([("a", 1, name)]))).decode("utf-8-sig")

    for text in (streamed, csv_of(HEAD, [["a", "1", name]]).decode("utf-8-sig")):
        cells = csv.reader(io.StringIO(text, newline=""), delimiter=";")
        assert not [cell for row in cells for cell in row if cell.strip(' "\t').startswith(sign)]


def test_lines_that_end_with_a_quote_are_not_treated_cell_by_cell(monkeypatch):
    rows = [("Lyceum", 3, '{"a": "b, c"}'), ("School", 4, 'say "x"')]
    looked_at = []
    monkeypatch.setattr(sheet_streams, "safe_in_csv", looked_at.append)

    assert b'""b, c""' in b"".join(csv_pieces(sheet_of(rows)))
    assert looked_at == []


@given(ROWS)
def test_an_xlsx_says_what_was_written_and_no_cell_is_a_formula(rows):
    book = load_workbook(io.BytesIO(b"".join(xlsx_pieces(sheet_of(rows)))))
    rows_read = book.active.iter_rows(values_only=True, max_col=3)
    read = [[None if cell == "" else cell for cell in row] for row in rows_read]

    expected = [[safe(name) or None, number, safe(place) or None] for name, number, place in rows]
    assert read == [HEAD, *expected]
    assert not any(cell.data_type == "f" for row in book.active.iter_rows() for cell in row)


@pytest.mark.parametrize(
    "name", ["School", "<School>"]
)  # a batch as it is, and one that needs care
def test_a_date_of_an_xlsx_is_a_date_and_stays_text_in_a_csv(name):
    rows = [
        (name, "2026-02-28", date(1900, 3, 1), "2026-02-28 23:59:58"),
        (name, "", None, None),
    ]
    made = StreamedSheet(
        "Schools", [*HEAD, "At"], [rows], days=frozenset({1, 2}), moments=frozenset({3})
    )
    book = load_workbook(io.BytesIO(b"".join(xlsx_pieces(made))))
    lines = b"".join(csv_pieces(made)).decode("utf-8-sig").splitlines()

    assert list(book.active.iter_rows(min_row=2, values_only=True)) == [
        (name, datetime(2026, 2, 28), datetime(1900, 3, 1), datetime(2026, 2, 28, 23, 59, 58)),
        (name, None, None, None),
    ]
    assert lines[1:] == [f"{name},2026-02-28,1900-03-01,2026-02-28 23:59:58", f"{name},,,"]


def test_what_is_said_about_a_table_stands_inside():
    made = sheet_of([("a", 1, "b")], about=[["As of", "=today"]])
    lines = b"".join(csv_pieces(made)).decode("utf-8-sig").split("\r\n")
    book = load_workbook(io.BytesIO(b"".join(xlsx_pieces(made))))

    assert lines == ["Name,Number,Place", "a,1,b", "", "As of,'=today", ""]
    assert book.sheetnames == ["Schools all", "CISS"]
    assert book["CISS"]["B1"].value == "'=today"
    assert (book["CISS"]["B1"].alignment.wrap_text, book["CISS"]["A1"].alignment.wrap_text) == (
        True,
        None,
    )
    assert book.worksheets[0].freeze_panes == f"A{2}"


def test_every_sheet_prints_on_a4_with_its_head_on_each_page_and_is_filtered():
    made = StreamedSheet(
        "Schools: “A & B”",
        ["Name", "At", "Certified, compared with 31 August 2026", *"DEFGHIJKLMNOPQRSTUVWXYZ", "AA"],
        [[("a", "2026-02-28 23:59:58", 1, *"d" * 23, 2)] * 3, [("b", None, 2, *"e" * 23, 3)]],
        [["As of", "today"]],
        moments=frozenset({1}),
        wide=frozenset({0}),
    )
    book = load_workbook(io.BytesIO(b"".join(xlsx_pieces(made))))
    table = book.worksheets[0]

    assert (table.auto_filter.ref, table.freeze_panes) == ("A1:AA5", "A2")
    assert table.print_title_rows == "$1:$1"
    assert "'Schools “A & B”'!$A$1:$AA$5" in zipfile.ZipFile(
        io.BytesIO(b"".join(xlsx_pieces(made)))
    ).read("xl/workbook.xml").decode().replace("&amp;", "&")
    for page in book.worksheets:
        setup = page.page_setup
        assert (setup.paperSize, setup.orientation) == (9, "landscape")
        assert (setup.fitToWidth, setup.fitToHeight) == (1, 0)
        assert page.sheet_properties.pageSetUpPr.fitToPage
        assert (page.oddFooter.left.text, page.oddFooter.right.text) == ("&A", "&P / &N")
    widths = [table.column_dimensions[letter].width for letter in "ABCD"]
    assert widths == [32, 20, 13, 11]
    assert (table["C1"].font.b, table["C1"].alignment.wrap_text, table["C2"].font.b) == (
        True,
        True,
        False,
    )


@pytest.mark.parametrize(("number", "letters"), [(1, "A"), (26, "Z"), (27, "AA"), (703, "AAA")])
def test_columns_are_called_as_in_a_spreadsheet(number, letters):
    assert column_letters(number) == letters == get_column_letter(number)


def test_a_share_is_a_number_to_calculate_with_in_excel_alone():
    made = StreamedSheet("Shares", ("Name", "Share"), [[("a", WholePercent(45))]], is_mixed=True)
    lines = b"".join(csv_pieces(made)).decode("utf-8-sig").split("\r\n")
    cell = load_workbook(io.BytesIO(b"".join(xlsx_pieces(made)))).worksheets[0]["B2"]

    assert lines[1] == "a,45 %"
    assert (cell.value, cell.number_format) == (0.45, "0%")


def test_the_first_piece_leaves_before_the_rows_are_read():
    asked = []

    def batches():
        asked.append("rows")
        yield [("a", 1, "b")] * 3

    for form in (csv_pieces, xlsx_pieces):
        asked.clear()
        pieces = spooled(form(StreamedSheet("S", HEAD, batches(), (), frozenset({1}))))
        first = next(pieces)
        assert (bool(first), asked) == (True, [])
        assert list(pieces)
        assert asked == ["rows"]


def test_a_long_file_is_not_silent_while_it_is_made_and_comes_whole_and_once(monkeypatch):
    made, now = [], [0.0]
    monkeypatch.setattr(sheet_streams, "monotonic", lambda: now[0])

    def pieces():
        for number in range(6):
            made.append(number)
            now[0] += SILENT_AT_MOST * 0.6
            yield b"%d" % number

    sent = [(piece, made[-1]) for piece in spooled(pieces())]

    assert sent == [(b"0", 0), (b"12", 2), (b"34", 4), (b"5", 5)]


def test_what_no_xml_takes_is_left_out():
    book = load_workbook(
        io.BytesIO(b"".join(xlsx_pieces(sheet_of([("a\x00b\ufffe", 1, os.linesep)]))))
    )

    assert book.active["A2"].value == "ab"
