"""Products as files: one text in every form, tables that reckon, specimens that say so."""

from io import BytesIO

import docx
import openpyxl
import pytest
from msgspec.structs import replace

from cissapp.foundation.office.filling import Value
from cissapp.foundation.office.manuscripts import plain_text_of
from cissapp.prepare.toolkit.papers.product_papers import (
    Around,
    FileKind,
    kinds_of,
    rows_of_block,
    write_product,
)
from cissapp.prepare.toolkit.phrases.filled import fill_specimen
from tests.prepare.toolkit.library import CARD, LOG, ORDER
from tests.shipped import SHIPPED

AROUND = Around(("Lyceum",), "Lyceum", total="Total")


def test_what_is_missing_stays_blank_and_is_named():
    values = {"designated": Value("A\\. B\\.", {"staff.designated": "A. B."})}

    paper = write_product(CARD, "uk", values, AROUND)

    assert plain_text_of(paper.manuscript) == "Card Lyceum Tell A. B.. ……………"
    assert paper.manuscript.language == "en"
    assert (paper.filled.missing, paper.facts) == (("helplines",), {"staff.designated": "A. B."})
    assert kinds_of(CARD) == (FileKind.DOCX, FileKind.PDF)


def test_a_table_keeps_its_formulas_and_its_limits():
    paper = write_product(LOG, "en", {}, AROUND, rows=[("x", "head", "3", "2", "")])

    sheet = openpyxl.load_workbook(BytesIO(paper.file(FileKind.XLSX))).active
    cells = [[cell.value for cell in row] for row in sheet.iter_rows()]
    head = cells.index(["What", "Who", "Likely", "Grave", "Score"])
    first = head + 2
    assert [row[0] for row in cells[:head] if row[0]] == [
        "Log",
        "Lyceum",
        "Filled at …………….",
        "One row for each.",
    ]
    assert cells[head + 1][:4] == ["x", "head", 3, 2]
    assert cells[head + 1][4] == f'=IF(COUNT(C{first},D{first})=2,C{first}*D{first},"")'
    assert cells[-1] == ["Total", None, None, None, f"=MAX(E{first}:E{first + 5})"]
    assert len(sheet.data_validations.dataValidation) == 2
    assert "| x | head | 3 | 2 | 6 |" in paper.manuscript.text
    assert paper.manuscript.text.count("\n|") == 8
    assert len(paper.on_page.text) < len(paper.manuscript.text)


def test_rows_of_the_school_stand_under_the_columns_of_their_names():
    rows = rows_of_block(LOG.key.sheet, ("what", "who", "due"), [("Rules", "head", "1 May")])

    assert rows == [("Rules", "head", "", "", "")]


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
@pytest.mark.parametrize("language", ["en", "uk"])
def test_a_specimen_is_whole_and_says_what_it_is(app, language):
    with app.app_context():
        papers = [fill_specimen(one, language) for one in (ORDER, LOG, CARD)]

    assert [one.filled.missing for one in papers] == [(), (), ()]
    order, log, _card = papers
    assert "000 00 00" in plain_text_of(order.manuscript)
    document = docx.Document(BytesIO(order.file(FileKind.DOCX)))
    across = order.manuscript.across
    assert across == document.sections[0].header.paragraphs[0].text
    sheet = openpyxl.load_workbook(BytesIO(log.file(FileKind.XLSX))).active
    assert sheet["A2"].value == log.manuscript.across
    if language == "en":
        text = plain_text_of(order.manuscript)
        assert "4 h, aim two, phones and tablets, no" in text
        assert "on 1 September 2026:" in text
        assert across == "Specimen"


def test_a_country_has_its_own_words_in_a_language_of_several():
    product = next(one for one in SHIPPED.toolkit.products if one.id == "decision-card")

    def written(country):
        around = replace(AROUND, country_code=country)
        return write_product(
            product, "ru", {"designated": Value("полиция")}, around
        ).manuscript.text

    assert "полиция в тот же день" in written("MD")
    assert "милиция в тот же день" in written("BY")
    # What the school said itself stays.
    assert "полиция" in written("BY")
