"""Who may see what of an application, and when: one table that every page, list and export consults."""

from collections.abc import Collection
from enum import StrEnum

from cissapp.prepare.applications.rules.states import ApplicationState
from cissapp.review.reviews.rules.places import ReviewPlace


class Phase(StrEnum):
    """The phase of the group's work on an application."""

    COMPLETENESS_CHECK = "sift"
    REVIEW = "review"
    SECOND_REVIEW = "second_review"
    DECISION = "decision"
    CHANGES = "changes"
    APPEAL = "appeal"
    CLOSED = "closed"


class CaseRelation(StrEnum):
    """The relation of a person to an application; a person may have several at once.

    The three reviewers are the authors of the reviews of this round. `DECIDER` decides or may decide;
    `MEMBER` belongs to the group and has declared that there is no conflict of interest. `COORDINATOR` is
    the group's coordinator, with or without a declaration.
    """

    SCHOOL = "school"
    REVIEWER = "assessor"
    SECOND_REVIEWER = "second_assessor"
    THIRD_REVIEWER = "third_assessor"
    DECIDER = "decider"
    MEMBER = "member"
    COORDINATOR = "coordinator"
    PANEL_MEMBER = "panel"
    GUEST = "guest"
    SECRETARIAT = "secretariat"
    NOBODY = "nobody"


class CaseContent(StrEnum):
    """A part of an application that is shown or hidden as a whole."""

    DOCUMENTS = "documents"
    MECHANISM = "mechanism"
    SELF_SCORES = "self_scores"
    CHECK_REMARKS = "sift_remarks"
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


AUTHORS = frozenset(
    {CaseRelation.REVIEWER, CaseRelation.SECOND_REVIEWER, CaseRelation.THIRD_REVIEWER}
)
JUDGES = AUTHORS | {CaseRelation.DECIDER}
GROUP = JUDGES | {CaseRelation.MEMBER}
OPEN_TO = GROUP | {CaseRelation.SCHOOL, CaseRelation.GUEST, CaseRelation.PANEL_MEMBER}
ANSWERED_TO = GROUP | {CaseRelation.SCHOOL, CaseRelation.PANEL_MEMBER}
NAMED_TO = GROUP | {CaseRelation.COORDINATOR, CaseRelation.PANEL_MEMBER}

_DOSSIER = dict.fromkeys(
    (CaseContent.DOCUMENTS, CaseContent.MECHANISM, CaseContent.SELF_SCORES), OPEN_TO
)
# While a review may still be written, each author sees only their own.
_BLIND = {
    **_DOSSIER,
    CaseContent.CHECK_REMARKS: ANSWERED_TO,
    CaseContent.QUESTION: frozenset({CaseRelation.REVIEWER, CaseRelation.SCHOOL}),
    CaseContent.FIRST_SCORES: frozenset({CaseRelation.REVIEWER}),
    CaseContent.SECOND_SCORES: frozenset({CaseRelation.SECOND_REVIEWER}),
    CaseContent.THIRD_SCORES: frozenset({CaseRelation.THIRD_REVIEWER}),
    CaseContent.REVIEWERS: NAMED_TO,
}
_JUDGING = JUDGES | {CaseRelation.PANEL_MEMBER}
_OPENED = {
    **_BLIND,
    CaseContent.QUESTION: ANSWERED_TO,
    **dict.fromkeys(
        (CaseContent.FIRST_SCORES, CaseContent.SECOND_SCORES, CaseContent.THIRD_SCORES), _JUDGING
    ),
    CaseContent.RECOMMENDATION: _JUDGING,
    CaseContent.COMMENTS: _JUDGING,
    CaseContent.PROGRESS: GROUP | {CaseRelation.PANEL_MEMBER},
    CaseContent.ATTACHMENTS: _JUDGING,
}
_DECIDED = {
    CaseContent.DECISION: ANSWERED_TO | {CaseRelation.COORDINATOR, CaseRelation.GUEST},
    CaseContent.LETTER: ANSWERED_TO,
    CaseContent.ATTACHMENTS: ANSWERED_TO,
}
# A guest auditor looks back at what led to a decision.
_LOOKED_BACK = {
    one: _OPENED[one] | {CaseRelation.GUEST}
    for one in (CaseContent.FIRST_SCORES, CaseContent.SECOND_SCORES, CaseContent.THIRD_SCORES)
}

# What is not listed is not visible. Authors always see what they wrote; `NOBODY` sees nothing.
SEES: dict[Phase, dict[CaseContent, frozenset[CaseRelation]]] = {
    Phase.COMPLETENESS_CHECK: {
        **_DOSSIER,
        CaseContent.CHECK_REMARKS: ANSWERED_TO,
        CaseContent.REVIEWERS: NAMED_TO,
    },
    Phase.REVIEW: _BLIND,
    Phase.SECOND_REVIEW: _BLIND,
    Phase.DECISION: _OPENED,
    Phase.CHANGES: {**_BLIND, **_DECIDED},
    Phase.APPEAL: {**_OPENED, **_LOOKED_BACK, **_DECIDED},
    Phase.CLOSED: {**_OPENED, **_LOOKED_BACK, **_DECIDED},
}

SCORES_OF = {
    ReviewPlace.FIRST: CaseContent.FIRST_SCORES,
    ReviewPlace.SECOND: CaseContent.SECOND_SCORES,
    ReviewPlace.THIRD: CaseContent.THIRD_SCORES,
}
AUTHOR_OF = {
    ReviewPlace.FIRST: CaseRelation.REVIEWER,
    ReviewPlace.SECOND: CaseRelation.SECOND_REVIEWER,
    ReviewPlace.THIRD: CaseRelation.THIRD_REVIEWER,
}


def may_see(whos: Collection[CaseRelation], what: CaseContent, phase: Phase) -> bool:
    """Return whether a person with these relations to a case sees a part of it in a phase."""
    return not SEES[phase].get(what, frozenset()).isdisjoint(whos)


def relations_of(
    *, opened: bool, coordinator: bool, may_decide: bool, authored: Collection[ReviewPlace]
) -> frozenset[CaseRelation]:
    """Return the relations of a person of the group to an application.

    `opened`: the person has declared and has no conflict of interest; `authored`: the places of the person's
    own reviews in this round.
    """
    found = {CaseRelation.COORDINATOR} if coordinator else set()
    if opened:
        found |= {CaseRelation.MEMBER, *(AUTHOR_OF[place] for place in authored)}
        if may_decide and not authored:
            found.add(CaseRelation.DECIDER)
    return frozenset(found or {CaseRelation.NOBODY})


def phase_of_case(
    state: ApplicationState,
    *,
    checked: bool,
    wanted: Collection[ReviewPlace],
    handed_in: Collection[ReviewPlace],
    appealed: bool = False,
) -> Phase:
    """Return the phase of an application.

    `checked`: this round needs no completeness check, or no longer does; `wanted`: the reviews that this
    round is known to need; `handed_in`: those submitted; `appealed`: an appeal is open.
    """
    if state is not ApplicationState.IN_REVIEW:
        submitted = Phase.REVIEW if checked else Phase.COMPLETENESS_CHECK
        by_state = {
            ApplicationState.SUBMITTED: submitted,
            ApplicationState.CHANGES_REQUESTED: Phase.CHANGES,
        }
        return Phase.APPEAL if appealed else by_state.get(state, Phase.CLOSED)
    if ReviewPlace.FIRST not in handed_in:
        return Phase.REVIEW
    return Phase.DECISION if set(wanted) <= set(handed_in) else Phase.SECOND_REVIEW
