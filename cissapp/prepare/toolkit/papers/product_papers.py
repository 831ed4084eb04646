"""A filled product: one source for its editable file, its PDF and the page."""

from collections.abc import Mapping, Sequence
from enum import StrEnum

from msgspec import Struct, field
from msgspec.structs import replace

from cissapp.foundation.content.packs import local_words
from cissapp.foundation.content.schema.toolkit import SheetKey
from cissapp.foundation.content.toolkit import Product
from cissapp.foundation.office.filling import Filled, Value, fill
from cissapp.foundation.office.manuscripts import Logo, Manuscript, plain_text_of
from cissapp.foundation.office.pdf_files import pdf_of
from cissapp.foundation.office.word_files import docx_of
from cissapp.foundation.office.workbooks import Sheet, manuscript_of, xlsx_of

Rows = Sequence[Sequence[str]]
# The page only indicates that a table continues, instead of showing all of its empty rows.
ROWS_ON_A_PAGE = 3


class FileKind(StrEnum):
    """A kind of file, by its ending."""

    DOCX = "docx"
    XLSX = "xlsx"
    PDF = "pdf"


MIME = {
    FileKind.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    FileKind.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    FileKind.PDF: "application/pdf",
}


class Around(Struct, frozen=True):
    """What surrounds a product's text: lines below the title, the foot, a watermark, the word for a total."""

    lines: tuple[str, ...]
    foot: str
    across: str = ""
    total: str = ""
    country_code: str = ""


class ProductPaper(Struct, frozen=True):
    """A product with its values: a text, and for a table its workbook; the facts in it, and what stayed blank.

    `known` names every value that was there, used or not.
    """

    filled: Filled
    manuscript: Manuscript
    sheet: Sheet | None = None
    row_facts: Mapping[str, str] = field(default_factory=dict)
    known: frozenset[str] = frozenset()

    @property
    def facts(self) -> dict[str, str]:
        """The facts of the school that it carries, by key."""
        return {**self.filled.facts, **self.row_facts}

    def with_logo(self, logo: Logo | None) -> "ProductPaper":
        """Return the same paper with a logo at its head; a workbook has no place for one."""
        return replace(self, manuscript=replace(self.manuscript, logo=logo))

    def file(self, kind: FileKind) -> bytes:
        """Return the file of a kind."""
        if kind is FileKind.PDF:
            return pdf_of(self.manuscript)
        return xlsx_of(self.sheet) if self.sheet else docx_of(self.manuscript)

    @property
    def on_page(self) -> Manuscript:
        """The manuscript for the page, with only a few empty rows of a table."""
        if self.sheet is None:
            return self.manuscript
        few = min(self.sheet.empty_rows, ROWS_ON_A_PAGE)
        return _with_table(self.manuscript, self.filled.text, replace(self.sheet, empty_rows=few))


def kinds_of(product: Product) -> tuple[FileKind, FileKind]:
    """Return the kinds of file of a product, the editable one first."""
    return (FileKind.XLSX if product.key.sheet else FileKind.DOCX, FileKind.PDF)


def write_product(
    product: Product,
    language: str,
    values: Mapping[str, Value],
    around: Around,
    *,
    rows: Rows = (),
    row_facts: Mapping[str, str] | None = None,
) -> ProductPaper:
    """Fill a product in a language; `rows`, made of `row_facts`, come before the table's empty ones."""
    words, language = product.text(language), product.language(language)
    filled = fill(local_words(words.text, around.country_code, language), values)
    manuscript = Manuscript(
        title=words.title,
        lines=around.lines,
        text=filled.text,
        language=language,
        foot=around.foot,
        across=around.across,
    )
    if product.key.sheet is None:
        return ProductPaper(filled, manuscript, known=frozenset(values))
    sheet = _sheet(product.key.sheet, words.columns, manuscript, around, rows)
    whole = _with_table(manuscript, filled.text, sheet)
    return ProductPaper(filled, whole, sheet, row_facts or {}, frozenset(values))


def _sheet(
    key: SheetKey,
    titles: Mapping[str, str],
    manuscript: Manuscript,
    around: Around,
    rows: Rows,
) -> Sheet:
    return Sheet(
        title=manuscript.title,
        lines=(*around.lines, *_lines_of(manuscript)),
        columns={name: titles.get(name, name) for name in key.columns},
        rows=[tuple(row) for row in rows],
        language=manuscript.language,
        empty_rows=max(key.rows - len(rows), ROWS_ON_A_PAGE),
        formulas=key.formulas,
        totals=dict(key.totals),
        limits=key.limits,
        total=around.total,
        foot=around.foot,
        across=around.across,
    )


def _lines_of(manuscript: Manuscript) -> list[str]:
    """Return the text above a table as lines without markup, which a workbook does not support."""
    lines = [
        plain_text_of(replace(manuscript, title="", lines=(), text=line.strip()))
        for line in manuscript.text.splitlines()
    ]
    return [line for line in lines if line]


def _with_table(manuscript: Manuscript, text: str, sheet: Sheet) -> Manuscript:
    below = manuscript_of(sheet)
    return replace(manuscript, text=f"{text.strip()}\n\n{below.text}", landscape=below.landscape)


def rows_of_block(key: SheetKey, columns: Sequence[str], rows: Rows) -> list[tuple[str, ...]]:
    """Map rows of a school's value to the columns of a product, by name; other columns are left empty."""
    places = [columns.index(name) if name in columns else None for name in key.columns]
    return [tuple("" if place is None else row[place] for place in places) for row in rows]
