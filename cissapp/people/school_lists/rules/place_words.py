"""Words of addresses: kinds of areas, towns and streets in five languages, and what may be a part of a name."""

import re
from collections.abc import Container, Iterable, Sequence
from functools import lru_cache
from itertools import takewhile

from cissapp.foundation.core.unicode import folded_name
from cissapp.people.school_lists.rules.region_names import AREAS, CITIES

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
# Towns lie within a municipality: “mun. Chișinău, or. Codru”.
MUNICIPALITIES = ("mun", "municipiu", "municipiul")
COMMUNES = ("com", "comuna")
# Villages are called “Satul Nou”.
IN_NAMES = ("sat", "satul", "хутор", "х", "п", "в")
STREETS = (
    "вул", "вулиця", "ул", "улица", "вуліца", "пр", "просп", "проспект", "пр-т", "пров", "провулок", "пер", "переулок", "бул",
    "бульвар", "пл", "площа", "площадь", "плошча", "шосе", "шоссе", "мкр", "мікрорайон", "микрорайон", "тел", "буд", "дом",
    "кв", "str", "strada", "stradela", "bd", "bul", "bulevardul", "șos", "șoseaua", "tel", "nr",
)  # fmt: skip

BETWEEN_PARTS = re.compile(r"[,;\n\r]+")
# “м.Богуслав” stands for “м. Богуслав”, and “п.г.т.” for one kind.
GLUED = re.compile(r"\.(?=\w)")
SPELT_KIND = re.compile(r"\b(п\. ?г|с\. ?м)\. ?т(?:\.|\b)")
SPELT = {"п": "пгт", "с": "смт"}


def _kinds(words: Iterable[str]) -> frozenset[str]:
    return frozenset(map(folded_name, words))


AREA, LEADS, STREET = _kinds((*AREAS, *OF_AREAS, *PARTS_OF_KINDS)), _kinds(LEADING), _kinds(STREETS)
MAYBE_NAME = _kinds(IN_NAMES)
RANKS = (
    _kinds(VILLAGES),
    _kinds(TOWNS) - _kinds(MUNICIPALITIES),
    _kinds(MUNICIPALITIES),
    _kinds(COMMUNES),
)
RANKS_OF_CITIES = (1, 2)
TOWN = frozenset.union(*RANKS)


def parts_of(text: str) -> list[list[str]]:
    """Return the words of each part of a text."""
    whole = SPELT_KIND.sub(lambda kind: f"{SPELT[kind[0][0]]} ", text)
    words = (GLUED.sub(". ", part).split() for part in BETWEEN_PARTS.split(whole))
    return list(filter(None, words))


# The words of a country's addresses are few.
@lru_cache(maxsize=8192)
def said_word(word: str) -> str:
    """Return a word as kinds are compared."""
    return folded_name(word)


def is_word(word: str, kinds: Container[str]) -> bool:
    """Check whether a word is one of some kinds."""
    return said_word(word) in kinds


def leads(word: str) -> bool:
    """Check whether the kind of an area stands before its name; “район” sounds like “raion”, and stands after it."""
    return is_word(word, LEADS) and word[0].isascii()


def is_town(word: str) -> bool:
    """Check whether a word is the kind of a town; a capital letter alone is an initial."""
    return is_word(word, TOWN) and not (len(word.strip(".")) == 1 and word[0].isupper())


def kinds_of_town(words: Sequence[str]) -> list[str]:
    """Return the kinds that words begin with: “г. п.”, “City of”, “селище міського типу”; of “s. Satul Nou” the first."""
    if not words or not is_town(words[0]):
        return []
    return [words[0], *takewhile(_is_of_kind, words[1:])]


def _is_of_kind(word: str) -> bool:
    return word == "of" or (is_town(word) and is_no_name(word))


def is_no_name(word: str) -> bool:
    """Check whether a kind is not part of a name such as “Нове Село” or “Нова Площа”, by its point or small letter."""
    return word.endswith(".") or not word[0].isupper()


def named_by(words: Iterable[str]) -> list[str]:
    """Return the first words that can be part of a name."""
    name: list[str] = []
    for word in words:
        if len(name) == MOST_WORDS or word[0].isdigit() or is_word(word, AREA | STREET):
            break
        if is_town(word):
            break
        name.append(word)
    return name
