"""The packs of countries as the application uses them: names, services, the time after a certificate's issue."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from functools import cached_property

from msgspec import Struct

from cissapp.foundation.content import schema
from cissapp.foundation.core import clock

# For content without modules/retention.yaml, which says the same.
USUAL_RETENTION = schema.RetentionFile()


class Denominator(Struct, frozen=True):
    """All schools and pupils of a region or a country by the state's own statistics, not only the programme's."""

    schools: int | None
    pupils: int | None
    counted_on: date
    source: str
    state: schema.FactState


class CountryPack(Struct, frozen=True, dict=True):
    """A country pack."""

    file: schema.CountryFile
    usual_retention: schema.RetentionFile = USUAL_RETENTION

    @property
    def retention(self) -> schema.RetentionFile:
        """The retention periods: the country's own once its law has been checked, else the programme's."""
        own = self.file.retention
        if own is None or own.state is not schema.FactState.CHECKED:
            return self.usual_retention
        changed = own.model_dump(exclude={"state", "source"}, exclude_none=True)
        return self.usual_retention.model_copy(update=changed)

    @property
    def code(self) -> str:
        """The ISO 3166-1 code."""
        return self.file.code

    def name(self, language: str) -> str:
        """Return the country's name."""
        return named(self.file.names, language)

    @cached_property
    def regions(self) -> dict[str, schema.Region]:
        """Every region at every level by its code, including those that a reform abolished."""
        return {region.code: region for region in self.file.regions}

    def region_name(self, code: str, language: str) -> str:
        """Return a region's name; a lower region without one in the language keeps the country's spelling.

        Readers of a language in Latin script get the transliterated name.
        """
        names = self.regions[code].names
        if language not in names and language in CYRILLIC:
            language = next((own for own in self.file.languages if own in CYRILLIC), language)
        return named(names, language)

    def short_name(self, code: str, language: str) -> str:
        """Return the short name of a region on the map, in the script of a language; empty for a lower region."""
        region = self.regions[code]
        return region.short_in.get(language) or region.short or ""

    def top(self, on: date | None = None) -> list[str]:
        """List the regions directly below the country on a date, by default today."""
        return self._in_force("", on)

    def children(self, code: str, on: date | None = None) -> list[str]:
        """List the regions directly below a region on a date, by default today."""
        return self._in_force(code, on)

    def ever_below(self, code: str) -> list[str]:
        """List the regions directly below a region, or below the country (empty), of every time."""
        return self._below.get(code, [])

    def within(self, code: str) -> frozenset[str]:
        """Return a region and all below it, including abolished ones: the reach of a right over it.

        For a code unknown to the pack, return only the code itself.
        """
        return self._within.get(code) or frozenset({code})

    def in_force(self, code: str, on: date | None = None) -> bool:
        """Return whether a code belongs to a region in force on a date, by default today."""
        return code in self.regions and self.regions[code].is_in_force(on or clock.today())

    def ended(self, on: date) -> list[str]:
        """List the regions that a reform abolished before a date."""
        return [code for code, until_on in self._ends.items() if until_on < on]

    def path(self, code: str) -> tuple[str, ...]:
        """Return the regions from the top down to this one, itself included."""
        return self._paths.get(code) or (code,)

    @cached_property
    def _paths(self) -> dict[str, tuple[str, ...]]:
        """The path of each region: a page asks for it thousands of times where a country has many places."""
        found: dict[str, tuple[str, ...]] = {}

        def path(code: str) -> tuple[str, ...]:
            if code not in found:
                parent = self.regions[code].parent if code in self.regions else None
                found[code] = (*path(parent), code) if parent else (code,)
            return found[code]

        for code in self.regions:
            path(code)
        return found

    def is_in_reach(self, code: str) -> bool:
        """Return whether the programme can work in a region now: neither it nor one above is out of reach."""
        return not any(self.regions[one].out_of_reach for one in self.path(code))

    def successors(self, code: str, on: date) -> tuple[str, ...]:
        """Return the regions that have replaced one by a date, through several reforms too; else itself."""
        region = self.regions.get(code)
        if region is None or region.until_on is None or on <= region.until_on:
            return (code,)
        found = (later for heir in region.into for later in self.successors(heir, on))
        return tuple(dict.fromkeys(found))

    def _in_force(self, parent: str, on: date | None) -> list[str]:
        day = on or clock.today()
        return [one for one in self.ever_below(parent) if self.regions[one].is_in_force(day)]

    @cached_property
    def _ends(self) -> dict[str, date]:
        return {one.code: one.until_on for one in self.file.regions if one.until_on}

    @cached_property
    def _below(self) -> dict[str, list[str]]:
        below: dict[str, list[str]] = defaultdict(list)
        for region in self.file.regions:
            below[region.parent or ""].append(region.code)
        return dict(below)

    @cached_property
    def _within(self) -> dict[str, frozenset[str]]:
        within: dict[str, set[str]] = defaultdict(set)
        for code in self.regions:
            for above in self.path(code):
                within[above].add(code)
        return {code: frozenset(codes) for code, codes in within.items()}

    @cached_property
    def denominators(self) -> list[tuple[str | None, Denominator]]:
        """All schools and pupils of regions, and of the country (None), by the pack; the oldest first."""
        counted = sorted(self.file.statistics, key=lambda one: one.counted_on)
        return [
            (
                one.region,
                Denominator(one.schools, one.pupils, one.counted_on, one.source, one.state),
            )
            for one in counted
        ]

    @cached_property
    def helplines(self) -> list[schema.Helpline]:
        """The services that were checked: only these are ever shown."""
        return [line for line in self.file.helplines if line.state is schema.FactState.CHECKED]


def retention_in(countries: Mapping[str, CountryPack], code: str | None) -> schema.RetentionFile:
    """Return a country's retention periods; the programme's without a country or a pack."""
    if code and code in countries:
        return countries[code].retention
    return next((pack.usual_retention for pack in countries.values()), USUAL_RETENTION)


class CertificateTerms(Struct, frozen=True):
    """A country's terms after a certificate is issued, falling back to the programme's figures."""

    validity_months: int
    renewal_opens_months: int
    grace_days: int
    trained_people: int


def certificate_terms(
    own: schema.CountryFile | None, decision: schema.DecisionFile
) -> CertificateTerms:
    """Return the figures of a country pack, falling back to the programme's where the pack gives none."""

    def first(said: int | None, usual: int) -> int:
        return usual if said is None else said

    validity = decision.validity
    return CertificateTerms(
        first(own.validity_months if own else None, validity.months),
        first(own.renewal_opens_months if own else None, validity.renewal_opens_months_before),
        first(own.grace_days if own else None, validity.grace_days),
        first(own.trained_people if own else None, decision.upkeep.trained),
    )


# Languages in Cyrillic letters: their readers are better served by another Cyrillic name than by a Latin one.
CYRILLIC = frozenset({"uk", "ru", "be"})


def named(names: dict[str, str], language: str) -> str:
    """Pick a name in the language, or in English."""
    return names.get(language) or names["en"]


# For one language used in several countries: word stems that a country replaces, keeping the endings.
LOCAL_STEMS: Mapping[tuple[str, str], Mapping[str, str]] = {
    ("BY", "ru"): {"полици": "милици", "Полици": "Милици"},
}


def local_words(text: str, country_code: str, language: str) -> str:
    """Return a text with the words that a country uses in place of the language's usual ones."""
    for stem, own in LOCAL_STEMS.get((country_code, language), {}).items():
        text = text.replace(stem, own)
    return text
