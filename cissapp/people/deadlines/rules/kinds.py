"""The kinds of deadline, and who has to act for each."""

from enum import StrEnum

from cissapp.foundation.core.errors import N_


class DeadlineKind(StrEnum):
    """The kind of thing that is due."""

    COMPLETENESS_CHECK = "sift"
    REVIEW = "review"
    SECOND_REVIEW = "second_review"
    DECISION = "decision"
    CHANGES = "changes"
    MINOR_GAPS = "minor_gaps"
    APPEAL = "appeal"
    COMPLAINT = "complaint"
    CURE = "cure"
    VISIT = "visit"
    DRILL = "drill"
    QUORUM = "quorum"


KIND_NAMES = {
    DeadlineKind.COMPLETENESS_CHECK: N_("Completeness check"),
    DeadlineKind.REVIEW: N_("Review"),
    DeadlineKind.SECOND_REVIEW: N_("Second review"),
    DeadlineKind.DECISION: N_("Decision"),
    DeadlineKind.CHANGES: N_("The school’s answer"),
    DeadlineKind.MINOR_GAPS: N_("Closing the open criteria"),
    DeadlineKind.APPEAL: N_("Decision on the appeal"),
    DeadlineKind.COMPLAINT: N_("Answer to the complaint"),
    DeadlineKind.CURE: N_("Putting right the reason for the suspension"),
    DeadlineKind.VISIT: N_("Visit or video call"),
    DeadlineKind.DRILL: N_("Drill of the ways to report"),
    DeadlineKind.QUORUM: N_("Enough trained people again"),
}

# The school's own deadlines; every other one is the group's.
WAITS_FOR_SCHOOL = frozenset(
    {DeadlineKind.CHANGES, DeadlineKind.MINOR_GAPS, DeadlineKind.CURE, DeadlineKind.QUORUM}
)

# Deadlines the school may see. A drill is unannounced, and a second review or a complaint is the
# group's own business until there is a result.
SHOWN_TO_SCHOOL = frozenset(DeadlineKind) - {
    DeadlineKind.SECOND_REVIEW,
    DeadlineKind.COMPLAINT,
    DeadlineKind.DRILL,
}

# Moved on a page of its own: an appointment, and the time in which a drill is measured.
FIXED = frozenset({DeadlineKind.VISIT, DeadlineKind.DRILL})

# Reviews are written independently, without sight of each other.
REVIEWS = frozenset({DeadlineKind.REVIEW, DeadlineKind.SECOND_REVIEW})
