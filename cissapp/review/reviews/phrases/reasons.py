"""Ready sentences for the reasons of a score, in the language of the school: the school reads them."""

from flask_babel import force_locale
from flask_babel import gettext as _
from msgspec import Struct

from cissapp.foundation.content.languages import ENGLISH
from cissapp.foundation.content.values import Criterion
from cissapp.foundation.web import languages

LEVEL_KEY = "level-"


class ReadySentence(Struct, frozen=True):
    """A sentence of the standard that a reviewer can add to a reason.

    `shown` is in the language of the page, `written` in the school's; `level` is None for a typical mistake.
    """

    key: str
    level: int | None
    shown: str
    written: str


def language_of_reasons(school_language: str) -> str:
    """Return the language of reasons: that of the school if there are pages in it, else English."""
    return school_language if school_language in languages.OF_PAGES else ENGLISH


def ready_sentences(criterion: Criterion, school_language: str) -> list[ReadySentence]:
    """List the sentence of each level and the typical mistakes of a criterion."""
    shown = criterion.text(languages.current())
    written = criterion.text(language_of_reasons(school_language))
    levels = [
        ReadySentence(
            f"{LEVEL_KEY}{level}",
            int(level),
            f"{level} · {sentence}",
            level_sentence(criterion, int(level), school_language),
        )
        for level, sentence in sorted(shown.levels.items())
    ]
    mistakes = [
        ReadySentence(str(number), None, one, other)
        for number, (one, other) in enumerate(zip(shown.mistakes, written.mistakes, strict=False))
    ]
    return [*levels, *mistakes]


def level_sentence(criterion: Criterion, level: int, school_language: str) -> str:
    """Render which level was found, with the sentence of the standard, in the language of the school."""
    language = language_of_reasons(school_language)
    with force_locale(language):
        text: str = _(
            "Level %(level)s: %(sentence)s",
            level=level,
            sentence=criterion.text(language).levels[str(level)],
        )
    return text


def agreed_reason(criterion: Criterion, level: int, school_language: str) -> str:
    """Render the reason of a score that agrees with the school, in the language of the school."""
    with force_locale(language_of_reasons(school_language)):
        text: str = _(
            "We looked at your evidence and agree with your score. %(reason)s",
            reason=level_sentence(criterion, level, school_language),
        )
    return text
