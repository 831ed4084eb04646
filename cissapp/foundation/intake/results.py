"""What was found out about an accepted file: in the worker, and as the application sees it."""

from dataclasses import dataclass, field

from msgspec import Struct

from cissapp.foundation.intake.media import MediaType
from cissapp.foundation.intake.reasons import FileFinding


class WorkerReport(Struct):
    """What the worker reports: the kind of the file, its pages if it has any, and what its sender should know."""

    kind: MediaType
    pages: int | None = None
    findings: set[FileFinding] = set()


@dataclass(frozen=True)
class AcceptedFile:
    """An accepted document. The findings are sentences for the sender, still to be translated.

    `texts` holds the text page by page, as far as it was read, `found` the names of the findings and
    `copy` the bytes without names of people and places; these three follow from the content.
    """

    media_type: MediaType
    text: str
    pages: int | None
    findings: tuple[str, ...]
    texts: tuple[str, ...] = field(default=(), compare=False)
    found: tuple[str, ...] = field(default=(), compare=False)
    copy: bytes = field(default=b"", compare=False, repr=False)


class DrawnPage(Struct, frozen=True):
    """A picture of a page: width and height in pixels, and the bytes of a WebP."""

    width: int
    height: int
    content: bytes


@dataclass(frozen=True)
class DrawnLogo:
    """A logo that was drawn anew: width and height in pixels, and the bytes of a PNG without transparency."""

    width: int
    height: int
    content: bytes = field(repr=False)


@dataclass(frozen=True)
class ReadSquares:
    """The contents of a file's QR codes, and whether it is a photo or scan rather than a typed page.

    `grey` is a PNG of a picture without QR codes, scaled down but still legible.
    """

    texts: tuple[str, ...]
    is_picture: bool
    grey: bytes = field(default=b"", repr=False)
