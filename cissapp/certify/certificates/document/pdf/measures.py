"""Measures of the certificate, in points, and how prominently each language is shown."""

from cissapp.foundation.paper.canvas import A4_LANDSCAPE
from cissapp.foundation.paper.colours import INK, SOFT

SIZE = A4_LANDSCAPE
WIDTH, HEIGHT = SIZE
BAR = 7.5
FRAME, FRAME_INSIDE = 15.0, 19.0
LEFT, RIGHT = 46.0, WIDTH - 46
HEAD = 38.0
# The left column shows the school and the finding, the right one the level.
COLUMN = 482.0
SEAL_LEFT = 549.0
SEAL_WIDTH = RIGHT - SEAL_LEFT
# Dates and signature are above this line, the way to check the certificate below it.
DATES = 396.0
RULE = 466.0
FOOT = 477.0
BOTTOM = HEIGHT - 25


def colour_of(place: int) -> str:
    """Return the colour of the first language, or of those below it."""
    return SOFT if place else INK
