"""Paragraphs that say what they are, and the tree of them, so that a screen reader can read the paper."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from itertools import count
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Pdf, String
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph

Step = tuple[str, int]
Path = tuple[Step, ...]
_numbers = count(1)


def step(role: str) -> Step:
    """Give a new place in the tree, such as a list or the row of a table."""
    return role, next(_numbers)


class Piece(Paragraph):
    """A paragraph with its place in the tree; parts of it on two pages are one piece."""

    def __init__(
        self, text: str, style: ParagraphStyle, *, path: Path = (), role: str = "P", **values: Any
    ) -> None:
        super().__init__(text, style, **values)
        self.path: Path = (*path, step(role))

    def split(self, width: float, height: float) -> list[Any]:
        """Split as paragraphs do; both parts keep their place."""
        parts: list[Any] = super().split(width, height)
        for one in parts:
            one.path = self.path
        return parts

    def draw(self) -> None:
        """Draw, and say on the page which piece this is."""
        _apart(self.blPara.lines)
        with self.canv.piece(self.path):
            super().draw()


def _apart(lines: list[Any]) -> None:
    """End every line but the last with a blank: not seen, but without it a reader would join two words."""
    for line in lines[:-1]:
        words = line[1] if isinstance(line, tuple) else line.words
        if not words:
            continue
        last = words[-1]
        if isinstance(last, str):
            words[-1] = f"{last.rstrip()} "
        elif getattr(last, "text", ""):
            last.text = f"{last.text.rstrip()} "


class Leaf(Canvas):
    """A canvas that remembers the pieces of every page."""

    def __init__(self, *arguments: Any, **values: Any) -> None:
        super().__init__(*arguments, **values)
        self.pages: list[list[Path]] = [[]]

    @contextmanager
    def piece(self, path: Path) -> Iterator[None]:
        """Mark the drawing inside as a piece."""
        here = self.pages[-1]
        self._code.append(f"/{path[-1][0]} <</MCID {len(here)}>> BDC")
        here.append(path)
        yield
        self._code.append("EMC")

    @contextmanager
    def decoration(self) -> Iterator[None]:
        """Say that the drawing inside is no part of the text."""
        self._code.append("/Artifact BMC")
        yield
        self._code.append("EMC")

    def showPage(self) -> None:  # noqa: N802 -- reportlab's name
        """Close a page, and begin to count anew."""
        super().showPage()
        self.pages.append([])


@dataclass
class _Node:
    role: str
    inside: dict[Step, "_Node"] = field(default_factory=dict)
    marks: list[tuple[int, int]] = field(default_factory=list)


def tagged(content: bytes, pages: list[list[Path]], language: str) -> bytes:
    """Write the tree of all pieces into a file."""
    root = _Node("Document")
    for page, paths in enumerate(pages):
        for mark, path in enumerate(paths):
            node = root
            for one in path:
                node = node.inside.setdefault(one, _Node(one[0]))
            node.marks.append((page, mark))
    out = BytesIO()
    with pikepdf.open(BytesIO(content)) as pdf:
        _write(pdf, root, language)
        pdf.save(
            out,
            deterministic_id=True,
            recompress_flate=True,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
        )
    return out.getvalue()


def _write(pdf: Pdf, root: _Node, language: str) -> None:
    top = pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot))
    held: list[dict[int, Object]] = [{} for _ in pdf.pages]
    top.K = _element(pdf, root, top, held)
    numbers: list[object] = []
    for place, (page, marks) in enumerate(zip(pdf.pages, held, strict=True)):
        page.obj.StructParents, page.obj.Tabs = place, Name.S
        numbers += [place, pdf.make_indirect(Array([marks[one] for one in sorted(marks)]))]
    top.ParentTree = pdf.make_indirect(Dictionary(Nums=Array(numbers)))
    top.ParentTreeNextKey = len(held)
    pdf.Root.StructTreeRoot = top
    pdf.Root.MarkInfo = Dictionary(Marked=True)
    pdf.Root.Lang = String(language)
    pdf.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)


def _element(pdf: Pdf, node: _Node, parent: Object, held: list[dict[int, Object]]) -> Object:
    made = pdf.make_indirect(Dictionary(Type=Name.StructElem, S=Name(f"/{node.role}"), P=parent))
    inside: list[Object] = [_element(pdf, one, made, held) for one in node.inside.values()]
    for page, mark in node.marks:
        held[page][mark] = made
        inside.append(Dictionary(Type=Name.MCR, Pg=pdf.pages[page].obj, MCID=mark))
    made.K = Array(inside)
    return made
