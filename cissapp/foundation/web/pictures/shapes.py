"""What a picture is made of: boxes, circles, lines and words, each with its place."""

from typing import Literal

from msgspec import Struct, field

from cissapp.foundation.web.pictures.measures import width_of

Anchor = Literal["start", "middle"]
Point = tuple[float, float]


class Words(Struct, frozen=True):
    """A line of text; `y` is its baseline, `tone` the name of its colour."""

    x: float
    y: float
    text: str
    size: float
    bold: bool = False
    anchor: Anchor = "start"
    tone: str = "ink"

    @property
    def width(self) -> float:
        """How wide the line is, at most."""
        return width_of(self.text, self.size, bold=self.bold)

    @property
    def left(self) -> float:
        """Where the line begins."""
        return self.x - self.width / 2 if self.anchor == "middle" else self.x

    @property
    def top(self) -> float:
        """The upper edge of the letters."""
        return self.y - self.size * 0.95

    @property
    def bottom(self) -> float:
        """The lower edge of the letters."""
        return self.y + self.size * 0.25


class Box(Struct, frozen=True):
    """A rectangle with round corners."""

    x: float
    y: float
    width: float
    height: float
    tone: str = "box"
    radius: float = 8


class Disc(Struct, frozen=True):
    """A circle."""

    x: float
    y: float
    radius: float
    tone: str = "sign"


class Line(Struct, frozen=True):
    """A line through points; a `closed` one is filled."""

    points: tuple[Point, ...]
    closed: bool = False

    @property
    def path(self) -> str:
        """The line as the path of an SVG."""
        through = "L".join(f"{x:g} {y:g}" for x, y in self.points)
        return f"M{through}{'z' if self.closed else ''}"


class Drawing(Struct):
    """A picture on a canvas of this width; the height grows with what is put on it."""

    width: float
    height: float = 0
    boxes: list[Box] = field(default_factory=list)
    discs: list[Disc] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    words: list[Words] = field(default_factory=list)

    def box(self, box: Box) -> None:
        """Put a box on the canvas."""
        self.boxes.append(box)
        self.height = max(self.height, box.y + box.height + 1)

    def disc(self, disc: Disc) -> None:
        """Put a circle on the canvas."""
        self.discs.append(disc)
        self.height = max(self.height, disc.y + disc.radius + 1)

    def write(self, words: Words) -> None:
        """Put a line of text on the canvas."""
        self.words.append(words)
        self.height = max(self.height, words.bottom + 1)

    def number(self, x: float, y: float, number: int) -> None:
        """Put a number in a disc on the canvas; `x` and `y` are its centre."""
        self.disc(Disc(x, y, BADGE))
        self.write(Words(x, y + 5, str(number), NUMBER, bold=True, anchor="middle", tone="on"))

    def arrow(self, *points: Point) -> None:
        """Draw a line through these points, with a head at the last; its parts are horizontal or vertical."""
        (before_x, before_y), (x, y) = points[-2:]
        across, down = _sign(x - before_x), _sign(y - before_y)
        neck = (x - across * HEAD, y - down * HEAD)
        wing = HEAD * 0.6
        self.lines.append(Line((*points[:-1], neck)))
        self.lines.append(
            Line(
                (
                    (x, y),
                    (neck[0] + down * wing, neck[1] + across * wing),
                    (neck[0] - down * wing, neck[1] - across * wing),
                ),
                closed=True,
            )
        )
        self.height = max(self.height, *(point[1] + wing + 1 for point in points))


BADGE, NUMBER, HEAD = 13.0, 15.0, 9.0


def _sign(value: float) -> int:
    return (value > 0) - (value < 0)
