"""Who may open, assess and decide: four eyes, and no ties."""

from dataclasses import dataclass
from enum import StrEnum

from cissapp.applications.rules import State
from cissapp.core.errors import N_, Problem


@dataclass(frozen=True)
class Hands:
    """What a person has had to do with a school and its application.

    `tied` is None as long as the person has not declared anything. `assessed` and `decided` speak of
    any round of this application, `invited` of the people of the school.
    """

    tied: bool | None = None
    invited: bool = False
    assessed: bool = False
    decided: bool = False


def keeps_closed(hands: Hands) -> list[Problem]:
    """List why the contents do not open: nothing is declared yet, or there is a tie (for good)."""
    if hands.tied is None:
        return [Problem("declaration", N_("Declare first whether you have a tie to this school."))]
    if hands.tied:
        return [
            Problem(
                "tied", N_("You declared a tie to this school. Another person takes this case.")
            )
        ]
    return []


def keeps_from_assessing(hands: Hands) -> list[Problem]:
    """List why the person does not assess: closed, invited the school, or decided an earlier round."""
    found = keeps_closed(hands)
    if hands.invited:
        found.append(
            Problem("invited", N_("You invited people of this school. Another person assesses it."))
        )
    if hands.decided:
        found.append(
            Problem(
                "decided", N_("You decided an earlier round. Another person assesses this one.")
            )
        )
    return found


def keeps_from_deciding(hands: Hands) -> list[Problem]:
    """List why the person does not decide: closed, invited the school, or assessed it in any round."""
    found = keeps_closed(hands)
    if hands.invited:
        found.append(
            Problem("invited", N_("You invited people of this school. Another person decides."))
        )
    if hands.assessed:
        found.append(
            Problem("assessed", N_("You assessed this application. Another person decides."))
        )
    return found


def may_open(hands: Hands) -> bool:
    """Say whether the contents open for the person."""
    return not keeps_closed(hands)


def may_assess(hands: Hands) -> bool:
    """Say whether the person may assess."""
    return not keeps_from_assessing(hands)


def may_decide(hands: Hands) -> bool:
    """Say whether the person may decide."""
    return not keeps_from_deciding(hands)


def may_see_scores(hands: Hands, *, own: bool, handed_in: bool) -> bool:
    """Say whether the person sees the scores of a review.

    While it is open only its assessor does; once it is handed in also whoever may decide.
    """
    return may_open(hands) and (own or (handed_in and may_decide(hands)))


class Work(StrEnum):
    """What a person of the group does next with an application."""

    DECLARE = "declare"
    STAY_OUT = "stay_out"
    START = "start"
    SCORE = "score"
    DECIDE = "decide"
    WAIT = "wait"


def work(hands: Hands, state: State, *, mine: bool, handed_in: bool) -> Work:
    """Say what the person does next; `mine`: the review of this round is the person's own."""
    if not may_open(hands):
        return Work.STAY_OUT if hands.tied else Work.DECLARE
    if state is State.SUBMITTED and may_assess(hands):
        return Work.START
    if state is State.IN_REVIEW and mine and not handed_in:
        return Work.SCORE
    if state is State.IN_REVIEW and handed_in and may_decide(hands):
        return Work.DECIDE
    return Work.WAIT
