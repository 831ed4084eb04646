"""The card of the one next thing, in words."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from cissapp.foundation.web import filters
from cissapp.prepare.applications import way
from cissapp.prepare.applications.overview import FirstPage
from cissapp.prepare.applications.phrases import due, duration, missing
from cissapp.prepare.applications.rules import State
from cissapp.prepare.applications.way import Step


@dataclass(frozen=True)
class NextThing:
    """The card of the one next thing."""

    title: str
    detail: str
    href: str
    label: str


def next_thing(page: FirstPage) -> NextThing:
    """Say what comes next, why, and how long it takes."""
    return CARDS[page.step](page)


def _train(page: FirstPage) -> NextThing:
    left = len(page.training.parts) - page.training.passed
    return NextThing(
        _("Continue the training"),
        ngettext(
            "%(num)d module left for you, %(time)s.",
            "%(num)d modules left for you, %(time)s.",
            left,
            time=duration(page.training.minutes_left),
        ),
        url_for("learning.modules"),
        _("Continue"),
    )


def _add_documents(_page: FirstPage) -> NextThing:
    return NextThing(
        _("Upload your safety policy"),
        _(
            "A PDF, DOCX or ODT file, %(time)s. Without data about children.",
            time=duration(way.DOCUMENT_MINUTES),
        ),
        url_for("documents.add_document"),
        _("Upload"),
    )


def _describe(_page: FirstPage) -> NextThing:
    return NextThing(
        _("Describe the reporting mechanism"),
        _(
            "Who takes reports, how one reports, what happens then: %(time)s.",
            time=duration(way.MECHANISM_MINUTES),
        ),
        url_for("mechanism.reporting"),
        _("Describe"),
    )


def _assess(page: FirstPage) -> NextThing:
    left = page.criteria_total - page.criteria_done
    return NextThing(
        _("Assess your school"),
        _(
            "%(done)d of %(total)d criteria are complete, %(time)s left.",
            done=page.criteria_done,
            total=page.criteria_total,
            time=duration(left * way.CRITERION_MINUTES),
        ),
        url_for("assessment.self_assessment"),
        _("Continue"),
    )


def _ask_colleagues(page: FirstPage) -> NextThing:
    waiting = page.position.gathered.facts.training_left
    return NextThing(
        _("Ask your colleagues to finish the training"),
        " ".join(one.text for one in missing("training", waiting)),
        url_for("enrolment.people"),
        _("See your colleagues"),
    )


def _submit(_page: FirstPage) -> NextThing:
    return NextThing(
        _("Check the dossier and hand it in"),
        _(
            "Nothing is missing. The head or a deputy head signs, %(time)s.",
            time=duration(way.SUBMIT_MINUTES),
        ),
        url_for("applications.submit"),
        _("Check and hand in"),
    )


def _wait(page: FirstPage) -> NextThing:
    newest = page.position.newest
    since = filters.day(newest.changed_at) if newest else ""
    reviewed = page.position.before.state is State.IN_REVIEW
    return NextThing(
        _("The review is under way") if reviewed else _("Your dossier is handed in"),
        _("Since %(day)s. There is nothing to do until the national group answers.", day=since),
        url_for("applications.application"),
        _("See the application"),
    )


def _answer(page: FirstPage) -> NextThing:
    position = page.position
    newest = position.newest
    detail = due(position.due_on) if position.due_on else _("Everything else stays as it is.")
    if newest is not None and newest.open_criteria is None:
        title = _("Mend what the first look found")
    else:
        count = len(newest.open_criteria or []) if newest else 0
        title = ngettext("Change %(num)d criterion", "Change %(num)d criteria", count)
    return NextThing(title, detail, url_for("applications.application"), _("See what is open"))


def _start_again(_page: FirstPage) -> NextThing:
    return NextThing(
        _("Read the reasons, then start again"),
        _("The last application was not successful yet. Your dossier is open again."),
        url_for("applications.application"),
        _("See the reasons"),
    )


def _certificate(page: FirstPage) -> NextThing:
    opens = page.position.opens_on
    return NextThing(
        _("Your school is certified"),
        _("The next application opens on %(day)s.", day=filters.day(opens)) if opens else "",
        url_for("certificates.of_school"),
        _("See the certificate"),
    )


def _renew(page: FirstPage) -> NextThing:
    until = page.position.school.valid_until_on
    return NextThing(
        _("Start the next application"),
        _("The certificate has the date %(day)s.", day=filters.day(until)) if until else "",
        url_for("applications.application"),
        _("See the application"),
    )


CARDS: dict[Step, Callable[[FirstPage], NextThing]] = {
    Step.TRAIN: _train,
    Step.ADD_DOCUMENTS: _add_documents,
    Step.DESCRIBE_MECHANISM: _describe,
    Step.ASSESS: _assess,
    Step.ASK_COLLEAGUES: _ask_colleagues,
    Step.SUBMIT: _submit,
    Step.WAIT: _wait,
    Step.ANSWER: _answer,
    Step.START_AGAIN: _start_again,
    Step.CERTIFICATE: _certificate,
    Step.RENEW: _renew,
}
