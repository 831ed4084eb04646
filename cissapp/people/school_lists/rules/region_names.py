"""Names of regions as registers write them: with their kind, in any language and both scripts."""

import re
from collections.abc import Iterable

from cissapp.foundation.content.packs import CountryPack
from cissapp.foundation.core.unicode import folded_name

# Words added to a region's name in a register: Minsk is a city, and Minsk Region surrounds it.
CITIES = (
    "municipiul",
    "municipiu",
    "mun",
    "oraș",
    "or",
    "city",
    "м",
    "місто",
    "город",
    "горад",
    "г",
)
AREAS = (
    "raion", "raionul", "r-nul", "r-n", "район", "р-н", "раён", "область", "обл", "вобласць", "вобл", "oblast",
    "region", "regiunea", "district", "UTA", "unitatea teritorială autonomă", "АР", "автономна республіка", "автономная республика", "sectorul", "sect",
)  # fmt: skip


# A code of Ukraine's codifier (KATOTTH): region and district, then community, settlement, and a number.
CODIFIER = re.compile(r"(UA\d\d)(\d\d)\d{13}", re.IGNORECASE)


def _words(kinds: Iterable[str]) -> frozenset[str]:
    return frozenset(word for kind in kinds for word in folded_name(kind).split())


CITY, AREA = _words(CITIES), _words(AREAS)
KINDS_OF_REGION = CITY | AREA


def region_names(pack: CountryPack) -> dict[str, str]:
    """Map normalised names of regions in all languages to codes; ambiguous names are left out."""
    found: dict[str, set[str]] = {}
    for region in pack.regions.values():
        for name in (*region.names.values(), *filter(None, [region.register_code])):
            for key in (bare_region(name), name_of_kind(name)):
                found.setdefault(key, set()).add(region.code)
    found |= _units(pack)
    tops = {region.code for region in pack.regions.values() if region.parent is None}
    chosen = {}
    for name, codes in found.items():
        likely = codes if len(codes) == 1 else codes & tops
        if len(likely) == 1:
            chosen[name] = next(iter(likely))
    return chosen


def _units(pack: CountryPack) -> dict[str, set[str]]:
    """Map what the codes of places within a region begin with to its code; a district also stands for its region."""
    units: dict[str, set[str]] = {}
    for region in pack.regions.values():
        if code := CODIFIER.fullmatch(region.register_code or ""):
            units.setdefault(unit_of(code[0]), set()).add(region.code)
            units.setdefault(f"{code[1]}00", set()).add(region.parent or region.code)
    return units


def unit_of(text: str) -> str:
    """Return what the code of a place in a state's codifier begins with, down to the district; "" for other texts."""
    code = CODIFIER.fullmatch(text)
    return f"{code[1]}{code[2]}".upper() if code else ""


def name_of_kind(name: str) -> str:
    """Return the bare name of a region, prefixed with its kind if the name says city or area."""
    words = set(folded_name(name).split())
    kind = "area: " if words & AREA else "city: " if words & CITY else ""
    return kind + bare_region(name)


def bare_region(name: str) -> str:
    """Return the normalised name of a region, without the words for its kind."""
    words = folded_name(name).split()
    return " ".join(word for word in words if word not in KINDS_OF_REGION) or " ".join(words)
