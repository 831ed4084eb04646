"""Every product that ships, as an invented school fills it in: the same words in every form, no place left open."""

from io import BytesIO
from itertools import pairwise

import openpyxl
import pypdf
import pytest
from docx import Document
from markupsafe import Markup

from cissapp.foundation.office.filling import PLACE
from cissapp.foundation.office.manuscripts import html_of, plain_text_of
from cissapp.foundation.safeguards.rules import find_signs
from cissapp.prepare.toolkit.papers.product_papers import FileKind
from cissapp.prepare.toolkit.phrases.filled import fill_specimen
from cissapp.prepare.toolkit.rules.making import evidence_of
from tests.shipped import SHIPPED

PRODUCTS = SHIPPED.toolkit.products
# Two in all their languages, a text and a table; of every other one, in turn.
WHOLE = {
    kind: next(one.id for one in PRODUCTS if one.key.kind == kind) for kind in ("text", "table")
}


def cases():
    for number, product in enumerate(PRODUCTS):
        spoken = sorted(product.texts)
        chosen = spoken if product.id in WHOLE.values() else [spoken[number % len(spoken)]]
        for language in chosen:
            yield product, language


def words(text):
    return "".join(text.split())


@pytest.fixture
def papers(app):
    with app.app_context():
        return [(fill_specimen(product, language), product) for product, language in cases()]


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_every_product_says_the_same_in_every_form(papers):
    """One test for all: an application is built once."""
    assert len(PRODUCTS) == sum(len(module.lessons) for module in SHIPPED.modules)
    for paper, product in papers:
        where = f"{product.id} ({paper.manuscript.language})"
        said = words(plain_text_of(paper.manuscript))
        assert paper.filled.missing == (), where
        assert not PLACE.search(plain_text_of(paper.manuscript)), where
        above = " ".join((paper.manuscript.title, *paper.manuscript.lines))
        page = words(above + Markup(html_of(paper.manuscript)).striptags())
        assert page.replace("\u2060", "") == said, where
        assert in_pdf(paper) == bare(said), where
        if paper.sheet is None:
            assert in_docx(paper.file(FileKind.DOCX)) == said, where
        else:
            check_workbook(paper, where)
        # A school that adds it to its documents is not asked whether our own words name a child.
        if evidence_of(product.key):
            assert find_signs(plain_text_of(paper.manuscript)) == [], where


def bare(text):
    """Leave out what paper has besides the words: numbers of lists and the marks of their lines."""
    return "".join(sign for sign in text if sign.isalpha())


def in_pdf(paper):
    """What the pages say, the head of a table that goes on over a page once."""
    lines = paper.manuscript.text.splitlines()
    heads = [bare(head) for head, line in pairwise(lines) if line.startswith("| ---")]
    around = [words(paper.manuscript.foot), words(paper.manuscript.across)]
    said = []
    for page in pypdf.PdfReader(BytesIO(paper.file(FileKind.PDF))).pages:
        text = words(page.extract_text())
        for sign in around:
            text = text.replace(sign, "")
        text = bare(text)
        again = [head for head in heads if said and text.startswith(head)]
        said.append(text.removeprefix(max(again, key=len, default="")))
    return "".join(said)


def in_docx(content):
    found = []
    for element in Document(BytesIO(content)).iter_inner_content():
        cells = [element] if hasattr(element, "text") else element._cells
        found += [one.text for one in cells]
    return words(" ".join(found))


def check_workbook(paper, where):
    sheet = openpyxl.load_workbook(BytesIO(paper.file(FileKind.XLSX))).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    names = list(paper.sheet.columns)
    head = rows.index(list(paper.sheet.columns.values()))
    for number, example in enumerate(paper.sheet.rows, head + 1):
        for place, name in enumerate(names):
            value = rows[number][place]
            if name in paper.sheet.formulas:
                assert str(value).startswith("=IF(COUNT("), where
            else:
                assert ("" if value is None else str(value)).lstrip("'") == str(
                    example[place]
                ).lstrip("'"), where
    assert len(rows) - head - 1 == (
        len(paper.sheet.rows) + paper.sheet.empty_rows + bool(paper.sheet.totals)
    ), where
