"""What can be due, and whose turn it is."""

from enum import StrEnum

from cissapp.foundation.core.errors import N_


class Kind(StrEnum):
    """What is due."""

    SIFT = "sift"
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
    Kind.SIFT: N_("First look at the dossier"),
    Kind.REVIEW: N_("Review"),
    Kind.SECOND_REVIEW: N_("Second review"),
    Kind.DECISION: N_("Decision"),
    Kind.CHANGES: N_("The school’s answer"),
    Kind.MINOR_GAPS: N_("Closing the open criteria"),
    Kind.APPEAL: N_("Decision on the appeal"),
    Kind.COMPLAINT: N_("Answer to the complaint"),
    Kind.CURE: N_("Ending the reason of the suspension"),
    Kind.VISIT: N_("Visit or video call"),
    Kind.DRILL: N_("Drill of the ways to report"),
    Kind.QUORUM: N_("Enough trained people again"),
}

# What the programme counts in days of the calendar; everything else is counted in working days.
IN_CALENDAR_DAYS = frozenset({Kind.MINOR_GAPS, Kind.APPEAL, Kind.CURE, Kind.QUORUM})

# The school's own deadlines; every other one is the group's.
WAITS_FOR_SCHOOL = frozenset({Kind.CHANGES, Kind.MINOR_GAPS, Kind.CURE, Kind.QUORUM})

# What the school is shown. A drill is not announced, and a second review, like a complaint, is the
# group's own business until there is a result.
SHOWN_TO_SCHOOL = frozenset(Kind) - {Kind.SECOND_REVIEW, Kind.COMPLAINT, Kind.DRILL}

# What moves on a page of its own: an appointment, and the time in which a drill is measured.
FIXED = frozenset({Kind.VISIT, Kind.DRILL})

# Written without sight of each other.
REVIEWS = frozenset({Kind.REVIEW, Kind.SECOND_REVIEW})
