"""Draws the pictures of lessons: lays out words and figures on a canvas; the page writes the SVG.

Each picture is drawn twice, for a phone and for a wider page, so that no text becomes too small.
"""

from msgspec import Struct

from cissapp.foundation.content.schema.pictures import LessonPicture, PictureKind
from cissapp.foundation.web.pictures import figures, rows
from cissapp.foundation.web.pictures.figures import written_value
from cissapp.foundation.web.pictures.shapes import Drawing

__all__ = ["NARROW", "WIDE", "DrawnPicture", "draw", "drawn", "written_value"]

# The widths of the two canvases; a page shows each at this width or a little larger.
NARROW, WIDE = 320.0, 640.0
_BY_KIND = {
    PictureKind.STEPS: rows.steps,
    PictureKind.GRID: rows.grid,
    PictureKind.CYCLE: rows.cycle,
    PictureKind.LADDER: figures.ladder,
    PictureKind.RINGS: figures.rings,
    PictureKind.FORK: figures.fork,
}


class DrawnPicture(Struct, frozen=True):
    """A picture as a page shows it: its drawings by name, and the figures of its items in words."""

    picture: LessonPicture
    drawings: dict[str, Drawing]
    values: tuple[str, ...]


def draw(picture: LessonPicture, width: float, language: str) -> Drawing:
    """Lay a picture out on a canvas of this width; figures are written in the language."""
    if picture.kind is PictureKind.BARS:
        return figures.bars(picture, width, language)
    return _BY_KIND[picture.kind](picture, width)


def drawn(picture: LessonPicture, language: str) -> DrawnPicture:
    """Draw a picture for a phone and for a wider page."""
    drawings = {
        name: draw(picture, width, language) for name, width in (("narrow", NARROW), ("wide", WIDE))
    }
    return DrawnPicture(
        picture, drawings, tuple(written_value(one, picture, language) for one in picture.items)
    )
