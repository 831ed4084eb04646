"""Colours and measures of the certificate, in points."""

from cissapp.foundation.paper.canvas import HEIGHT, WIDTH

INK, SOFT, LINE, PRIMARY = "#1B2A2F", "#4E5D63", "#DDD8CD", "#0B5C6B"
WHITE, TINT, TRACK, ACCENT, WARM = "#FFFFFF", "#F6F3EC", "#E4E0D6", "#F2B84B", "#FFF8E8"
BAD, BAD_GROUND, WATERMARK = "#A3261F", "#FBE9E7", "#FBEEEB"
MODULES = ("#0B5C6B", "#6B2F5B", "#34498A", "#9A3B1E", "#56641A")

PANEL = 218.0
MIDDLE = PANEL / 2 + 3.5
LEFT, RIGHT = PANEL + 36, WIDTH - 38
COLUMN = RIGHT - LEFT
BOTTOM = HEIGHT - 22


def tone(place: int) -> str:
    """Give the colour of the first language, or of those below it."""
    return SOFT if place else INK
