"""Why a person does not take a role, or cannot go on in it: the sentences that a coordinator reads."""

from collections.abc import Iterable

from cissapp.foundation.core.errors import N_, Problem
from cissapp.review.independence.rules import CaseRole
from cissapp.review.independence.rules.involvement import (
    Involvement,
    reasons_never_to_assign,
    reasons_not_to_open,
)

THIRD_PERSON = {
    "declaration": N_("Has not declared anything yet."),
    "tied": N_("Declared a conflict of interest with this school."),
    "hint": N_("Confirmed a link to this school that nobody has looked at yet."),
    "calibration": N_("Has not reviewed the two practice applications yet. See “Calibration”."),
    "invited": N_("Invited people from this school."),
    "mentored": N_("Mentored or trained this school in the last 24 months."),
    "assessed_before": N_("Reviewed this school in one of the previous two cycles."),
    "assessed": N_("Is reviewing or has reviewed this case."),
    "decided": N_("Is deciding or has decided on this case."),
    "took_part": N_("Checked this case for completeness, or took part in its visit."),
    "panel": N_("Is on the panel for its appeal."),
    "left": N_("Handed this task over."),
    "away": N_("Is away today."),
    "gone": N_("The account is closed, or belongs to another group now."),
}


def in_third_person(problems: Iterable[Problem]) -> list[Problem]:
    """Return the same reasons as sentences about the person, for another reader."""
    return [Problem(one.code, THIRD_PERSON[one.code]) for one in problems]


def reasons_not_to_assign(involvement: Involvement, role: CaseRole, *, away: bool) -> list[Problem]:
    """List why a coordinator cannot, or should not, assign a person a role now."""
    found = in_third_person(reasons_never_to_assign(involvement, role))
    return [*found, Problem("away", THIRD_PERSON["away"])] if away else found


def reasons_to_replace(
    involvement: Involvement, role: CaseRole, *, gone: bool, away: bool
) -> list[Problem]:
    """List why the holder of a role cannot go on: gone, away, or barred since the role was assigned."""
    if gone:
        return [Problem("gone", THIRD_PERSON["gone"])]
    return reasons_not_to_assign(involvement, role, away=away)


def reasons_still_closed(involvement: Involvement) -> list[Problem]:
    """List why the contents are still closed to the person."""
    return in_third_person(reasons_not_to_open(involvement))
