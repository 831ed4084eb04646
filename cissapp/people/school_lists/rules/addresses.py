"""Reads region and town from the address of a school, for registers that have no columns for them.

Only what an address names together with its kind counts: “Київська обл.”, “r-nul Cahul”, “с. Лучинець”. A bare
word may be a street, and a capital letter before a name an initial.
"""

import re
from collections.abc import Container, Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import takewhile
from operator import attrgetter

from msgspec import Struct

from cissapp.foundation.content.packs import CountryPack
from cissapp.foundation.core.errors import N_
from cissapp.foundation.core.unicode import folded_name
from cissapp.people.school_lists.rules.columns import ListColumn
from cissapp.people.school_lists.rules.place_words import (
    AREA,
    MAYBE_NAME,
    MOST_WORDS,
    RANKS,
    RANKS_OF_CITIES,
    STREET,
    TOWN,
    is_no_name,
    is_town,
    is_word,
    kinds_of_town,
    leads,
    named_by,
    parts_of,
    said_word,
)
from cissapp.people.school_lists.rules.region_names import bare_region

# Longer texts are not addresses.
LONGEST_ADDRESS = 1000
GENITIVE = re.compile(r"(?<=[сцз]ь)(кої|кого)\b|(?<=[сцз])(кой|кого|кай|кага)\b", re.IGNORECASE)
NOMINATIVE = {"кої": "ка", "кой": "кая", "кай": "кая", "кага": "кі"}

NOT_IN_ADDRESS = {
    ListColumn.REGION: N_("The address “%(text)s” does not include the region."),
    ListColumn.LOCALITY: N_("The address “%(text)s” does not include the town or village."),
}
ELSEWHERE = N_(
    "The address “%(text)s” seems to be outside the region that was chosen for all schools."
)

BEGINNINGS = re.compile(r"(?<![^\s-])\w")
BRACKETS = re.compile(r"[()]")


class PlaceInAddress(Struct, frozen=True):
    """What an address says; "" where it says nothing. An unknown region is given in its words, else by its code."""

    region: str = ""
    locality: str = ""


class _NamedArea(Struct, frozen=True):
    """A region that an address names: its path of codes, or () if nobody knows it, and its words."""

    path: tuple[str, ...]
    words: str


class _NamedTown(Struct, frozen=True):
    """A town that an address names; `rank` is lower, the more exact its kind is."""

    rank: int
    name: str

    @property
    def is_city(self) -> bool:
        return self.rank in RANKS_OF_CITIES


def place_in(address: str, country: CountryPack, names: Mapping[str, str]) -> PlaceInAddress:
    """Return region and town of an address; `names` maps names of regions to codes, as `region_names` does."""
    address = address[:LONGEST_ADDRESS]
    if address.upper() == address:  # here a capital letter is no initial
        address = address.lower()
    parts = parts_of(address)
    areas = [one for words in parts for one in _areas(words, country, names)]
    countries = frozenset(map(folded_name, country.file.names.values()))
    towns = [town for words in parts if words and (town := _town(words, countries))]
    region = _region(areas, towns, country, names)
    exact = min(towns, key=attrgetter("rank"), default=None)
    name = exact.name if exact else ""
    capital = BEGINNINGS.sub(lambda letter: letter[0].upper(), name) if name.islower() else name
    return PlaceInAddress(region, capital)


# --- regions ---------------------------------------------------------------------------------


def _areas(
    words: list[str], country: CountryPack, names: Mapping[str, str]
) -> Iterator[_NamedArea]:
    at = 0
    while at < len(words):
        kinds = list(takewhile(lambda word: is_word(word, AREA), words[at:]))
        end = at + len(kinds)
        if kinds:
            before, after = named_by(reversed(words[:at]))[::-1], named_by(words[end:])
            if leads(kinds[0]):
                before = []
            texts = [" ".join(before[-count:]) for count in range(1, len(before) + 1)]
            texts += [" ".join(after[:count]) for count in range(1, len(after) + 1)]
            code = next(filter(None, (_code("area", text, names) for text in texts)), "")
            if code and country.in_force(code):
                yield _NamedArea(country.path(code), "")
            elif texts:
                around = [*before[-1:], *kinds] if before else [*kinds, *after]
                yield _NamedArea((), " ".join(around))
        at = max(end, at + 1)


def _code(kind: str, text: str, names: Mapping[str, str]) -> str:
    said = GENITIVE.sub(lambda ending: NOMINATIVE.get(ending[0].lower(), "кий"), text)
    bare = bare_region(said)
    return names.get(f"{kind}: {bare}") or names.get(bare, "")


def _region(
    areas: list[_NamedArea],
    towns: list[_NamedTown],
    country: CountryPack,
    names: Mapping[str, str],
) -> str:
    """Return the region that the parts of an address agree on, else the words of an unknown one, else ""."""
    known = [one.path for one in areas if one.path]
    cities = [town.name for town in towns if town.is_city]
    own = [code for name in cities if (code := names.get(f"city: {bare_region(name)}"))]
    if known or own:
        return _deepest([*known, *map(country.path, own)], in_city=bool(cities))
    if areas:
        return areas[0].words
    codes = {code for name in cities if (code := _code("city", name, names))}
    return codes.pop() if len(codes) == 1 else ""


def _deepest(paths: list[tuple[str, ...]], *, in_city: bool) -> str:
    """Return the smallest of regions that lie in one another; "" if they do not.

    A district whose name another region has as well does not count beside the region itself. Without it, a
    district beside a city may be one of the city, which has the name of another.
    """
    tops = {path for path in paths if len(path) == 1}
    if not tops and in_city:
        return ""
    if len(tops) == 1:
        paths = [path for path in paths if path[:1] in tops]
    smallest = max(paths, key=len)
    lie_in_one_another = all(path == smallest[: len(path)] for path in paths)
    return smallest[-1] if lie_in_one_another else ""


# --- towns -----------------------------------------------------------------------------------


def _town(words: list[str], countries: Container[str]) -> _NamedTown | None:
    """Return the town that a part of an address names: with its kind after it, or before it."""
    return _town_before_kind(words) or _town_after_kind(words, countries)


def _town_before_kind(words: list[str]) -> _NamedTown | None:
    """Return the town of a part such as “Новий Лиман м.”, as some registers of addresses write it."""
    kind, name = words[-1], words[:-1]
    if not name or not kind.endswith(".") or not is_town(kind) or name != named_by(name):
        return None
    return _NamedTown(_rank_of([kind]), " ".join(name)) if name[0][0].isupper() else None


def _rank_of(kinds: Iterable[str]) -> int:
    return min(
        rank for rank, some in enumerate(RANKS) if any(is_word(kind, some) for kind in kinds)
    )


def _town_after_kind(words: list[str], countries: Container[str]) -> _NamedTown | None:
    """Return the town that a part of an address begins with, after postcode, country and areas."""
    at = 0
    while at < len(words) and not is_town(words[at]):
        if is_word(words[at], AREA):
            at += 1 + len(named_by(words[at + 1 :]))
        elif said_word(words[at]) in countries or any(map(str.isdigit, words[at])):
            at += 1
        elif at + 1 < len(words) and is_word(words[at + 1], AREA):
            at += 2
        else:
            return None
    kinds = kinds_of_town(words[at:])
    rest = words[at + len(kinds) :]
    name = _name_of_town(rest)
    return _NamedTown(_rank_of(kinds), " ".join(name).strip('."“”«»')) if name else None


def _name_of_town(words: list[str]) -> list[str]:
    """Return the name that follows the kind of a town; none if it cannot be told where it ends."""
    name = list(takewhile(_is_in_town, words))[:MOST_WORDS]
    following = next(iter(words[len(name) :]), "")
    if is_word(following, AREA) and not leads(following):
        return name[:-1]  # “с. Шмирки Волочиського р-ну” names the town and then its district
    if following.endswith(".") or not is_word(following, TOWN | STREET):
        return name
    # Capital letters told nothing: “С. НОВЕ СЕЛО”, “С. НОВА ПЛОЩА”.
    if words[len(name) + 1 :]:
        return [] if is_town(following) else name
    return words


def _is_in_town(word: str) -> bool:
    """Check whether a word after the kind of a town can be part of its name."""
    if word[0].isdigit() or is_word(word, AREA):
        return False
    return not (is_no_name(word) and (is_town(word) or is_word(word, STREET)))


# --- cells of towns --------------------------------------------------------------------------


# Schools of a list share their towns.
@lru_cache(maxsize=8192)
def town_in(text: str) -> str:
    """Return the name of a town without its kind and the areas around it; a text that says anything else as it is."""
    parts = parts_of(BRACKETS.sub(",", text[:LONGEST_ADDRESS]))
    towns = [_whole_town(words) for part in parts if (words := _after_areas(part))]
    known = [town for town in towns if town]
    if not known or len(known) < len(towns):
        return text
    rank = min(town.rank for town in known)
    names = {town.name for town in known if town.rank == rank}
    return names.pop() if len(names) == 1 else text


def _after_areas(words: list[str]) -> list[str]:
    """Return the words of a part after the areas that it begins with."""
    while words:
        name = named_by(words)
        kinds = list(takewhile(lambda word: is_word(word, AREA), words[len(name) :]))
        if not kinds:
            break
        words = words[len(name) + len(kinds) :]
        if not name:
            words = words[len(named_by(words)) :]
    return words


def _whole_town(words: list[str]) -> _NamedTown | None:
    """Return the town that is all that the words name; None if they may say anything else."""
    if town := _town_before_kind(words):
        return town
    kinds = kinds_of_town(words)
    name = words[len(kinds) :]
    if not kinds or is_word(kinds[0], MAYBE_NAME) or not name or len(name) > MOST_WORDS:
        return None
    name[-1] = name[-1].removesuffix(".")
    plain = all(_is_in_town(word) and not word.endswith(".") for word in name if word)
    capital = name[0][:1].isupper() and name[-1][:1].isupper()
    if not plain or not capital or any(map(str.isdigit, "".join(name))):
        return None
    return _NamedTown(_rank_of(kinds), " ".join(name))
