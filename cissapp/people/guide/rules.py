"""Which guides are for whom, and which of them a search or a page asks for."""

from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum

from msgspec import Struct

from cissapp.foundation.core.roles import Role
from cissapp.foundation.core.unicode import normalised


class Audience(StrEnum):
    """A kind of person that a guide is written for."""

    SCHOOL = "school"
    REVIEWER = "reviewer"
    COORDINATOR = "coordinator"
    MINISTRY = "ministry"
    SECRETARIAT = "secretariat"
    NEWCOMER = "newcomer"
    ANYBODY = "anybody"


# Whose guides a role reads, its own first.
AUDIENCES: dict[Role | None, tuple[Audience, ...]] = {
    Role.SCHOOL_MANAGER: (Audience.SCHOOL, Audience.ANYBODY),
    Role.REVIEWER: (Audience.REVIEWER, Audience.ANYBODY),
    Role.COORDINATOR: (Audience.COORDINATOR, Audience.REVIEWER, Audience.ANYBODY),
    Role.GUEST: (Audience.ANYBODY,),
    Role.MINISTRY: (Audience.MINISTRY, Audience.ANYBODY),
    Role.REGION_OFFICER: (Audience.MINISTRY, Audience.ANYBODY),
    Role.SECRETARIAT: (Audience.SECRETARIAT, Audience.MINISTRY, Audience.ANYBODY),
    None: (Audience.NEWCOMER, Audience.ANYBODY),
}


class Guide(Struct, frozen=True):
    """A guide: what to do, step by step, and where.

    `page` is the endpoint where it begins; `rooms` are the blueprints on whose pages it is offered first.
    """

    id: str
    title: str
    steps: tuple[str, ...]
    page: str | None = None
    rooms: frozenset[str] = frozenset()


def in_context(guides: Iterable[Guide], room: str) -> list[Guide]:
    """List the guides about the pages of a room."""
    return [guide for guide in guides if room in guide.rooms]


def found(guides: Sequence[Guide], wanted: str, written: Callable[[str], str]) -> list[Guide]:
    """List the guides that contain every search word, those with all of them in the title first.

    `written` translates a sentence into the reader's language.
    """
    words = _folded(wanted).split()

    def has_all(text: str) -> bool:
        folded = _folded(text)
        return all(word in folded for word in words)

    matching = [
        guide
        for guide in guides
        if has_all(" ".join(written(text) for text in (guide.title, *guide.steps)))
    ]
    return sorted(matching, key=lambda guide: not has_all(written(guide.title)))


def _folded(text: str) -> str:
    return normalised("NFKC", text).casefold()
