"""The words in which the pages tell of states, parts, rounds and events."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask import url_for
from flask_babel import gettext, ngettext

from cissapp.foundation.audit.models import AuditEntry
from cissapp.foundation.audit.rules import Event
from cissapp.foundation.content.values import Content
from cissapp.foundation.core import clock
from cissapp.foundation.core.errors import N_
from cissapp.foundation.web import filters
from cissapp.foundation.web.forms import ShownProblem, shown
from cissapp.people.schools.models import School
from cissapp.people.schools.rules import STANDING_NAMES, Standing
from cissapp.prepare.applications import rules
from cissapp.prepare.applications.models import Application
from cissapp.prepare.applications.overview import (
    ApplicationPage,
    FirstPage,
    OpenCriterion,
    Position,
    Remark,
)
from cissapp.prepare.applications.rules import (
    OUTCOME_NAMES,
    STATE_KINDS,
    STATE_NAMES,
    Action,
    Facts,
    Missing,
    Outcome,
    State,
)
from cissapp.prepare.applications.way import MARK_KINDS, MARK_NAMES, STANDING_KINDS, Leg, Mark, Part

HISTORY = {
    Event.APPLICATION_OPENED: N_("The application was opened."),
    Event.APPLICATION_SUBMITTED: N_("The dossier was handed in, round %(round)s."),
    Event.APPLICATION_RETURNED: N_("The first look sent the dossier of round %(round)s back."),
    Event.QUESTION_ASKED: N_("The national group asked a question about round %(round)s."),
    Event.APPLICATION_REVIEW_STARTED: N_("The review of round %(round)s began."),
    Event.CHANGES_REQUESTED: N_("Changes were requested after round %(round)s."),
    Event.APPLICATION_DECIDED: N_("The application was decided after round %(round)s."),
    Event.APPLICATION_WITHDRAWN: N_("The application was taken back."),
}

# A decision comes with a letter.
ANSWERED = frozenset({Event.CHANGES_REQUESTED, Event.APPLICATION_DECIDED})

SHORT = 5


def _(message: str, **values: object) -> str:
    """Translate a sentence."""
    return str(gettext(message, **values))


def duration(minutes: int) -> str:
    """Say how long something takes."""
    if minutes < 120:
        return str(ngettext("about %(num)d minute", "about %(num)d minutes", minutes))
    return str(ngettext("about %(num)d hour", "about %(num)d hours", round(minutes / 60)))


def due(on: date) -> str:
    """Say until when something is asked for."""
    values = {"day": filters.day(on), "far": filters.in_days(on)}
    if on < clock.today():
        return _("It was asked for by %(day)s, %(far)s. It can still be handed in.", **values)
    return _("Hand it in by %(day)s, %(far)s.", **values)


def asked(on: date) -> str:
    """Say on any page of a school until when its answer is asked for."""
    return _(
        "The national group waits for your answer until %(day)s, %(far)s.",
        day=filters.day(on),
        far=filters.in_days(on),
    )


# --- what is missing -------------------------------------------------------------------------


@dataclass(frozen=True)
class MissingPart:
    """What a part of the dossier lacks."""

    title: str
    problems: list[ShownProblem]


def missing(code: str, left: Sequence[Missing]) -> list[ShownProblem]:
    """Say what is missing, each with its link."""
    return [shown(one) for one in rules.problems_of(code, left)]


def missing_parts(facts: Facts) -> list[MissingPart]:
    """Group everything that is missing by its part of the dossier."""
    parts = [
        (_("Training"), "training", facts.training_left),
        (_("Documents"), "documents", facts.documents_left),
        (_("Reporting mechanism"), "mechanism", facts.mechanism_left),
        (_("Criteria"), "criteria", facts.criteria_left),
    ]
    return [MissingPart(title, missing(code, left)) for title, code, left in parts if left]


def missing_in_short(found: Position) -> tuple[list[ShownProblem], int]:
    """Give the first few things that are missing, and how many more; none while nothing can be done."""
    parts = [] if closed(found) else missing_parts(found.gathered.facts)
    everything = [one for part in parts for one in part.problems]
    return everything[:SHORT], max(0, len(everything) - SHORT)


# --- the whole way ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Row:
    """A line with a state: of the task list, of the rounds, of the criteria that came back."""

    label: str
    href: str | None
    kind: str
    state: str
    detail: str | None = None


PARTS = {
    Part.TRAINING: (N_("Training of those responsible"), "learning.modules"),
    Part.DOCUMENTS: (N_("Documents"), "documents.documents"),
    Part.MECHANISM: (N_("Reporting mechanism"), "mechanism.reporting"),
    Part.CRITERIA: (N_("Self-assessment"), "assessment.self_assessment"),
    Part.SUBMIT: (N_("Check and hand in"), "applications.application"),
    Part.REVIEW: (N_("Review by the national group"), "applications.application"),
    Part.CERTIFICATE: (N_("Certificate"), "certificates.of_school"),
}


def way_rows(page: FirstPage) -> list[Row]:
    """Write the parts of the way as a task list."""
    return [_way_row(leg, page) for leg in page.legs]


def _way_row(leg: Leg, page: FirstPage) -> Row:
    name, endpoint = PARTS[leg.part]
    return Row(
        label=_(name),
        href=url_for(endpoint),
        kind=MARK_KINDS[leg.mark],
        state=_(MARK_NAMES[leg.mark]),
        detail=_way_detail(leg, page),
    )


def _way_detail(leg: Leg, page: FirstPage) -> str | None:
    time = duration(leg.minutes) if leg.minutes else None
    if leg.part is Part.CRITERIA and leg.mark is not Mark.DONE:
        done = _(
            "%(done)d of %(total)d complete", done=page.criteria_done, total=page.criteria_total
        )
        return f"{done} · {time}"
    if leg.part is Part.TRAINING and leg.mark is not Mark.DONE:
        return _("Head or deputy head, and designated person: %(time)s each", time=time)
    if leg.part is Part.REVIEW and leg.mark in {Mark.LATER, Mark.WAITING}:
        return _("up to 40 working days")
    return time


# --- the certificate -------------------------------------------------------------------------


@dataclass(frozen=True)
class Certified:
    """What the newest certificate of a school says today."""

    kind: str
    state: str
    level: str
    until: str


def certified(school: School, content: Content, language: str) -> Certified | None:
    """Say what the certificate of a school says today; None, if there is none."""
    if school.standing is Standing.NONE or school.level is None or school.valid_until_on is None:
        return None
    return Certified(
        STANDING_KINDS[school.standing],
        _(STANDING_NAMES[school.standing]),
        level_name(school.level, content, language),
        filters.day(school.valid_until_on),
    )


def level_name(level: int, content: Content, language: str) -> str:
    """Name a level: its number, and its words."""
    standard = content.standard
    rule = next(one for one in standard.decision.levels if one.level == level)
    name = standard.decision_text(language).levels[rule.name].name
    return _("Level %(level)d, %(name)s", level=level, name=name)


# --- the application -------------------------------------------------------------------------


def state_row(application: Application) -> Row:
    """Say which state an application is in, and since when."""
    outcome = application.outcome
    return Row(
        label=_("Application %(number)d", number=application.cycle),
        href=None,
        kind="warn" if outcome is Outcome.MAJOR_GAPS else STATE_KINDS[application.state],
        state=_(OUTCOME_NAMES[outcome]) if outcome else _(STATE_NAMES[application.state]),
        detail=_("since %(day)s", day=filters.day(application.changed_at)),
    )


def open_rows(criteria: Sequence[OpenCriterion], language: str) -> list[Row]:
    """List the criteria that came back, each with its page."""
    return [
        Row(
            label=f"{one.criterion.id} {one.criterion.text(language).title}",
            href=url_for("assessment.criterion", criterion_id=one.criterion.id),
            kind="ok" if one.changed else "warn",
            state=_("Changed") if one.changed else _("Not changed yet"),
            detail=one.remark,
        )
        for one in criteria
    ]


def history(entries: Sequence[AuditEntry]) -> list[tuple[str, str]]:
    """Tell what happened to an application, oldest first: when, and what."""
    return [
        (filters.moment(one.at), _(HISTORY[one.event], round=one.facts.get("round")))
        for one in entries
        if one.event in HISTORY
    ]


@dataclass(frozen=True)
class ShownApplication:
    """The page of the application in words."""

    state: Row | None
    due: str | None
    open_criteria: list[Row]
    remarks: list[Remark]
    returned: bool
    parts: list[MissingPart]
    rounds: list[list[str]]
    history: list[tuple[str, str]]
    earlier: list[Row]
    opens_on: str | None
    has_letter: bool
    may_submit: bool
    unchanged: bool
    may_withdraw: bool
    may_open: bool


def application(page: ApplicationPage, language: str) -> ShownApplication:
    """Write the page of the application."""
    found, newest = page.position, page.position.newest
    state = found.before.state
    preparing = closed(found) is None
    withdrawable = state is not None and not rules.problems(Action.WITHDRAW, state, Facts())
    return ShownApplication(
        state=state_row(newest) if newest else None,
        due=due(found.due_on) if found.due_on else None,
        open_criteria=open_rows(found.open_criteria, language),
        remarks=found.remarks,
        returned=state is State.CHANGES_REQUESTED
        and newest is not None
        and newest.open_criteria is None,
        parts=missing_parts(found.gathered.facts) if preparing else [],
        rounds=[
            [str(one.round), filters.moment(one.submitted_at), one.sha256] for one in page.rounds
        ],
        history=history(page.history),
        earlier=[state_row(one) for one in page.earlier],
        opens_on=filters.day(found.opens_on) if found.opens_on and not found.may_open else None,
        has_letter=any(one.event in ANSWERED for one in page.history),
        may_submit=preparing and not found.gathered.facts.missing,
        unchanged=bool(found.unchanged),
        may_withdraw=withdrawable,
        may_open=state is State.DECIDED and found.may_open,
    )


def closed(found: Position) -> str | None:
    """Say why nothing can be handed in now, whatever the dossier holds; None, if it can."""
    if found.before.state in {State.SUBMITTED, State.IN_REVIEW}:
        return _("The dossier is handed in already.")
    if not found.before.is_open and not rules.opens_by_itself(found.before):
        return _("Start the next application first.")
    return None
