"""Who may open, review, decide and hear: never one person in two roles, and no conflict of interest."""

from msgspec import Struct

from cissapp.foundation.core.errors import N_, Problem
from cissapp.review.independence.rules import REVIEWING_ROLES, CaseRole


class Involvement(Struct, frozen=True):
    """A person's involvement in a school and its application.

    `has_conflict` is None until the person has declared. `possible_conflict_open` is true while a possible
    conflict that the person confirmed has no exception. `mentored` covers `terms.MENTORING_MONTHS`,
    `reviewed_before` the two previous cycles. `role` is the person's only role in this application, and
    `handed_over` whether the person has left it. `assigned_to_others` are the roles that others hold while
    there is work for them. `calibrated` is true once the person has scored the first two benchmarks
    (programme rule 5.4), and for those benchmarks.
    """

    has_conflict: bool | None = None
    possible_conflict_open: bool = False
    invited: bool = False
    mentored: bool = False
    reviewed_before: bool = False
    role: CaseRole | None = None
    handed_over: bool = False
    assigned_to_others: frozenset[CaseRole] = frozenset()
    calibrated: bool = True

    @property
    def reviewed(self) -> bool:
        """Whether the person reviews this application, or did in any round."""
        return self.role in REVIEWING_ROLES

    @property
    def decided(self) -> bool:
        """Whether the person decides on this application, or did in any round."""
        return self.role is CaseRole.DECIDER


def reasons_not_to_open(involvement: Involvement) -> list[Problem]:
    """List why the contents are closed: a mentor, no declaration, a conflict, or a confirmed possible conflict.

    A mentor sees only what the school chooses to show, so no declaration opens anything to them.
    """
    found = [MENTORED] if is_mentor(involvement) else []
    if involvement.has_conflict is None:
        return found or [UNDECLARED]
    if involvement.has_conflict:
        return [*found, TIED]
    return [*found, LINKED] if involvement.possible_conflict_open else found


def reasons_to_stay_closed(involvement: Involvement) -> list[Problem]:
    """List why the contents are closed to the person even without a declaration: a mentor, or a conflict."""
    return [one for one in reasons_not_to_open(involvement) if one is not UNDECLARED]


def reasons_not_to_review(
    involvement: Involvement, role: CaseRole = CaseRole.REVIEWER
) -> list[Problem]:
    """List why the person may not review (programme rules 5.2, 5.3): closed, linked, or another role."""
    found = reasons_not_to_open(involvement)
    if involvement.invited:
        found.append(
            Problem(
                "invited", N_("You invited people from this school. Another person must review it.")
            )
        )
    if not involvement.calibrated:
        found.append(UNCALIBRATED)
    return [*found, *_links(involvement), *_other_role(involvement, role)]


def reasons_not_to_decide(involvement: Involvement) -> list[Problem]:
    """List why the person may not decide (programme rules 5.2, 5.3): closed, linked, or another role."""
    found = reasons_not_to_open(involvement)
    if involvement.invited:
        found.append(
            Problem(
                "invited", N_("You invited people from this school. Another person must decide.")
            )
        )
    return [*found, *_links(involvement), *_other_role(involvement, CaseRole.DECIDER)]


def reasons_not_to_hear(involvement: Involvement) -> list[Problem]:
    """List why the person may not hear an appeal: took part in any way, or is linked."""
    found = reasons_not_to_open(involvement)
    if involvement.invited:
        found.append(
            Problem(
                "invited",
                N_(
                    "You invited people from this school. The panel must be people who took no part."
                ),
            )
        )
    return [*found, *_links(involvement), *_other_role(involvement, CaseRole.PANEL_MEMBER)]


def reasons_not_to_judge(involvement: Involvement) -> list[Problem]:
    """List why the person may not suspend a certificate or end its suspension: a mentor, or a conflict of interest.

    A suspension is at once (programme rule 5.2), so it waits for no declaration; nor does it count that the
    person reviewed or decided, since it is for deciders.
    """
    return [HELPED] if reasons_to_stay_closed(involvement) else []


def reasons_not_to_take_role(involvement: Involvement, role: CaseRole) -> list[Problem]:
    """List why the person may not take a role; only another role bars that of mentor, which is a fact."""
    if role is CaseRole.MENTOR:
        return _other_role(involvement, role)
    if role is CaseRole.DECIDER:
        return reasons_not_to_decide(involvement)
    if role is CaseRole.PANEL_MEMBER:
        return reasons_not_to_hear(involvement)
    return reasons_not_to_review(involvement, role)


def reasons_never_to_assign(involvement: Involvement, role: CaseRole) -> list[Problem]:
    """List why a person can never be assigned a role.

    It does not count that another person holds it now, or that a declaration is still missing.
    """
    return [
        one
        for one in reasons_not_to_take_role(involvement, role)
        if one.code not in {"declaration", "seat"}
    ]


def _links(involvement: Involvement) -> list[Problem]:
    if not involvement.reviewed_before:
        return []
    return [
        Problem(
            "assessed_before",
            N_(
                "You reviewed this school in one of the previous two cycles. Other people must take its case."
            ),
        )
    ]


UNDECLARED = Problem(
    "declaration", N_("First declare whether you have a conflict of interest with this school.")
)
TIED = Problem(
    "tied",
    N_("You declared a conflict of interest with this school. Another person will take this case."),
)
LINKED = Problem(
    "hint",
    N_(
        "You confirmed a link to this school. Your coordinator will look at it first, and may record that it is not an obstacle."
    ),
)
UNCALIBRATED = Problem(
    "calibration",
    N_(
        "Before your first case, you need to review two practice applications. Review the ones in your cases, or ask your coordinator for them."
    ),
)
MENTORED = Problem(
    "mentored",
    N_(
        "You mentored or trained this school in the last 24 months. Other people must take its case."
    ),
)
HELPED = Problem(
    "helped",
    N_(
        "You have helped this school, or have a conflict of interest with it. Another coordinator or the secretariat must decide about its certificate."
    ),
)
ROLE_ASSIGNED = Problem("seat", N_("Another person already has this task."))
_NO_PART = N_("You took part in this case. The panel must be people who took no part.")
TOOK_PART = Problem("took_part", _NO_PART)
_REVIEWED_ONCE = N_("You reviewed this application. Another person must give the other opinion.")
_ON_PANEL = N_("You are on the panel for its appeal. Other people must review and decide.")


def _other_role(involvement: Involvement, wanted: CaseRole) -> list[Problem]:
    """List how roles already taken bar the person; a role that was handed over bars itself as well."""
    if involvement.role is None or involvement.role is CaseRole.MENTOR:
        return [ROLE_ASSIGNED] if wanted in involvement.assigned_to_others else []
    if involvement.role is wanted:
        gone = Problem("left", N_("This task was handed over to another person."))
        return [gone] if involvement.handed_over else []
    if involvement.role is CaseRole.PANEL_MEMBER:
        return [Problem("panel", _ON_PANEL)]
    if involvement.reviewed:
        return [Problem("assessed", _after_reviewing(wanted))]
    return [Problem("decided", _after_deciding(wanted))]


def _after_reviewing(wanted: CaseRole) -> str:
    if wanted is CaseRole.DECIDER:
        return N_("You reviewed this application. Another person must decide.")
    return _NO_PART if wanted is CaseRole.PANEL_MEMBER else _REVIEWED_ONCE


def _after_deciding(wanted: CaseRole) -> str:
    if wanted in REVIEWING_ROLES:
        return N_("You are deciding on this application. Another person must review it.")
    return _NO_PART


def is_mentor(involvement: Involvement) -> bool:
    """Return whether the person mentors the school or its case, or did so lately enough to count."""
    return involvement.mentored or involvement.role is CaseRole.MENTOR


def must_declare(involvement: Involvement) -> bool:
    """Return whether only a declaration is missing before the contents open."""
    return [one.code for one in reasons_not_to_open(involvement)] == ["declaration"]


def may_open(involvement: Involvement) -> bool:
    """Return whether the person may open the contents."""
    return not reasons_not_to_open(involvement)


def may_decide(involvement: Involvement) -> bool:
    """Return whether the person may decide."""
    return not reasons_not_to_decide(involvement)
