"""Measures of the certificate, in points, and which language it shows how strongly."""

from cissapp.foundation.paper.canvas import A4_LANDSCAPE
from cissapp.foundation.paper.colours import INK, SOFT

SIZE = A4_LANDSCAPE
WIDTH, HEIGHT = SIZE
BAR = 7.5
FRAME, FRAME_INSIDE = 15.0, 19.0
LEFT, RIGHT = 46.0, WIDTH - 46
HEAD = 38.0
# The left column says what and who, the right one how far.
COLUMN = 482.0
SEAL_LEFT = 549.0
SEAL_WIDTH = RIGHT - SEAL_LEFT
# Dates and signature stand above this line, the way to check it below.
DATES = 396.0
RULE = 466.0
FOOT = 477.0
BOTTOM = HEIGHT - 25


def colour_of(place: int) -> str:
    """Return the colour of the first language, or of those below it."""
    return SOFT if place else INK
