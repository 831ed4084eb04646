"""The content of a lesson on a page or on paper: its parts, its picture, the countries."""

from collections.abc import Collection, Container, Mapping
from datetime import datetime

from flask_babel import gettext as _
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup
from msgspec import Struct

from cissapp.foundation.content.installed import content
from cissapp.foundation.content.schema import LessonText
from cissapp.foundation.content.values import Lesson
from cissapp.foundation.web import languages
from cissapp.foundation.web.filters import day
from cissapp.foundation.web.fragments import filled, fragment, gaps
from cissapp.foundation.web.pictures import DrawnPicture, drawn
from cissapp.learn.learning.phrases import time_of_doing, time_of_lesson
from cissapp.learn.learning.rules.lesson_parts import BodyPart, body_parts, country_texts
from cissapp.learn.learning.views.blueprint import a_lesson, a_module

FRAGMENTS = {
    "way": "learning/_lesson_way.html",
    "facts": "learning/_lesson_facts.html",
    "contents": "learning/_lesson_contents.html",
    "lesson_text": "learning/_lesson_text.html",
    "lesson_questions": "learning/_lesson_questions.html",
}


class ShownCountry(Struct, frozen=True):
    """What a lesson says about a country, below a heading in the language of the page."""

    name: str
    heading: str
    text: str


class ShownCountries(Struct, frozen=True):
    """The countries that a reader sees; `folded` if all of them are shown because the reader has none."""

    shown: list[ShownCountry]
    folded: bool


class LessonContent(Struct, frozen=True):
    """A lesson in the language of its reader, split into parts for the page."""

    text: LessonText
    language: str
    parts: list[BodyPart]
    picture: DrawnPicture | None
    countries: ShownCountries


def lesson_content(lesson: Lesson, language: str, own: Collection[str]) -> LessonContent:
    """Take a lesson apart for a page in a language, for readers of these countries."""
    text, spoken_in = lesson.text(language), lesson.language(language)
    return LessonContent(
        text,
        spoken_in,
        body_parts(text.body),
        drawn(text.picture, spoken_in) if text.picture else None,
        shown_countries(text.by_country, own),
    )


def lesson_fragments(lesson: Lesson, language: str, own: Collection[str]) -> dict[str, Markup]:
    """Render the parts of a lesson page that all readers of this language in these countries share."""
    return {
        name: fragment(template, _values, lesson.module_id, lesson.id, language, *own)
        for name, template in FRAGMENTS.items()
    }


def lesson_list(lesson: Lesson, language: str, read: Container[str] | None) -> Markup:
    """Render a module's lesson list, shared by all who have read the same ones; `read` is None without progress."""
    module = a_module(lesson.module_id)
    marks = None if read is None else tuple(one.id in read for one in module.lessons)
    return fragment(
        "learning/_lesson_list.html", _list_values, module.id, lesson.id, language, marks
    )


def _list_values(
    module_id: str, lesson_id: str, language: str, marks: tuple[bool, ...] | None
) -> dict[str, object]:
    return {
        "lesson": a_lesson(module_id, lesson_id),
        "module": a_module(module_id),
        "content_language": language,
        "marks": marks,
    }


def lesson_foot(lesson: Lesson, language: str, read: Mapping[str, datetime] | None) -> Markup:
    """Render the links beside a lesson and the button to mark it as read; `read` is None without progress."""
    read_at = read.get(lesson.id) if read else None
    kept = fragment(
        "learning/_lesson_foot.html",
        _foot_values,
        lesson.module_id,
        lesson.id,
        language,
        read is not None,
        read_at is not None,
    )
    return filled(kept, day=day(read_at) if read_at else "", csrf_token=generate_csrf())


def _foot_values(
    module_id: str,
    lesson_id: str,
    language: str,
    learns: bool,  # noqa: FBT001 -- a key of a fragment has no names
    done: bool,  # noqa: FBT001
) -> dict[str, object]:
    lesson, module = a_lesson(module_id, lesson_id), a_module(module_id)
    return {
        "lesson": lesson,
        "module": module,
        "before": module.lessons[lesson.number - 2] if lesson.number > 1 else None,
        "after": module.next_lesson(lesson),
        "content_language": language,
        "learns": learns,
        "done": done,
        **gaps("day", "csrf_token"),
    }


def _values(module_id: str, lesson_id: str, language: str, *own: str) -> dict[str, object]:
    lesson, module = a_lesson(module_id, lesson_id), a_module(module_id)
    found = lesson_content(lesson, language, own)
    return {
        "lesson": lesson,
        "module": module,
        "module_text": module.text(language),
        "found": found,
        "text": found.text,
        "spoken_in": found.language,
        "content_language": language,
        "time_of_doing": time_of_doing,
        "time_of_lesson": time_of_lesson,
    }


def shown_countries(by_country: dict[str, str], own: Collection[str]) -> ShownCountries:
    """Return what a lesson says about these countries; about all of them for people without one."""
    chosen = country_texts(by_country, own)
    shown = []
    for code, text in chosen.texts.items():
        pack = content().countries.get(code)
        name = pack.name(languages.current()) if pack else code
        shown.append(ShownCountry(name, _("In %(country)s", country=name), text))
    return ShownCountries(shown, chosen.folded)
