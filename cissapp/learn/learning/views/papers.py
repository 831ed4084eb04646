"""Printable lessons."""

from flask import Response, current_app, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cissapp.foundation.access.guard import permit, signed_in
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.content.schema import LessonText
from cissapp.foundation.content.values import Lesson, Module
from cissapp.foundation.core import clock
from cissapp.foundation.core.errors import N_, Problem, Refused
from cissapp.foundation.web import languages
from cissapp.foundation.web.filters import day
from cissapp.foundation.web.help_lines import HelpStrip, countries_of, country_of, strip_of
from cissapp.foundation.web.limits import limit
from cissapp.foundation.web.pictures import drawn
from cissapp.learn.learning import papers
from cissapp.learn.learning.phrases import time_of_lesson
from cissapp.learn.learning.views.blueprint import a_lesson, a_module, bp
from cissapp.learn.learning.views.lesson_content import shown_countries


@bp.get("/<module_id>/<lesson_id>.pdf")
@permit(Permission.MODULE_READ, of=a_lesson)
@limit("300 per hour")
def paper(lesson: Lesson) -> ResponseReturnValue:
    """Send a lesson as PDF, on A4 or on letter paper."""
    module, language = a_module(lesson.module_id), languages.of_content()
    sheet = papers.PrintedLesson(
        text=lesson.text(language),
        language=lesson.language(language),
        words=_words(lesson, module, language),
        size=_size(),
        countries=_countries(lesson.text(language)),
        values=_values(lesson.text(language), lesson.language(language)),
    )
    answer = Response(papers.draw_lesson(sheet), mimetype="application/pdf")
    name = f"ciss-{module.number}-{lesson.number}-{lesson.id}.pdf"
    answer.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return answer


def _size() -> papers.PaperSize:
    try:
        return papers.PaperSize(request.args.get("paper", papers.PaperSize.A4).lower())
    except ValueError as error:
        message = N_("There are two paper sizes: a4 and letter.")
        raise Refused(Problem("paper", message)) from error


def _words(lesson: Lesson, module: Module, language: str) -> papers.LessonLabels:
    number = _("Module %(number)s", number=module.number)
    place = _("Lesson %(number)s", number=lesson.number)
    return papers.LessonLabels(
        place=f"{number} · {module.text(language).title} · {place} · {time_of_lesson(lesson.plan)}",
        case=_("A case to begin with"),
        remember=_("Three things to remember"),
        activity=_("Try it with your school"),
        product=_("What you will make"),
        specimen=_("See a completed example"),
        ask=_("Ask yourself"),
        think=_("Think of your own answer first. Ours is at the end."),
        answers=_("Our answers"),
        sources=_("Sources"),
        page=_("Page %(number)s of %(last)s"),
        foot=_foot(lesson, module),
    )


def _countries(text: LessonText) -> tuple[tuple[str, str], ...]:
    """List what the lesson says of the reader's countries, or of all, each below its heading."""
    return tuple(
        (one.heading, one.text)
        for one in shown_countries(text.by_country, countries_of(signed_in())).shown
    )


def _values(text: LessonText, language: str) -> tuple[str, ...]:
    return drawn(text.picture, language).values if text.picture else ()


def _foot(lesson: Lesson, module: Module) -> tuple[str, ...]:
    """Return the footer of every page: whom to call, as on the site, and what this document is."""
    base = current_app.config["BASE_URL"]
    address = url_for("learning.lesson", module_id=module.id, lesson_id=lesson.id)
    made = _(
        "Version %(version)s of the module, created on %(day)s: %(address)s",
        version=module.file.version,
        day=day(clock.now()),
        address=f"{base}{address}",
    )
    calls = _calls(strip_of(country_of(signed_in()), languages.current()), f"{base}/help")
    return (*calls, f"{_('This is not a place to report a case.')} {made}")


def _calls(strip: HelpStrip, help_address: str) -> tuple[str, ...]:
    """Return the checked numbers and the hotline, as the strip at the top of every page shows them."""
    asked = _("Worried about a child?")
    call, police, report = strip.call, strip.police, strip.report
    said = f"{call.numbers[0][0]} – {call.about}" if call else help_address
    danger = [_("Police: %(number)s", number=police.numbers[0][0])] if police else []
    online = [f"{_('Report material online')}: {report.web}"] if report else []
    second = " · ".join([*danger, *online])
    return (f"{asked} {said}", *([second] if second else []))
