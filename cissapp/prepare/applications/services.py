"""Writes of applications: open, hand in, review, send back, decide, take back."""

from dataclasses import replace
from datetime import date, datetime, time
from typing import Any

from cissapp.foundation.audit.rules import Event
from cissapp.foundation.audit.services import record
from cissapp.foundation.content.values import Content
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.db import lock, session
from cissapp.foundation.core.errors import N_, Problem, Refused
from cissapp.foundation.web.context import content as current_content
from cissapp.people.accounts.models import User
from cissapp.people.deadlines.rules import DeadlineKind as Due
from cissapp.people.schools import services as schools
from cissapp.people.schools.models import School
from cissapp.people.schools.rules import Progress
from cissapp.prepare.applications import queries, rules, snapshot, turns
from cissapp.prepare.applications.facts import before_of, gathered
from cissapp.prepare.applications.models import Application, Submission, SubmittedVersion
from cissapp.prepare.applications.rules import Action, Course, Facts, Outcome, State
from cissapp.prepare.documents import services as documents
from cissapp.prepare.drills.queries import newest_result

EVENTS = {
    Action.SUBMIT: Event.APPLICATION_SUBMITTED,
    Action.RETURN: Event.APPLICATION_RETURNED,
    Action.ASK: Event.QUESTION_ASKED,
    Action.START_REVIEW: Event.APPLICATION_REVIEW_STARTED,
    Action.REQUEST_CHANGES: Event.CHANGES_REQUESTED,
    Action.CERTIFY: Event.APPLICATION_DECIDED,
    Action.REJECT: Event.APPLICATION_DECIDED,
    Action.WITHDRAW: Event.APPLICATION_WITHDRAWN,
    Action.CLOSE: Event.APPLICATION_CLOSED,
    Action.ALTER: Event.APPLICATION_ALTERED,
    Action.REOPEN: Event.APPLICATION_REOPENED,
}

OUTCOMES = {
    Action.CERTIFY: Outcome.CERTIFIED,
    Action.REJECT: Outcome.MAJOR_GAPS,
    Action.ALTER: Outcome.CERTIFIED,
}

NOTHING = Facts()
LAST_MINUTE = time(20, 59)


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
    months = content.certificate_terms(school.country_code).renewal_opens_months
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
    documents.unlock(school.id)
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
        application.reviews_wanted = 1
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
    found = gathered(application, application.school, content, language=language, today=at.date())
    facts = replace(found.facts, statement_signed=statement_signed, signed_as=by.duty)
    move(application, Action.SUBMIT, by=by, at=at, facts=facts)
    versions = documents.freeze(application.school_id, by=by, at=at)
    text = snapshot.written(
        application,
        found.dossier,
        rubric_version=content.standard.rubric.version,
        signed_as=by.duty,
        at=at,
        drill=newest_result(application.school_id),
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
    documents.lock(application.school_id, open_criteria=[], at=at)
    schools.place(application.school, progress=Progress.SUBMITTED)
    process = content.standard.decision.process
    turns.group_begins(application, course(application), process, by=by, at=at)
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


def course(application: Application) -> Course:
    """Gather what has happened in an application."""
    return queries.course(application, current_content().standard.decision.process.rounds)


def return_to_school(application: Application, *, by: Actor, at: datetime) -> None:
    """Send back what the sift found incomplete: the whole dossier is open again, once."""
    days = current_content().standard.decision.process.answer_days
    move(application, Action.RETURN, by=by, at=at, facts=Facts(course=course(application)))
    application.open_criteria = None
    documents.unlock(application.school_id)
    _school_begins(application, Due.CHANGES, turns.working_day(application, days, at), by, at)


def ask(application: Application, *, open_criteria: list[str], by: Actor, at: datetime) -> None:
    """Ask the school about these criteria; they are open, and the clock of the review stops."""
    if not open_criteria:
        raise Refused(Problem("texts", N_("Name at least one criterion.")))
    days = current_content().standard.decision.process.answer_days
    facts = Facts(course=course(application))
    move(application, Action.ASK, by=by, at=at, facts=facts, open_criteria=open_criteria)
    application.open_criteria = open_criteria
    documents.lock(application.school_id, open_criteria=open_criteria, at=at)
    _school_begins(application, Due.CHANGES, turns.working_day(application, days, at), by, at)


def _school_begins(
    application: Application, kind: Due, due_on: date, by: Actor, at: datetime
) -> None:
    """Stop the group's clocks, and start the school's; the whole last day is the school's."""
    turns.ends(application, *turns.OF_GROUP, at=at)
    turns.begins(application, kind, due_on, by=by, at=at)
    application.due_at = datetime.combine(due_on, LAST_MINUTE, tzinfo=at.tzinfo)
    schools.place(application.school, progress=Progress.CHANGES_REQUESTED)
    session.flush()


def start_review(application: Application, *, by: Actor, at: datetime) -> None:
    """Let the review of the round begin."""
    move(application, Action.START_REVIEW, by=by, at=at, facts=Facts(course=course(application)))
    schools.place(application.school, progress=Progress.IN_REVIEW)
    session.flush()


def request_changes(
    application: Application,
    *,
    open_criteria: list[str],
    days: int,
    by: Actor,
    at: datetime,
) -> None:
    """Send the dossier back for so many days: these criteria are open, everything else stays closed."""
    if not open_criteria:
        raise Refused(Problem("open_criteria", N_("Name at least one criterion.")))
    facts = Facts(course=course(application))
    move(
        application, Action.REQUEST_CHANGES, by=by, at=at, facts=facts, open_criteria=open_criteria
    )
    application.open_criteria = open_criteria
    documents.lock(application.school_id, open_criteria=open_criteria, at=at)
    due_on = turns.calendar_day(application, days, at)
    _school_begins(application, Due.MINOR_GAPS, due_on, by, at)


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
    turns.ends(application, *turns.OF_GROUP, at=at)
    if action is Action.REJECT:
        documents.unlock(application.school_id)
    schools.place(application.school, progress=Progress.DECIDED)
    session.flush()


def withdraw(application: Application, *, by: Actor, at: datetime) -> None:
    """Take the application back: what was handed in stays on record, the dossier is open again."""
    _alone(application.school)
    session.refresh(application)
    move(application, Action.WITHDRAW, by=by, at=at)
    turns.ends(application, *turns.OF_GROUP, *turns.OF_SCHOOL, at=at)
    documents.unlock(application.school_id)
    _back_to_preparing(application.school)
    session.flush()


HANDED_IN = frozenset(
    {Progress.SUBMITTED, Progress.IN_REVIEW, Progress.CHANGES_REQUESTED, Progress.DECIDED}
)


def _back_to_preparing(school: School) -> None:
    if school.progress in HANDED_IN:
        schools.place(school, progress=Progress.TRAINED)
