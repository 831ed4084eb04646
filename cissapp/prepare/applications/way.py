"""The way of a school to its certificate: its parts with their marks, and the one next thing. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from cissapp.foundation.core.errors import N_
from cissapp.people.schools.rules import IN_FORCE, Standing
from cissapp.prepare.applications.rules import Before, Facts, Missing, Outcome, State

# How long a part takes if the school has the papers at hand (domain 5.2: two hours a part of the rubric).
DOCUMENT_MINUTES, MECHANISM_MINUTES, CRITERION_MINUTES, SUBMIT_MINUTES = 30, 60, 8, 10


class Step(StrEnum):
    """The one next thing of a school manager."""

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
    RENEW = "renew"


class Part(StrEnum):
    """A part of the way."""

    TRAINING = "training"
    DOCUMENTS = "documents"
    MECHANISM = "mechanism"
    CRITERIA = "criteria"
    SUBMIT = "submit"
    REVIEW = "review"
    CERTIFICATE = "certificate"


class Mark(StrEnum):
    """How far a part is."""

    DONE = "done"
    STARTED = "started"
    TO_DO = "to_do"
    LATER = "later"
    WAITING = "waiting"
    RUNNING = "running"
    BACK = "back"
    NOT_MET = "not_met"


MARK_NAMES = {
    Mark.DONE: N_("Done"),
    Mark.STARTED: N_("In progress"),
    Mark.TO_DO: N_("To do"),
    Mark.LATER: N_("Not yet"),
    Mark.WAITING: N_("Waiting"),
    Mark.RUNNING: N_("In review"),
    Mark.BACK: N_("Changes requested"),
    Mark.NOT_MET: N_("Not met yet"),
}

MARK_KINDS = {
    Mark.DONE: "ok",
    Mark.STARTED: "info",
    Mark.TO_DO: "none",
    Mark.LATER: "none",
    Mark.WAITING: "info",
    Mark.RUNNING: "info",
    Mark.BACK: "warn",
    Mark.NOT_MET: "warn",
}

# The colour and sign of what a certificate says today.
STANDING_KINDS = {
    Standing.NONE: "none",
    Standing.VALID: "ok",
    Standing.EXPIRING: "warn",
    Standing.EXPIRED: "bad",
    Standing.SUSPENDED: "warn",
    Standing.WITHDRAWN: "bad",
}


@dataclass(frozen=True)
class Begun:
    """How much of each part there is already, and how many minutes of training are left."""

    training: bool = False
    documents: bool = False
    mechanism: bool = False
    criteria: bool = False
    training_minutes: int = 0


@dataclass(frozen=True)
class Leg:
    """A part of the way: its mark, and how many minutes it still takes."""

    part: Part
    mark: Mark
    minutes: int = 0


def next_step(
    before: Before, facts: Facts, *, own_training: bool, answered: bool, may_open: bool
) -> Step:
    """Say what a school manager does next.

    `own_training`: the person has modules to pass that the school needs; `answered`: everything that
    came back was changed; `may_open`: the next application may be opened today.
    """
    if before.state in {State.SUBMITTED, State.IN_REVIEW}:
        return Step.WAIT
    if before.state is State.CHANGES_REQUESTED:
        return Step.SUBMIT if answered and not facts.missing else Step.ANSWER
    if before.outcome is Outcome.CERTIFIED:
        return Step.RENEW if may_open else Step.CERTIFICATE
    if before.outcome is Outcome.MAJOR_GAPS:
        return Step.START_AGAIN
    return _preparing(facts, own_training=own_training)


def _preparing(facts: Facts, *, own_training: bool) -> Step:
    wanted = [
        (own_training, Step.TRAIN),
        (bool(facts.documents_left), Step.ADD_DOCUMENTS),
        (bool(facts.mechanism_left), Step.DESCRIBE_MECHANISM),
        (bool(facts.criteria_left), Step.ASSESS),
        (bool(facts.training_left), Step.ASK_COLLEAGUES),
    ]
    return next((step for needed, step in wanted if needed), Step.SUBMIT)


PREPARED = (Part.TRAINING, Part.DOCUMENTS, Part.MECHANISM, Part.CRITERIA)

REVIEW_MARKS = {
    State.SUBMITTED: Mark.WAITING,
    State.IN_REVIEW: Mark.RUNNING,
    State.CHANGES_REQUESTED: Mark.BACK,
    State.DECIDED: Mark.DONE,
}


def legs(before: Before, facts: Facts, begun: Begun) -> list[Leg]:
    """List the parts of the way in their order."""
    rejected = before.outcome is Outcome.MAJOR_GAPS
    reviewed = (
        Mark.NOT_MET if rejected else REVIEW_MARKS.get(before.state or State.DRAFT, Mark.LATER)
    )
    certified = before.standing in IN_FORCE and not before.is_open
    return [
        *_prepared(before, facts, begun),
        _submitted(before, facts),
        Leg(Part.REVIEW, reviewed),
        Leg(Part.CERTIFICATE, Mark.DONE if certified else Mark.LATER),
    ]


def _prepared(before: Before, facts: Facts, begun: Begun) -> list[Leg]:
    if before.state in {State.SUBMITTED, State.IN_REVIEW}:
        return [Leg(part, Mark.DONE) for part in PREPARED]
    criteria = len({one.kind for one in facts.criteria_left})
    return [
        _leg(Part.TRAINING, facts.training_left, begun.training, begun.training_minutes),
        _leg(Part.DOCUMENTS, facts.documents_left, begun.documents, DOCUMENT_MINUTES),
        _leg(Part.MECHANISM, facts.mechanism_left, begun.mechanism, MECHANISM_MINUTES),
        _leg(Part.CRITERIA, facts.criteria_left, begun.criteria, criteria * CRITERION_MINUTES),
    ]


def _leg(part: Part, left: Sequence[Missing], begun: bool, minutes: int) -> Leg:  # noqa: FBT001 -- a fact
    if not left:
        return Leg(part, Mark.DONE)
    return Leg(part, Mark.STARTED if begun else Mark.TO_DO, minutes)


def _submitted(before: Before, facts: Facts) -> Leg:
    if before.state in {State.SUBMITTED, State.IN_REVIEW, State.DECIDED}:
        return Leg(Part.SUBMIT, Mark.DONE)
    return Leg(Part.SUBMIT, Mark.LATER if facts.missing else Mark.TO_DO, SUBMIT_MINUTES)
