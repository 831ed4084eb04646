"""The stages to certification with their status, and what a school does next."""

from collections.abc import Sequence
from enum import StrEnum

from msgspec import Struct

from cissapp.foundation.core.errors import N_
from cissapp.people.schools.rules import IN_FORCE, Standing
from cissapp.prepare.applications.rules import (
    ApplicationFacts,
    ApplicationOutcome,
    ApplicationState,
    LastApplication,
    MissingItem,
)

# How long a part takes if the documents are at hand (domain 5.2: two hours per part of the rubric).
DOCUMENT_MINUTES, MECHANISM_MINUTES, SUBMIT_MINUTES = 30, 60, 10
# Based on estimates, until heads are timed: five minutes for a critical criterion, whose answer is
# written, and two for any other, for which the sentence of a level is chosen.
CRITERION_MINUTES = 4


class SchoolStep(StrEnum):
    """What a school manager does next."""

    TRAIN = "train"
    ADD_DOCUMENTS = "add_documents"
    DESCRIBE_MECHANISM = "describe_mechanism"
    ASSESS = "assess"
    ASK_COLLEAGUES = "ask_colleagues"
    SUBMIT = "submit"
    WAIT = "wait"
    ANSWER = "answer"
    START_AGAIN = "start_again"
    CERTIFICATE = "certificate"
    END_SUSPENSION = "end_suspension"
    RENEW = "renew"


# The steps with which a school prepares what it submits.
PREPARING = frozenset(
    {
        SchoolStep.TRAIN,
        SchoolStep.ADD_DOCUMENTS,
        SchoolStep.DESCRIBE_MECHANISM,
        SchoolStep.ASSESS,
        SchoolStep.ASK_COLLEAGUES,
        SchoolStep.SUBMIT,
    }
)


class StageKind(StrEnum):
    """What a stage is about."""

    TRAINING = "training"
    DOCUMENTS = "documents"
    MECHANISM = "mechanism"
    CRITERIA = "criteria"
    SUBMIT = "submit"
    REVIEW = "review"
    CERTIFICATE = "certificate"


class StageStatus(StrEnum):
    """How far a stage is."""

    DONE = "done"
    STARTED = "started"
    TO_DO = "to_do"
    LATER = "later"
    WAITING = "waiting"
    RUNNING = "running"
    BACK = "back"
    NOT_MET = "not_met"


STATUS_NAMES = {
    StageStatus.DONE: N_("Done"),
    StageStatus.STARTED: N_("In progress"),
    StageStatus.TO_DO: N_("To do"),
    StageStatus.LATER: N_("Not yet"),
    StageStatus.WAITING: N_("Waiting"),
    StageStatus.RUNNING: N_("In review"),
    StageStatus.BACK: N_("Changes requested"),
    StageStatus.NOT_MET: N_("Not met yet"),
}


class StartedStages(Struct, frozen=True):
    """Which stages have been started, how many minutes of training are left, and whether criteria came back.

    `unchanged`: a criterion that came back has not been changed.
    """

    training: bool = False
    documents: bool = False
    mechanism: bool = False
    criteria: bool = False
    training_minutes: int = 0
    unchanged: bool = False


class Stage(Struct, frozen=True):
    """A stage: its status, and how many minutes it still takes."""

    kind: StageKind
    status: StageStatus
    minutes: int = 0


def choose_next_step(
    last: LastApplication,
    facts: ApplicationFacts,
    *,
    own_training: bool,
    answered: bool,
    may_open: bool,
) -> SchoolStep:
    """Choose what a school manager does next.

    `own_training`: the person has modules to pass that the school needs; `answered`: everything that
    came back was changed; `may_open`: the next application may be opened today.
    """
    if last.state in {ApplicationState.SUBMITTED, ApplicationState.IN_REVIEW}:
        return SchoolStep.WAIT
    if last.state is ApplicationState.CHANGES_REQUESTED:
        return SchoolStep.SUBMIT if answered and not facts.missing else SchoolStep.ANSWER
    if last.outcome is ApplicationOutcome.CERTIFIED:
        return _certified(last.standing, facts, own_training=own_training, may_open=may_open)
    if last.outcome is ApplicationOutcome.MAJOR_GAPS:
        return SchoolStep.START_AGAIN
    return _preparing(facts, own_training=own_training)


def _certified(
    standing: Standing, facts: ApplicationFacts, *, own_training: bool, may_open: bool
) -> SchoolStep:
    if standing is Standing.SUSPENDED:
        return SchoolStep.END_SUSPENSION
    if may_open:
        return SchoolStep.RENEW
    if own_training:
        return SchoolStep.TRAIN
    # Someone left: the certificate stays valid, and the school has a deadline to train a successor.
    return SchoolStep.ASK_COLLEAGUES if facts.training_left else SchoolStep.CERTIFICATE


def _preparing(facts: ApplicationFacts, *, own_training: bool) -> SchoolStep:
    wanted = [
        (own_training, SchoolStep.TRAIN),
        (bool(facts.documents_left), SchoolStep.ADD_DOCUMENTS),
        (bool(facts.mechanism_left), SchoolStep.DESCRIBE_MECHANISM),
        (bool(facts.criteria_left), SchoolStep.ASSESS),
        (bool(facts.training_left), SchoolStep.ASK_COLLEAGUES),
    ]
    return next((step for needed, step in wanted if needed), SchoolStep.SUBMIT)


PREPARED_STAGES = (StageKind.TRAINING, StageKind.DOCUMENTS, StageKind.MECHANISM, StageKind.CRITERIA)

REVIEW_STATUS = {
    ApplicationState.SUBMITTED: StageStatus.WAITING,
    ApplicationState.IN_REVIEW: StageStatus.RUNNING,
    ApplicationState.CHANGES_REQUESTED: StageStatus.BACK,
    ApplicationState.DECIDED: StageStatus.DONE,
}


def list_stages(
    last: LastApplication, facts: ApplicationFacts, started: StartedStages
) -> list[Stage]:
    """List the stages in their order."""
    rejected = last.outcome is ApplicationOutcome.MAJOR_GAPS
    reviewed = (
        StageStatus.NOT_MET
        if rejected
        else REVIEW_STATUS.get(last.state or ApplicationState.DRAFT, StageStatus.LATER)
    )
    certified = last.standing in IN_FORCE and not last.is_open
    return [
        *_prepared(last, facts, started),
        _submitted(last, facts),
        Stage(StageKind.REVIEW, reviewed),
        Stage(StageKind.CERTIFICATE, StageStatus.DONE if certified else StageStatus.LATER),
    ]


def _prepared(
    last: LastApplication, facts: ApplicationFacts, started: StartedStages
) -> list[Stage]:
    if last.state in {ApplicationState.SUBMITTED, ApplicationState.IN_REVIEW}:
        return [Stage(kind, StageStatus.DONE) for kind in PREPARED_STAGES]
    criteria = len({one.kind for one in facts.criteria_left})
    assessed = _stage(
        StageKind.CRITERIA, facts.criteria_left, started.criteria, criteria * CRITERION_MINUTES
    )
    if started.unchanged and assessed.status is StageStatus.DONE:
        assessed = Stage(StageKind.CRITERIA, StageStatus.BACK)
    return [
        _stage(StageKind.TRAINING, facts.training_left, started.training, started.training_minutes),
        _stage(StageKind.DOCUMENTS, facts.documents_left, started.documents, DOCUMENT_MINUTES),
        _stage(StageKind.MECHANISM, facts.mechanism_left, started.mechanism, MECHANISM_MINUTES),
        assessed,
    ]


def _stage(kind: StageKind, left: Sequence[MissingItem], started: bool, minutes: int) -> Stage:  # noqa: FBT001 -- a fact
    if not left:
        return Stage(kind, StageStatus.DONE)
    return Stage(kind, StageStatus.STARTED if started else StageStatus.TO_DO, minutes)


def _submitted(last: LastApplication, facts: ApplicationFacts) -> Stage:
    if last.state in {
        ApplicationState.SUBMITTED,
        ApplicationState.IN_REVIEW,
        ApplicationState.DECIDED,
    }:
        return Stage(StageKind.SUBMIT, StageStatus.DONE)
    return Stage(
        StageKind.SUBMIT, StageStatus.LATER if facts.missing else StageStatus.TO_DO, SUBMIT_MINUTES
    )
