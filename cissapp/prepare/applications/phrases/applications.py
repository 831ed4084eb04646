"""The page of an application in words: its state, its rounds, its history."""

from collections.abc import Sequence

from flask import url_for
from flask_babel import gettext as _
from msgspec import Struct

from cissapp.foundation.audit.models import AuditEntry
from cissapp.foundation.audit.rules import Event
from cissapp.foundation.core.errors import N_
from cissapp.foundation.web import filters
from cissapp.people.schools.rules import STANDING_NAMES, Standing
from cissapp.prepare.applications import rules
from cissapp.prepare.applications.models import Application
from cissapp.prepare.applications.phrases.missing import (
    MissingPart,
    due,
    missing_parts,
    reason_closed,
)
from cissapp.prepare.applications.phrases.stages import STANDING_KINDS, STATE_KINDS, StatusRow
from cissapp.prepare.applications.queries.pages import ApplicationPage
from cissapp.prepare.applications.queries.position import GroupRemark, OpenCriterion
from cissapp.prepare.applications.rules import (
    OUTCOME_NAMES,
    STATE_NAMES,
    ApplicationAction,
    ApplicationFacts,
    ApplicationOutcome,
    ApplicationState,
    LastApplication,
)

HISTORY = {
    Event.APPLICATION_OPENED: N_("The application was opened."),
    Event.APPLICATION_SUBMITTED: N_("The application was submitted, round %(round)s."),
    Event.APPLICATION_RETURNED: N_(
        "The completeness check of round %(round)s sent the application back."
    ),
    Event.QUESTION_ASKED: N_("The national group asked a question about round %(round)s."),
    Event.APPLICATION_REVIEW_STARTED: N_("The review of round %(round)s began."),
    Event.CHANGES_REQUESTED: N_("Changes were requested after round %(round)s."),
    Event.APPLICATION_DECIDED: N_("The application was decided after round %(round)s."),
    Event.APPLICATION_WITHDRAWN: N_("The application was withdrawn."),
}

# A decision comes with a letter.
ANSWERED = frozenset({Event.CHANGES_REQUESTED, Event.APPLICATION_DECIDED})


def state_row(application: Application) -> StatusRow:
    """Render the state of an application, and the date on which it was reached."""
    outcome = application.outcome
    return StatusRow(
        label=_("Application %(number)d", number=application.cycle),
        href=None,
        kind="warn" if outcome is ApplicationOutcome.MAJOR_GAPS else STATE_KINDS[application.state],
        state=_(OUTCOME_NAMES[outcome]) if outcome else _(STATE_NAMES[application.state]),
        detail=_("since %(day)s", day=filters.day(application.changed_at)),
    )


def _ended(last: LastApplication) -> tuple[str, str] | None:
    is_certified = last.outcome is ApplicationOutcome.CERTIFIED
    if not is_certified or last.standing in {Standing.NONE, Standing.VALID}:
        return None
    return STANDING_KINDS[last.standing], str(_(STANDING_NAMES[last.standing]))


def open_rows(criteria: Sequence[OpenCriterion], language: str) -> list[StatusRow]:
    """List the criteria that came back, each with its page."""
    return [
        StatusRow(
            label=f"{one.criterion.id} {one.criterion.text(language).title}",
            href=url_for("assessment.criterion", criterion_id=one.criterion.id),
            kind="ok" if one.changed else "warn",
            state=_("Changed") if one.changed else _("Not changed yet"),
            detail=one.remark,
            criterion_id=one.criterion.id,
        )
        for one in criteria
    ]


def history(entries: Sequence[AuditEntry]) -> list[tuple[str, str]]:
    """List what happened to an application, oldest first: when, and what."""
    return [
        (filters.moment(one.at), _(HISTORY[one.event], round=one.facts.get("round")))
        for one in entries
        if one.event in HISTORY
    ]


def _submitted_before(page: ApplicationPage) -> list[Application]:
    """List what a school submitted before its draft, the newest first; nothing, if the newest is no draft."""
    newest = page.position.newest
    if newest is None or newest.state is not ApplicationState.DRAFT:
        return []
    return [one for one in page.earlier if one.round]


class ShownApplication(Struct, frozen=True):
    """The page of the application in words; `ended` says so if what it led to is no longer in force.

    `was_refused`: this is a draft, and what the school submitted before it was not successful.
    """

    state: StatusRow | None
    ended: tuple[str, str] | None
    due: str | None
    open_criteria: list[StatusRow]
    remarks: list[GroupRemark]
    returned: bool
    parts: list[MissingPart]
    rounds: list[list[str]]
    history: list[tuple[str, str]]
    earlier: list[StatusRow]
    opens_on: str | None
    has_letter: bool
    was_refused: bool
    may_submit: bool
    unchanged: bool
    may_withdraw: bool
    may_open: bool


def shown_application(page: ApplicationPage, language: str) -> ShownApplication:
    """Render the page of the application."""
    found, newest = page.position, page.position.newest
    state = found.last_application.state
    preparing = reason_closed(found) is None
    withdrawable = state is not None and not rules.problems(
        ApplicationAction.WITHDRAW, state, ApplicationFacts()
    )
    before = _submitted_before(page)
    return ShownApplication(
        state=state_row(newest) if newest else None,
        ended=_ended(found.last_application),
        due=due(found.due_on) if found.due_on else None,
        open_criteria=open_rows(found.open_criteria, language),
        remarks=found.remarks,
        returned=state is ApplicationState.CHANGES_REQUESTED
        and newest is not None
        and newest.open_criteria is None,
        parts=missing_parts(found.readiness.facts) if preparing else [],
        rounds=[
            [str(one.round), filters.moment(one.submitted_at), one.sha256] for one in page.rounds
        ],
        history=history(page.history),
        earlier=[state_row(one) for one in page.earlier],
        opens_on=filters.day(found.opens_on) if found.opens_on and not found.may_open else None,
        has_letter=any(one.outcome for one in before)
        or any(one.event in ANSWERED for one in page.history),
        was_refused=bool(before) and before[0].outcome is ApplicationOutcome.MAJOR_GAPS,
        may_submit=preparing and not found.readiness.facts.missing,
        unchanged=bool(found.unchanged),
        may_withdraw=withdrawable,
        may_open=state is ApplicationState.DECIDED and found.may_open,
    )
