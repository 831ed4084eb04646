"""Files with lists: what is read, and what is refused with which sentence."""

import re
import warnings
import zipfile
from datetime import date
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from cissapp.foundation.core.errors import Refused
from cissapp.foundation.web.sheet_streams import StreamedSheet, csv_pieces, xlsx_pieces
from cissapp.foundation.web.xlsx_package import MAIN
from cissapp.people.school_lists import list_files
from cissapp.people.school_lists.list_files import (
    FORMULA,
    archives,
    csv_rows,
    merged_cells,
    xlsx_rows,
)
from cissapp.people.school_lists.list_files.charsets import charset_of
from cissapp.people.school_lists.rules import is_known

HEADING = ["region", "code", "name", "locality", "language", "pupils"]
ROW = ["MD-OR", "0001", "Liceul „Eminescu”", "Orhei", "ro", "412"]


OPEN_DOCUMENT = (
    b"PK\x03\x04" + b"\0" * 26 + b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet"
)


def zip_of(*names):
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name in names:
            archive.writestr(name, "<Types/>")
    return file.getvalue()


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


def read(content, **how):
    """The head and the rows of a file."""
    opened = list_files.open_list(BytesIO(content), is_known, **how)
    return opened.head, list(opened.rows)


def said(content):
    with pytest.raises(Refused) as refused:
        list_files.first_look(BytesIO(content), is_known)
        read(content)
    (problem,) = refused.value.problems
    assert problem.code == "file"
    return problem.message % problem.values


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_a_csv_is_read_with_any_delimiter_and_encoding(delimiter, charset):
    content = csv_of(ROW, delimiter=delimiter).decode().encode(charset)

    assert read(content) == (HEADING, [(2, ROW)])


def test_a_csv_that_is_half_read_can_be_closed():
    file = BytesIO(csv_of(ROW, ROW))
    rows = csv_rows.rows_of_csv(file, "utf-8")
    next(rows)
    file.close()

    assert rows.close() is None


def test_the_head_is_found_below_titles_and_has_names_of_its_own():
    content = "Lista școlilor 2026;;\n;;\nRaionul;Cod;Denumirea;;Cod\nOrhei;1;Liceul;x;y"

    head = ["Raionul", "Cod", "Denumirea", "4", "Cod (5)"]
    assert read(content.encode()) == (head, [(4, ["Orhei", "1", "Liceul", "x", "y"])])


@pytest.mark.parametrize(
    ("rows", "head", "first"),
    [
        (  # merged over columns, with titles above and numbers of the columns below
            [
                ["Ministerul Educației"],
                ["Cod", "Denumirea", "Director", "", "", "Elevi", "", "Note"],
                ["", "", "Numele", "E-mail", "Telefon", "total", "fete"],
                ["1", "2", "3", "4", "5", "6", "7", "8"],
            ],
            [
                "Cod", "Denumirea", "Director: Numele", "Director: E-mail", "Director: Telefon", "Elevi: total",
                "Elevi: fete", "Note",
            ],
            5,
        ),
        (  # more of the headings stand in the lower row
            [["Код", "Заклад", "", "", ""], ["", "Назва", "Регіон", "Місто", "Мова"]],
            ["Код", "Заклад: Назва", "Заклад: Регіон", "Заклад: Місто", "Заклад: Мова"],
            3,
        ),
        ([["Titlu", "x"], ["Foo", "Bar", "Baz"]], ["Foo", "Bar", "Baz"], 3),
        ([["Код", "Назва", "", "Місто"]], ["Код", "Назва", "3", "Місто"], 2),
    ],
)  # fmt: skip
def test_a_head_of_one_or_two_rows_is_found(rows, head, first):
    school = ["0412", "Liceul", "Ion"]

    assert read(csv_of(*rows[1:], school, heading=rows[0])) == (head, [(first, school)])


def test_a_code_that_excel_shows_with_zeros_has_them():
    book = Workbook()
    book.active.append(HEADING)
    book.active.append(["MD-OR", 412, "Liceul", "Orhei", "ro", 400.0])
    book.active["B2"].number_format = "0000000"
    book.active["F2"].number_format = "0.00"

    ((_number, cells),) = read(saved(book))[1]
    assert (cells[1], cells[5]) == ("0000412", "400")


@pytest.mark.parametrize(
    ("cell", "read"),
    [
        ('="00412"', "00412"),
        ('"=""00412"""', "00412"),
        ('=""', ""),
        ('="1"&"2"', '="1"&"2"'),
        ("=1+1", "=1+1"),
    ],
)
def test_a_cell_that_says_it_is_a_text_is_read_as_a_spreadsheet_shows_it(cell, read):
    content = csv_of([ROW[0], cell, *ROW[2:]])

    ((_number, cells),) = list_files.open_list(BytesIO(content), is_known).rows

    assert cells == [ROW[0], read, *ROW[2:]]


def test_quotes_line_breaks_and_empty_rows_are_understood():
    content = csv_of(
        ["MD-OR", "1", '"Liceul; ""Mihai""\nEminescu"', "Orhei", "ro", ""],
        ["", "", "", "", "", ""],
        ["MD-OR", "2", "=Short"],
    )

    _head, rows = read(content)

    assert [(number, row[2]) for number, row in rows] == [
        (2, 'Liceul; "Mihai"\nEminescu'),
        (4, "=Short"),
    ]


@pytest.mark.parametrize(
    ("text", "charset"),
    [
        ("Назва;Місто\nГімназія № 3;Київ\nЛіцей «Їжак»;Ґрунти", "cp1251"),
        ("Название;Город\nШКОЛА № 12;Минск\nсредняя школа;Орша", "cp1251"),
        ("Назва;Горад\nЎзорная школа;Мінск", "cp1251"),
        ("Denumirea;Localitatea\nŞcoala „Ion Creangă”;Bălţi\nGrădiniţa;Făleşti", "cp1250"),
        ("Назва;Місто\nшкола перша;Київ\nліцей;Харків", "koi8-u"),
        ("Название;Город\nСредняя школа № 12;Минск\nгимназия;Орша", "cp866"),
    ],
)
def test_an_old_encoding_is_found_by_its_letters(text, charset):
    reading = charset_of(BytesIO(text.encode(charset)))

    assert (reading.charset, reading.others) == (charset, ())
    assert read(text.encode(charset))[0] == text.split("\n")[0].split(";")


def test_where_letters_do_not_tell_the_others_are_named_and_one_may_be_chosen():
    content = "Nom;Ville\nLycée Molière;Orléans\nCollège;Besançon".encode("cp1252")
    reading = charset_of(BytesIO(content))

    assert {"cp1250", "cp1252"} <= {reading.charset, *reading.others}
    assert read(content, charset="cp1252")[1][0] == (2, ["Lycée Molière", "Orléans"])


def test_a_text_of_which_few_letters_are_cut_is_read_with_the_place_of_each():
    content = csv_of(ROW, ["MD-OR", "2", "Școala Ș", "Orhei", "ro", ""]).replace(
        "Ș;".encode(), b"\xc8;"
    )
    letters = "Ștefan cel Mare și Sfânt;" * 5
    content = content.replace(b"Orhei", letters[:-1].replace(";", ",").encode())

    for charset in (None, "utf-8-sig"):
        assert read(content, charset=charset)[1][1][1][2] == "Școala \ufffd"
    with pytest.raises(Refused):
        read("Назва;Місто\nГімназія;Київ".encode("cp1251"), charset="utf-8-sig")


def test_an_encoding_that_nobody_knows_is_asked_for():
    reading = charset_of(BytesIO("Назва;Місто\nГімназія;Київ".encode("iso8859-5")))

    assert len(reading.others) == 4


def test_cells_that_a_result_file_protected_are_read_as_they_were():
    rows = [["-", "+1; =школа", "@x", "'Liceul'", "Кам'янець", ""], ["'", "=1", "", "", "", "\t-"]]
    sheet = StreamedSheet("Result", HEADING, [rows])

    for pieces in (csv_pieces(sheet), xlsx_pieces(sheet)):
        _head, found = read(b"".join(pieces))
        assert [cells + [""] * (6 - len(cells)) for _number, cells in found] == rows


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The file is empty."),
        (b" \n ", "The file is empty."),
        (b";;\n;;", "The file is empty."),
        (csv_of(), "The list has a heading but no rows."),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "This Excel file is old or protected."),
        (
            b"\xef\xbb\xbf\n<HTML><table><tr><td>code</td></tr></table>",
            "This is a web page or another kind of table.",
        ),
        (b'<?xml version="1.0"?><Workbook/>', "This is a web page or another kind of table."),
        (OPEN_DOCUMENT, "This is a web page or another kind of table."),
        (b"PK\x03\x04 and nothing", "The file is damaged, or it is not an XLSX file."),
        (zip_of("[Content_Types].xml"), "The file is damaged, or it is not an XLSX file."),
        (zip_of("[Content_Types].xml", "word/document.xml"), "This is a document"),
        (zip_of("list.csv"), "This is a document"),
        (b"%PDF-1.7\n1 0 obj; << /Type /Catalog >>\nendobj; x", "This is a document"),
        (b"{\\rtf1\\ansi;\n more; text\n}", "This is a document"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "This is a document"),
        (csv_of(['"open']), "The file cannot be read from line"),
        (b"code;" * 70 + b"\n" + b"1;" * 70, "A list can have up to 60 columns."),
        (
            b"region;code;name;locality;language\n" + b"x" * 200_000,
            "The file cannot be read from line",
        ),
    ],
)
def test_a_file_that_cannot_be_read_says_why(content, sentence):
    assert said(content).startswith(sentence)


# --- XLSX ------------------------------------------------------------------------------------


def test_an_xlsx_is_read_with_its_numbers_and_days():
    _head, rows = read(
        xlsx_of(
            ["MD-OR", 1001, "007", "Orhei", "ro", 412.0],
            [None] * 6,
            ["MD-OR", date(2026, 1, 2), 1.5, True, "ro", None],
        )
    )

    assert rows == [
        (2, ["MD-OR", "1001", "007", "Orhei", "ro", "412"]),
        (4, ["MD-OR", "2026-01-02", "1.5", "True", "ro"]),
    ]


def test_the_sheet_with_known_headings_is_read_and_others_that_hold_something_are_named():
    book = Workbook()
    book.active.title = "Despre"
    book.active.append(["Lista școlilor", "octombrie"])
    for name in ("Orhei", "Cahul", "Gol", "Ascuns"):
        sheet = book.create_sheet(name)
        for row in [] if name == "Gol" else [HEADING, [name, *ROW[1:]]]:
            sheet.append(row)
    book["Ascuns"].sheet_state = "hidden"
    opened = list_files.open_list(BytesIO(saved(book)), is_known)

    assert (opened.head, list(opened.rows)) == (HEADING, [(2, ["Orhei", *ROW[1:]])])
    assert opened.sheets == ("Orhei", "Despre", "Cahul")
    assert list_files.open_list(BytesIO(csv_of(ROW)), is_known).sheets == ()


def test_a_file_that_is_opened_again_is_read_on_the_sheet_it_was_read_on():
    book = Workbook()
    book.active.append(["Lista", "2026"])
    book.create_sheet("Orhei").append(HEADING)
    content = saved(book)

    def reopened(sheet):
        return list_files.open_list(BytesIO(content), is_known, sheet=sheet).head

    assert reopened(None) == reopened("Orhei") == HEADING
    assert reopened("") == reopened("Sheet") == reopened("gone") == ["Lista", "2026"]


def test_sheets_are_looked_at_a_little_each_and_a_shared_or_broken_part_does_no_harm(monkeypatch):
    book = Workbook()
    book.active.append(HEADING)
    for number in range(1, 40):
        book.create_sheet(f"S{number}").append(["x"] * 50)
        book.worksheets[number]["A1048576"] = "far"
    content = saved(book)
    rels = zipfile.ZipFile(BytesIO(content)).read("xl/_rels/workbook.xml.rels")
    shared = re.sub(rb"worksheets/sheet([2-9]|1[0-9])\.xml", b"worksheets/sheet2.xml", rels)
    broken = {
        "xl/_rels/workbook.xml.rels": shared,
        "xl/worksheets/sheet30.xml": b'<worksheet xmlns="%s"><dimension ref="A1"/><sheetData><row'
        % MAIN.encode(),
    }
    shown, real = [], xlsx_rows._shown
    monkeypatch.setattr(xlsx_rows, "_shown", lambda *cell: shown.append(1) or real(*cell))
    opened = list_files.open_list(BytesIO(repacked(content, broken)), is_known)

    # Sheets 2 to 19 are one, 30 cannot be read, and those after the thirtieth may hold something.
    assert opened.sheets == ("Sheet", "S1", *(f"S{one}" for one in range(19, 40) if one != 29))
    assert len(shown) < 30 * 200 * xlsx_rows.MOST_COLUMNS


def test_a_formula_in_an_xlsx_is_marked_and_a_text_like_one_is_not():
    book = Workbook()
    book.active.append(HEADING)
    book.active.append(["MD-OR", "=A1&1", "x", "Orhei", "ro", 4])
    book.active["C2"].value = "=text"
    book.active["C2"].data_type = "s"

    ((_number, cells),) = read(saved(book))[1]

    assert cells[1:3] == [FORMULA, "=text"]


def test_only_the_first_sheet_is_read_whole_with_merged_cells_and_a_lie_about_its_size():
    book = Workbook()
    book.active.append(["Schools", "", "", "", "", ""])
    book.active.merge_cells("A1:F1")
    book.active.append(HEADING)
    book.active.append(ROW)
    book.active.append(ROW)
    book.create_sheet().append(["something else"])
    content = saved(book)
    sheet = zipfile.ZipFile(BytesIO(content)).read("xl/worksheets/sheet1.xml")
    lying = sheet.replace(b'<dimension ref="A1:F4"', b'<dimension ref="A1:B1"')
    assert lying != sheet

    content = repacked(content, {"xl/worksheets/sheet1.xml": lying})

    assert read(content) == (HEADING, [(3, ROW), (4, ROW)])


def test_a_cell_that_is_merged_over_several_rows_counts_for_each_of_them_below_the_head():
    book = Workbook()
    sheet = book.active
    rows = [
        ["Район", "Код", "Назва", "Учні", ""],
        ["", "", "", "всього", "дівчата"],
        ["Orhei", "1", "Liceul Unu"],
        ["", "2", "Liceul Doi"],
        ["", "3", "Liceul Trei", "30"],
        ["", "4", "Liceul Patru"],
        ["Cahul", "5", "Liceul Cinci"],
        ["", "6", "Liceul Șase"],
    ]
    for row in rows:
        sheet.append(row)
    for merged in ("A1:A2", "B1:B2", "C1:C2", "D1:E1", "A3:A5", "D5:E6", "A7:A8"):
        sheet.merge_cells(merged)

    head, found = read(saved(book))

    assert head == ["Район", "Код", "Назва", "Учні: всього", "Учні: дівчата"]
    assert [cells[0] for _number, cells in found] == ["Orhei"] * 3 + ["", "Cahul", "Cahul"]
    assert [cells[3:] for _number, cells in found] == [[], [], ["30"], [], [], []]


def test_numbers_and_people_in_a_merged_cell_are_not_those_of_each_school():
    head = ["Район", "Код", "Назва", "Учні", "Email", "ПІБ директора", "Foo", "Bar", "Baz"]
    first = ["Orhei", "1", "Liceul Unu", "412", "a@b.example", "Ion Rusu", "7", "c@d.example", "x"]
    book = Workbook()
    for row in (head, first, ["", "2", "Liceul Doi"]):
        book.active.append(row)
    for column in "ADEFGHI":
        book.active.merge_cells(f"{column}2:{column}3")

    assert read(saved(book))[1] == [
        (2, first),
        (3, ["Orhei", "2", "Liceul Doi", "", "", "", "", "", "x"]),
    ]


def test_the_code_of_a_school_counts_for_each_of_its_people():
    book = Workbook()
    people = [["0412", "a@b.example"], ["", "c@d.example"]]
    for row in (["Код", "Email"], *people):
        book.active.append(row)
    book.active.merge_cells("A2:A3")

    assert read(saved(book))[1][1] == (3, ["0412", "c@d.example"])


def test_a_small_file_with_merged_cells_does_not_grow_without_end(monkeypatch):
    monkeypatch.setattr(merged_cells, "MOST_REPEATED", 1_000)
    book = Workbook()
    book.active.append(["Район", "Місто", "Код"])
    book.active.append(["R" * 100, "M" * 201, "0"])
    for number in range(1, 30):
        book.active.append(["", "", f"{number}"])
    for column in "AB":
        book.active.merge_cells(f"{column}2:{column}31")

    _head, rows = read(saved(book))

    districts, towns, _codes = zip(*(cells for _number, cells in rows), strict=True)
    assert districts == ("R" * 100,) * 11 + ("",) * 19
    assert towns == ("M" * 201,) + ("",) * 29


def test_cells_of_a_sheet_that_no_person_wrote_are_not_looked_for(monkeypatch):
    book = Workbook()
    for row in (HEADING, ROW, ["", "0002"]):
        book.active.append(row)
    book.active.merge_cells("A2:A3")
    monkeypatch.setattr(merged_cells, "MOST_LOOKED_AT", 10)

    assert read(saved(book))[1][1] == (3, ["", "0002"])


def test_empty_rows_for_ever_end_a_list(monkeypatch):
    monkeypatch.setattr(xlsx_rows, "MOST_EMPTY", 50)
    book = Workbook()
    for row in (HEADING, ROW):
        book.active.append(row)
    book.active["A60"] = "far away"

    assert read(saved(book))[1] == [(2, ROW)]


@pytest.fixture
def small_archives(monkeypatch):
    monkeypatch.setattr(archives, "MOST_UNPACKED", 2_000_000)


@pytest.mark.usefixtures("small_archives")
@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"xl/vbaProject.bin": b"x"}, "The file contains macros or other files."),
        ({"xl/embeddings/a.bin": b"x"}, "The file contains macros or other files."),
        ({f"xl/{i}.xml": b"x" for i in range(200)}, "The file has too many parts."),
        ({"xl/zeros.xml": b"\0" * 2_100_000}, "The file is larger than 2 MB when unpacked."),
        (
            {"[Content_Types].xml": b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"},
            "The file contains macros.",
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
            read(bytes(content[:end] if data.draw(st.booleans()) else content))
        except Refused:
            return


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(content):
    try:
        read(content)
    except Refused as refused:
        (problem,) = refused.problems
        assert problem.message % problem.values
