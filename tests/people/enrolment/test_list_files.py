"""Files with lists: what is read, and what is refused with which sentence."""

import warnings
import zipfile
from datetime import date
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from cissapp.foundation.core.errors import Refused
from cissapp.people.enrolment import list_files
from cissapp.people.enrolment.rules import SchoolList

HEADING = ["region", "code", "name", "locality", "language", "pupils"]
ROW = ["MD-OR", "0001", "Liceul „Eminescu”", "Orhei", "ro", "412"]
CELLS = dict(zip(HEADING, ROW, strict=True))


def csv_of(*rows, delimiter=";", heading=HEADING):
    return "\n".join(delimiter.join(row) for row in [heading, *rows]).encode()


def xlsx_of(*rows, heading=HEADING):
    book = Workbook()
    for row in [heading, *rows]:
        book.active.append(row)
    return saved(book)


def saved(book):
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def repacked(content, changes):
    """The same archive with some parts changed or added."""
    file = BytesIO()
    with (
        zipfile.ZipFile(BytesIO(content)) as old,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for member in old.namelist():
            new.writestr(member, changes.pop(member, None) or old.read(member))
        for name, part in changes.items():
            new.writestr(name, part)
    return file.getvalue()


def said(content, **limits):
    with pytest.raises(Refused) as refused:
        list_files.read_list(content, **limits)
    (problem,) = refused.value.problems
    assert problem.code == "file"
    return problem.message % problem.values


def cells(table):
    return [(line.number, line.cells) for line in table.lines]


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_a_csv_is_read_with_its_delimiter_and_with_or_without_a_mark(delimiter, mark):
    table = list_files.read_list(mark + csv_of(ROW, delimiter=delimiter))

    assert (cells(table), table.unknown) == ([(2, CELLS)], [])


def test_headings_are_read_however_they_are_written():
    heading = ["Region", '"CODE"', " name ", "Locality", "language", "Head-Email", "Remarks", ""]
    table = list_files.read_list(csv_of(["a", "b", "c", "d", "e", "f", "g", ""], heading=heading))

    assert cells(table) == [(2, dict(zip([*HEADING[:5], "head_email"], "abcdef", strict=True)))]
    assert table.unknown == ["remarks"]


def test_quotes_line_breaks_and_empty_rows_are_understood():
    content = csv_of(
        ["MD-OR", "1", '"Liceul; ""Mihai""\nEminescu"', "Orhei", "ro", ""],
        ["", "", "", "", "", ""],
        ["MD-OR", "2", "Short"],
    )

    table = list_files.read_list(content)

    assert [(line.number, line.cells["name"]) for line in table.lines] == [
        (2, 'Liceul; "Mihai"\nEminescu'),
        (4, "Short"),
    ]


def test_a_formula_in_a_csv_is_text():
    (line,) = list_files.read_list(csv_of(["MD-OR", "=1+1", "@x", "-y", "ro", ""])).lines

    assert (line.cells["code"], line.cells["name"], line.faults) == ("=1+1", "@x", ())


def test_a_row_with_more_columns_than_the_heading_is_at_fault():
    table = list_files.read_list(csv_of([*ROW, "more"], [*ROW, " "]))

    assert [[fault.code for fault in line.faults] for line in table.lines] == [["file"], []]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The file is empty."),
        (b" \n ", "The file is empty."),
        (b";;\n;;", "The file is empty."),
        (csv_of(), "The list has a heading, but no row."),
        (csv_of(ROW).decode().encode("utf-16"), "The file is written as UTF-16."),
        (csv_of(ROW).decode().encode("utf-16-le"), "The file is written as UTF-16."),
        (
            csv_of([*ROW[:2], "Школа", "Оргеев", "ru", ""]).decode().encode("cp1251"),
            "The file is not written as UTF-8, perhaps as Windows-1251.",
        ),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "This is an old or a protected Excel file."),
        (b"PK\x03\x04 and nothing", "The file is damaged, or it is not an XLSX file."),
        (b"PK\x05\x06" + b"\0" * 18, "The file is damaged, or it is not an XLSX file."),
        (
            b"code;name\n1;a",
            "The first row must name the columns. These are missing: region, locality, language.",
        ),
        (
            csv_of(ROW, heading=[*HEADING[:5], "code"]),
            "These columns stand there twice: code.",
        ),
        (csv_of(['"open']), "The file cannot be read from line"),
        (
            b"region;code;name;locality;language\n" + b"x" * 200_000,
            "The file cannot be read from line",
        ),
    ],
)
def test_a_file_that_cannot_be_read_says_why(content, sentence):
    assert said(content).startswith(sentence)


def test_a_list_has_its_most_rows():
    rows = [ROW] * 3

    assert len(list_files.read_list(csv_of(*rows), most_rows=3).lines) == 3
    assert said(csv_of(*rows), most_rows=2) == "A list may have 2 rows. Split it."


# --- XLSX ------------------------------------------------------------------------------------


def test_an_xlsx_is_read_with_its_numbers_and_days():
    table = list_files.read_list(
        xlsx_of(
            ["MD-OR", 1001, "Liceul", "Orhei", "ro", 412.0],
            [None] * 6,
            ["MD-OR", date(2026, 1, 2), 1.5, True, "ro", None],
        )
    )

    assert cells(table) == [
        (2, dict(zip(HEADING, ["MD-OR", "1001", "Liceul", "Orhei", "ro", "412"], strict=True))),
        (
            4,
            dict(
                zip(HEADING, ["MD-OR", "2026-01-02T00:00:00", "1.5", "True", "ro", ""], strict=True)
            ),
        ),
    ]


def test_a_formula_in_an_xlsx_is_at_fault_and_a_text_like_one_is_not():
    book = Workbook()
    book.active.append(HEADING)
    book.active.append(["MD-OR", "=A1&1", "x", "Orhei", "ro", 4])
    book.active["C2"].value = "=text"
    book.active["C2"].data_type = "s"

    (line,) = list_files.read_list(saved(book)).lines

    assert [(fault.code, fault.values) for fault in line.faults] == [("code", {"column": "code"})]
    assert line.cells["name"] == "=text"


def test_only_the_first_sheet_is_read():
    book = Workbook()
    book.active.append(HEADING)
    book.active.append(ROW)
    book.create_sheet().append(["something else"])

    assert cells(list_files.read_list(saved(book))) == [(2, CELLS)]


def test_a_sheet_that_lies_about_its_size_is_read_whole():
    content = xlsx_of(ROW, ROW)
    sheet = zipfile.ZipFile(BytesIO(content)).read("xl/worksheets/sheet1.xml")
    lying = sheet.replace(b'<dimension ref="A1:F3"', b'<dimension ref="A1:B1"')
    assert lying != sheet

    table = list_files.read_list(repacked(content, {"xl/worksheets/sheet1.xml": lying}))

    assert [line.cells for line in table.lines] == [CELLS, CELLS]


def test_a_sheet_that_goes_on_for_ever_is_left():
    book = Workbook()
    book.active.append(HEADING)
    book.active["A1048576"] = "far away"

    assert said(saved(book)).startswith("The sheet goes down too far.")


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"xl/vbaProject.bin": b"x"}, "The file holds macros, or other files."),
        ({"xl/embeddings/a.bin": b"x"}, "The file holds macros, or other files."),
        ({f"xl/{i}.xml": b"x" for i in range(200)}, "The file has too many parts."),
        ({"xl/zeros.xml": b"\0" * 51_000_000}, "The file unpacks to more than 50 MB."),
        (
            {"[Content_Types].xml": b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"},
            "The file holds macros.",
        ),
        ({"xl/workbook.xml": b"<broken"}, "The file is damaged"),
        (
            {
                "xl/worksheets/sheet1.xml": b"<!DOCTYPE a [<!ENTITY b 'c'>]><worksheet>&b;</worksheet>"
            },
            "The file is damaged",
        ),
    ],
)
def test_an_archive_with_something_else_in_it_is_refused(changes, sentence):
    assert said(repacked(xlsx_of(ROW), dict(changes))).startswith(sentence)


def test_a_protected_archive_is_refused():
    content = bytearray(xlsx_of(ROW))
    start = content.index(b"PK\x01\x02")
    content[start + 8] |= 1

    assert said(bytes(content)).startswith("The file is protected by a password.")


GOOD = xlsx_of(ROW)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_damaged_file_is_read_or_refused(data):
    content = bytearray(data.draw(st.sampled_from([GOOD, csv_of(ROW)])))
    for _ in range(data.draw(st.integers(1, 6))):
        place = data.draw(st.integers(0, len(content) - 1))
        content[place] = data.draw(st.integers(0, 255))
    end = data.draw(st.integers(0, len(content)))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # an archive that names a part twice
        try:
            found = list_files.read_list(
                bytes(content[:end] if data.draw(st.booleans()) else content)
            )
        except Refused:
            return

    assert isinstance(found, SchoolList)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(content):
    try:
        list_files.read_list(content)
    except Refused as refused:
        (problem,) = refused.problems
        assert problem.message % problem.values
