"""Writes of applications: open, hand in, review, send back, decide, take back."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from cissapp.accounts.models import User
from cissapp.applications import queries, rules, snapshot
from cissapp.applications.facts import before_of, gathered
from cissapp.applications.models import Application, Submission, SubmittedVersion
from cissapp.applications.rules import Action, Facts, Outcome, State
from cissapp.audit.rules import Event
from cissapp.audit.services import record
from cissapp.content.values import Content
from cissapp.core.actor import Actor
from cissapp.core.db import lock, session
from cissapp.core.errors import N_, Problem, Refused
from cissapp.evidence import services as evidence
from cissapp.schools import services as schools
from cissapp.schools.models import School
from cissapp.schools.rules import Progress

EVENTS = {
    Action.SUBMIT: Event.APPLICATION_SUBMITTED,
    Action.START_REVIEW: Event.APPLICATION_REVIEW_STARTED,
    Action.REQUEST_CHANGES: Event.CHANGES_REQUESTED,
    Action.CERTIFY: Event.APPLICATION_DECIDED,
    Action.REJECT: Event.APPLICATION_DECIDED,
    Action.WITHDRAW: Event.APPLICATION_WITHDRAWN,
}

OUTCOMES = {Action.CERTIFY: Outcome.CERTIFIED, Action.REJECT: Outcome.MAJOR_GAPS}

NOTHING = Facts()


def _alone(school: School) -> None:
    """Let nobody else change this school's dossier or application until this change is kept.

    The name of the lock is the one that each change of the evidence waits for.
    """
    lock(f"dossier:{school.id}")


def facts_of(
    application: Application | None, school: School, content: Content, *, language: str = "en"
) -> Facts:
    """Gather what the dossier still lacks; titles are written in the language."""
    return gathered(application, school, content, language=language).facts


def open_application(school: School, *, content: Content, by: Actor, at: datetime) -> Application:
    """Open the school's next application; its dossier may be changed again.

    One is open at a time. After a certificate the next one opens some months before that ends.
    """
    _alone(school)
    newest = queries.newest_application(school.id)
    months = content.standard.decision.validity.renewal_opens_months_before
    found = rules.opening_problems(before_of(newest, school), months, at.date())
    if found:
        raise Refused(*found)
    application = Application(
        school_id=school.id,
        school=school,
        cycle=newest.cycle + 1 if newest else 1,
        round=0,
        state=State.DRAFT,
        opened_at=at,
        changed_at=at,
    )
    session.add(application)
    session.flush()
    evidence.unlock(school.id)
    _back_to_preparing(school)
    record(
        Event.APPLICATION_OPENED,
        application,
        by=by,
        at=at,
        school_id=school.id,
        cycle=application.cycle,
    )
    session.flush()
    return application


def move(
    application: Application,
    action: Action,
    *,
    by: Actor,
    at: datetime,
    facts: Facts = NOTHING,
    level: int | None = None,
    **details: Any,
) -> None:
    """Take a step of the machine, or refuse with every reason; the only writer of the state.

    Of two people who act at once the second gets `StaleDataError`. `details` are recorded.
    """
    old = application.state
    new = rules.advance(action, old, facts)
    application.state = new
    application.changed_at = at
    if action is Action.SUBMIT:
        application.round += 1
        application.due_at = None
    if action in OUTCOMES:
        application.outcome = OUTCOMES[action]
        application.level = level
        details = {**details, "outcome": OUTCOMES[action].value, "level": level}
    session.flush()
    record(
        EVENTS[action],
        application,
        by=by,
        at=at,
        school_id=application.school_id,
        old=old.value,
        new=new.value,
        round=application.round,
        **details,
    )
    session.flush()


def submit(
    application: Application,
    *,
    content: Content,
    statement_signed: bool,
    by: User,
    at: datetime,
    language: str = "en",
) -> Submission:
    """Hand the dossier in: it is kept as it is, and closed; refuse with everything that is missing."""
    _alone(application.school)
    session.refresh(application)
    found = gathered(application, application.school, content, language=language)
    facts = replace(found.facts, statement_signed=statement_signed, signed_as=by.duty)
    move(application, Action.SUBMIT, by=by, at=at, facts=facts)
    versions = evidence.freeze(application.school_id, by=by, at=at)
    text = snapshot.written(
        application,
        found.dossier,
        rubric_version=content.standard.rubric.version,
        signed_as=by.duty,
        at=at,
    )
    submission = Submission(
        application_id=application.id,
        round=application.round,
        rubric_version=content.standard.rubric.version,
        content=text,
        sha256=snapshot.sha256_of(text),
        submitted_at=at,
        submitted_by_id=by.id,
        versions=[SubmittedVersion(version_id=one.id) for one in versions],
    )
    session.add(submission)
    evidence.lock(application.school_id, open_criteria=[], at=at)
    schools.place(application.school, progress=Progress.SUBMITTED)
    session.flush()
    return submission


def hand_in(
    school: School,
    *,
    content: Content,
    statement_signed: bool,
    by: User,
    at: datetime,
    language: str = "en",
) -> Submission:
    """Hand in what the school has: a first application opens by itself, one after a decision does not."""
    _alone(school)
    application = queries.open_application(school.id)
    if application is None:
        newest = queries.newest_application(school.id)
        if not rules.opens_by_itself(before_of(newest, school)):
            link = ("applications.application", dict[str, Any]())
            raise Refused(Problem("open", N_("Start the next application first."), {}, link))
        application = open_application(school, content=content, by=by, at=at)
    return submit(
        application,
        content=content,
        statement_signed=statement_signed,
        by=by,
        at=at,
        language=language,
    )


def start_review(application: Application, *, by: Actor, at: datetime) -> None:
    """Let the review of the round begin."""
    move(application, Action.START_REVIEW, by=by, at=at)
    schools.place(application.school, progress=Progress.IN_REVIEW)
    session.flush()


def request_changes(
    application: Application,
    *,
    open_criteria: list[str],
    due_at: datetime | None,
    by: Actor,
    at: datetime,
) -> None:
    """Send the dossier back to the school: these criteria are open, everything else stays closed."""
    if not open_criteria:
        raise Refused(Problem("open_criteria", N_("Name at least one criterion.")))
    move(application, Action.REQUEST_CHANGES, by=by, at=at, open_criteria=open_criteria)
    application.open_criteria = open_criteria
    application.due_at = due_at
    evidence.lock(application.school_id, open_criteria=open_criteria, at=at)
    schools.place(application.school, progress=Progress.CHANGES_REQUESTED)
    session.flush()


def decide(
    application: Application,
    *,
    outcome: Outcome,
    level: int | None = None,
    by: Actor,
    at: datetime,
) -> None:
    """End the application: certified with a level, or major gaps, after which the dossier is open again.

    Minor gaps do not end it: see `request_changes`.
    """
    action = rules.OUTCOME_ACTIONS[outcome]
    if action not in OUTCOMES:
        raise ValueError("minor gaps end nothing")
    move(application, action, by=by, at=at, level=level)
    if action is Action.REJECT:
        evidence.unlock(application.school_id)
    schools.place(application.school, progress=Progress.DECIDED)
    session.flush()


def withdraw(application: Application, *, by: Actor, at: datetime) -> None:
    """Take the application back: what was handed in stays on record, the dossier is open again."""
    _alone(application.school)
    session.refresh(application)
    move(application, Action.WITHDRAW, by=by, at=at)
    evidence.unlock(application.school_id)
    _back_to_preparing(application.school)
    session.flush()


HANDED_IN = frozenset(
    {Progress.SUBMITTED, Progress.IN_REVIEW, Progress.CHANGES_REQUESTED, Progress.DECIDED}
)


def _back_to_preparing(school: School) -> None:
    if school.progress in HANDED_IN:
        schools.place(school, progress=Progress.TRAINED)
