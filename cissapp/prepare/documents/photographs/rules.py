"""Rules of photographs that wait: how many, how long, in which order, and how their text counts."""

from datetime import timedelta
from enum import StrEnum
from uuid import UUID

from msgspec import Struct

from cissapp.foundation.core.errors import N_, Problem, Refused
from cissapp.foundation.intake.examination import LARGEST as LARGEST_DOCUMENT

MOST_PAGES = 24
# The limit per request: each takes some seconds, and a person is waiting.
MOST_AT_ONCE = 8
# Counted from the last photograph.
LIFETIME = timedelta(days=7)


class Direction(StrEnum):
    """Which way a page moves in its document."""

    UP = "up"
    DOWN = "down"


class PhotographSet(Struct, frozen=True):
    """The photographs that one person gathers, for a new document or for a new version of one."""

    school_id: UUID
    user_id: UUID
    document_id: UUID | None = None


class PageSum(Struct, frozen=True):
    """The total of the pages that wait: their number, and their size in bytes."""

    pages: int
    size: int


def refuse_more(here: PageSum) -> None:
    """Refuse another page if there are 24, or nearly as many bytes as a document may have."""
    if here.pages >= MOST_PAGES or here.size >= LARGEST_DOCUMENT * 0.95:
        message = N_(
            "A document can have at most %(most)s photographed pages. Make a document from these first."
        )
        raise Refused(Problem("photos", message, {"most": here.pages}))


def refuse_none(pages: int) -> None:
    """Refuse a document without pages."""
    if not pages:
        raise Refused(Problem("pages", N_("Add a photo of the first page.")))


def moved(ids: list[UUID], one: UUID, to: Direction) -> list[UUID]:
    """Return the order with a page moved one place; the first page cannot move up, nor the last one down."""
    place = ids.index(one)
    other = place + (1 if to is Direction.DOWN else -1)
    if not 0 <= other < len(ids):
        return list(ids)
    order = list(ids)
    order[place], order[other] = order[other], order[place]
    return order
