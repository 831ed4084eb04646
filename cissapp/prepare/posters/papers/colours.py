"""The colours of each kind of reader; in grey every sign and word still stands out."""

from msgspec import Struct

from cissapp.foundation.paper.colours import ACCENT, INK, MODULES, WHITE
from cissapp.prepare.posters.rules.choices import Readers


class Palette(Struct, frozen=True):
    """Ground and letters of the head, the discs with their signs, and headings on white."""

    ground: str
    on_ground: str
    heading: str


# Contrast of letters on their ground: 8.6 · 7.6 · 9.6 · 8.5; of headings on white: 6.9 and the same.
PALETTES = {
    Readers.YOUNGER: Palette(ACCENT, INK, "#7A4F00"),
    Readers.OLDER: Palette(MODULES[0], WHITE, MODULES[0]),
    Readers.PARENTS: Palette(MODULES[1], WHITE, MODULES[1]),
    Readers.STAFF: Palette(MODULES[2], WHITE, MODULES[2]),
}
