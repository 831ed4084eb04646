"""One text, three forms: the words of DOCX, PDF and page are the same."""

from io import BytesIO

import pikepdf
import pypdf
import pytest
from docx import Document
from markupsafe import Markup
from msgspec.structs import replace
from PIL import Image

from cissapp.foundation.office.documents import docx_of
from cissapp.foundation.office.filling import bullets, fill, plain, table
from cissapp.foundation.office.manuscripts import Logo, Manuscript, html_of, plain_text_of
from cissapp.foundation.office.pdf_files import pdf_of

LONG = "Загальноосвітня школа " + "імені " * 30
TEXT = f"""
Перший абзац школи **{plain(LONG)}**, з *нахилом*.

## Люди

1. Один
2. Два

Між списками.

1. Знову один

{bullets([plain("a|b *c* {{d}} <e>"), "ще"])}

### Таблиця

{table(["хто", "коли"], [[plain("a|b"), "1"], ["", "2"]])}
"""


@pytest.fixture(scope="module")
def manuscript() -> Manuscript:
    return Manuscript("Правила «№ 4»", ("Версія 1", "Ухвалено"), TEXT, "uk", foot="Школа")


def words(text: str) -> str:
    return "".join(text.split())


def test_docx_says_the_words_of_the_text(manuscript: Manuscript):
    document = Document(BytesIO(docx_of(manuscript)))
    found = []
    for element in document.iter_inner_content():
        cells = [element] if hasattr(element, "text") else element._cells
        found += [one.text for one in cells]

    assert words(" ".join(found)) == words(plain_text_of(manuscript))
    headings = [one.text for one in document.paragraphs if one.style.name.startswith("Heading")]
    assert headings == ["Люди", "Таблиця"]
    numbered = [one for one in document.paragraphs if one.style.name == "List Number"]
    numbers = [one._p.pPr.numPr.numId.val for one in numbered]
    # The second list begins anew.
    assert numbers[0] == numbers[1] != numbers[2]
    assert document.styles.element.find(".//{*}lang").values()[0] == "uk"


def test_pdf_says_the_words_of_the_text_and_is_tagged(manuscript: Manuscript):
    content = pdf_of(manuscript)
    pages = pypdf.PdfReader(BytesIO(content)).pages
    text = words("".join(page.extract_text() for page in pages))
    for sign in ("•", "Школа·1/1", "1.", "2."):
        text = text.replace(sign, "")

    assert text == words(plain_text_of(manuscript))
    with pikepdf.open(BytesIO(content)) as pdf:
        assert pdf.Root.Lang == "uk"
        assert "/StructTreeRoot" in pdf.Root


def test_page_says_the_words_of_the_text(manuscript: Manuscript):
    above = " ".join((manuscript.title, *manuscript.lines))
    text = words(above + Markup(html_of(manuscript)).striptags())

    assert text.replace("\u2060", "") == words(plain_text_of(manuscript))


def test_a_word_across_the_page_is_no_part_of_the_text():
    made = Manuscript("Title", (), "Text.", "en", across="SPECIMEN, an invented school")
    plain_one = Manuscript("Title", (), "Text.", "en")

    with (
        pikepdf.open(BytesIO(pdf_of(made))) as one,
        pikepdf.open(BytesIO(pdf_of(plain_one))) as two,
    ):
        assert b"/Artifact" in one.pages[0].Contents.read_bytes()
        assert len(one.Root.StructTreeRoot.K) == len(two.Root.StructTreeRoot.K)
    assert fill("{a}", {}).missing == ("a",)


def test_a_logo_stands_at_the_head_and_changes_no_word(manuscript: Manuscript):
    picture = BytesIO()
    Image.new("RGBA", (400, 100), (11, 92, 107, 255)).save(picture, "PNG")
    with_logo = replace(manuscript, logo=Logo(picture.getvalue(), "ECPAT"))

    document = Document(BytesIO(docx_of(with_logo)))
    (shape,) = document.inline_shapes
    assert (shape.width.pt, shape._inline.docPr.get("descr")) == (120, "ECPAT")
    assert document.paragraphs[0].text == ""
    assert document.paragraphs[1].text == manuscript.title

    pages = pypdf.PdfReader(BytesIO(pdf_of(with_logo))).pages
    assert [len(page.images) for page in pages][:1] == [1]
    assert sum(len(page.images) for page in pages) == 1
    before = pypdf.PdfReader(BytesIO(pdf_of(manuscript))).pages
    assert [page.extract_text() for page in pages] == [page.extract_text() for page in before]
