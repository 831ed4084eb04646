"""Who may open, assess, decide and sit on a panel: never one person in two roles, and no ties."""

from dataclasses import dataclass

from cissapp.foundation.core.errors import N_, Problem
from cissapp.review.independence.rules import REVIEWING_ROLES, CaseRole


@dataclass(frozen=True)
class Involvement:
    """What a person has had to do with a school and its application.

    `tied` is None as long as the person has not declared anything. `hinted` is true while a hint that
    the person confirmed stands in the way. `mentored` speaks of the last 24 months, `assessed_before`
    of the two cycles before. `seat` is the one seat of the person in this application, `left` whether
    it was handed over. `taken` are the seats that others hold while there is work for them. `calibrated`
    is true once the person has scored the first two files (programme rule 5.4), and for those files.
    """

    tied: bool | None = None
    hinted: bool = False
    invited: bool = False
    mentored: bool = False
    assessed_before: bool = False
    seat: CaseRole | None = None
    left: bool = False
    taken: frozenset[CaseRole] = frozenset()
    calibrated: bool = True

    @property
    def assessed(self) -> bool:
        """Whether the person assesses this application, or did in any round."""
        return self.seat in REVIEWING_ROLES

    @property
    def decided(self) -> bool:
        """Whether the person decides on this application, or did in any round."""
        return self.seat is CaseRole.DECIDER


def reasons_not_to_open(hands: Involvement) -> list[Problem]:
    """List why the contents do not open: nothing is declared yet, or there is a tie (for good)."""
    if hands.tied is None:
        return [Problem("declaration", N_("Declare first whether you have a tie to this school."))]
    if hands.tied:
        return [
            Problem(
                "tied", N_("You declared a tie to this school. Another person takes this case.")
            )
        ]
    if hands.hinted:
        return [
            Problem(
                "hint",
                N_(
                    "You confirmed a link to this school. Your coordinator looks at it first, and may "
                    "record that it does not stand in the way."
                ),
            )
        ]
    return []


def reasons_not_to_review(hands: Involvement, seat: CaseRole = CaseRole.ASSESSOR) -> list[Problem]:
    """List why the person does not assess (programme rules 5.2, 5.3): closed, linked, or another seat."""
    found = reasons_not_to_open(hands)
    if hands.invited:
        found.append(
            Problem("invited", N_("You invited people of this school. Another person assesses it."))
        )
    if not hands.calibrated:
        found.append(UNCALIBRATED)
    return [*found, *_links(hands), *_other_role(hands, seat)]


def reasons_not_to_decide(hands: Involvement) -> list[Problem]:
    """List why the person does not decide (programme rules 5.2, 5.3): closed, linked, or another seat."""
    found = reasons_not_to_open(hands)
    if hands.invited:
        found.append(
            Problem("invited", N_("You invited people of this school. Another person decides."))
        )
    return [*found, *_links(hands), *_other_role(hands, CaseRole.DECIDER)]


def reasons_not_to_hear(hands: Involvement) -> list[Problem]:
    """List why the person does not sit on the panel of an appeal: took part in any way, or is linked."""
    found = reasons_not_to_open(hands)
    if hands.invited:
        found.append(
            Problem(
                "invited",
                N_("You invited people of this school. The panel is of people who took no part."),
            )
        )
    return [*found, *_links(hands), *_other_role(hands, CaseRole.PANEL)]


def reasons_not_to_take_role(hands: Involvement, seat: CaseRole) -> list[Problem]:
    """List why the person does not take a seat. The seat of a mentor is a fact, and only barred by another."""
    if seat is CaseRole.MENTOR:
        return _other_role(hands, seat)
    if seat is CaseRole.DECIDER:
        return reasons_not_to_decide(hands)
    if seat is CaseRole.PANEL:
        return reasons_not_to_hear(hands)
    return reasons_not_to_review(hands, seat)


def reasons_never_to_assign(hands: Involvement, seat: CaseRole) -> list[Problem]:
    """List why a person can never be given a seat.

    That somebody else holds it now is no such reason, nor is a declaration that is still missing.
    """
    return [
        one
        for one in reasons_not_to_take_role(hands, seat)
        if one.code not in {"declaration", "seat"}
    ]


def _links(hands: Involvement) -> list[Problem]:
    found = []
    if hands.mentored or hands.seat is CaseRole.MENTOR:
        found.append(
            Problem(
                "mentored",
                N_(
                    "You mentored or trained this school in the last 24 months. Others take its case."
                ),
            )
        )
    if hands.assessed_before:
        found.append(
            Problem(
                "assessed_before",
                N_(
                    "You assessed this school in one of the two cycles before. Others take its case."
                ),
            )
        )
    return found


UNCALIBRATED = Problem(
    "calibration",
    N_(
        "Before your first case you assess two files that your coordinator deals to you. Assess those "
        "in your queue that can be begun, or ask your coordinator."
    ),
)
ROLE_ASSIGNED = Problem("seat", N_("Another person has this task already."))
_NO_PART = N_("You took part in this case. The panel is of people who took no part.")
_REVIEWED_ONCE = N_("You assessed this application. Another person gives the other opinion.")
_ON_PANEL = N_("You sit on the panel of its appeal. Others assess and decide.")


def _other_role(hands: Involvement, wanted: CaseRole) -> list[Problem]:
    """Name the seat that bars another one; a seat that was handed over bars itself, too."""
    if hands.seat is None or hands.seat is CaseRole.MENTOR:
        return [ROLE_ASSIGNED] if wanted in hands.taken else []
    if hands.seat is wanted:
        gone = Problem("left", N_("This task was handed over to another person."))
        return [gone] if hands.left else []
    if hands.seat is CaseRole.PANEL:
        return [Problem("panel", _ON_PANEL)]
    if hands.assessed:
        return [Problem("assessed", _after_reviewing(wanted))]
    return [Problem("decided", _after_deciding(wanted))]


def _after_reviewing(wanted: CaseRole) -> str:
    if wanted is CaseRole.DECIDER:
        return N_("You assessed this application. Another person decides.")
    return _NO_PART if wanted is CaseRole.PANEL else _REVIEWED_ONCE


def _after_deciding(wanted: CaseRole) -> str:
    if wanted in REVIEWING_ROLES:
        return N_("You decide on this application. Another person assesses it.")
    return _NO_PART


def may_open(hands: Involvement) -> bool:
    """Say whether the contents open for the person."""
    return not reasons_not_to_open(hands)


def may_review(hands: Involvement) -> bool:
    """Say whether the person may assess."""
    return not reasons_not_to_review(hands)


def may_decide(hands: Involvement) -> bool:
    """Say whether the person may decide."""
    return not reasons_not_to_decide(hands)
