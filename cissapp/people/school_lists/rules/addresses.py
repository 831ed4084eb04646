"""Reads region and town from the address of a school, for registers that have no columns for them.

Only what an address names together with its kind counts: “Київська обл.”, “r-nul Cahul”, “с. Лучинець”. A bare
word may be a street.
"""

import re
from collections.abc import Container, Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import takewhile
from operator import itemgetter

from msgspec import Struct

from cissapp.foundation.content.packs import CountryPack
from cissapp.foundation.core.unicode import folded_name
from cissapp.people.school_lists.rules.region_names import AREA, CITIES, bare_region, name_of_kind

# Longer texts are not addresses.
LONGEST_ADDRESS = 1000
# “Івано - Франківська”, “Автономна Республіка Крим”.
MOST_WORDS = 3
# Kinds of towns from the most exact: the village of “mun. Chișinău, s. Trușeni”, and a commune only alone.
VILLAGES = (
    "с", "село", "смт", "с-ще", "селище", "міського типу", "д", "дер", "деревня", "аг", "агрогородок", "аграгарадок",
    "гп", "п", "пос", "посёлок", "пгт", "рп", "х", "хутор", "в", "вёска", "s", "sat", "satul",
)  # fmt: skip
TOWNS = (*CITIES, "orașul", "гор")
COMMUNES = ("com", "comuna")
STREETS = (
    "вул", "вулиця", "ул", "улица", "вуліца", "пр", "просп", "проспект", "пр-т", "пров", "провулок", "пер", "переулок", "бул",
    "бульвар", "пл", "площа", "площадь", "плошча", "шосе", "шоссе", "мкр", "мікрорайон", "микрорайон", "тел", "буд", "дом",
    "кв", "str", "strada", "stradela", "bd", "bul", "bulevardul", "șos", "șoseaua", "tel", "nr",
)  # fmt: skip
# Adjectives in the genitive: “Хмельницької обл.”, “Волочиського р-ну”.
GENITIVE = re.compile(r"(?<=[сцз]ь)(кої|кого)\b|(?<=[сцз])(кой|кого|кай|кага)\b", re.IGNORECASE)
NOMINATIVE = {"кої": "ка", "кой": "кая", "кай": "кая", "кага": "кі"}

BETWEEN_PARTS = re.compile(r"[,;\n\r]+")
# “м.Богуслав” stands for “м. Богуслав”.
GLUED = re.compile(r"\.(?=\w)")


class PlaceInAddress(Struct, frozen=True):
    """What an address says; "" where it says nothing. An unknown region is given in its words, else by its code."""

    region: str = ""
    locality: str = ""


def _kinds(kinds: Iterable[str]) -> frozenset[str]:
    return frozenset(word for kind in kinds for word in folded_name(kind).split())


RANKS = [_kinds(VILLAGES), _kinds(TOWNS), _kinds(COMMUNES)]
TOWN = frozenset.union(*RANKS)
CITY = RANKS[1]
STREET = _kinds(STREETS)


def place_in(address: str, country: CountryPack, names: Mapping[str, str]) -> PlaceInAddress:
    """Return region and town of an address; `names` maps names of regions to codes, as `region_names` does."""
    parts = [
        GLUED.sub(". ", part).split()
        for part in BETWEEN_PARTS.split(address[:LONGEST_ADDRESS])
        if part
    ]
    found, unknown = [], ""
    for text, code in (one for words in parts for one in _areas(words, names)):
        if code and country.in_force(code):
            found.append(country.path(code))
        else:
            unknown = unknown or text
    region = _deepest(found) if found else unknown
    countries = frozenset(map(folded_name, country.file.names.values()))
    towns = [town for words in parts if (town := _town(words, countries))]
    _rank, locality = min(towns, key=itemgetter(0), default=(0, ""))
    return PlaceInAddress(region, locality)


# The words of a country's addresses are few.
@lru_cache(maxsize=8192)
def _said(word: str) -> tuple[str, ...]:
    return tuple(folded_name(word).split())


def _is(word: str, kinds: Container[str]) -> bool:
    said = _said(word)
    return bool(said) and all(one in kinds for one in said)


def _areas(words: list[str], names: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield each area, and each city that is one, with its code; the code of an unknown area is ""."""
    at = 0
    while at < len(words):
        kinds = AREA if _is(words[at], AREA) else CITY
        end = at
        while end < len(words) and _is(words[end], kinds):
            end += 1
        if end > at:
            before = [] if kinds is CITY else _named(reversed(words[:at]))[::-1]
            after = _named(words[end:])
            kind = words[at:end]
            texts = [" ".join([*before[-count:], *kind]) for count in range(1, len(before) + 1)]
            texts += [" ".join([*kind, *after[:count]]) for count in range(1, len(after) + 1)]
            known = next((text for text in texts if _code(text, names)), "")
            if known:
                yield known, _code(known, names)
            elif texts and kinds is AREA:
                yield texts[0], ""
        at = max(end, at + 1)


def _named(words: Iterable[str]) -> list[str]:
    """Return the first words that can be part of a name."""
    name: list[str] = []
    for word in words:
        if len(name) == MOST_WORDS or word[0].isdigit() or _is(word, AREA | TOWN | STREET):
            break
        name.append(word)
    return name


def _code(text: str, names: Mapping[str, str]) -> str:
    said = GENITIVE.sub(lambda ending: NOMINATIVE.get(ending[0].lower(), "кий"), text)
    return names.get(name_of_kind(said)) or names.get(bare_region(said), "")


def _deepest(paths: list[tuple[str, ...]]) -> str:
    """Return the smallest region of an address; "" if it names some that do not lie in one another.

    A district whose name another region has as well does not count beside the region itself.
    """
    tops = {path for path in paths if len(path) == 1}
    if len(tops) == 1:
        paths = [path for path in paths if path[:1] in tops]
    smallest = max(paths, key=len)
    lie_in_one_another = all(path == smallest[: len(path)] for path in paths)
    return smallest[-1] if lie_in_one_another else ""


def _town(words: list[str], countries: Container[str]) -> tuple[int, str] | None:
    """Return the town that a part of an address begins with, after postcode, country and areas, and its rank."""
    at = 0
    while at < len(words) and not _is(words[at], TOWN):
        if _is(words[at], AREA):
            at += 1 + len(_named(words[at + 1 :]))
        elif folded_name(words[at]) in countries or any(map(str.isdigit, words[at])):
            at += 1
        elif at + 1 < len(words) and _is(words[at + 1], AREA):
            at += 2
        else:
            return None
    kinds = list(takewhile(lambda word: _is(word, TOWN), words[at:]))
    name = _named(words[at + len(kinds) :])
    # “с. Шмирки Волочиського р-ну” names the town and then its district.
    following = words[at + len(kinds) + len(name) :][:1]
    if following and _is(following[0], AREA):
        name.pop()
    if not name:
        return None
    rank = min(rank for rank, some in enumerate(RANKS) if any(_is(kind, some) for kind in kinds))
    return rank, " ".join(name).strip('."“”«»')
