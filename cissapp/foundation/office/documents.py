"""Writes a manuscript as a DOCX file that Word and LibreOffice open: real headings, lists and tables."""

from collections.abc import Iterable
from io import BytesIO
from typing import Any

from docx import Document
from docx.document import Document as DocumentType
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph
from markdown_it.tree import SyntaxTreeNode

from cissapp.foundation.office.manuscripts import LOGO_HEIGHT, LOGO_WIDTH, Logo, Manuscript
from cissapp.foundation.paper.canvas import size_of
from cissapp.foundation.paper.colours import INK, PRIMARY
from cissapp.foundation.paper.markdown_trees import tree_of
from cissapp.foundation.paper.metadata import MADE_BY

# A font that every computer has, with all letters of our languages.
FACE = "Arial"
SIZES = {"Normal": 10.5, "Title": 20, "Heading 1": 16, "Heading 2": 13, "Heading 3": 11}
PAGE_WIDTH, PAGE_HEIGHT, MARGIN = 210, 297, 20
DEEPEST_LIST = 3


def docx_of(manuscript: Manuscript) -> bytes:
    """Return the text as DOCX, on A4, in its language."""
    document = Document()
    _set_look(document, manuscript)
    _set_page(document, manuscript)
    if manuscript.logo:
        _add_logo(document, manuscript.logo)
    document.add_paragraph(manuscript.title, style="Title")
    for line in manuscript.lines:
        document.add_paragraph(line)
    _write(document, document, tree_of(manuscript.text).children, 0)
    file = BytesIO()
    document.save(file)
    return file.getvalue()


# --- the look ----------------------------------------------------------------------------------


def _set_look(document: DocumentType, manuscript: Manuscript) -> None:
    document.core_properties.title = manuscript.title
    document.core_properties.author = MADE_BY
    document.core_properties.comments = ""
    document.core_properties.language = manuscript.language
    styles: Any = document.styles
    for name, size in SIZES.items():
        style = styles[name]
        style.font.name, style.font.size = FACE, Pt(size)
        style.font.bold = name != "Normal"
        style.font.color.rgb = RGBColor.from_string((INK if name == "Normal" else PRIMARY)[1:])
        fonts = style.element.rPr.rFonts
        # Otherwise the template's theme fonts would take precedence.
        for place in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{place}"), None)
        for place in ("ascii", "hAnsi", "eastAsia", "cs"):
            fonts.set(qn(f"w:{place}"), FACE)
    language = styles.element.find(".//" + qn("w:lang"))
    if language is not None:
        language.set(qn("w:val"), manuscript.language)


def _set_page(document: DocumentType, manuscript: Manuscript) -> None:
    section = document.sections[0]
    width, height = PAGE_WIDTH, PAGE_HEIGHT
    if manuscript.landscape:
        section.orientation, width, height = WD_ORIENT.LANDSCAPE, height, width
    section.page_width, section.page_height = Mm(width), Mm(height)
    for side in ("left_margin", "right_margin", "top_margin", "bottom_margin"):
        setattr(section, side, Mm(MARGIN))
    if manuscript.across:
        section.header.paragraphs[0].add_run(manuscript.across).bold = True
    foot = section.footer.paragraphs[0]
    if manuscript.foot:
        foot.add_run(f"{manuscript.foot} · ")
    number = OxmlElement("w:fldSimple")
    number.set(qn("w:instr"), "PAGE")
    foot._p.append(number)  # noqa: SLF001 -- the library has no fields of its own


def _add_logo(document: DocumentType, logo: Logo) -> None:
    """Put a logo above the title, as large as its place allows, with its name as alternative text."""
    width, height = size_of(logo.content)
    scale = min(LOGO_WIDTH / width, LOGO_HEIGHT / height)
    paragraph = document.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    shape = paragraph.add_run().add_picture(BytesIO(logo.content), Pt(width * scale))
    shape._inline.docPr.set("descr", logo.name)  # noqa: SLF001 -- the library has no words for a picture


# --- the text ----------------------------------------------------------------------------------


def _write(document: DocumentType, place: Any, nodes: Iterable[SyntaxTreeNode], depth: int) -> None:
    for node in nodes:
        if node.type == "heading":
            level = min(max(int(node.tag[1:]), 1), 3)
            _write_runs(place.add_paragraph(style=f"Heading {level}"), node)
        elif node.type in {"bullet_list", "ordered_list"}:
            _write_list(document, place, node, depth + 1)
        elif node.type == "table":
            _write_table(place, node)
        elif node.type == "blockquote":
            _write(document, place, node.children, depth)
        elif node.type != "hr":
            _write_runs(place.add_paragraph(), node)


def _write_list(document: DocumentType, place: Any, node: SyntaxTreeNode, depth: int) -> None:
    ordered = node.type == "ordered_list"
    name = "List Number" if ordered else "List Bullet"
    level = min(depth, DEEPEST_LIST)
    style = name if level == 1 else f"{name} {level}"
    numbering = _begun_anew(document, style, int(node.attrs.get("start", 1))) if ordered else None
    for item in node.children:
        for number, child in enumerate(item.children):
            if child.type != "paragraph":
                _write(document, place, [child], depth)
                continue
            paragraph = place.add_paragraph(style="List Continue" if number else style)
            if numbering is not None and not number:
                properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()  # noqa: SLF001 -- the library has no numbering of its own
                properties.get_or_add_numId().val = numbering
            _write_runs(paragraph, child)


def _begun_anew(document: DocumentType, style: str, start: int) -> int:
    """Return a new numbering for a list; without it, a second list would continue the first one's numbers."""
    styles: Any = document.styles
    numbering = document.part.numbering_part.element
    used = styles[style].element.pPr.numPr.numId.val
    abstract = next(one for one in numbering.num_lst if one.numId == used).abstractNumId.val
    made = numbering.add_num(abstract)
    made.add_lvlOverride(ilvl=0).add_startOverride(start)
    number: int = made.numId
    return number


def _write_table(place: Any, node: SyntaxTreeNode) -> None:
    rows = [row for part in node.children for row in part.children]
    table = place.add_table(rows=len(rows), cols=len(rows[0].children), style="Table Grid")
    for line, row in zip(table.rows, rows, strict=True):
        for cell, found in zip(line.cells, row.children, strict=True):
            _write_runs(cell.paragraphs[0], found, bold=found.type == "th")
    head = table.rows[0]._tr.get_or_add_trPr()  # noqa: SLF001 -- the library cannot repeat a head
    head.append(OxmlElement("w:tblHeader"))
    place.add_paragraph()


def _write_runs(paragraph: Paragraph, node: SyntaxTreeNode, *, bold: bool = False) -> None:
    for child in node.children:
        _write_run(paragraph, child, bold=bold, italic=False)
    if not node.children and node.content:
        paragraph.add_run(node.content.rstrip("\n"))


def _write_run(paragraph: Paragraph, node: SyntaxTreeNode, *, bold: bool, italic: bool) -> None:
    if node.type == "hardbreak":
        paragraph.add_run().add_break()
    elif node.type == "softbreak":
        paragraph.add_run(" ")
    elif node.children:
        bold, italic = bold or node.type == "strong", italic or node.type == "em"
        for child in node.children:
            _write_run(paragraph, child, bold=bold, italic=italic)
    else:
        run = paragraph.add_run(node.content)
        run.bold, run.italic = bold or None, italic or None
