"""Rules of a visit: its stages, whom the visitors speak to, what they look at, and who signs the record."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from msgspec import Struct

from cissapp.foundation.content.values import Criterion
from cissapp.foundation.core.errors import N_, Problem
from cissapp.prepare.applications.rules import ApplicationState

REASON_LEAST, REASON_MOST = 40, 1000
NOTE_MOST = 1000
DATES_MOST = 3
INTERVIEW = "INTERVIEW"


class VisitKind(StrEnum):
    """How the school is seen."""

    VISIT = "visit"
    VIDEO = "video"
    DESK_ONLY = "desk_only"


KIND_NAMES = {
    VisitKind.VISIT: N_("Visit to the school"),
    VisitKind.VIDEO: N_("Video interview"),
    VisitKind.DESK_ONLY: N_("Desk only, because travel is dangerous"),
}


class VisitStage(StrEnum):
    """The stage of a visit, derived from its dates and signatures."""

    PROPOSED = "proposed"
    AGREED = "agreed"
    DESK = "desk"
    SIGNED = "signed"
    CANCELLED = "cancelled"


STAGE_NAMES = {
    VisitStage.PROPOSED: N_("Dates proposed"),
    VisitStage.AGREED: N_("The date is agreed"),
    VisitStage.DESK: N_("No date: desk only"),
    VisitStage.SIGNED: N_("Signed by two people"),
    VisitStage.CANCELLED: N_("Cancelled"),
}
STAGE_KINDS = {
    VisitStage.PROPOSED: "warn",
    VisitStage.AGREED: "info",
    VisitStage.DESK: "info",
    VisitStage.SIGNED: "ok",
    VisitStage.CANCELLED: "none",
}


class ItemMark(StrEnum):
    """What the visitors found for a criterion."""

    SEEN = "seen"
    NOT_SEEN = "not_seen"


MARK_NAMES = {ItemMark.SEEN: N_("Seen"), ItemMark.NOT_SEEN: N_("Not seen")}

# Whom the visitors speak to (programme rule 5.2), always the same; job titles only, never names.
PEOPLE = (
    N_("The head"),
    N_("The designated person"),
    N_("The designated person’s deputy"),
    N_("Three teachers"),
    N_("One member of non-teaching staff"),
    N_("Two parents"),
)
PUPILS = N_("Pupils are not asked individually. The visitors only look at anonymous totals.")

# States in which a visit may be planned and changed: while the case is under way.
OPEN_STATES = frozenset(
    {ApplicationState.SUBMITTED, ApplicationState.IN_REVIEW, ApplicationState.CHANGES_REQUESTED}
)


def visit_stage(*, kind: VisitKind, agreed: bool, signed: bool, cancelled: bool) -> VisitStage:
    """Return the stage of a visit."""
    if cancelled:
        return VisitStage.CANCELLED
    if signed:
        return VisitStage.SIGNED
    if kind is VisitKind.DESK_ONLY:
        return VisitStage.DESK
    return VisitStage.AGREED if agreed else VisitStage.PROPOSED


def criteria_to_observe(criteria: Sequence[Criterion]) -> list[Criterion]:
    """Choose the criteria for agenda and checklist: those that ask for interviews, and all critical ones."""
    return [one for one in criteria if one.critical or INTERVIEW in one.key.evidence]


def criteria_to_ask_about(criteria: Sequence[Criterion]) -> list[Criterion]:
    """Choose the criteria whose evidence is what people say."""
    return [one for one in criteria if INTERVIEW in one.key.evidence]


def planning_problems(
    state: ApplicationState,
    kind: VisitKind,
    dates: Collection[datetime],
    reason: str,
    *,
    at: datetime,
) -> list[Problem]:
    """List what a plan lacks: one to three future dates, or for desk only a reason of 40 characters."""
    found = state_problems(state)
    if kind is VisitKind.DESK_ONLY:
        if not REASON_LEAST <= len(reason) <= REASON_MOST:
            values = {"least": REASON_LEAST, "most": REASON_MOST}
            message = N_("Explain why travel is dangerous in %(least)s to %(most)s characters.")
            found.append(Problem("reason", message, values))
        return found
    return found + date_problems(dates, at=at)


def state_problems(state: ApplicationState) -> list[Problem]:
    """List why a visit cannot be changed in this state of the application."""
    if state in OPEN_STATES:
        return []
    return [
        Problem(
            "state", N_("The case is closed. You can no longer change anything about the visit.")
        )
    ]


def date_problems(dates: Collection[datetime], *, at: datetime) -> list[Problem]:
    """List what is wrong with proposed dates: none, too many, duplicates, or in the past."""
    if not dates:
        return [Problem("first", N_("Propose at least one date."))]
    found = []
    if len(dates) > DATES_MOST:
        found.append(Problem("first", N_("Propose no more than three dates.")))
    if len(set(dates)) < len(dates):
        found.append(Problem("second", N_("Propose different dates.")))
    if min(dates) <= at:
        found.append(Problem("first", N_("Propose dates in the future.")))
    return found


class Signer(Struct, frozen=True):
    """A person who wants to sign: whether they review this case, and why the case is closed to them."""

    person_id: UUID
    assesses: bool
    closed: tuple[Problem, ...] = ()


def signing_problems(
    signer: Signer,
    before: Mapping[UUID, bool],
    *,
    started: bool,
    left: Sequence[str],
) -> list[Problem]:
    """List why a person may not sign the record (programme rule 5.2): the reviewer and one more person sign.

    `before` maps each person who has signed the same text to whether they review the case. `left` are the
    criteria without a mark. `started` is whether the agreed time has come, always true for desk only.
    """
    found = list(signer.closed)
    if not started:
        found.append(Problem("early", N_("Sign once the visit or interview has taken place.")))
    if left:
        message = N_("These criteria are not checked yet: %(criteria)s.")
        found.append(Problem("items", message, {"criteria": ", ".join(left)}))
    if signer.person_id in before:
        found.append(
            Problem("twice", N_("You signed this text. Now another person has to sign it."))
        )
    elif before and not signer.assesses and not any(before.values()):
        found.append(
            Problem(
                "assessor",
                N_(
                    "One of the two people who sign must be the reviewer. The reviewer has to sign now."
                ),
            )
        )
    return found


def completes_record(before: Mapping[UUID, bool], signer: Signer) -> bool:
    """Return whether a signature is the second one: two people, one of them the reviewer."""
    others = {key: one for key, one in before.items() if key != signer.person_id}
    return bool(others) and (signer.assesses or any(others.values()))
