"""A text with its title: the one source of a DOCX file, a PDF file and a page that say the same."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from markupsafe import Markup
from msgspec import Struct

from cissapp.foundation.paper.markdown_trees import tree_of
from cissapp.foundation.web.filters import markdown

if TYPE_CHECKING:
    from markdown_it.tree import SyntaxTreeNode

LOGO_WIDTH, LOGO_HEIGHT = 120.0, 34.0


class Logo(Struct, frozen=True):
    """The picture (PNG) of a document's issuer, and the name it stands for."""

    content: bytes
    name: str


class Manuscript(Struct, frozen=True):
    """A text to be made into a file: `text` is Markdown with headings from `##`; `lines` follow the title.

    `foot` appears on every page beside its number, `across` is a large pale word on every page (a specimen,
    a demo). `logo` appears small at the top of the first page.
    """

    title: str
    lines: tuple[str, ...]
    text: str
    language: str
    foot: str = ""
    across: str = ""
    landscape: bool = False
    logo: Logo | None = None


def html_of(manuscript: Manuscript) -> Markup:
    """Return the text as HTML, without title and lines, which a page shows in places of its own."""
    return markdown(manuscript.text)


def plain_text_of(manuscript: Manuscript) -> str:
    """Return all words of title, lines and text in order, for comparing formats: each must contain them."""
    words = [manuscript.title, *manuscript.lines, *_texts(tree_of(manuscript.text))]
    return " ".join(" ".join(words).split())


def _texts(node: "SyntaxTreeNode") -> Iterator[str]:
    if node.type == "inline":
        yield "".join(_said(child) for child in node.children)
    elif node.children:
        for child in node.children:
            yield from _texts(child)
    elif node.type in {"code_block", "fence"}:
        yield node.content


def _said(node: "SyntaxTreeNode") -> str:
    if node.type in {"softbreak", "hardbreak"}:
        return " "
    return "".join(_said(child) for child in node.children) if node.children else node.content
