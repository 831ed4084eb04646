"""Who sees what of an application, and when: one table, asked by every page, list and export."""

from collections.abc import Collection
from enum import StrEnum

from cissapp.prepare.applications.rules import ApplicationState
from cissapp.review.reviews.rules.places import Place


class Phase(StrEnum):
    """Where the work of the group on an application stands."""

    SIFT = "sift"
    REVIEW = "review"
    SECOND_REVIEW = "second_review"
    DECISION = "decision"
    CHANGES = "changes"
    APPEAL = "appeal"
    CLOSED = "closed"


class Who(StrEnum):
    """What somebody is to an application. A person may be several of these at once.

    The three assessors are the authors of the reviews of this round. `DECIDER` decides or may decide;
    `MEMBER` is of the group and declared to have no tie. `COORDINATOR` is the group's coordinator,
    with or without a declaration.
    """

    SCHOOL = "school"
    ASSESSOR = "assessor"
    SECOND_ASSESSOR = "second_assessor"
    THIRD_ASSESSOR = "third_assessor"
    DECIDER = "decider"
    MEMBER = "member"
    COORDINATOR = "coordinator"
    PANEL = "panel"
    GUEST = "guest"
    SECRETARIAT = "secretariat"
    NOBODY = "nobody"


class What(StrEnum):
    """A thing that belongs to an application."""

    DOCUMENTS = "documents"
    MECHANISM = "mechanism"
    SELF_SCORES = "self_scores"
    SIFT_REMARKS = "sift_remarks"
    QUESTION = "question"
    FIRST_SCORES = "first_scores"
    SECOND_SCORES = "second_scores"
    THIRD_SCORES = "third_scores"
    RECOMMENDATION = "recommendation"
    COMMENTS = "comments"
    PROGRESS = "progress"
    REVIEWERS = "reviewers"
    ATTACHMENTS = "attachments"
    DECISION = "decision"
    LETTER = "letter"


AUTHORS = frozenset({Who.ASSESSOR, Who.SECOND_ASSESSOR, Who.THIRD_ASSESSOR})
JUDGES = AUTHORS | {Who.DECIDER}
GROUP = JUDGES | {Who.MEMBER}
OPEN = GROUP | {Who.SCHOOL, Who.GUEST, Who.PANEL}
ANSWER = GROUP | {Who.SCHOOL, Who.PANEL}
NAMES = GROUP | {Who.COORDINATOR, Who.PANEL}

_DOSSIER = dict.fromkeys((What.DOCUMENTS, What.MECHANISM, What.SELF_SCORES), OPEN)
# While a review may still be written, each author sees the own one only.
_BLIND = {
    **_DOSSIER,
    What.SIFT_REMARKS: ANSWER,
    What.QUESTION: frozenset({Who.ASSESSOR, Who.SCHOOL}),
    What.FIRST_SCORES: frozenset({Who.ASSESSOR}),
    What.SECOND_SCORES: frozenset({Who.SECOND_ASSESSOR}),
    What.THIRD_SCORES: frozenset({Who.THIRD_ASSESSOR}),
    What.REVIEWERS: NAMES,
}
_JUDGING = JUDGES | {Who.PANEL}
_OPENED = {
    **_BLIND,
    What.QUESTION: ANSWER,
    **dict.fromkeys((What.FIRST_SCORES, What.SECOND_SCORES, What.THIRD_SCORES), _JUDGING),
    What.RECOMMENDATION: _JUDGING,
    What.COMMENTS: _JUDGING,
    What.PROGRESS: GROUP | {Who.PANEL},
    What.ATTACHMENTS: _JUDGING,
}
_DECIDED = {
    What.DECISION: ANSWER | {Who.COORDINATOR, Who.GUEST},
    What.LETTER: ANSWER,
    What.ATTACHMENTS: ANSWER,
}
# A guest auditor looks back at what led to a decision.
_LOOKED_BACK = {
    one: _OPENED[one] | {Who.GUEST}
    for one in (What.FIRST_SCORES, What.SECOND_SCORES, What.THIRD_SCORES)
}

# What is not in it is not seen. The author of a thing sees it always; who is `NOBODY` sees nothing.
SEES: dict[Phase, dict[What, frozenset[Who]]] = {
    Phase.SIFT: {**_DOSSIER, What.SIFT_REMARKS: ANSWER, What.REVIEWERS: NAMES},
    Phase.REVIEW: _BLIND,
    Phase.SECOND_REVIEW: _BLIND,
    Phase.DECISION: _OPENED,
    Phase.CHANGES: {**_BLIND, **_DECIDED},
    Phase.APPEAL: {**_OPENED, **_LOOKED_BACK, **_DECIDED},
    Phase.CLOSED: {**_OPENED, **_LOOKED_BACK, **_DECIDED},
}

SCORES_OF = {
    Place.FIRST: What.FIRST_SCORES,
    Place.SECOND: What.SECOND_SCORES,
    Place.THIRD: What.THIRD_SCORES,
}
AUTHOR_OF = {
    Place.FIRST: Who.ASSESSOR,
    Place.SECOND: Who.SECOND_ASSESSOR,
    Place.THIRD: Who.THIRD_ASSESSOR,
}


def sees(whos: Collection[Who], what: What, phase: Phase) -> bool:
    """Say whether somebody who is all of these sees a thing in a phase."""
    return not SEES[phase].get(what, frozenset()).isdisjoint(whos)


def whos(
    *, opened: bool, coordinator: bool, may_decide: bool, authored: Collection[Place]
) -> frozenset[Who]:
    """Say what a person of the group is to an application.

    `opened`: the person declared and has no tie; `authored`: the places of the reviews of this round
    that are the person's own.
    """
    found = {Who.COORDINATOR} if coordinator else set()
    if opened:
        found |= {Who.MEMBER, *(AUTHOR_OF[place] for place in authored)}
        if may_decide and not authored:
            found.add(Who.DECIDER)
    return frozenset(found or {Who.NOBODY})


def phase(
    state: ApplicationState,
    *,
    sifted: bool,
    wanted: Collection[Place],
    handed_in: Collection[Place],
    appealed: bool = False,
) -> Phase:
    """Say in which phase an application is.

    `sifted`: this round needs no sift (any more); `wanted` are the reviews that this round needs as
    far as is known, `handed_in` those that are there; `appealed`: an appeal is open.
    """
    if state is not ApplicationState.IN_REVIEW:
        submitted = Phase.REVIEW if sifted else Phase.SIFT
        by_state = {
            ApplicationState.SUBMITTED: submitted,
            ApplicationState.CHANGES_REQUESTED: Phase.CHANGES,
        }
        return Phase.APPEAL if appealed else by_state.get(state, Phase.CLOSED)
    if Place.FIRST not in handed_in:
        return Phase.REVIEW
    return Phase.DECISION if set(wanted) <= set(handed_in) else Phase.SECOND_REVIEW
