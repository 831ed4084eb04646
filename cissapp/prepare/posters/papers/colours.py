"""The colours for each kind of reader; every sign and word remains legible in greyscale."""

from msgspec import Struct

from cissapp.foundation.paper.colours import ACCENT, INK, MODULES, WHITE
from cissapp.prepare.posters.rules.choices import Readers


class Palette(Struct, frozen=True):
    """Background and text colour of the head and of the signs' discs, and the colour of headings on white."""

    ground: str
    on_ground: str
    heading: str


# Contrast ratios of text on its background: 8.6 · 7.6 · 9.6 · 8.5; of headings on white: 6.9, then the same.
PALETTES = {
    Readers.YOUNGER: Palette(ACCENT, INK, "#7A4F00"),
    Readers.OLDER: Palette(MODULES[0], WHITE, MODULES[0]),
    Readers.PARENTS: Palette(MODULES[1], WHITE, MODULES[1]),
    Readers.STAFF: Palette(MODULES[2], WHITE, MODULES[2]),
}
