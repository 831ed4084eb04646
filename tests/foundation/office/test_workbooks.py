"""Tables as workbooks: formulas work, and what a school typed never becomes one."""

from io import BytesIO

import pytest
from openpyxl import load_workbook

from cissapp.foundation.office.manuscripts import plain_text_of
from cissapp.foundation.office.workbooks import Sheet, manuscript_of, xlsx_of


@pytest.fixture
def sheet() -> Sheet:
    return Sheet(
        title="Register [2026]: risks?",
        lines=("How to use it.",),
        columns={"risk": "Risk", "likely": "Likely", "severe": "Severe", "score": "Score"},
        rows=[["=HYPERLINK(1)", "3", 2, ""], ["Strangers", "", "", ""]],
        language="en",
        empty_rows=2,
        formulas={"score": "={likely}*{severe}"},
        totals={"score": "MAX"},
        limits={"likely": (1, 4), "severe": (1, 4)},
        total="Highest",
    )


def test_the_workbook_holds_rows_formulas_limits_and_the_total(sheet: Sheet):
    page = load_workbook(BytesIO(xlsx_of(sheet))).active
    rows = [[cell.value for cell in row] for row in page.iter_rows(min_row=4)]

    assert page.title == "Register  2026   risks"
    assert rows == [
        ["Risk", "Likely", "Severe", "Score"],
        ["'=HYPERLINK(1)", 3, 2, '=IF(COUNT(B5,C5)=2,B5*C5,"")'],
        ["Strangers", None, None, '=IF(COUNT(B6,C6)=2,B6*C6,"")'],
        [None, None, None, '=IF(COUNT(B7,C7)=2,B7*C7,"")'],
        [None, None, None, '=IF(COUNT(B8,C8)=2,B8*C8,"")'],
        ["Highest", None, None, "=MAX(D5:D8)"],
    ]
    assert page["A5"].data_type == "s"
    assert (page.auto_filter.ref, page.print_title_rows, page.freeze_panes) == (
        "A4:D8",
        "$4:$4",
        "A5",
    )
    assert (page.page_setup.paperSize, page.page_setup.orientation) == (9, "landscape")
    limits = [
        (str(one.sqref), one.formula1, one.formula2) for one in page.data_validations.dataValidation
    ]
    assert limits == [("B5:B8", "1", "4"), ("C5:C8", "1", "4")]


def test_on_paper_the_same_table_stands_reckoned(sheet: Sheet):
    assert plain_text_of(manuscript_of(sheet)) == (
        "Register [2026]: risks? How to use it. Risk Likely Severe Score =HYPERLINK(1) 3 2 6 Strangers"
    )
