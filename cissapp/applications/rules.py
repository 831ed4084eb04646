"""When an application may do what: the machine, and what each step needs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from cissapp.core.errors import N_, Problem, Refused


class State(StrEnum):
    """Where an application is in its life."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    IN_REVIEW = "in_review"
    CHANGES_REQUESTED = "changes_requested"
    DECIDED = "decided"
    WITHDRAWN = "withdrawn"


class Outcome(StrEnum):
    """What was decided. Minor gaps send the application back; the other two end it."""

    CERTIFIED = "certified"
    MINOR_GAPS = "minor_gaps"
    MAJOR_GAPS = "major_gaps"


class Action(StrEnum):
    """What can be done with an application."""

    SUBMIT = "submit"
    START_REVIEW = "start_review"
    REQUEST_CHANGES = "request_changes"
    CERTIFY = "certify"
    REJECT = "reject"
    WITHDRAW = "withdraw"


STATE_NAMES = {
    State.DRAFT: N_("Draft"),
    State.SUBMITTED: N_("Submitted"),
    State.IN_REVIEW: N_("In review"),
    State.CHANGES_REQUESTED: N_("Changes requested"),
    State.DECIDED: N_("Decided"),
    State.WITHDRAWN: N_("Taken back"),
}

OUTCOME_NAMES = {
    Outcome.CERTIFIED: N_("Certified"),
    Outcome.MINOR_GAPS: N_("Minor gaps"),
    Outcome.MAJOR_GAPS: N_("Major gaps"),
}


@dataclass(frozen=True)
class Missing:
    """Something that a dossier still lacks: its kind, what is shown of it, and where to mend it."""

    kind: str
    label: str
    link: tuple[str, dict[str, str]]


@dataclass(frozen=True)
class Facts:
    """What the rules need to know of a school, as plain values."""

    # Who still has to pass which modules: pairs of a person (or the duty that nobody has) and titles.
    training_left: Sequence[Missing] = ()
    documents_left: Sequence[Missing] = ()
    mechanism_left: Sequence[Missing] = ()
    criteria_left: Sequence[Missing] = ()
    statement_signed: bool = False


Need = Callable[[Facts], list[Problem]]


def _problems_of(code: str, message: str, missing: Sequence[Missing]) -> list[Problem]:
    return [
        Problem(f"{code}:{one.kind}", message, {"what": one.label}, one.link) for one in missing
    ]


def training_done(facts: Facts) -> list[Problem]:
    """Need all five modules passed by the head or a deputy and by the designated person (gate T)."""
    return _problems_of("training", N_("Training is not finished: %(what)s."), facts.training_left)


def documents_uploaded(facts: Facts) -> list[Problem]:
    """Need at least one policy document."""
    return _problems_of("documents", N_("A document is missing: %(what)s."), facts.documents_left)


def mechanism_described(facts: Facts) -> list[Problem]:
    """Need each part of the reporting mechanism."""
    return _problems_of(
        "mechanism", N_("The reporting mechanism is not complete: %(what)s."), facts.mechanism_left
    )


def criteria_answered(facts: Facts) -> list[Problem]:
    """Need a level, a text and evidence for each criterion that is open."""
    return _problems_of("criteria", N_("A criterion is not complete: %(what)s."), facts.criteria_left)


def statement_signed(facts: Facts) -> list[Problem]:
    """Need the head's statement: true, no child data, will accept a visit."""
    if facts.statement_signed:
        return []
    return [Problem("statement", N_("Confirm the statement before you hand the dossier in."))]


@dataclass(frozen=True)
class Step:
    """An arrow of the machine: from which states, to which, and what it needs."""

    sources: frozenset[State]
    target: State
    needs: tuple[Need, ...] = field(default=())


def step(*sources: State, to: State, needs: tuple[Need, ...] = ()) -> Step:
    """Write an arrow."""
    return Step(frozenset(sources), to, needs)


S = State
MACHINE: dict[Action, Step] = {
    Action.SUBMIT: step(
        S.DRAFT,
        S.CHANGES_REQUESTED,
        to=S.SUBMITTED,
        needs=(
            training_done,
            documents_uploaded,
            mechanism_described,
            criteria_answered,
            statement_signed,
        ),
    ),
    Action.START_REVIEW: step(S.SUBMITTED, to=S.IN_REVIEW),
    Action.REQUEST_CHANGES: step(S.IN_REVIEW, to=S.CHANGES_REQUESTED),
    Action.CERTIFY: step(S.IN_REVIEW, to=S.DECIDED),
    Action.REJECT: step(S.IN_REVIEW, to=S.DECIDED),
    Action.WITHDRAW: step(S.DRAFT, S.SUBMITTED, S.CHANGES_REQUESTED, to=S.WITHDRAWN),
}

# The action that an outcome stands for.
OUTCOME_ACTIONS = {
    Outcome.CERTIFIED: Action.CERTIFY,
    Outcome.MINOR_GAPS: Action.REQUEST_CHANGES,
    Outcome.MAJOR_GAPS: Action.REJECT,
}

# Where the school may still change its dossier.
EDITABLE = frozenset({State.DRAFT, State.CHANGES_REQUESTED})


def problems(action: Action, state: State, facts: Facts) -> list[Problem]:
    """List every reason why the action may not happen now; empty, if it may."""
    arrow = MACHINE[action]
    if state not in arrow.sources:
        return [Problem("state", N_("This is not possible any more. Somebody may have acted before you."))]
    return [problem for need in arrow.needs for problem in need(facts)]


def advance(action: Action, state: State, facts: Facts) -> State:
    """Give the next state; raise `Refused` with every reason."""
    found = problems(action, state, facts)
    if found:
        raise Refused(*found)
    return MACHINE[action].target
