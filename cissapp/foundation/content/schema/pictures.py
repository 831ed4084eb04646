"""Shape of a lesson's picture: what it shows, in words and figures; the page draws it."""

from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from cissapp.foundation.content.schema.parts import Strict, Text


class PictureKind(StrEnum):
    """How the items of a picture belong together."""

    STEPS = "steps"
    GRID = "grid"
    LADDER = "ladder"
    RINGS = "rings"
    FORK = "fork"
    CYCLE = "cycle"
    BARS = "bars"


# How many items each kind can show on a phone.
ITEMS = {
    PictureKind.STEPS: (3, 7),
    PictureKind.GRID: (4, 4),
    PictureKind.LADDER: (3, 5),
    PictureKind.RINGS: (3, 4),
    PictureKind.FORK: (2, 4),
    PictureKind.CYCLE: (3, 6),
    PictureKind.BARS: (2, 6),
}


class PictureItem(Strict):
    """One part of a picture: a few words, a line below them, and for bars a value."""

    title: Annotated[str, StringConstraints(min_length=1, max_length=60, strip_whitespace=True)]
    text: Annotated[str, StringConstraints(max_length=130, strip_whitespace=True)] = ""
    value: float | None = Field(default=None, ge=0)


class LessonPicture(Strict):
    """A picture as data, drawn separately for each language; `text` describes in words what it shows.

    `ladder` begins with the lowest step, `rings` with the innermost; `start` is the question of a fork.
    """

    kind: PictureKind
    title: Text
    text: Text
    start: Text | None = None
    unit: Text | None = None
    items: list[PictureItem] = Field(min_length=2, max_length=7)

    @model_validator(mode="after")
    def _fits_its_kind(self) -> Self:
        least, most = ITEMS[self.kind]
        if not least <= len(self.items) <= most:
            raise ValueError(f"a '{self.kind}' picture must have {least} to {most} items")
        if (self.kind is PictureKind.FORK) != (self.start is not None):
            raise ValueError("a 'fork' must have 'start', and no other picture may have it")
        wanted = self.kind is PictureKind.BARS
        if any((one.value is not None) != wanted for one in self.items):
            raise ValueError("each item of 'bars' must have 'value', and no other item may have it")
        return self
