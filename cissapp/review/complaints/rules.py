"""The life of a complaint: which step is possible when, and who stays out of it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

from cissapp.foundation.core.errors import N_, Problem, Refused

ANSWER_WORKING_DAYS = 10  # programme rule 5.2: a complaint is answered within ten working days
REPLY_MARKS = 2000
MOST_OPEN = 20  # open complaints of one certificate; more would be a flood, not news


class State(StrEnum):
    """Where a complaint is in its life."""

    RECEIVED = "received"
    PASSED_ON = "passed_on"
    REPLIED = "replied"
    ANSWERED = "answered"


class Outcome(StrEnum):
    """What the group found. Whoever complained reads only this, in fixed words."""

    KEPT = "kept"
    MENDED = "mended"
    SUSPENDED = "suspended"
    NOT_PROMISED = "not_promised"


class Action(StrEnum):
    """What can be done with a complaint."""

    PASS_ON = "pass_on"  # noqa: S105 -- the name of an action
    REPLY = "reply"
    ANSWER = "answer"


STATE_NAMES = {
    State.RECEIVED: N_("Received"),
    State.PASSED_ON: N_("Passed on to the school"),
    State.REPLIED: N_("The school has replied"),
    State.ANSWERED: N_("Answered"),
}

# The colour and sign under which a state is shown.
STATE_KINDS = {
    State.RECEIVED: "warn",
    State.PASSED_ON: "info",
    State.REPLIED: "warn",
    State.ANSWERED: "ok",
}

OUTCOME_NAMES = {
    Outcome.KEPT: N_("The promise is kept"),
    Outcome.MENDED: N_("The school has mended it"),
    Outcome.SUSPENDED: N_("The certificate is suspended"),
    Outcome.NOT_PROMISED: N_("The certificate does not promise this"),
}

# What whoever complained reads: fixed sentences, so that nothing about the school or a person slips out.
OUTCOME_SENTENCES = {
    Outcome.KEPT: N_("The national group has looked into it. It found that the school keeps this."),
    Outcome.MENDED: N_(
        "The national group has looked into it. Something was missing, and the school has mended it."
    ),
    Outcome.SUSPENDED: N_(
        "The national group has suspended the certificate until the school has mended what is missing."
    ),
    Outcome.NOT_PROMISED: N_(
        "The national group has looked into it. The certificate does not promise this."
    ),
}

# From which states, to which.
MACHINE: dict[Action, tuple[frozenset[State], State]] = {
    Action.PASS_ON: (frozenset({State.RECEIVED}), State.PASSED_ON),
    Action.REPLY: (frozenset({State.PASSED_ON}), State.REPLIED),
    Action.ANSWER: (
        frozenset({State.RECEIVED, State.PASSED_ON, State.REPLIED}),
        State.ANSWERED,
    ),
}


def advance(action: Action, state: State) -> State:
    """Give the next state; raise `Refused` if the step is not possible (any more)."""
    sources, target = MACHINE[action]
    if state not in sources:
        message = N_("Someone else changed this first. Here is how it stands now.")
        raise Refused(Problem("state", message))
    return target


def promise_problems(promises: Collection[str], offered: Sequence[str]) -> list[Problem]:
    """Need at least one promise, and none that a certificate does not make."""
    if not promises or set(promises) - set(offered):
        return [Problem("promises", N_("Choose what is not kept."))]
    return []


@dataclass(frozen=True)
class Part:
    """What a person has had to do with the certificate that a complaint is about."""

    tied: bool = False
    mentored: bool = False
    invited: bool = False
    assessed: bool = False
    decided: bool = False


def keeps_from_answering(part: Part) -> list[Problem]:
    """List why a person does not handle the complaint.

    Whoever made a finding does not judge a complaint about it; nor does who helped the school or is
    tied to it (programme rules 5.3 and 8.6). The secretariat can always take it over.
    """
    if part.assessed or part.decided:
        message = N_(
            "You assessed or decided this school’s application. Another person, or the secretariat, handles the complaint."
        )
        return [Problem("part", message)]
    if part.tied or part.mentored or part.invited:
        message = N_(
            "You are tied to this school or helped it. Another person, or the secretariat, handles the complaint."
        )
        return [Problem("part", message)]
    return []
