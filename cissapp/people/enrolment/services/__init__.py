"""Writes of enrolling: schools by hand or by list, and invitations."""

from cissapp.people.enrolment.services.invitations import (
    Invitee,
    close_account,
    duties_open_to,
    invite_staff,
    invite_to_school,
    resend,
    revoke,
)
from cissapp.people.enrolment.services.school_lists import (
    Brought,
    Result,
    bring,
    bring_file,
)
from cissapp.people.enrolment.services.schools import (
    change_school,
    register_school,
)

__all__ = [
    "Brought",
    "Invitee",
    "Result",
    "bring",
    "bring_file",
    "change_school",
    "close_account",
    "duties_open_to",
    "invite_staff",
    "invite_to_school",
    "register_school",
    "resend",
    "revoke",
]
