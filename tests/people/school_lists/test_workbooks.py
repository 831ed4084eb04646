"""Small workbooks and texts that would take minutes and gigabytes are refused, or read in moments."""

import tracemalloc
import zipfile
from io import BytesIO

import pytest
from openpyxl import Workbook

from cissapp.foundation.core.errors import Refused
from cissapp.people.school_lists import list_files
from cissapp.people.school_lists.list_files import (
    FORMULA,
    archives,
    csv_rows,
    formats,
    workbooks,
    xlsx_rows,
)
from cissapp.people.school_lists.rules import is_known

HEADING = ["Region", "Code", "Name", "Town", "Language", "Pupils"]
ROW = ["MD-OR", "1", "Liceul", "Orhei", "ro", "4"]
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
BEGIN, END = f'<worksheet xmlns="{MAIN}"><sheetData>', "</sheetData></worksheet>"
STRINGS = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"


def row_of(cells):
    texts = "".join(f'<c t="inlineStr"><is><t>{text}</t></is></c>' for text in cells)
    return f"<row>{texts}</row>"


LIST = row_of(HEADING) + row_of(ROW)


def workbook(**parts):
    """Write a workbook, with some parts replaced, added or (None) left out."""
    book, file = Workbook(), BytesIO()
    book.save(file)
    old = zipfile.ZipFile(file)
    texts = {name: old.read(name) for name in old.namelist()}
    names = {name.rpartition("/")[2].removesuffix(".xml"): name for name in texts}
    for name, text in parts.items():
        part = names.get(name, f"xl/{name}.xml")
        if text is None:
            del texts[part]
        else:
            texts[part] = text.encode()
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in texts.items():
            archive.writestr(name, content)
    return made.getvalue()


def with_strings(strings, sheet):
    """Write a workbook with shared texts."""
    types = zipfile.ZipFile(BytesIO(workbook())).read("[Content_Types].xml").decode()
    part = f'<Override PartName="/xl/strings.xml" ContentType="{STRINGS}"/></Types>'
    kinds = {"[Content_Types]": types.replace("</Types>", part)}
    return workbook(sheet1=sheet, strings=f'<sst xmlns="{MAIN}">{strings}</sst>', **kinds)


def rows_in(content):
    return list(list_files.open_list(BytesIO(content), is_known).rows)


def refused(content):
    with pytest.raises(Refused) as caught:
        rows_in(content)
    return caught.value.problems[0].message


WITHOUT_END = {
    "a row": {"sheet1": BEGIN + LIST + "<row>" + "<c/>" * 300_000 + "</row>" + END},
    "long rows": {"sheet1": BEGIN + LIST + ("<row>" + "<c/>" * 20_000 + "</row>") * 100 + END},
    "before the rows": {"sheet1": f'<worksheet xmlns="{MAIN}"><cols>' + '<col min="1" max="1"/>' * 100_000 + "</cols>"},
    "a row again and again": {"sheet1": BEGIN + LIST + '<row r="1"/>' * 100_000 + END},
    "kinds of parts": {"[Content_Types]": "<Types>" + " " * 1_000_000},
}  # fmt: skip


@pytest.mark.parametrize("parts", WITHOUT_END.values(), ids=WITHOUT_END)
def test_a_part_without_end_is_refused(parts):
    listed = {"sheet1": BEGIN + LIST + END} | parts

    assert refused(workbook(**listed)) == archives.NOT_ONLY_A_LIST


def test_the_kinds_of_parts_are_not_unpacked_as_a_whole(monkeypatch):
    opened, real = [], archives.Archive.open

    def open_part(self, name, *more, **named):
        opened.append(getattr(name, "filename", name))
        return real(self, name, *more, **named)

    monkeypatch.setattr(archives.Archive, "open", open_part)
    refused(workbook(**WITHOUT_END["kinds of parts"]))

    assert opened.count("[Content_Types].xml") == 1


def styles_of(*codes, more=""):
    """Write styles of cells, each with a number format of its own."""
    formats = "".join(
        f'<numFmt numFmtId="{200 + at}" formatCode="{code}"/>' for at, code in enumerate(codes)
    )
    cells = "".join(f'<xf numFmtId="{200 + at}"/>' for at in range(len(codes)))
    return (
        f'<styleSheet xmlns="{MAIN}"><numFmts>{formats}</numFmts>{more}<cellStyleXfs><xf numFmtId="14"/>'
        f"</cellStyleXfs><cellXfs><xf/>{cells}</cellXfs></styleSheet>"
    )


def test_formats_are_read_beside_many_fonts():
    fonts = "<fonts>" + '<font><sz val="11"/><name val="Calibri"/></font>' * 40_000 + "</fonts>"
    styles = styles_of("0000000", "dd.mm.yyyy", "[h]:mm", "0" * 5_000, more=fonts)
    cells = "".join(f'<c s="{style}"><v>412</v></c>' for style in range(5))
    content = workbook(sheet1=BEGIN + LIST + f"<row>{cells}</row>" + END, styles=styles)

    assert len(styles) > archives.MOST_AT_ONCE
    assert rows_in(content)[1] == (
        3,
        ["412", "0000412", "1901-02-15", "412 days, 0:00:00", "412".zfill(30)],
    )


def test_formats_without_end_are_refused(monkeypatch):
    monkeypatch.setattr(formats, "MOST_BYTES_OF_STYLES", 1_000)
    content = workbook(sheet1=BEGIN + LIST + END, styles=styles_of(more="<fonts/>" * 200))

    assert refused(content) == formats.TOO_MANY_STYLES


def test_a_format_is_read_no_further_than_excel_allows(monkeypatch):
    seen = []
    real = formats.is_date_format
    monkeypatch.setattr(formats, "is_date_format", lambda code: seen.append(code) or real(code))

    rows_in(workbook(sheet1=BEGIN + LIST + END, styles=styles_of("[" * 100_000)))

    assert "[" * 255 in seen
    assert max(map(len, seen)) == 255


def test_a_workbook_may_have_no_formats():
    content = workbook(sheet1=BEGIN + LIST + END, styles=None)

    assert rows_in(content) == [(2, ROW)]


def test_widths_of_all_columns_may_come_before_the_rows():
    widths = "".join(
        f'<col min="{at}" max="{at}" width="9.140625" style="12" customWidth="1"/>'
        for at in range(1, 16_385)
    )
    before = f'<worksheet xmlns="{MAIN}"><cols>{widths}</cols><sheetData>'

    assert len(before) > workbooks.MOST_BETWEEN
    assert rows_in(workbook(sheet1=before + LIST + END)) == [(2, ROW)]


def test_a_text_that_names_the_end_of_the_rows_does_not_end_them():
    noted = row_of([*ROW[:2], "see docs/sheetData x", *ROW[3:]])

    assert len(rows_in(workbook(sheet1=BEGIN + LIST + noted + LIST * 2_000 + END))) == 4_002


def test_only_the_first_cells_of_a_row_are_parsed(monkeypatch):
    parsed = []
    real = workbooks.RowsParser.parse_cell
    monkeypatch.setattr(
        workbooks.RowsParser, "parse_cell", lambda *of: parsed.append(1) or real(*of)
    )
    far = "<row>" + "<c/>" * 16_000 + "<c><is><t>far</t></is></c></row>"

    assert rows_in(workbook(sheet1=BEGIN + LIST + far + END)) == [(2, ROW)]
    assert len(parsed) < 300


def test_what_comes_after_the_rows_is_not_read():
    after = "<mergeCells>" + "<c/>" * 300_000 + "</mergeCells>"
    content = workbook(sheet1=BEGIN + LIST + END.replace("</work", f"{after}</work"))

    assert rows_in(content) == [(2, ROW)]


def test_a_shared_formula_is_not_translated_for_each_cell(monkeypatch):
    monkeypatch.setattr(
        "openpyxl.worksheet._reader.Translator", lambda *_: pytest.fail("it was translated")
    )
    first = '<c r="A3"><f t="shared" ref="A3:A4" si="0">A1+A2</f></c>'
    cells = f'<row r="3">{first}<c><f t="shared" si="0"/></c></row>'

    assert rows_in(workbook(sheet1=BEGIN + LIST + cells + END))[1] == (3, [FORMULA, FORMULA])


def test_sheets_are_not_read_to_learn_their_size(monkeypatch):
    opened = []
    real = workbooks.RowsPart.__init__
    monkeypatch.setattr(workbooks.RowsPart, "__init__", lambda *of: opened.append(1) or real(*of))
    sheet = '<sheet name="A" sheetId="1" r:id="rId1"/>'
    relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    book = (
        f'<workbook xmlns="{MAIN}" xmlns:r="{relations}"><sheets>{sheet * 500}</sheets></workbook>'
    )

    assert rows_in(workbook(sheet1=BEGIN + LIST + END, workbook=book)) == [(2, ROW)]
    assert len(opened) == 2


def test_a_look_at_a_sheet_ends_after_some_bytes(monkeypatch):
    monkeypatch.setattr(xlsx_rows, "MOST_LOOKED_AT", 3_000)
    content = workbook(sheet1=BEGIN + LIST * 2_000 + END)

    assert len(rows_in(content)) == 3_999


def test_parts_are_unpacked_until_they_are_too_long_together(monkeypatch):
    monkeypatch.setattr(archives, "MOST_UNPACKED", 400_000)
    asked = []
    real = archives._size_of
    monkeypatch.setattr(archives, "_size_of", lambda *of: asked.append(of[1].filename) or real(*of))
    zeros = "\0" * 300_000

    sentence = refused(workbook(sheet1=BEGIN + LIST + END, x1=zeros, x2=zeros, x3=zeros))

    assert (sentence, asked[-1]) == (archives.TOO_LARGE, "xl/x2.xml")


def test_a_small_file_that_becomes_far_larger_is_refused(monkeypatch):
    monkeypatch.setattr(archives, "FROM_SIZE", 500_000)
    schools = [row_of([number, *ROW[1:]]) for number in range(5_000)]
    empty = [f"<row>{'<c/>' * 60}</row>"] * 5_000

    assert refused(workbook(sheet1=BEGIN + LIST + "".join(empty) + END)) == archives.TOO_LARGE
    assert refused(with_strings("<si/>" * 400_000, BEGIN + LIST + END)) == archives.TOO_LARGE
    assert len(rows_in(workbook(sheet1=BEGIN + LIST + "".join(schools) + END))) == 5_001


def test_shared_texts_in_several_fonts_are_read_without_their_sounds():
    strings = "".join(
        f"<si>{text}</si>"
        for text in (
            "<t>Orhei</t>",
            "<r><rPr/><t>Ca</t></r><r><t>hul</t></r><rPh><t>sound</t></rPh>",
            "",
            "<t/>",
        )
    )
    cells = "".join(f'<c t="s"><v>{number}</v></c>' for number in (0, 1, 2, 3, 0))
    content = with_strings(strings, BEGIN + LIST + f"<row>{cells}</row>" + END)

    assert rows_in(content)[1] == (3, ["Orhei", "Cahul", "", "", "Orhei"])


def test_shared_texts_are_held_without_their_elements():
    content = with_strings("<si/>" * 50_000, BEGIN + LIST + END)
    rows_in(workbook(sheet1=BEGIN + LIST + END))  # loads what is loaded once

    tracemalloc.start()
    rows_in(content)
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert most < 2_000_000  # the elements take 4 MB


@pytest.mark.parametrize(
    "row", [";" * 1_000_000, 'x;"\n' + '";"\n' * 300_000 + '"\n'], ids=["a line", "lines"]
)
def test_a_row_of_a_text_without_end_is_refused(row):
    text = ";".join(HEADING) + "\n" + ";".join(ROW) + "\n" + row

    assert refused(text.encode()) == csv_rows.UNREADABLE


def test_long_rows_of_a_text_are_read():
    rows = [[*ROW[:2], "x" * 1_900, *ROW[3:], *(["y" * 1_900] * 50)] for _ in range(20)]
    text = "\n".join(";".join(row) for row in [HEADING + [f"N{n}" for n in range(50)], *rows])

    assert [cells for _number, cells in rows_in(text.encode())] == rows
