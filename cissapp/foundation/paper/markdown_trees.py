"""The programme's own Markdown as a tree, for whoever sets it: on paper, as a file to edit, as plain text."""

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.tree import SyntaxTreeNode


def tree_of(text: str) -> "SyntaxTreeNode":
    """Return the blocks of a text as a tree."""
    from markdown_it.tree import SyntaxTreeNode  # noqa: PLC0415 -- slow import

    return SyntaxTreeNode(_markdown().parse(text))


@cache
def _markdown() -> "MarkdownIt":
    from markdown_it import MarkdownIt  # noqa: PLC0415 -- slow import

    return MarkdownIt("commonmark", {"html": False}).enable("table")
