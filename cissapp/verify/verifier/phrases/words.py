"""All words of the page that checks without a connection, in one language, as plain values."""

from datetime import date
from typing import Any

from babel.dates import format_date
from babel.numbers import get_decimal_symbol
from flask_babel import force_locale
from flask_babel import gettext as _

from cissapp.certify.certificates.document.pdf.words import certificate_words
from cissapp.foundation.content.languages import locale_of
from cissapp.foundation.content.values import Content
from cissapp.foundation.web.languages import NAMES
from cissapp.verify.verification.phrases import ANSWER_NAMES, NEXT
from cissapp.verify.verification.rules import ASKED_AGAIN, CheckAnswer
from cissapp.verify.verifier.phrases.sentences import NEEDED, SENTENCES, SNAPSHOT_NEXT, UNKNOWN_NEXT

# A year and a day whose digits occur nowhere else in a date, so that the page can replace them.
YEAR, DAY = 2001, 9
LABELS = (
    "level",
    "valid_from",
    "valid_until",
    "number",
    "check_code",
    "issued_by",
    "criteria_version",
    "demo",
)


def words_in_every_language(content: Content, base_url: str) -> dict[str, dict[str, Any]]:
    """Collect the words in all languages, English first."""
    return {language: _words_in(language, content, base_url) for language in NAMES}


def what_is_needed() -> dict[str, str]:
    """Return by language the sentence about what the page needs."""
    said = {}
    for language in NAMES:
        with force_locale(language):
            said[language] = _(NEEDED)
    return said


def _words_in(language: str, content: Content, base_url: str) -> dict[str, Any]:
    standard = content.standard
    texts = standard.certificate_texts
    printed = texts.get(language, texts["en"])
    with force_locale(language):
        sentences = {name: _(sentence) for name, sentence in SENTENCES.items()}
        # Pictures and typed codes are not checked offline.
        given = [answer for answer in CheckAnswer if answer not in ASKED_AGAIN]
        answers = {answer.value: _(ANSWER_NAMES[answer]) for answer in given}
        following = {answer.value: _(NEXT[answer]) for answer in given}
        answers["snapshot"], following["snapshot"] = sentences["what_snapshot"], _(SNAPSHOT_NEXT)
        following[CheckAnswer.UNKNOWN.value] = _(UNKNOWN_NEXT)
    return {
        "language": language,
        "sentences": sentences,
        "answers": answers,
        "next": following,
        "months": _months(language),
        "decimal": get_decimal_symbol(language),
        "labels": {name: printed.labels[name] for name in LABELS},
        "levels": printed.level_names,
        "modules": printed.module_titles,
        "evidence": standard.rubric_text(language).evidence,
        "not_meaning": printed.not_meaning,
        "countries": {
            code: {
                "name": country.name(language),
                "worried": certificate_words((language,), standard, country, base_url)[0].worried(),
            }
            for code, country in content.countries.items()
        },
    }


def _months(language: str) -> list[str]:
    """Return a date pattern for each month with placeholders, as browsers do not know all our languages."""
    dates = (
        format_date(date(YEAR, month, DAY), format="long", locale=locale_of(language))
        for month in range(1, 13)
    )
    return [one.replace(str(YEAR), "{y}").replace(str(DAY), "{d}") for one in dates]
