"""The choices for a poster: format, readers and languages."""

from collections.abc import Sequence
from enum import StrEnum

from msgspec import Struct

from cissapp.foundation.core.errors import N_


class PosterFormat(StrEnum):
    """The format of a poster."""

    A4 = "a4"
    A3 = "a3"
    CARDS = "cards"
    STICKERS = "stickers"
    SCREEN = "screen"


class Readers(StrEnum):
    """The readers that a poster addresses."""

    YOUNGER = "younger"
    OLDER = "older"
    PARENTS = "parents"
    STAFF = "staff"


FORMAT_NAMES = {
    PosterFormat.A4: N_("Poster, A4"),
    PosterFormat.A3: N_("Poster, A3"),
    PosterFormat.CARDS: N_("Pocket cards, 10 per sheet"),
    PosterFormat.STICKERS: N_("Stickers, 24 per sheet"),
    PosterFormat.SCREEN: N_("Slide for a screen, 16:9"),
}
READERS_NAMES = {
    Readers.YOUNGER: N_("Younger pupils (about 6 to 10)"),
    Readers.OLDER: N_("Older pupils (about 11 to 17)"),
    Readers.PARENTS: N_("Parents"),
    Readers.STAFF: N_("Staff"),
}
# The formats that hang on walls and are checked on a round.
ON_WALLS = (PosterFormat.A4, PosterFormat.A3)
PUPILS = frozenset({Readers.YOUNGER, Readers.OLDER})


class PosterChoice(Struct, frozen=True):
    """What is printed, for whom, in which languages (the first one is the largest), in large type or not."""

    format: PosterFormat
    readers: Readers
    languages: tuple[str, ...]
    large: bool = False

    @property
    def name(self) -> str:
        """The name of the generated paper; the newest of a name replaces the previous one."""
        return f"{self.format}-{self.readers}{'-large' if self.large else ''}"

    @property
    def language(self) -> str:
        """All its languages in order, as the language of the generated paper."""
        return "+".join(self.languages)


def choice_of(name: str, language: str) -> PosterChoice | None:
    """Return the choice for the name and languages of a generated paper; None if it is no known poster."""
    paper, _, readers = name.partition("-")
    large = readers.endswith("-large")
    try:
        chosen = PosterFormat(paper), Readers(readers.removesuffix("-large"))
    except ValueError:
        return None
    return PosterChoice(*chosen, tuple(language.split("+")), large)


def offered_languages(
    pupils: Sequence[str], country: Sequence[str], known: Sequence[str]
) -> list[str]:
    """List the languages available for posters: those that pupils read first, then the country's."""
    return [one for one in dict.fromkeys([*pupils, *country, *known]) if one in known]
