"""The things about which a coordinator can ask who sees them."""

from enum import StrEnum

from cissapp.foundation.core.errors import N_


class SeenKind(StrEnum):
    """A kind of thing, as its address names it."""

    SCHOOL = "school"
    APPLICATION = "application"
    DOCUMENT = "document"
    CERTIFICATE = "certificate"
    COMPLAINT = "complaint"
    APPEAL = "appeal"
    MESSAGE = "message"
    VISIT = "visit"


KIND_NAMES = {
    SeenKind.SCHOOL: N_("School"),
    SeenKind.APPLICATION: N_("Application"),
    SeenKind.DOCUMENT: N_("Document"),
    SeenKind.CERTIFICATE: N_("Certificate"),
    SeenKind.COMPLAINT: N_("Complaint"),
    SeenKind.APPEAL: N_("Appeal"),
    SeenKind.MESSAGE: N_("Message from the group"),
    SeenKind.VISIT: N_("Visit or video call"),
}

# Opened only to people who have declared that they have no conflict of interest.
AFTER_DECLARATION = frozenset(
    {SeenKind.APPLICATION, SeenKind.DOCUMENT, SeenKind.VISIT, SeenKind.APPEAL}
)
# Only this many people are checked: a message goes to hundreds of schools.
NAMED_AT_MOST = 200
