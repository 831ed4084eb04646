"""What happened and where a school stands, in the words of the pages."""

from cissapp.audit.rules import Event as E
from cissapp.core.errors import N_
from cissapp.enrolment.rules import Outcome
from cissapp.schools.rules import Progress, Standing

EVENT_WORDS = {
    E.COUNTRY_ADDED: N_("Country added"),
    E.GROUP_CREATED: N_("National group created"),
    E.GROUP_CHANGED: N_("Countries of a national group changed"),
    E.SCHOOL_REGISTERED: N_("School put into the register"),
    E.SCHOOL_CHANGED: N_("Facts of the school changed"),
    E.SCHOOL_IMPORTED: N_("List of schools brought in"),
    E.PERSON_CREATED: N_("First account made"),
    E.PERSON_INVITED: N_("Person invited"),
    E.PERSON_JOINED: N_("Invitation accepted"),
    E.PERSON_CHANGED: N_("Account changed"),
    E.PERSON_DEACTIVATED: N_("Account closed"),
    E.INVITATION_REVOKED: N_("Invitation taken back"),
    E.SIGNED_IN: N_("Signed in"),
    E.SIGNED_OUT: N_("Signed out"),
    E.SIGN_IN_FAILED: N_("Sign-in failed"),
    E.PASSWORD_RESET_ASKED: N_("New password asked for"),
    E.PASSWORD_CHANGED: N_("Password changed"),
    E.LESSON_READ: N_("Lesson read"),
    E.ATTEMPT_STARTED: N_("Quiz begun"),
    E.ANSWER_SAVED: N_("Answer saved"),
    E.ATTEMPT_HANDED_IN: N_("Quiz handed in"),
    E.MODULE_PASSED: N_("Module passed"),
    E.DOCUMENT_ADDED: N_("Document added"),
    E.DOCUMENT_VERSION_ADDED: N_("New version of a document added"),
    E.DOCUMENT_DRAFT_REMOVED: N_("Draft of a document removed"),
    E.DOCUMENT_READ: N_("Document read"),
    E.MECHANISM_CHANGED: N_("Reporting mechanism changed"),
    E.SELF_SCORE_SAVED: N_("Self-assessment saved"),
    E.APPLICATION_OPENED: N_("Application opened"),
    E.APPLICATION_SUBMITTED: N_("Application submitted"),
    E.APPLICATION_WITHDRAWN: N_("Application withdrawn"),
    E.APPLICATION_REVIEW_STARTED: N_("Review begun"),
    E.CHANGES_REQUESTED: N_("Changes requested"),
    E.APPLICATION_DECIDED: N_("Application decided"),
    E.CONFLICT_DECLARED: N_("Declaration on conflicts of interest made"),
    E.SCORE_SAVED: N_("Score saved"),
    E.REVIEW_HANDED_IN: N_("Recommendation handed in"),
    E.DECISION_TAKEN: N_("Decision taken"),
    E.CERTIFICATE_ISSUED: N_("Certificate issued"),
    E.CERTIFICATE_SUSPENDED: N_("Certificate suspended"),
    E.CERTIFICATE_REINSTATED: N_("Suspension of the certificate ended"),
    E.CERTIFICATE_WITHDRAWN: N_("Certificate withdrawn"),
    E.CERTIFICATE_REPLACED: N_("Certificate replaced"),
    E.TALLY_REPAIRED: N_("Figures of a region corrected"),
}

# What a school's page tells of its past: nothing of what a person learned, answered or read, and
# nothing of a review before it is decided.
SCHOOL_EVENTS = (
    E.SCHOOL_REGISTERED,
    E.SCHOOL_CHANGED,
    E.PERSON_INVITED,
    E.PERSON_JOINED,
    E.PERSON_DEACTIVATED,
    E.INVITATION_REVOKED,
    E.APPLICATION_OPENED,
    E.APPLICATION_SUBMITTED,
    E.APPLICATION_WITHDRAWN,
    E.APPLICATION_REVIEW_STARTED,
    E.CHANGES_REQUESTED,
    E.APPLICATION_DECIDED,
    E.CERTIFICATE_ISSUED,
    E.CERTIFICATE_SUSPENDED,
    E.CERTIFICATE_REINSTATED,
    E.CERTIFICATE_WITHDRAWN,
    E.CERTIFICATE_REPLACED,
)

PROGRESS_KINDS = {
    Progress.REGISTERED: "none",
    Progress.IN_TRAINING: "info",
    Progress.TRAINED: "info",
    Progress.SUBMITTED: "info",
    Progress.IN_REVIEW: "info",
    Progress.CHANGES_REQUESTED: "warn",
    Progress.DECIDED: "ok",
}

STANDING_KINDS = {
    Standing.NONE: "none",
    Standing.VALID: "ok",
    Standing.EXPIRING: "warn",
    Standing.EXPIRED: "bad",
    Standing.SUSPENDED: "bad",
    Standing.WITHDRAWN: "bad",
}

OUTCOME_KINDS = {
    Outcome.CREATED: "ok",
    Outcome.UNCHANGED: "none",
    Outcome.DIFFERS: "warn",
    Outcome.REFUSED: "bad",
}
