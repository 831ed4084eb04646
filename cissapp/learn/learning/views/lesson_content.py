"""What a page or a paper of a lesson is made of: its parts, its picture, the countries, what lies beside it."""

from dataclasses import dataclass

from flask_babel import gettext as _

from cissapp.foundation.access.guard import signed_in
from cissapp.foundation.content.installed import content
from cissapp.foundation.content.schema import LessonText
from cissapp.foundation.content.values import Lesson, Module
from cissapp.foundation.web import languages
from cissapp.foundation.web.help_lines import countries_of
from cissapp.foundation.web.pictures import DrawnPicture, drawn
from cissapp.learn.learning.rules.lesson_parts import BodyPart, body_parts, country_texts


@dataclass(frozen=True)
class ShownCountry:
    """What a lesson says of a country, below a heading in the language of the page."""

    name: str
    heading: str
    text: str


@dataclass(frozen=True)
class ShownCountries:
    """The countries that one reader sees; `folded` are those of others."""

    shown: list[ShownCountry]
    folded: bool


@dataclass(frozen=True)
class LessonContent:
    """A lesson in the language of its reader, taken apart for the page."""

    text: LessonText
    language: str
    parts: list[BodyPart]
    picture: DrawnPicture | None
    countries: ShownCountries
    before: Lesson | None
    after: Lesson | None


def lesson_content(lesson: Lesson, module: Module) -> LessonContent:
    """Take a lesson apart for its page."""
    wanted = languages.of_content()
    text, spoken_in = lesson.text(wanted), lesson.language(wanted)
    return LessonContent(
        text,
        spoken_in,
        body_parts(text.body),
        drawn(text.picture, spoken_in) if text.picture else None,
        shown_countries(text.by_country),
        module.lessons[lesson.number - 2] if lesson.number > 1 else None,
        module.next_lesson(lesson),
    )


def shown_countries(by_country: dict[str, str]) -> ShownCountries:
    """Return what a lesson says of the countries of who is signed in; to people without one, of all."""
    chosen = country_texts(by_country, countries_of(signed_in()))
    shown = []
    for code, text in chosen.texts.items():
        pack = content().countries.get(code)
        name = pack.name(languages.current()) if pack else code
        shown.append(ShownCountry(name, _("In %(country)s", country=name), text))
    return ShownCountries(shown, chosen.folded)
