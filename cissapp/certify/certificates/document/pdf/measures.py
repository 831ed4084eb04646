"""Measures of the certificate, in points, and which language it shows how strongly."""

from cissapp.foundation.paper.canvas import A4_LANDSCAPE
from cissapp.foundation.paper.colours import INK, SOFT

SIZE = A4_LANDSCAPE
WIDTH, HEIGHT = SIZE
PANEL = 218.0
MIDDLE = PANEL / 2 + 3.5
LEFT, RIGHT = PANEL + 36, WIDTH - 38
COLUMN = RIGHT - LEFT
BOTTOM = HEIGHT - 22


def colour_of(place: int) -> str:
    """Return the colour of the first language, or of those below it."""
    return SOFT if place else INK
