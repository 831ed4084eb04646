"""When an application may do what: the machine, what each step needs, when the next one opens."""

from calendar import monthrange
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from cissapp.accounts.rules import Duty
from cissapp.core.errors import N_, Problem, Refused
from cissapp.schools.rules import Standing


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

# The colour and sign under which a state is shown.
STATE_KINDS = {
    State.DRAFT: "none",
    State.SUBMITTED: "info",
    State.IN_REVIEW: "info",
    State.CHANGES_REQUESTED: "warn",
    State.DECIDED: "ok",
    State.WITHDRAWN: "none",
}

OUTCOME_NAMES = {
    Outcome.CERTIFIED: N_("Certified"),
    Outcome.MINOR_GAPS: N_("Minor gaps"),
    Outcome.MAJOR_GAPS: N_("Major gaps"),
}


@dataclass(frozen=True)
class Missing:
    """Something that a dossier still lacks: its kind, a sentence with its values, and where to mend it."""

    kind: str
    message: str
    link: tuple[str, dict[str, Any]]
    values: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Facts:
    """What the rules need to know of a school, as plain values."""

    training_left: Sequence[Missing] = ()
    documents_left: Sequence[Missing] = ()
    mechanism_left: Sequence[Missing] = ()
    criteria_left: Sequence[Missing] = ()
    statement_signed: bool = False
    signed_as: Duty | None = None

    @property
    def missing(self) -> list[Missing]:
        """Everything that the dossier still lacks, in the order of the way."""
        return [
            *self.training_left,
            *self.documents_left,
            *self.mechanism_left,
            *self.criteria_left,
        ]


# Who may sign for the school.
SIGNING_DUTIES = frozenset({Duty.HEAD, Duty.DEPUTY})

Need = Callable[[Facts], list[Problem]]


def problems_of(code: str, missing: Sequence[Missing]) -> list[Problem]:
    """Turn what is missing into problems, each with its link."""
    return [Problem(f"{code}:{one.kind}", one.message, one.values, one.link) for one in missing]


def training_done(facts: Facts) -> list[Problem]:
    """Need all five modules passed by the head or a deputy and by the designated person (gate T)."""
    return problems_of("training", facts.training_left)


def documents_uploaded(facts: Facts) -> list[Problem]:
    """Need at least one policy document."""
    return problems_of("documents", facts.documents_left)


def mechanism_described(facts: Facts) -> list[Problem]:
    """Need each part of the reporting mechanism."""
    return problems_of("mechanism", facts.mechanism_left)


def criteria_answered(facts: Facts) -> list[Problem]:
    """Need a level, a text and evidence for each criterion that is open."""
    return problems_of("criteria", facts.criteria_left)


def statement_signed(facts: Facts) -> list[Problem]:
    """Need the head's statement: true, no child data, will accept a visit."""
    found = []
    if not facts.statement_signed:
        found.append(
            Problem("statement", N_("Confirm the statement before you hand the dossier in."))
        )
    if facts.signed_as not in SIGNING_DUTIES:
        found.append(
            Problem(
                "statement",
                N_("The head or a deputy head signs the statement. Ask one of them to hand it in."),
            )
        )
    return found


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


# --- the next application --------------------------------------------------------------------


def months_before(day: date, months: int) -> date:
    """Give the day so many months earlier, or the last day of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


@dataclass(frozen=True)
class Before:
    """What a school has behind it: its newest application, and what its certificate says today."""

    state: State | None = None
    outcome: Outcome | None = None
    standing: Standing = Standing.NONE
    valid_until_on: date | None = None

    @property
    def is_open(self) -> bool:
        """Whether an application is on its way."""
        return self.state not in {None, State.DECIDED, State.WITHDRAWN}

    @property
    def holds_certificate(self) -> bool:
        """Whether there is a certificate that has its days still before it."""
        return self.outcome is Outcome.CERTIFIED and self.standing in {
            Standing.VALID,
            Standing.EXPIRING,
            Standing.SUSPENDED,
        }


def opens_by_itself(before: Before) -> bool:
    """Say whether handing in opens the application: the first one, or one after a withdrawal."""
    return before.state in {None, State.WITHDRAWN}


def opens_on(before: Before, months: int) -> date | None:
    """Give the day from which the next application may open; None, if that is not a matter of days."""
    if not before.holds_certificate or before.valid_until_on is None:
        return None
    return months_before(before.valid_until_on, months)


def opening_problems(before: Before, months: int, today: date) -> list[Problem]:
    """List why no application may be opened now: one is open, or the certificate is too fresh."""
    if before.is_open:
        return [Problem("open", N_("An application of this school is open already."))]
    day = opens_on(before, months)
    if day is None or today >= day:
        return []
    message = N_(
        "The next application opens on %(day)s, %(months)s months before the certificate ends."
    )
    return [Problem("early", message, {"day": day, "months": months})]
