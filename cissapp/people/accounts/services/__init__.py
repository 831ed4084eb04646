"""Writes of people, sessions, invitations and passwords."""

from cissapp.people.accounts.services.invitations import (
    Scope,
    accept,
    create_first,
    invite,
    is_open,
    revoke_invitation,
)
from cissapp.people.accounts.services.people import (
    ask_reset,
    change_password,
    choose_language,
    deactivate,
    mark_calibrated,
    reset_password,
)
from cissapp.people.accounts.services.sessions import (
    alive,
    close_sessions,
    is_to_be_noted,
    note_seen,
    person_of,
    sign_in,
    sign_in_joined,
    sign_out,
)

__all__ = [
    "Scope",
    "accept",
    "alive",
    "ask_reset",
    "change_password",
    "choose_language",
    "close_sessions",
    "create_first",
    "deactivate",
    "invite",
    "is_open",
    "is_to_be_noted",
    "mark_calibrated",
    "note_seen",
    "person_of",
    "reset_password",
    "revoke_invitation",
    "sign_in",
    "sign_in_joined",
    "sign_out",
]
