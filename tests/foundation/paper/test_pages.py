"""Text that flows over pages: its structure, its foot, and the programme's Markdown on paper."""

import re
from io import BytesIO

import pikepdf
import pytest

from cissapp.foundation.paper.canvas import A4
from cissapp.foundation.paper.markdown import flowed, inline, link
from cissapp.foundation.paper.pages import Leaf, Pages, set_pages
from cissapp.foundation.paper.pieces import Picture, Piece, rule, step, table_of
from cissapp.foundation.paper.styles import BODY, CELL, HEADING, indented, on_ground

BLOCKS = """## Heading

### Smaller

*stressed*, **strong**\\
new line

> Quoted.

---

3. three
4. four

   - inside

```
a
b
```

| a | b |
|---|---|
| 1 | 2 |
"""


class Feet:
    """The feet that were drawn: the number of the page, and how many there are."""

    def __init__(self) -> None:
        self.told: list[tuple[int, int]] = []

    def __call__(self, leaf: Leaf, total: int) -> None:
        self.told.append((leaf.getPageNumber(), total))
        leaf.rule(60, 780, 400, "#000000")
        assert leaf.paragraph("Foot", CELL, 60, 784, 400) > 784


def pages(feet: Feet) -> Pages:
    return Pages(A4, 60, 50, 90, "Title", "Subject", "uk", feet)


def drawn(text: str) -> bytes:
    sheet = pages(Feet())
    return set_pages(sheet, lambda: flowed(text, sheet.column))


def shown(element: pikepdf.Object) -> object:
    """An element as its role and what is inside it; its marks are left out."""
    return str(element.S)[1:], [shown(one) for one in element.K if one.get("/Type") != "/MCR"]


def tree_of(content: bytes) -> object:
    with pikepdf.open(BytesIO(content)) as pdf:
        return shown(pdf.Root.StructTreeRoot.K)[1]


def test_every_kind_of_block_says_what_it_is():
    leaf = lambda role: (role, [])  # noqa: E731

    assert tree_of(drawn(BLOCKS)) == [
        leaf("H2"),
        leaf("H3"),
        leaf("P"),
        ("BlockQuote", [leaf("P")]),
        ("L", [("LI", [leaf("LBody")]), ("LI", [leaf("LBody"), ("L", [("LI", [leaf("LBody")])])])]),
        leaf("P"),
        (
            "Table",
            [("TR", [leaf("TH"), leaf("TH")]), ("TR", [leaf("TD"), leaf("TD")])],
        ),
    ]


def test_a_piece_on_two_pages_is_one_piece():
    content = drawn("word " * 1_500)

    with pikepdf.open(BytesIO(content)) as pdf:
        (piece,) = pdf.Root.StructTreeRoot.K.K
        assert [
            (mark.Pg == page.obj, int(mark.MCID))
            for mark, page in zip(piece.K, pdf.pages, strict=True)
        ] == [(True, 0)] * len(pdf.pages)
        numbers = list(pdf.Root.StructTreeRoot.ParentTree.Nums)
        assert numbers[::2] == list(range(len(pdf.pages)))
        assert all(list(of_page) == [piece] for of_page in numbers[1::2])
        assert (str(pdf.Root.Lang), bool(pdf.Root.MarkInfo.Marked)) == ("uk", True)
        assert (str(pdf.docinfo["/Title"]), str(pdf.docinfo["/Subject"])) == ("Title", "Subject")
        assert len(pdf.pages) > 1


def test_the_foot_is_told_how_many_pages_there_are():
    feet = Feet()
    sheet = pages(feet)

    set_pages(sheet, lambda: [Piece("word " * 1_500, BODY)])

    total = feet.told[-1][1]
    assert total > 1
    assert feet.told == [(page, known) for known in (0, total) for page in range(1, total + 1)]


def test_pieces_can_be_put_together_by_hand():
    table = (step("Table"),)
    row = (*table, step("TR"))

    content = set_pages(
        pages(Feet()),
        lambda: [
            Piece("On a ground", on_ground(BODY, "#F3F0E9")),
            Piece("Further in", indented(HEADING, 2), role="H2", bulletText="1."),
            rule(before=4),
            table_of(
                [[Piece(str(cell), CELL, path=row, role="TD") for cell in range(2)]], [60, 60]
            ),
        ],
    )

    assert tree_of(content) == [
        ("P", []),
        ("H2", []),
        ("Table", [("TR", [("TD", []), ("TD", [])])]),
    ]


def test_no_text_gives_no_pieces_and_the_same_text_the_same_bytes():
    assert list(flowed("", 100)) == []
    assert drawn(BLOCKS) == drawn(BLOCKS)


def test_plain_text_stays_what_it_is():
    assert inline("<b> & 116\u2011111 🏫") == "&lt;b&gt; &amp; 116-111 ?"


@pytest.mark.parametrize(
    ("text", "url", "written"),
    [
        ("d", "http://e.example", '<a href="http://e.example">http://e.example</a>'),
        ("c", "mailto:a@b.example", '<a href="mailto:a@b.example">mailto:a@b.example</a>'),
        ("a", "javascript:alert(1)", "javascript:alert(1)"),
        ("b", "file:///etc/passwd", "file:///etc/passwd"),
        ("home", "/learn", "/learn"),
    ],
)
def test_an_address_is_printed_and_only_a_harmless_one_is_clicked(
    text: str, url: str, written: str
):
    assert link(text, url) == f"{text} ({written})"
    assert link(inline(url), url) == written


def test_links_of_a_text_can_be_clicked():
    content = drawn("[a](javascript:alert(1)) [c](mailto:a@b.example) [d](http://e.example)")

    with pikepdf.open(BytesIO(content)) as pdf:
        links = {str(one.A.URI) for one in pdf.pages[0].Annots if "/A" in one}
    assert links == {"mailto:a@b.example", "http://e.example"}
    assert not re.search(rb"javascript", content)


def test_a_picture_between_paragraphs_stands_at_its_place_with_its_words():
    def draw(paper):
        paper.through([(0, 0), (60, 30), (60, 0)], ground="#0B5C6B")
        paper.through([(0, 0), (60, 30)], ground="#0B5C6B", width=2)

    def story():
        return [
            Piece("Before", BODY),
            Picture(60, 30, draw, "A line goes up."),
            Piece("After", BODY),
        ]

    pages = Pages(A4, 50, 50, 50, "Title", "Subject", "en", lambda _leaf, _total: None)
    with pikepdf.open(BytesIO(set_pages(pages, story))) as pdf:
        pieces = list(pdf.Root.StructTreeRoot.K.K)
        assert [str(one.S) for one in pieces] == ["/P", "/Figure", "/P"]
        assert str(pieces[1].Alt) == "A line goes up."
        left, low, right, high = (float(side) for side in pieces[1].A.BBox)
    assert (left, right - left, high - low) == (50, 60, 30)
