"""The packs of countries as the application uses them: names, services, the time after a certificate's issue."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from cissapp.foundation.content import schema


@dataclass(frozen=True)
class Denominator:
    """All schools and pupils of a country or region, by the state's own statistics."""

    schools: int | None
    pupils: int | None
    counted_on: date
    source: str
    state: schema.FactState


@dataclass(frozen=True)
class CountryPack:
    """A country pack."""

    file: schema.CountryFile

    @property
    def code(self) -> str:
        """The ISO 3166-1 code."""
        return self.file.code

    def name(self, language: str) -> str:
        """Return the country's name."""
        return named(self.file.names, language)

    @cached_property
    def regions(self) -> dict[str, schema.Region]:
        """The regions by ISO 3166-2 code."""
        return {region.code: region for region in self.file.regions}

    def region_name(self, code: str, language: str) -> str:
        """Return a region's name."""
        return named(self.regions[code].names, language)

    @cached_property
    def helplines(self) -> list[schema.Helpline]:
        """The services that were checked: only these are ever shown."""
        return [line for line in self.file.helplines if line.state is schema.FactState.CHECKED]


@dataclass(frozen=True)
class CertificateTerms:
    """What a country says of the time after a certificate's issue; elsewhere the programme's figures."""

    validity_months: int
    renewal_opens_months: int
    grace_days: int
    trained_people: int


def certificate_terms(
    own: schema.CountryFile | None, decision: schema.DecisionFile
) -> CertificateTerms:
    """Return the figures of a country pack, and the programme's where the pack says nothing."""

    def first(said: int | None, usual: int) -> int:
        return usual if said is None else said

    validity = decision.validity
    return CertificateTerms(
        first(own.validity_months if own else None, validity.months),
        first(own.renewal_opens_months if own else None, validity.renewal_opens_months_before),
        first(own.grace_days if own else None, validity.grace_days),
        first(own.trained_people if own else None, decision.upkeep.trained),
    )


def named(names: dict[str, str], language: str) -> str:
    """Pick a name in the language, or in English."""
    return names.get(language) or names["en"]


# One language of several countries: stems of words that a country has its own for, with the same endings.
LOCAL_STEMS: Mapping[tuple[str, str], Mapping[str, str]] = {
    ("BY", "ru"): {"полици": "милици", "Полици": "Милици"},
}


def local_words(text: str, country_code: str, language: str) -> str:
    """Return a text with the words of a country where others of the same language say otherwise."""
    for stem, own in LOCAL_STEMS.get((country_code, language), {}).items():
        text = text.replace(stem, own)
    return text
