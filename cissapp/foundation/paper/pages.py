"""Pages that text flows over: margins, a foot on every page, and the structure of all that stands on them."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any

from msgspec import Struct
from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate, Paragraph

from cissapp.foundation.paper.archive import open_pdf, save_pdf
from cissapp.foundation.paper.canvas import Drawing, Size
from cissapp.foundation.paper.fonts import SANS
from cissapp.foundation.paper.metadata import MADE_BY
from cissapp.foundation.paper.pieces import Flowing, Path, Step
from cissapp.foundation.paper.structure import Box, Node, write_structure


class Leaf(Drawing):
    """A canvas that remembers the pieces of every page."""

    def __init__(self, *arguments: Any, **values: Any) -> None:
        super().__init__(*arguments, **values)
        self.pages: list[list[Path]] = [[]]
        # The alternative text of a picture, and its place on the page.
        self.pictures: dict[Step, tuple[str, Box]] = {}

    @contextmanager
    def piece(
        self, path: Path, *, words: str | None = None, box: Box | None = None
    ) -> Iterator[None]:
        """Mark the drawing inside as a piece; a picture has alternative text and a box."""
        here = self.pages[-1]
        here.append(path)
        if words is not None and box is not None:
            self.pictures[path[-1]] = (words, box)
        with self.marked(path[-1][0], len(here) - 1):
            yield

    def paragraph(
        self, text: str, style: ParagraphStyle, x: float, y: float, width: float
    ) -> float:
        """Write a paragraph outside the flow, downwards from the top edge y; return the lower edge."""
        paragraph = Paragraph(text, style)
        _, height = paragraph.wrapOn(self, width, self.page_height)
        paragraph.drawOn(self, x, self.page_height - y - height)
        return y + float(height)

    def showPage(self) -> None:  # noqa: N802 -- reportlab's name
        """Close a page and restart the numbering of pieces."""
        super().showPage()
        self.pages.append([])


class Pages(Struct, frozen=True):
    """The page layout of a text: its size and margins, its metadata, and the footer.

    `foot` draws below the text; it receives the number of pages, or 0 while that is not known.
    """

    size: Size
    side: float
    top: float
    bottom: float
    title: str
    subject: str
    language: str
    foot: Callable[[Leaf, int], None]

    @property
    def column(self) -> float:
        """The width of the text."""
        return self.size[0] - 2 * self.side


def set_pages(pages: Pages, story: Callable[[], Iterable[Flowing]]) -> bytes:
    """Lay out a text on tagged pages; this is done twice, as the number of pages is only known afterwards."""
    _, leaf = _set(pages, story(), 0)
    total = len(leaf.pages) - 1
    content, leaf = _set(pages, story(), total)
    with open_pdf(content) as pdf:
        write_structure(pdf, _tree(leaf.pages[:total], leaf.pictures), pages.language)
        return save_pdf(pdf)


def _set(pages: Pages, story: Iterable[Flowing], total: int) -> tuple[bytes, Leaf]:
    file, leaves = BytesIO(), []

    def leaf(*arguments: Any, **values: Any) -> Leaf:
        # ReportLab embeds its initial font in every page, used or not, so it must be one of ours.
        values |= {"initialFontName": SANS, "invariant": 1, "lang": pages.language}
        leaves.append(Leaf(*arguments, **values))
        return leaves[-1]

    def foot(canvas: Leaf, _document: BaseDocTemplate) -> None:
        with canvas.decoration():
            pages.foot(canvas, total)

    document = BaseDocTemplate(
        file,
        pagesize=pages.size,
        title=pages.title,
        author=MADE_BY,
        subject=pages.subject,
        creator=MADE_BY,
    )
    height = pages.size[1] - pages.top - pages.bottom
    frame = Frame(pages.side, pages.bottom, pages.column, height, 0, 0, 0, 0)
    document.addPageTemplates(PageTemplate(frames=[frame], onPage=foot))
    document.build(list(story), canvasmaker=leaf)
    return file.getvalue(), leaves[0]


def _tree(pages: list[list[Path]], pictures: dict[Step, tuple[str, Box]]) -> Node:
    """Put the pieces of all pages into one tree."""
    root, known = Node("Document"), dict[Step, Node]()
    for page, paths in enumerate(pages):
        for mark, path in enumerate(paths):
            node = root
            for place in path:
                if place not in known:
                    words, box = pictures.get(place, (None, None))
                    known[place] = Node(place[0], alternative=words, box=box)
                    node.inside.append(known[place])
                node = known[place]
            node.marks.append((page, mark))
    return root
