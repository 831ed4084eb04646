"""Names of regions as registers write them: with their kind, in any language and both scripts."""

import re
from collections.abc import Iterable, Mapping

from cissapp.foundation.content.packs import CountryPack
from cissapp.foundation.content.schema.countries import Region
from cissapp.foundation.core.unicode import folded_name, normalised

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
    "region", "regiunea", "district", "UTA", "unitatea teritorială autonomă", "АР", "АТО", "автономна республіка", "автономная республика", "sectorul", "sect",
)  # fmt: skip


# A code of Ukraine's codifier (KATOTTH): region and district, then community, settlement, and a number.
CODIFIER = re.compile(r"(UA\d\d)(\d\d)\d{13}", re.IGNORECASE)
# A code of the codifier before it (KOATUU), whose districts are abolished; a spreadsheet drops its leading zero.
OLD_CODIFIER = re.compile(r"\d{9,10}")


def _words(kinds: Iterable[str]) -> frozenset[str]:
    return frozenset(word for kind in kinds for word in folded_name(kind).split())


CITY, AREA = _words(CITIES), _words(AREAS)
KINDS_OF_REGION = CITY | AREA
# Romanian writes one of its sounds in two ways: “Sîngerei” and “Sângerei”, which is “Sangerei” without marks.
ONE_SOUND = str.maketrans("âÂ", "îÎ")
UNMARKED = str.maketrans("âÂîÎ", "aAaA")


def region_names(pack: CountryPack) -> dict[str, str]:
    """Map normalised names of regions in all languages to codes; ambiguous names are left out."""
    found: dict[str, set[str]] = {}
    for region in pack.regions.values():
        for name in (*region.names.values(), *filter(None, [region.register_code])):
            for spelt in _spellings(name):
                for key in (bare_region(spelt), name_of_kind(spelt)):
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
    if OLD_CODIFIER.fullmatch(text):
        return f"UA{text.zfill(10)[:2]}00"
    code = CODIFIER.fullmatch(text)
    return f"{code[1]}{code[2]}".upper() if code else ""


def name_of_kind(name: str) -> str:
    """Return the bare name of a region, prefixed with its kind if the name says city or area."""
    words = set(_folded(name).split())
    kind = "area: " if words & AREA else "city: " if words & CITY else ""
    return kind + bare_region(name)


def bare_region(name: str) -> str:
    """Return the normalised name of a region, without the words for its kind."""
    words = _folded(name).split()
    return " ".join(word for word in words if word not in KINDS_OF_REGION) or " ".join(words)


def _folded(name: str) -> str:
    """Return a name by its sound, however it spells the one that Romanian spells in two ways."""
    return folded_name(normalised("NFC", name).translate(ONE_SOUND))


def _spellings(name: str) -> set[str]:
    """Return a name, and how it is typed without marks if its “î” is spelt “â”."""
    return {name, normalised("NFC", name).translate(UNMARKED)}


class RegionFinder:
    """Finds the regions of a country by what a list says, and caches what it has found.

    `meanings` maps texts to codes; `around` is the region of all schools of the list, if one was chosen.
    """

    def __init__(self, pack: CountryPack, meanings: Mapping[str, str], around: str = "") -> None:
        self.names = region_names(pack)
        self._pack, self._meanings = pack, meanings
        self._around = around if around in pack.regions else ""
        self._found: dict[tuple[str, str], str] = {}
        self._below: dict[str, dict[str, str]] = {}
        self._elsewhere = self._names_elsewhere() if self._around else frozenset()

    def find(self, text: str, district: str = "") -> str:
        """Return the code of the smallest region that the texts name, or the text that nobody knows.

        A district alone tells its region; beside an unknown region it may be the namesake of another one's.
        """
        key = text, district
        if key not in self._found:
            region = self._region(text or district)
            is_in_region = text and district and region in self._pack.regions
            self._found[key] = self._within(region, district) if is_in_region else region
        return self._found[key]

    def _region(self, text: str) -> str:
        if said := self._meanings.get(text):
            return said
        if text.upper() in self._pack.regions:
            return text.upper()
        bare = bare_region(text)
        # Between a city and the area around it, a name without its kind is the city's: “Київ”, “Минск”.
        keys = [unit] if (unit := unit_of(text)) else [name_of_kind(text), bare, f"city: {bare}"]
        found = next(filter(None, map(self.names.get, keys)), text)
        return text if self._is_elsewhere(found) else found

    def _is_elsewhere(self, code: str) -> bool:
        """Check whether a district lies outside of the region of all schools: that region's city may have its namesake."""
        if not self._around or code not in self._pack.regions:
            return False
        path, around = self._pack.path(code), self._pack.path(self._around)
        return len(path) > 1 and path[0] != around[0]

    def _within(self, region: str, district: str) -> str:
        """Return the code of a district of a region, named by its name or its code in a codifier.

        Where the region has none so named, the region stands, unless it was chosen for all schools and the district
        is one of another region.
        """
        if region not in self._below:
            self._below[region] = self._names_below(region)
        name = unit_of(district) or bare_region(district)
        found = self._below[region].get(name)
        if found or region != self._around or name not in self._elsewhere:
            return found or region
        return self._meanings.get(district) or district

    def _names_elsewhere(self) -> frozenset[str]:
        """Return what the districts are called that are not those of the region of all schools, nor that region."""
        known = (_names_of(one) for one in self._pack.regions.values() if one.parent)
        return frozenset().union(*known) - _names_of(self._pack.regions[self._around])

    def _names_below(self, region: str) -> dict[str, str]:
        """Map names and codes of the districts of a region to them; ambiguous names are left out."""
        found: dict[str, set[str]] = {}
        for code in self._pack.children(region):
            for name in _names_of(self._pack.regions[code]):
                found.setdefault(name, set()).add(code)
        return {name: codes.pop() for name, codes in found.items() if len(codes) == 1}


def _names_of(region: Region) -> set[str]:
    """Return what a district is called: its bare names, and what its code in a codifier begins with."""
    spelt = frozenset().union(*map(_spellings, region.names.values()))
    return {unit_of(region.register_code or ""), *map(bare_region, spelt)} - {""}
