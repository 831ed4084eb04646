"""Creates the files: one PDF of one or several posters, and a preview of a page."""

from collections.abc import Sequence

from cissapp.foundation.paper.archive import open_pdf, save_pdf
from cissapp.foundation.paper.canvas import Size, TaggedPaper
from cissapp.foundation.paper.metadata import write_description
from cissapp.foundation.paper.structure import write_structure
from cissapp.foundation.paper.svg import Preview
from cissapp.prepare.posters.papers import screen, sheets, small
from cissapp.prepare.posters.papers.parts import Poster, Surface
from cissapp.prepare.posters.rules.choices import PosterFormat

SIZES: dict[PosterFormat, Size] = {**sheets.SIZES, **screen.SIZES, **small.SIZES}


def draw_pdf(posters: Sequence[Poster]) -> bytes:
    """Return a tagged PDF of posters of one size; raise `TooLong` or `Unprintable`."""
    first = posters[0]
    paper = TaggedPaper(SIZES[first.format], font_size=9)
    for place, poster in enumerate(posters):
        if place:
            paper.next_page()
        paint(poster, paper)
    with open_pdf(paper.finish()) as pdf:
        write_structure(pdf, paper.root, first.language)
        title = f"{first.school}: {first.titles[0].text}"
        write_description(pdf, title=title, language=first.language, kind="Text")
        return save_pdf(pdf)


def draw_preview(poster: Poster, page: int = 1) -> tuple[bytes, int]:
    """Return a page as SVG, and how many there are; raise as `draw_pdf` does."""
    preview = Preview(SIZES[poster.format], page)
    paint(poster, preview)
    return preview.finish(poster.titles[0].text), preview.pages


def paint(poster: Poster, surface: Surface) -> None:
    """Draw a poster, each in the way of its format; raise as `draw_pdf` does."""
    if poster.format in screen.SIZES:
        screen.Slide(poster).paint(surface)
    elif poster.format in small.GRIDS:
        small.SmallSheet(poster).paint(surface)
    else:
        sheets.Sheet(poster).paint(surface)
