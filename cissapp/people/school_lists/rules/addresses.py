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
from cissapp.people.school_lists.rules.region_names import AREAS, CITIES, bare_region

# Longer texts are not addresses.
LONGEST_ADDRESS = 1000
# “Івано - Франківська”, “Автономна Республіка Крим”.
MOST_WORDS = 3
# “Хмельницької обл.”, “Волочиського р-ну”.
OF_AREAS = ("р-ну", "р-на", "району", "района", "раёна", "області", "области", "вобласці")
# Kinds of several words.
PARTS_OF_KINDS = (
    "автономна", "автономная", "аўтаномная", "республіка", "республика", "рэспубліка", "unitatea", "teritorială", "autonomă",
)  # fmt: skip
# Kinds that stand before the name, in Latin letters.
LEADING = ("raion", "raionul", "r-n", "r-nul", "regiunea", "UTA", "unitatea", "sectorul", "sect")
# Kinds of towns from the most exact: the village of “mun. Chișinău, s. Trușeni”, and a commune only alone.
VILLAGES = (
    "с", "село", "смт", "с-ще", "селище", "міського", "типу", "д", "дер", "деревня", "аг", "агрогородок", "аграгарадок",
    "гп", "п", "пос", "посёлок", "пгт", "рп", "х", "хутор", "в", "вёска", "s", "sat", "satul",
)  # fmt: skip
TOWNS = (*CITIES, "orașul", "гор")
COMMUNES = ("com", "comuna")
# Villages are called “Satul Nou”.
IN_NAMES = ("sat", "satul", "хутор", "х", "п", "в")
STREETS = (
    "вул", "вулиця", "ул", "улица", "вуліца", "пр", "просп", "проспект", "пр-т", "пров", "провулок", "пер", "переулок", "бул",
    "бульвар", "пл", "площа", "площадь", "плошча", "шосе", "шоссе", "мкр", "мікрорайон", "микрорайон", "тел", "буд", "дом",
    "кв", "str", "strada", "stradela", "bd", "bul", "bulevardul", "șos", "șoseaua", "tel", "nr",
)  # fmt: skip
GENITIVE = re.compile(r"(?<=[сцз]ь)(кої|кого)\b|(?<=[сцз])(кой|кого|кай|кага)\b", re.IGNORECASE)
NOMINATIVE = {"кої": "ка", "кой": "кая", "кай": "кая", "кага": "кі"}

NOT_IN_ADDRESS = {
    ListColumn.REGION: N_("The address “%(text)s” does not say the region."),
    ListColumn.LOCALITY: N_("The address “%(text)s” does not say the town or village."),
}
ELSEWHERE = N_(
    "The address “%(text)s” seems to lie outside of the region that was chosen for all schools."
)

BETWEEN_PARTS = re.compile(r"[,;\n\r]+")
BEGINNINGS = re.compile(r"(?<![^\s-])\w")
# “м.Богуслав” stands for “м. Богуслав”.
GLUED = re.compile(r"\.(?=\w)")


def _kinds(words: Iterable[str]) -> frozenset[str]:
    return frozenset(map(folded_name, words))


AREA, LEADS, STREET = _kinds((*AREAS, *OF_AREAS, *PARTS_OF_KINDS)), _kinds(LEADING), _kinds(STREETS)
MAYBE_NAME = _kinds(IN_NAMES)
RANKS = (_kinds(VILLAGES), _kinds(TOWNS), _kinds(COMMUNES))
TOWN, CITY = frozenset.union(*RANKS), RANKS[1]


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
        return self.rank == RANKS.index(CITY)


def place_in(address: str, country: CountryPack, names: Mapping[str, str]) -> PlaceInAddress:
    """Return region and town of an address; `names` maps names of regions to codes, as `region_names` does."""
    address = address[:LONGEST_ADDRESS]
    if address.upper() == address:  # here a capital letter is no initial
        address = address.lower()
    parts = [GLUED.sub(". ", part).split() for part in BETWEEN_PARTS.split(address) if part]
    areas = [one for words in parts for one in _areas(words, country, names)]
    countries = frozenset(map(folded_name, country.file.names.values()))
    towns = [town for words in parts if words and (town := _town(words, countries))]
    region = _region(areas, towns, country, names)
    exact = min(towns, key=attrgetter("rank"), default=None)
    name = exact.name if exact else ""
    capital = BEGINNINGS.sub(lambda letter: letter[0].upper(), name) if name.islower() else name
    return PlaceInAddress(region, capital)


# --- words -----------------------------------------------------------------------------------


# The words of a country's addresses are few.
@lru_cache(maxsize=8192)
def _said(word: str) -> str:
    return folded_name(word)


def _is(word: str, kinds: Container[str]) -> bool:
    return _said(word) in kinds


def _is_town(word: str) -> bool:
    """Return whether a word is the kind of a town; a capital letter alone is an initial."""
    return _is(word, TOWN) and not (len(word.strip(".")) == 1 and word[0].isupper())


def _named(words: Iterable[str]) -> list[str]:
    """Return the first words that can be part of a name."""
    name: list[str] = []
    for word in words:
        if len(name) == MOST_WORDS or word[0].isdigit() or _is(word, AREA | STREET):
            break
        if _is_town(word):
            break
        name.append(word)
    return name


# --- regions ---------------------------------------------------------------------------------


def _areas(
    words: list[str], country: CountryPack, names: Mapping[str, str]
) -> Iterator[_NamedArea]:
    at = 0
    while at < len(words):
        kinds = list(takewhile(lambda word: _is(word, AREA), words[at:]))
        end = at + len(kinds)
        if kinds:
            before, after = _named(reversed(words[:at]))[::-1], _named(words[end:])
            if _is(kinds[0], LEADS) and kinds[0][0].isascii():
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
    if not name or not kind.endswith(".") or not _is_town(kind) or name != _named(name):
        return None
    return _NamedTown(_rank_of([kind]), " ".join(name)) if name[0][0].isupper() else None


def _rank_of(kinds: Iterable[str]) -> int:
    return min(rank for rank, some in enumerate(RANKS) if any(_is(kind, some) for kind in kinds))


def _town_after_kind(words: list[str], countries: Container[str]) -> _NamedTown | None:
    """Return the town that a part of an address begins with, after postcode, country and areas."""
    at = 0
    while at < len(words) and not _is_town(words[at]):
        if _is(words[at], AREA):
            at += 1 + len(_named(words[at + 1 :]))
        elif _said(words[at]) in countries or any(map(str.isdigit, words[at])):
            at += 1
        elif at + 1 < len(words) and _is(words[at + 1], AREA):
            at += 2
        else:
            return None
    kinds = list(takewhile(_is_town, words[at:]))
    name = _named(words[at + len(kinds) :])
    following = words[at + len(kinds) + len(name) :][:1]
    if following and _is(following[0], AREA) and not _is(following[0], LEADS):
        name = name[:-1]  # “с. Шмирки Волочиського р-ну” names the town and then its district
    if not name:
        return None
    return _NamedTown(_rank_of(kinds), " ".join(name).strip('."“”«»'))


# Schools of a list share their towns.
@lru_cache(maxsize=8192)
def town_in(text: str) -> str:
    """Return the name of a town without its kind and the areas around it; a text without a kind as it is."""
    parts = [GLUED.sub(". ", part).split() for part in BETWEEN_PARTS.split(text[:LONGEST_ADDRESS])]
    towns = [town for words in parts if words and (town := _town(words, ()))]
    if not towns or _is(text.split(maxsplit=1)[0], MAYBE_NAME):
        return text
    return min(towns, key=attrgetter("rank")).name
