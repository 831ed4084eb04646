"""The state machine: which step leads from which states to which, and what it requires."""

from msgspec import Struct, field

from cissapp.foundation.core.errors import N_, Problem, Refused
from cissapp.prepare.applications.rules.needs import (
    ApplicationFacts,
    Requirement,
    completeness_confirmed,
    completeness_unchecked,
    criteria_answered,
    dealt_for_calibration,
    documents_uploaded,
    mechanism_described,
    not_asked,
    round_left,
    statement_signed,
    training_done,
)
from cissapp.prepare.applications.rules.states import (
    ApplicationAction,
    ApplicationOutcome,
    ApplicationState,
)


class Transition(Struct, frozen=True):
    """A transition: from which states, to which, and what it requires."""

    sources: frozenset[ApplicationState]
    target: ApplicationState
    needs: tuple[Requirement, ...] = field(default=())


def transition(
    *sources: ApplicationState, to: ApplicationState, needs: tuple[Requirement, ...] = ()
) -> Transition:
    """Build a transition from its source states."""
    return Transition(frozenset(sources), to, needs)


S = ApplicationState
MACHINE: dict[ApplicationAction, Transition] = {
    ApplicationAction.SUBMIT: transition(
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
    ApplicationAction.RETURN: transition(
        S.SUBMITTED, to=S.CHANGES_REQUESTED, needs=(completeness_unchecked, round_left)
    ),
    ApplicationAction.START_REVIEW: transition(
        S.SUBMITTED, to=S.IN_REVIEW, needs=(completeness_confirmed,)
    ),
    ApplicationAction.ASK: transition(
        S.IN_REVIEW, to=S.CHANGES_REQUESTED, needs=(not_asked, round_left)
    ),
    ApplicationAction.REQUEST_CHANGES: transition(
        S.IN_REVIEW, to=S.CHANGES_REQUESTED, needs=(round_left,)
    ),
    ApplicationAction.CERTIFY: transition(S.IN_REVIEW, to=S.DECIDED),
    ApplicationAction.REJECT: transition(S.IN_REVIEW, to=S.DECIDED),
    # What a panel decides on an appeal: certified, or reviewed again by others.
    ApplicationAction.ALTER: transition(S.DECIDED, S.CHANGES_REQUESTED, to=S.DECIDED),
    ApplicationAction.REOPEN: transition(S.DECIDED, S.CHANGES_REQUESTED, to=S.SUBMITTED),
    # A calibration case ends with its review, without a decision.
    ApplicationAction.CLOSE: transition(
        S.IN_REVIEW, to=S.WITHDRAWN, needs=(dealt_for_calibration,)
    ),
    ApplicationAction.WITHDRAW: transition(
        S.DRAFT, S.SUBMITTED, S.CHANGES_REQUESTED, to=S.WITHDRAWN
    ),
}

# The action that an outcome stands for.
OUTCOME_ACTIONS = {
    ApplicationOutcome.CERTIFIED: ApplicationAction.CERTIFY,
    ApplicationOutcome.MINOR_GAPS: ApplicationAction.REQUEST_CHANGES,
    ApplicationOutcome.MAJOR_GAPS: ApplicationAction.REJECT,
}


def problems(
    action: ApplicationAction, state: ApplicationState, facts: ApplicationFacts
) -> list[Problem]:
    """List every reason why the action may not happen now; empty, if it may."""
    arrow = MACHINE[action]
    if state not in arrow.sources:
        return [Problem("state", N_("Someone else changed this first. Here is how it stands now."))]
    return [problem for need in arrow.needs for problem in need(facts)]


def advance(
    action: ApplicationAction, state: ApplicationState, facts: ApplicationFacts
) -> ApplicationState:
    """Return the next state; raise `Refused` with every reason."""
    found = problems(action, state, facts)
    if found:
        raise Refused(*found)
    return MACHINE[action].target


def draw_machine() -> str:
    """Draw the machine as a Mermaid state diagram."""
    arrows = [
        f"    {source} --> {arrow.target}: {action}"
        for action, arrow in MACHINE.items()
        for source in ApplicationState
        if source in arrow.sources
    ]
    ends = [
        f"    {state} --> [*]"
        for state in ApplicationState
        if not any(state in arrow.sources for arrow in MACHINE.values())
    ]
    return (
        "\n".join(["stateDiagram-v2", f"    [*] --> {ApplicationState.DRAFT}", *arrows, *ends])
        + "\n"
    )
