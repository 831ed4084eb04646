"""Measures and styles of a lesson on paper, in points."""

from cissapp.foundation.paper.canvas import A4, LETTER
from cissapp.foundation.paper.colours import SOFT, TEXT_TINT
from cissapp.foundation.paper.styles import BODY, HEADING, changed, flow_style, on_ground
from cissapp.learn.learning.papers.printed_lesson import PaperSize

SIZES = {PaperSize.A4: A4, PaperSize.LETTER: LETTER}
SIDE, TOP, BOTTOM = 62.0, 54.0, 98.0

PLACE = flow_style("place", 9, 13, colour=SOFT)
LABEL = flow_style("label", 8.6, 12, colour=SOFT, spaceBefore=13, keepWithNext=1)
# No space before it: it belongs to its label.
LABELLED = changed(HEADING, "labelled", spaceBefore=0)
CASE = on_ground(BODY, TEXT_TINT)
SOURCE = flow_style("source", 8.6, 12, spaceAfter=3)
FOOT = flow_style("foot", 8, 10.6, colour=SOFT)
