"""What a right lets a person do, and why a role does not see a thing, in plain words."""

from cissapp.foundation.access.permissions import Permission as P
from cissapp.foundation.core.errors import N_
from cissapp.foundation.core.roles import Role as R

# What each right lets a person do with a thing.
RIGHTS = {
    P.SCHOOL_READ: N_("sees the school, its people and where it stands"),
    P.APPLICATION_READ: N_("sees the application, but its contents only after a declaration"),
    P.CASE_READ: N_("sees this one case, as a guest, until the visit ends"),
    P.APPEAL_HEAR: N_("hears the appeal and reads the application for it"),
    P.DOSSIER_READ: N_("works with their own school’s documents"),
    P.MENTORING_READ: N_("sees what the school shows in mentoring"),
    P.CERTIFICATE_READ: N_("sees the certificate and downloads its file"),
    P.COMPLAINT_READ: N_("sees complaints about certified schools"),
    P.COMPLAINT_REPLY: N_("replies to the complaint that was passed on"),
    P.APPEAL_READ: N_("sees the appeal, but not what the panel discusses"),
    P.MESSAGE_SEND: N_("writes and sees the group’s messages"),
    P.MESSAGE_READ: N_("received this message"),
    P.VISIT_READ: N_("sees the dates and agenda of the visit"),
}

# What a right still lets a person do to whom the contents of the case are closed; without words here, nothing.
RIGHTS_IF_CLOSED = {
    P.APPEAL_READ: N_(
        "sees that there is an appeal, who hears it and how it ended, but not what was found"
    ),
}

# Why a role cannot see a thing, where one might think that it can.
NOT_SEEN = {
    R.SCHOOL_MANAGER: N_("Schools: nobody from this or any other school can open it."),
    R.REVIEWER: N_("Reviewers: they cannot open it."),
    R.COORDINATOR: N_("Coordinators: they cannot open it."),
    R.MINISTRY: N_(
        "Ministries: they see counts of many schools and the public list, but nothing about any one school."
    ),
    R.REGION_OFFICER: N_(
        "Region officers: they see counts for their region and the public list, but nothing about any one school."
    ),
    R.SECRETARIAT: N_("The secretariat: it cannot open it."),
    R.GUEST: N_("Guests: they see one case only, and this is not part of it."),
}
