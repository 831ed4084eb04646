"""The card of the next step, in words."""

from collections.abc import Callable

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from msgspec import Struct
from msgspec.structs import replace

from cissapp.foundation.web import filters
from cissapp.people.schools.rules import IN_FORCE
from cissapp.prepare.applications.phrases.missing import due, duration, missing_items
from cissapp.prepare.applications.queries.pages import FirstPage
from cissapp.prepare.applications.rules import ApplicationOutcome, ApplicationState
from cissapp.prepare.applications.rules.stages import (
    CRITERION_MINUTES,
    DOCUMENT_MINUTES,
    MECHANISM_MINUTES,
    SUBMIT_MINUTES,
    SchoolStep,
)


class NextStepCard(Struct, frozen=True):
    """The card of the next step; `kicker` says which step of how many it is, `beside` names rooms that lead to it too."""

    title: str
    detail: str
    endpoint: str
    label: str
    kicker: str = ""
    beside: tuple[str, ...] = ()

    @property
    def href(self) -> str:
        """The address of the page where the step is taken."""
        return url_for(self.endpoint)

    def is_on(self, blueprint: str | None) -> bool:
        """Check whether the step is taken on the pages of a room."""
        return blueprint in {self.endpoint.partition(".")[0], *self.beside}


# The steps that the school itself takes, in order; later ones are the national group's.
OWN_STEPS = (
    {SchoolStep.TRAIN, SchoolStep.ASK_COLLEAGUES},
    {SchoolStep.ADD_DOCUMENTS},
    {SchoolStep.DESCRIBE_MECHANISM},
    {SchoolStep.ASSESS},
    {SchoolStep.SUBMIT},
)


def next_step_card(page: FirstPage) -> NextStepCard:
    """Render what comes next, why, and how long it takes."""
    return replace(CARDS[page.step](page), kicker=_kicker(page))


def _kicker(page: FirstPage) -> str:
    number = next((n for n, steps in enumerate(OWN_STEPS, start=1) if page.step in steps), None)
    # A certified school that trains a successor prepares no application.
    certified = page.position.last_application.outcome is ApplicationOutcome.CERTIFIED
    if number is None or certified:
        return str(_("Next"))
    return str(_("Next: step %(number)d of %(total)d", number=number, total=len(OWN_STEPS)))


def _train(page: FirstPage) -> NextStepCard:
    left = len(page.training.parts) - page.training.passed
    begun = page.training.is_begun
    detail = ngettext(
        "%(num)d module left for you, %(time)s.",
        "%(num)d modules left for you, %(time)s.",
        left,
        time=duration(page.training.minutes_left),
    )
    return NextStepCard(
        _("Continue the training") if begun else _("Begin the training"),
        detail,
        "learning.modules",
        _("Continue") if begun else _("Begin"),
    )


def _add_documents(_page: FirstPage) -> NextStepCard:
    return NextStepCard(
        _("Make your safety policy"),
        _(
            "Draft it by answering plain questions, or check the one you have: %(time)s.",
            time=duration(DOCUMENT_MINUTES),
        ),
        "policy.studio",
        _("Begin"),
        beside=("documents",),
    )


def _describe(_page: FirstPage) -> NextStepCard:
    return NextStepCard(
        _("Describe the reporting mechanism"),
        _(
            "Who takes reports, how to report and what happens next: %(time)s.",
            time=duration(MECHANISM_MINUTES),
        ),
        "mechanism.reporting",
        _("Describe"),
    )


def _assess(page: FirstPage) -> NextStepCard:
    left = page.criteria_total - page.criteria_done
    return NextStepCard(
        _("Assess your school"),
        _(
            "%(done)d of %(total)d criteria are complete, %(time)s left.",
            done=page.criteria_done,
            total=page.criteria_total,
            time=duration(left * CRITERION_MINUTES),
        ),
        "assessment.self_assessment",
        _("Continue"),
    )


def _ask_colleagues(page: FirstPage) -> NextStepCard:
    waiting = page.position.readiness.facts.training_left
    return NextStepCard(
        _("Ask your colleagues to finish the training"),
        " ".join(one.text for one in missing_items("training", waiting)),
        "enrolment.people",
        _("See your colleagues"),
    )


def _submit(page: FirstPage) -> NextStepCard:
    signs = (
        _("Some documents are no longer valid. Replace them before you submit.")
        if page.position.expired
        else _(
            "Nothing is missing. The head or a deputy head signs, %(time)s.",
            time=duration(SUBMIT_MINUTES),
        )
    )
    until = page.position.due_on
    return NextStepCard(
        _("Check and submit your application"),
        f"{signs} {due(until)}" if until else signs,
        "applications.submit",
        _("Check and submit"),
    )


def _wait(page: FirstPage) -> NextStepCard:
    newest = page.position.newest
    since = filters.day(newest.changed_at) if newest else ""
    reviewed = page.position.last_application.state is ApplicationState.IN_REVIEW
    return NextStepCard(
        _("The review is under way") if reviewed else _("Your application has been submitted"),
        _("Since %(day)s. You have nothing to do until the national group answers.", day=since),
        "applications.application",
        _("See the application"),
    )


def _answer(page: FirstPage) -> NextStepCard:
    position = page.position
    newest = position.newest
    detail = due(position.due_on) if position.due_on else _("Everything else stays as it is.")
    if newest is not None and newest.open_criteria is None:
        title = _("Correct what the completeness check found")
    else:
        count = len(newest.open_criteria or []) if newest else 0
        title = ngettext("Change %(num)d criterion", "Change %(num)d criteria", count)
    return NextStepCard(title, detail, "applications.application", _("See what you need to change"))


def _start_again(_page: FirstPage) -> NextStepCard:
    return NextStepCard(
        _("Read the reasons, then start again"),
        _("Your last application was not successful. You can change everything again."),
        "applications.application",
        _("See the reasons"),
    )


def _certificate(page: FirstPage) -> NextStepCard:
    opens = page.position.opens_on
    return NextStepCard(
        _("Your school is certified"),
        _("The next application opens on %(day)s.", day=filters.day(opens)) if opens else "",
        "certificates.of_school",
        _("See the certificate"),
    )


def _end_suspension(_page: FirstPage) -> NextStepCard:
    return NextStepCard(
        _("The certificate is suspended"),
        _("Read why, put it right, and tell the national group what you have done."),
        "certificates.of_school",
        _("See the reasons"),
    )


def _renew(page: FirstPage) -> NextStepCard:
    last = page.position.last_application
    ends = last.valid_until_on if last.standing in IN_FORCE else None
    return NextStepCard(
        _("Start the next application"),
        _("Valid until %(day)s.", day=filters.day(ends)) if ends else "",
        "applications.application",
        _("See the application"),
    )


CARDS: dict[SchoolStep, Callable[[FirstPage], NextStepCard]] = {
    SchoolStep.TRAIN: _train,
    SchoolStep.ADD_DOCUMENTS: _add_documents,
    SchoolStep.DESCRIBE_MECHANISM: _describe,
    SchoolStep.ASSESS: _assess,
    SchoolStep.ASK_COLLEAGUES: _ask_colleagues,
    SchoolStep.SUBMIT: _submit,
    SchoolStep.WAIT: _wait,
    SchoolStep.ANSWER: _answer,
    SchoolStep.START_AGAIN: _start_again,
    SchoolStep.CERTIFICATE: _certificate,
    SchoolStep.END_SUSPENSION: _end_suspension,
    SchoolStep.RENEW: _renew,
}
