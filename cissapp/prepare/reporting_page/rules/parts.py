"""The parts of the page, one for each kind of reader; each can be shown or left out."""

from collections.abc import Iterable
from enum import StrEnum

from cissapp.foundation.core.errors import N_


class PagePart(StrEnum):
    """A part of the page."""

    PUPILS = "pupils"
    PARENTS = "parents"
    STAFF = "staff"


PART_NAMES = {
    PagePart.PUPILS: N_("For pupils"),
    PagePart.PARENTS: N_("For parents and carers"),
    PagePart.STAFF: N_("For staff"),
}


def shown_parts(names: Iterable[str]) -> tuple[PagePart, ...]:
    """Return the parts that these names stand for, in the order of the page."""
    wanted = set(names)
    return tuple(part for part in PagePart if part.value in wanted)
