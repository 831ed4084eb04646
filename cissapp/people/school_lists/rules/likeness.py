"""Tells whether a row without a code is a school of the register, or may be one whose name has changed a little."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import chain

from msgspec import Struct
from msgspec.structs import replace

from cissapp.foundation.content.packs import CountryPack
from cissapp.foundation.core.unicode import AFTER_TOWN, ANY_KIND, heard_key
from cissapp.people.school_lists.rules.addresses import town_in
from cissapp.people.school_lists.rules.sounds import typed
from cissapp.people.schools.rules import RegisterFacts

CYRILLIC_LETTER = re.compile("[а-яёіїєґў]", re.IGNORECASE)
# Words with other endings, or with an error after their beginning, have this share of their letters in common.
BEGINNING, SHARE = 3, 0.6


def is_same_place(one: str, other: str, country: CountryPack) -> bool:
    """Check whether a region is another one, or lies in it, or around it."""
    return one in country.path(other) or other in country.path(one)


def is_same_name(one: str, other: str) -> bool:
    """Check whether two names that sound alike are the same: typed so, or in another script.

    “Primary School No. 3” and “Secondary School No. 3” are two schools of a town, and in another script, a kind
    of school that is not heard may be either.
    """
    return typed(one) == typed(other) or (_are_in_two_scripts(one, other) and _tells_school(one))


def is_same_town(one: str, other: str) -> bool:
    """Check whether two towns that sound alike are the same, with their kinds or without; Іванівка and Іванівці are not."""
    one, other = town_in(one), town_in(other)
    return typed(one) == typed(other) or _are_in_two_scripts(one, other)


def _are_in_two_scripts(one: str, other: str) -> bool:
    return bool(CYRILLIC_LETTER.search(one)) is not bool(CYRILLIC_LETTER.search(other))


def _tells_school(name: str) -> bool:
    """Check whether more than a number is heard of a name: a word, or that it is a lyceum or a gymnasium."""
    kind, *words = heard_key(name, "").removeprefix(AFTER_TOWN).split()
    return kind != ANY_KIND or not all(word.isdigit() for word in words)


def told_by_name(there: RegisterFacts, row: RegisterFacts) -> RegisterFacts:
    """Return the facts of a school with what a row can say of it that tells it by its name and place."""
    return replace(there, language=row.language, pupils=row.pupils)


class TellingParts(Struct, frozen=True):
    """What tells a school from others of its town: its numbers and its words."""

    numbers: frozenset[str]
    words: list[str]

    @property
    def beginnings(self) -> list[str]:
        """The beginnings of the words, by which similar ones are found."""
        return [word[:BEGINNING] for word in self.words]

    def is_near(self, other: "TellingParts") -> bool:
        """Check whether the names differ only in the kind of school, words that one has besides, or endings."""
        fewer, more = sorted((self.words, other.words), key=len)
        if self.numbers != other.numbers and ((self.numbers and other.numbers) or not fewer):
            return False
        return all(any(_are_alike(word, beside) for beside in more) for word in fewer)


def telling_parts(sound: str) -> TellingParts:
    """Return the parts of the sound of a school."""
    _kind, *words = sound.partition(AFTER_TOWN)[2].split()
    numbers = frozenset(word for word in words if word.isdigit())
    return TellingParts(numbers, [word for word in words if word not in numbers])


def _are_alike(one: str, other: str) -> bool:
    most = max(len(one), len(other))
    pairs = enumerate(zip(one, other, strict=False))
    same = next((at for at, (own, its) in pairs if own != its), min(len(one), len(other)))
    return same == most or same >= max(BEGINNING, SHARE * most)


class TownIndex:
    """The sounds of the schools of a town, arranged so that a name is compared with few of them."""

    def __init__(self, sounds: Iterable[str]) -> None:
        self._parts = {sound: telling_parts(sound) for sound in sounds}
        self._having: dict[str, list[str]] = defaultdict(list)
        self._numbered: dict[frozenset[str], list[str]] = defaultdict(list)
        self._wordless: dict[frozenset[str], list[str]] = defaultdict(list)
        self._by_rarest: dict[str, list[str]] = defaultdict(list)
        for sound, parts in self._parts.items():
            self._numbered[parts.numbers].append(sound)
            if not parts.words:
                self._wordless[parts.numbers].append(sound)
            for beginning in set(parts.beginnings):
                self._having[beginning].append(sound)
        for sound, parts in self._parts.items():
            if parts.words:
                self._by_rarest[self._rarest(parts)].append(sound)

    def near(self, sound: str) -> Iterator[str]:
        """Yield the sounds that differ little from one."""
        parts = telling_parts(sound)
        if not parts.words:
            yield from self._numbered.get(parts.numbers, ())
            return
        yield from self._wordless.get(parts.numbers, ())
        # All words of one are among those of the other, so the rarest of its words is as well.
        mine = self._having.get(self._rarest(parts), ())
        theirs = (self._by_rarest.get(one, ()) for one in set(parts.beginnings))
        compared = chain(mine, *theirs)
        yield from (other for other in compared if self._parts[other].is_near(parts))

    def _rarest(self, parts: TellingParts) -> str:
        return min(parts.beginnings, key=lambda one: (len(self._having.get(one, ())), one))
