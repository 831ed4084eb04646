"""The words around a school's facts in a language: table headings, job titles, names of languages."""

from collections.abc import Iterable
from datetime import date

from babel import Locale, UnknownLocaleError
from flask_babel import force_locale
from flask_babel import gettext as _
from msgspec import Struct

from cissapp.foundation.core.errors import N_
from cissapp.foundation.web import languages
from cissapp.foundation.web.filters import day
from cissapp.people.accounts.rules import DUTY_NAMES, Duty

# The tables that a text may contain: columns by key, with their headings.
COLUMNS: dict[str, dict[str, str]] = {
    "people": {"office": N_("Job title"), "contact": N_("Contact"), "hours": N_("When")},
    "channels": {
        "description": N_("Way to report"),
        "contact": N_("Where or how"),
        "hours": N_("When"),
    },
    "outside": {
        "description": N_("Way to report"),
        "contact": N_("Where or how"),
        "hours": N_("When"),
    },
    "escalation": {
        "body": N_("Outside organisation"),
        "when": N_("When it is called"),
        "contact": N_("Number or address"),
    },
    "told": {"office": N_("Job title"), "learns": N_("What they are told")},
}


class Words(Struct, frozen=True):
    """The words around a school's facts, in one language."""

    heads: dict[str, tuple[str, ...]]
    duties: dict[Duty, str]
    today: str
    school_year: str
    language: str

    def list_languages(self, codes: Iterable[str]) -> str:
        """Return the names of languages, joined by commas, in the language of these words."""
        return ", ".join(
            _language_name(code, self.language) or languages.NAMES.get(code, code) for code in codes
        )


def _language_name(code: str, language: str) -> str | None:
    try:
        return Locale(language).languages.get(code)
    except UnknownLocaleError:
        return None


def words_in(language: str, today: date) -> Words:
    """Return the words in a language; those of English where it has no catalogue."""
    with force_locale(language):
        return Words(
            heads={name: _in_order(COLUMNS[name].values()) for name in COLUMNS},
            duties={duty: str(_(name)) for duty, name in DUTY_NAMES.items()},
            today=day(today),
            school_year=school_year(today),
            language=language,
        )


def _in_order(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(str(_(name)) for name in names)


def school_year(today: date) -> str:
    """Return the school year of a date; it begins on 1 August, when papers for the next one are written."""
    begins = today.year if today.month >= 8 else today.year - 1
    return f"{begins}/{begins + 1}"
