"""A file whose pages are photographs, with the text that a machine read in them lying invisibly on top."""

from collections.abc import Sequence
from io import BytesIO

from msgspec import Struct
from pikepdf import Name, Page, Pdf, Stream
from PIL import Image

from cissapp.foundation.paper.archive import open_pdf, save_pdf
from cissapp.foundation.paper.canvas import A4, Paper
from cissapp.foundation.paper.fonts import SANS, width_of
from cissapp.foundation.paper.metadata import write_description
from cissapp.foundation.paper.text import drawn

INVISIBLE = 3
LONG_SIDE = A4[1]
# As shares of a word's box height: letters extend below their baseline.
BELOW, LETTERS = 0.22, 0.78
SPACES = {"L": Name.DeviceGray, "RGB": Name.DeviceRGB}


class PlacedWord(Struct, frozen=True):
    """A word and its box (left, top, width, height) in pixels of its page."""

    text: str
    box: tuple[int, int, int, int]


class PhotographedPage(Struct, frozen=True):
    """A page: its JPEG, its size in pixels, and the words on it."""

    content: bytes
    width: int
    height: int
    words: Sequence[PlacedWord] = ()


def write_photographs(pages: Sequence[PhotographedPage], *, title: str, language: str) -> bytes:
    """Write photographs as one file, one a page; the same photographs give the same bytes."""
    paper = Paper(A4, language=language)
    paper.setTitle(title)
    for page in pages:
        _write_words(paper, page)
        paper.showPage()
    with open_pdf(paper.finish()) as pdf:
        for place, page in zip(pdf.pages, pages, strict=True):
            _lay_under(pdf, place, page)
        write_description(pdf, title=title, language=language, kind="Text")
        return save_pdf(pdf, for_archive=False)


def _write_words(paper: Paper, page: PhotographedPage) -> None:
    scale = LONG_SIDE / max(page.width, page.height)
    paper.setPageSize((page.width * scale, page.height * scale))
    for word in page.words:
        text = drawn(word.text)
        left, top, width, height = (side * scale for side in word.box)
        size = max(1.0, height * LETTERS)
        natural = width_of(text, SANS, size)
        if not natural:
            continue
        line = paper.beginText(left, paper.page_height - top - height * (1 - BELOW))
        line.setTextRenderMode(INVISIBLE)
        line.setFont(SANS, size)
        line.setHorizScale(100 * width / natural)
        line.textOut(text)
        paper.drawText(line)


def _lay_under(pdf: Pdf, place: Page, page: PhotographedPage) -> None:
    """Put the JPEG under the words unchanged, without encoding it again."""
    with Image.open(BytesIO(page.content)) as opened:
        space = SPACES[opened.mode]
    picture = Stream(
        pdf,
        page.content,
        Type=Name.XObject,
        Subtype=Name.Image,
        Width=page.width,
        Height=page.height,
        ColorSpace=space,
        BitsPerComponent=8,
        Filter=Name.DCTDecode,
    )
    name = place.add_resource(picture, Name.XObject, name=Name.Photograph)
    _, _, width, height = (float(side) for side in place.mediabox)
    drawing = f"q {width:.3f} 0 0 {height:.3f} 0 0 cm {name} Do Q\n"
    place.contents_add(drawing.encode(), prepend=True)
