"""Cards: the words of an item, broken to a width, with a box round them."""

from collections.abc import Sequence

from msgspec import Struct

from cissapp.foundation.content.schema.pictures import PictureItem
from cissapp.foundation.web.pictures.measures import lines_of, widest_word
from cissapp.foundation.web.pictures.shapes import BADGE, Box, Drawing, Words

TITLE, TITLE_LEADING = 16.0, 20.0
TEXT, TEXT_LEADING = 14.0, 18.0
PAD = 14.0
# A canvas that is narrower is that of a phone.
PHONE = 400.0
BESIDE = 2 * BADGE + 10
ABOVE = 2 * BADGE + 8


class Card(Struct, frozen=True):
    """The lines of an item: its title, and below it its text."""

    title: list[str]
    text: list[str]

    @property
    def height(self) -> float:
        """How high the lines stand together."""
        between = 4 if self.text else 0
        return len(self.title) * TITLE_LEADING + between + len(self.text) * TEXT_LEADING

    def write(
        self, drawing: Drawing, x: float, y: float, *, tone: str = "ink", soft: str = "soft"
    ) -> None:
        """Write the lines; `x` is their left edge, `y` the upper one."""
        for number, line in enumerate(self.title):
            at = y + number * TITLE_LEADING + TITLE
            drawing.write(Words(x, at, line, TITLE, bold=True, tone=tone))
        below = y + len(self.title) * TITLE_LEADING + 4
        for number, line in enumerate(self.text):
            drawing.write(Words(x, below + number * TEXT_LEADING + TEXT, line, TEXT, tone=soft))


def card_of(item: PictureItem, width: float) -> Card:
    """Break the words of an item to a width."""
    return Card(lines_of(item.title, width, TITLE, bold=True), lines_of(item.text, width, TEXT))


class Frame(Struct, frozen=True):
    """The box round a card: its width and number; `beside` puts the number to the left of the words."""

    width: float
    number: int | None = None
    beside: bool = True

    @property
    def inside(self) -> float:
        """How wide the words may be."""
        side = BESIDE if self.number is not None and self.beside else 0
        return self.width - 2 * PAD - side

    def height(self, item: PictureItem) -> float:
        """Return how high the box must be."""
        above = ABOVE if self.number is not None and not self.beside else 0
        least = 2 * BADGE if self.number is not None else 0
        return max(card_of(item, self.inside).height + above, least) + 2 * PAD

    def draw(self, drawing: Drawing, item: PictureItem, x: float, y: float, height: float) -> None:
        """Draw the box with its words and its number."""
        drawing.box(Box(x, y, self.width, height))
        left, top = x + PAD, y + PAD
        if self.number is not None:
            drawing.number(left + BADGE, top + BADGE, self.number)
            left, top = (left + BESIDE, top + 3) if self.beside else (left, top + ABOVE)
        card_of(item, self.inside).write(drawing, left, top)


def columns_for(items: Sequence[PictureItem], width: float, gap: float, at_most: int) -> int:
    """Return in how many columns the cards can stand without breaking a word; one at least."""
    widest = max(
        max(widest_word(one.title, TITLE, bold=True), widest_word(one.text, TEXT)) for one in items
    )
    for columns in range(at_most, 1, -1):
        if widest <= column_width(width, gap, columns) - 2 * PAD:
            return columns
    return 1


def column_width(width: float, gap: float, columns: int) -> float:
    """Return how wide one of several columns is."""
    return (width - (columns - 1) * gap) / columns
