"""The structure of a file: the tree that tells a screen reader what each piece of a page is."""

from msgspec import Struct, field
from pikepdf import Array, Dictionary, Name, Object, Pdf, String

Box = tuple[float, float, float, float]
PRINTED = 4  # an annotation's flag: it is there in print, too


class Node(Struct):
    """A node of the structure: a role, and nodes inside or marked drawing.

    `page` is the page that all of it is on; None if it may span several.
    """

    role: str
    language: str | None = None
    alternative: str | None = None
    box: Box | None = None
    link: str | None = None
    page: int | None = None
    marks: list[tuple[int, int]] = field(default_factory=list)
    inside: list["Node"] = field(default_factory=list)


def write_structure(pdf: Pdf, root: Node, language: str) -> None:
    """Write the structure tree, linking each piece to its marked drawing."""
    top = pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot))
    tree = _Tree(pdf)
    top.K = tree.element(root, top)
    numbers: list[object] = []
    for place, (page, marked) in enumerate(zip(pdf.pages, tree.marked, strict=True)):
        page.obj.StructParents, page.obj.Tabs = place, Name.S
        numbers += [place, pdf.make_indirect(Array([marked[key] for key in sorted(marked)]))]
    for place, element in enumerate(tree.links, len(pdf.pages)):
        numbers += [place, element]
    top.ParentTree = pdf.make_indirect(Dictionary(Nums=Array(numbers)))
    top.ParentTreeNextKey = len(pdf.pages) + len(tree.links)
    pdf.Root.StructTreeRoot = top
    pdf.Root.MarkInfo = Dictionary(Marked=True)
    pdf.Root.Lang = String(language)
    pdf.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)


class _Tree:
    """Writes the elements, and remembers which drawing and which link belongs to which."""

    def __init__(self, pdf: Pdf) -> None:
        self.pdf, self.pages = pdf, [page.obj for page in pdf.pages]
        self.marked: list[dict[int, Object]] = [{} for _ in self.pages]
        self.links: list[Object] = []

    def element(self, node: Node, parent: Object) -> Object:
        """Write a node and all that is inside it."""
        element = self.pdf.make_indirect(
            Dictionary(Type=Name.StructElem, S=Name(f"/{node.role}"), P=parent)
        )
        if node.page is not None:
            element.Pg = self.pages[node.page]
        if node.language:
            element.Lang = String(node.language)
        if node.alternative:
            element.Alt = String(node.alternative)
        if node.box and node.role == "Figure":
            element.A = Dictionary(O=Name.Layout, BBox=Array(list(node.box)), Placement=Name.Block)
        element.K = self._inside(node, element)
        return element

    def _inside(self, node: Node, element: Object) -> object:
        """Write what an element holds; a single marked drawing needs no list."""
        for page, mark in node.marks:
            self.marked[page][mark] = element
        if node.link is not None and node.page is not None:
            self.links.append(element)
            return Array([node.marks[0][1], self._link(node, self.pages[node.page])])
        if node.marks and node.page is not None:
            return node.marks[0][1]
        pieces: list[Object] = [self.element(piece, element) for piece in node.inside]
        pieces += [
            Dictionary(Type=Name.MCR, Pg=self.pages[page], MCID=mark) for page, mark in node.marks
        ]
        return Array(pieces)

    def _link(self, node: Node, page: Object) -> Object:
        """Make the box a link."""
        annotation = self.pdf.make_indirect(
            Dictionary(
                Type=Name.Annot,
                Subtype=Name.Link,
                Rect=Array(list(node.box or ())),
                Border=Array([0, 0, 0]),
                F=PRINTED,
                Contents=String(node.alternative or ""),
                # The pages take the first numbers.
                StructParent=len(self.pages) + len(self.links) - 1,
                A=Dictionary(S=Name.URI, URI=String(node.link or "")),
            )
        )
        page.Annots = Array([annotation])
        return Dictionary(Type=Name.OBJR, Obj=annotation, Pg=page)
