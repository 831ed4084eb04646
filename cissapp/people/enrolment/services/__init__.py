"""Writes of enrolling: schools by hand or by list, and invitations."""

from cissapp.people.enrolment.services.invitations import (
    close_account,
    duties_open_to,
    invite_staff,
    invite_to_school,
    resend,
    revoke,
)
from cissapp.people.enrolment.services.school_lists import (
    ImportResult,
    RowResult,
    import_file,
    import_schools,
)
from cissapp.people.enrolment.services.schools import (
    change_school,
    register_school,
)

__all__ = [
    "ImportResult",
    "RowResult",
    "change_school",
    "close_account",
    "duties_open_to",
    "import_file",
    "import_schools",
    "invite_staff",
    "invite_to_school",
    "register_school",
    "resend",
    "revoke",
]
