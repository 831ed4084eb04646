"""Writes of enrolling: schools by hand, and invitations."""

from cissapp.people.enrolment.services.counts import keep_account_counts
from cissapp.people.enrolment.services.invitations import (
    close_account,
    duties_open_to,
    invite_listed,
    invite_staff,
    invite_to_school,
    resend,
    withdraw,
)
from cissapp.people.enrolment.services.leaving import tell_leaving
from cissapp.people.enrolment.services.schools import (
    change_school,
    register_school,
)

__all__ = [
    "change_school",
    "close_account",
    "duties_open_to",
    "invite_listed",
    "invite_staff",
    "invite_to_school",
    "keep_account_counts",
    "register_school",
    "resend",
    "tell_leaving",
    "withdraw",
]
