"""The machine: which step leads from which states to which, and what it needs."""

from dataclasses import dataclass, field

from cissapp.foundation.core.errors import N_, Problem, Refused
from cissapp.prepare.applications.rules.needs import (
    Facts,
    Need,
    criteria_answered,
    dealt_for_calibration,
    documents_uploaded,
    mechanism_described,
    not_asked,
    not_sifted,
    round_left,
    sift_passed,
    statement_signed,
    training_done,
)
from cissapp.prepare.applications.rules.states import Action, Outcome, State


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
    Action.RETURN: step(S.SUBMITTED, to=S.CHANGES_REQUESTED, needs=(not_sifted, round_left)),
    Action.START_REVIEW: step(S.SUBMITTED, to=S.IN_REVIEW, needs=(sift_passed,)),
    Action.ASK: step(S.IN_REVIEW, to=S.CHANGES_REQUESTED, needs=(not_asked, round_left)),
    Action.REQUEST_CHANGES: step(S.IN_REVIEW, to=S.CHANGES_REQUESTED, needs=(round_left,)),
    Action.CERTIFY: step(S.IN_REVIEW, to=S.DECIDED),
    Action.REJECT: step(S.IN_REVIEW, to=S.DECIDED),
    # What a panel rules on an appeal: certified, or reviewed again by others.
    Action.ALTER: step(S.DECIDED, S.CHANGES_REQUESTED, to=S.DECIDED),
    Action.REOPEN: step(S.DECIDED, S.CHANGES_REQUESTED, to=S.SUBMITTED),
    # How a file that was dealt for calibration ends: with the review, and nobody decides.
    Action.CLOSE: step(S.IN_REVIEW, to=S.WITHDRAWN, needs=(dealt_for_calibration,)),
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
        return [
            Problem(
                "state", N_("This is not possible any more. Somebody may have acted before you.")
            )
        ]
    return [problem for need in arrow.needs for problem in need(facts)]


def advance(action: Action, state: State, facts: Facts) -> State:
    """Give the next state; raise `Refused` with every reason."""
    found = problems(action, state, facts)
    if found:
        raise Refused(*found)
    return MACHINE[action].target


def drawn() -> str:
    """Draw the machine as a Mermaid state diagram."""
    arrows = [
        f"    {source} --> {arrow.target}: {action}"
        for action, arrow in MACHINE.items()
        for source in State
        if source in arrow.sources
    ]
    ends = [
        f"    {state} --> [*]"
        for state in State
        if not any(state in arrow.sources for arrow in MACHINE.values())
    ]
    return "\n".join(["stateDiagram-v2", f"    [*] --> {State.DRAFT}", *arrows, *ends]) + "\n"
