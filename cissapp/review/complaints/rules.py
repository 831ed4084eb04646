"""The life of a complaint: which step is possible when, and who stays out of it."""

from collections.abc import Collection, Sequence
from enum import StrEnum

from msgspec import Struct

from cissapp.foundation.core.errors import N_, Problem, Refused

ANSWER_WORKING_DAYS = 10  # programme rule 5.2: a complaint is answered within ten working days
REPLY_MARKS = 2000
MOST_OPEN = 20  # open complaints of one certificate; more would be a flood, not news


class ComplaintState(StrEnum):
    """The state of a complaint."""

    RECEIVED = "received"
    PASSED_ON = "passed_on"
    REPLIED = "replied"
    ANSWERED = "answered"


class ComplaintOutcome(StrEnum):
    """The group's finding. The person who complained reads only this, in fixed words."""

    KEPT = "kept"
    MENDED = "mended"
    SUSPENDED = "suspended"
    NOT_PROMISED = "not_promised"


class ComplaintAction(StrEnum):
    """What can be done with a complaint."""

    PASS_ON = "pass_on"  # noqa: S105 -- the name of an action
    REPLY = "reply"
    ANSWER = "answer"


STATE_NAMES = {
    ComplaintState.RECEIVED: N_("Received"),
    ComplaintState.PASSED_ON: N_("Passed on to the school"),
    ComplaintState.REPLIED: N_("The school has replied"),
    ComplaintState.ANSWERED: N_("Answered"),
}

# The colour and icon with which a state is shown.
STATE_KINDS = {
    ComplaintState.RECEIVED: "warn",
    ComplaintState.PASSED_ON: "info",
    ComplaintState.REPLIED: "warn",
    ComplaintState.ANSWERED: "ok",
}

OUTCOME_NAMES = {
    ComplaintOutcome.KEPT: N_("The promise is kept"),
    ComplaintOutcome.MENDED: N_("The school has put it right"),
    ComplaintOutcome.SUSPENDED: N_("The certificate is suspended"),
    ComplaintOutcome.NOT_PROMISED: N_("The certificate does not promise this"),
}

# What a person who complained reads: fixed sentences, so that nothing about the school or a person leaks.
OUTCOME_SENTENCES = {
    ComplaintOutcome.KEPT: N_(
        "The national group has looked into it and found that the school keeps this promise."
    ),
    ComplaintOutcome.MENDED: N_(
        "The national group has looked into it. Something was missing, and the school has put it right."
    ),
    ComplaintOutcome.SUSPENDED: N_(
        "The national group has suspended the certificate until the school has put right what is missing."
    ),
    ComplaintOutcome.NOT_PROMISED: N_(
        "The national group has looked into it. The certificate does not promise this."
    ),
}

# The states in which an action is possible, and the state that it leads to.
MACHINE: dict[ComplaintAction, tuple[frozenset[ComplaintState], ComplaintState]] = {
    ComplaintAction.PASS_ON: (frozenset({ComplaintState.RECEIVED}), ComplaintState.PASSED_ON),
    ComplaintAction.REPLY: (frozenset({ComplaintState.PASSED_ON}), ComplaintState.REPLIED),
    ComplaintAction.ANSWER: (
        frozenset({ComplaintState.RECEIVED, ComplaintState.PASSED_ON, ComplaintState.REPLIED}),
        ComplaintState.ANSWERED,
    ),
}


def advance(action: ComplaintAction, state: ComplaintState) -> ComplaintState:
    """Return the next state; raise `Refused` if the action is not possible now."""
    sources, target = MACHINE[action]
    if state not in sources:
        message = N_("Someone else changed this first. Here is how it stands now.")
        raise Refused(Problem("state", message))
    return target


def promise_problems(promises: Collection[str], offered: Sequence[str]) -> list[Problem]:
    """List what is wrong with the chosen promises: there is none, or one that no certificate makes."""
    if not promises or set(promises) - set(offered):
        return [Problem("promises", N_("Choose what is not being kept."))]
    return []


class CertificateInvolvement(Struct, frozen=True):
    """What a person has had to do with the certificate that a complaint is about."""

    has_conflict: bool = False
    mentored: bool = False
    invited: bool = False
    reviewed: bool = False
    decided: bool = False


def reasons_not_to_answer(part: CertificateInvolvement) -> list[Problem]:
    """List why a person may not handle a complaint.

    A person who made a finding does not judge a complaint about it; nor does one who helped the school or
    has a conflict of interest (programme rules 5.3 and 8.6). The secretariat can always take it over.
    """
    if part.reviewed or part.decided:
        message = N_(
            "You reviewed or decided on this school’s application. Another person or the secretariat will handle the complaint."
        )
        return [Problem("part", message)]
    if part.has_conflict or part.mentored or part.invited:
        message = N_(
            "You have a conflict of interest with this school, or have helped it. Another person or the secretariat will handle the complaint."
        )
        return [Problem("part", message)]
    return []
