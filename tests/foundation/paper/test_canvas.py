"""A page that is drawn piece by piece, and the structure that is written from it."""

from io import BytesIO

import pikepdf

from cissapp.foundation.paper.archive import open_pdf, save_pdf, write_colour_profile
from cissapp.foundation.paper.canvas import A4, A4_LANDSCAPE, LETTER, Paper, TaggedPaper
from cissapp.foundation.paper.colours import INK, PRIMARY, SOFT
from cissapp.foundation.paper.fonts import SANS, SANS_BOLD
from cissapp.foundation.paper.structure import write_structure
from cissapp.foundation.paper.text import Style

PLAIN = Style(SANS, 10, 14)
ADDRESS = "https://ciss.example/x"
BOX = (20.0, 400.0, 60.0, 440.0)


def operators(content: bytes) -> list[tuple[str, list[object]]]:
    with pikepdf.open(BytesIO(content)) as pdf:
        return [
            (str(part.operator), [str(one) for one in part.operands])
            for part in pikepdf.parse_content_stream(pdf.pages[0])
        ]


def numbers_of(drawing: list[tuple[str, list[object]]], operator: str) -> list[list[float]]:
    return [[float(one) for one in given] for name, given in drawing if name == operator]


def test_sizes_are_those_of_the_papers():
    assert [tuple(round(edge) for edge in size) for size in (A4, A4_LANDSCAPE, LETTER)] == [
        (595, 842),
        (842, 595),
        (612, 792),
    ]


def test_y_is_measured_from_the_top():
    paper = Paper(LETTER)

    end = paper.write_lines(["one", "two"], PLAIN, 50, 100, INK)
    paper.bar(50, 200, 30, 10, colour=SOFT)
    paper.rule(50, 300, 80, SOFT)
    paper.frame(50, 400, 80, 20, ground=SOFT, edge=PRIMARY)

    drawing = operators(paper.finish())
    assert end == 128
    assert [place[4:] for place in numbers_of(drawing, "Tm")] == [
        [50, 792 - 114 + 14 * 0.26],
        [50, 792 - 128 + 14 * 0.26],
    ]
    assert numbers_of(drawing, "re") == [[50, 582, 30, 10], [50, 372, 80, 20]]
    assert numbers_of(drawing, "m")[-1] == [50, 492]
    assert numbers_of(drawing, "l")[-1] == [130, 492]


def test_a_link_can_be_clicked_where_it_stands():
    paper = Paper(LETTER)
    paper.write_lines(["here"], PLAIN, 50, 100, INK)
    paper.link(ADDRESS, 50, 100, 40, 14)

    with pikepdf.open(BytesIO(paper.finish())) as pdf:
        (link,) = pdf.pages[0].Annots
        assert [float(edge) for edge in link.Rect] == [50, 678, 90, 692]
        assert str(link.A.URI) == ADDRESS


def tagged() -> bytes:
    paper = TaggedPaper(LETTER, font_size=9)
    with paper.decoration():
        paper.watermark("DEMO", Style(SANS_BOLD, 90, 90), 300, 400, angle=24, colour=SOFT)
    with paper.piece("H1", "uk"):
        paper.write_lines(["Ліцей", "№ 47"], PLAIN, 50, 100, INK)
    with paper.group("Table", "en"), paper.group("TR"):
        with paper.piece("TH"):
            paper.write_lines(["Level"], PLAIN, 50, 140, INK)
        with paper.piece("TD"):
            paper.write_lines(["2"], PLAIN, 90, 140, INK)
    with paper.piece("Figure", alternative="A ring", box=BOX):
        paper.circle(40, 420, 20)
    with paper.piece("Link", alternative="Check it", box=BOX, link=ADDRESS):
        paper.qr(ADDRESS, 20, 300, 40, INK)
    with open_pdf(paper.finish()) as pdf:
        write_structure(pdf, paper.root, "uk")
        write_colour_profile(pdf)
        return save_pdf(pdf)


def shown(element: pikepdf.Object) -> object:
    """What an element holds: marks as numbers, links by their address, elements by their role."""
    if isinstance(element, int):
        return element
    if element.get("/Type") == "/OBJR":
        return str(element.Obj.A.URI)
    inside = element.K if isinstance(element.K, pikepdf.Array) else [element.K]
    return str(element.S), [shown(one) for one in inside]


def test_a_screen_reader_finds_what_each_piece_is():
    with pikepdf.open(BytesIO(tagged())) as pdf:
        tree = pdf.Root.StructTreeRoot
        assert shown(tree.K) == (
            "/Document",
            [
                ("/H1", [0]),
                ("/Table", [("/TR", [("/TH", [1]), ("/TD", [2])])]),
                ("/Figure", [3]),
                ("/Link", [4, ADDRESS]),
            ],
        )
        heading, table, figure, link = tree.K.K
        assert (str(pdf.Root.Lang), str(heading.Lang), str(table.Lang)) == ("uk", "uk", "en")
        assert (str(figure.Alt), str(link.Alt)) == ("A ring", "Check it")
        assert [float(edge) for edge in figure.A.BBox] == list(BOX)
        (annotation,) = pdf.pages[0].Annots
        assert (int(annotation.StructParent), int(tree.ParentTreeNextKey)) == (1, 2)
        (page_key, of_page, link_key, of_link) = tree.ParentTree.Nums
        assert (int(page_key), int(link_key)) == (0, 1)
        assert [str(one.S) for one in of_page] == ["/H1", "/TH", "/TD", "/Figure", "/Link"]
        assert of_link == link


def test_lines_of_a_piece_are_kept_apart_and_decoration_is_none():
    drawing = operators(tagged())

    opened = [given[0] for name, given in drawing if name in {"BDC", "BMC"}]
    assert opened == ["/Artifact", "/H1", "/TH", "/TD", "/Figure", "/Link"]
    assert [name for name, _ in drawing].count("EMC") == len(opened)


def test_the_same_drawing_gives_the_same_bytes():
    assert tagged() == tagged()
