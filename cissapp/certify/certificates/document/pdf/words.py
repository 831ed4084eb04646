"""The words that are printed on a certificate, in one language, with dates and numbers filled in."""

from datetime import date

from babel.dates import format_date
from msgspec import Struct

from cissapp.certify.certificates.document.facts import CertificateFacts
from cissapp.foundation.content.languages import locale_of
from cissapp.foundation.content.packs import CountryPack, named
from cissapp.foundation.content.schema import CertificateText
from cissapp.foundation.content.values import Standard
from cissapp.foundation.paper.text import HARD_SPACE
from cissapp.foundation.web import filters

PRINTED_KINDS = ("helpline", "police")


class CertificateWords(Struct, frozen=True):
    """Everything that is printed in one language."""

    language: str
    country: str
    text: CertificateText
    helplines: str

    def day(self, on: date) -> str:
        """Format a date in words, without line breaks between its parts."""
        return format_date(on, format="long", locale=locale_of(self.language)).replace(
            " ", HARD_SPACE
        )

    def figure(self, value: float) -> str:
        """Return the level of a module as every page writes it."""
        return filters.decimal(value, locale_of(self.language))

    def finding(self, facts: CertificateFacts) -> str:
        """Return the programme's fixed sentence about what was found."""
        return self.text.finding % {
            "date": self.day(facts.decided_on),
            "group": facts.group_name,
            "version": facts.criteria_version,
            "level": facts.level,
            "until": self.day(facts.valid_until_on),
            "address": facts.address.partition("://")[2],
        }

    def word_and_rest(self) -> tuple[str, str]:
        """Split the title into its first word, which is written large, and the rest."""
        word, _, rest = self.text.title.partition(" ")
        return word.rstrip(":"), rest

    def worried(self) -> str:
        """Return the text about whom to call."""
        return self.text.worried % {"numbers": self.helplines}

    def label(self, name: str) -> str:
        """Return the word for a fact."""
        return self.text.labels[name]


def certificate_words(
    languages: tuple[str, ...], standard: Standard, country: CountryPack, base_url: str
) -> tuple[CertificateWords, ...]:
    """Collect the words in each of the languages that the programme has certificates in, English last."""
    spoken = [language for language in languages if language in standard.certificate_texts]
    chosen = dict.fromkeys([*spoken, "en"])
    return tuple(
        CertificateWords(
            language,
            country.name(language),
            standard.certificate_texts[language],
            _helplines(country, language) or f"{base_url}/help/{country.code}",
        )
        for language in chosen
    )


def _helplines(country: CountryPack, language: str) -> str:
    """List the checked numbers of the country with their names, without line breaks inside a number."""
    return "; ".join(
        f"{', '.join(_unbroken(number) for number in line.numbers)} – {named(line.names, language)}"
        for line in country.helplines
        if line.kind in PRINTED_KINDS and line.numbers
    )


def _unbroken(number: str) -> str:
    return number.replace(" ", HARD_SPACE).replace("-", "\u2011")
