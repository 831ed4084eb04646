"""Turns the programme's own Markdown into paragraphs, lists and tables on paper; links are printed."""

from collections.abc import Iterable, Iterator
from xml.sax.saxutils import escape, quoteattr

from markdown_it.tree import SyntaxTreeNode
from reportlab.lib.styles import ParagraphStyle

from cissapp.foundation.paper.markdown_trees import tree_of
from cissapp.foundation.paper.pieces import Flowing, Path, Piece, rule, step, table_of
from cissapp.foundation.paper.styles import (
    BLANK_CELL,
    BODY,
    CELL,
    HEAD_CELL,
    HEADING,
    SMALLER,
    indented,
)
from cissapp.foundation.paper.text import HARD_SPACE, drawn, legible

SCHEMES = ("http://", "https://", "mailto:")
MARKS = {"strong": "b", "em": "i"}
BREAKS = {"hardbreak": "<br/>", "softbreak": " "}
BULLET = "•"
NARROWEST = 0.16


def flowed(text: str, width: float, *, style: ParagraphStyle = BODY) -> Iterator[Flowing]:
    """Yield the pieces of a text, set to this width in points."""
    yield from _blocks(tree_of(text).children, width, style, 0, ())


def inline(text: str) -> str:
    """Return a plain text, escaped for a paragraph."""
    return escape(legible(drawn(text)))


def link(text: str, url: str) -> str:
    """Return a link whose address can also be read on paper."""
    said = inline(url)
    address = f"<a href={quoteattr(url)}>{said}</a>" if url.startswith(SCHEMES) else said
    return address if text == said else f"{text} ({address})"


# --- blocks ------------------------------------------------------------------------------------


def _blocks(
    nodes: Iterable[SyntaxTreeNode], width: float, style: ParagraphStyle, depth: int, path: Path
) -> Iterator[Flowing]:
    for node in nodes:
        if node.type == "heading":
            first = node.tag == "h2"
            role = "H2" if first else "H3"
            yield Piece(_spans(node), HEADING if first else SMALLER, path=path, role=role)
        elif node.type in {"bullet_list", "ordered_list"}:
            yield from _items(node, width, style, depth + 1, (*path, step("L")))
        elif node.type == "blockquote":
            inside = (*path, step("BlockQuote"))
            yield from _blocks(node.children, width, style, depth + 1, inside)
        elif node.type == "table":
            yield _table(node, width, path)
        elif node.type == "hr":
            yield rule(before=6, after=8)
        else:
            yield Piece(_block_text(node), indented(style, depth) if depth else style, path=path)


def _block_text(node: SyntaxTreeNode) -> str:
    """Return the text of a paragraph, or of code with its lines."""
    return _spans(node) if node.children else inline(node.content).replace("\n", "<br/>")


def _items(
    node: SyntaxTreeNode, width: float, style: ParagraphStyle, depth: int, path: Path
) -> Iterator[Flowing]:
    start = int(node.attrs.get("start", 1))
    for number, item in enumerate(node.children, start=start):
        bullet = BULLET if node.type == "bullet_list" else f"{number}."
        inside = (*path, step("LI"))
        for place, child in enumerate(item.children):
            if place == 0 and child.type == "paragraph":
                yield Piece(
                    _spans(child),
                    indented(style, depth),
                    path=inside,
                    role="LBody",
                    bulletText=bullet,
                )
            else:
                yield from _blocks([child], width, style, depth, inside)


# --- tables ------------------------------------------------------------------------------------


def _table(node: SyntaxTreeNode, width: float, path: Path) -> Flowing:
    path = (*path, step("Table"))
    rows, lengths = [], [0]
    for row in (row for part in node.children for row in part.children):
        place = (*path, step("TR"))
        is_blank = not any(cell.children and cell.children[0].content for cell in row.children)
        rows.append([_cell(cell, place, is_blank=is_blank) for cell in row.children])
        own = [len(cell.children[0].content) if cell.children else 0 for cell in row.children]
        lengths = [max(pair) for pair in zip(own, [*lengths, *[0] * len(own)], strict=False)]
    return table_of(rows, _widths(lengths, width))


def _cell(node: SyntaxTreeNode, path: Path, *, is_blank: bool) -> Piece:
    head = node.type == "th"
    if is_blank and not head:
        return Piece(HARD_SPACE, BLANK_CELL, path=path, role="TD")
    return Piece(_spans(node), HEAD_CELL if head else CELL, path=path, role="TH" if head else "TD")


def _widths(lengths: list[int], width: float) -> list[float]:
    """Divide the width by the longest text of each column; none becomes too narrow to read."""
    total = sum(lengths) or 1
    shares = [max(length / total, NARROWEST) for length in lengths]
    return [width * share / sum(shares) for share in shares]


# --- inside a paragraph ------------------------------------------------------------------------


def _spans(node: SyntaxTreeNode) -> str:
    return "".join(_span(child) for child in node.children)


def _span(node: SyntaxTreeNode) -> str:
    if node.type == "inline":
        return _spans(node)
    if node.type in MARKS:
        mark = MARKS[node.type]
        return f"<{mark}>{_spans(node)}</{mark}>"
    if node.type == "link":
        return link(_spans(node), str(node.attrs.get("href", "")))
    return BREAKS.get(node.type) or inline(node.content)
