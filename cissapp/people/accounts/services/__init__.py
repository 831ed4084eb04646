"""Writes of people, sessions, invitations and passwords."""

from cissapp.people.accounts.services.invitations import (
    Invitee,
    Scope,
    accept_invitation,
    create_first_account,
    invite,
    is_invitation_open,
    revoke_invitation,
)
from cissapp.people.accounts.services.people import (
    change_password,
    choose_content_language,
    choose_language,
    deactivate,
    mark_calibrated,
    request_reset,
    reset_password,
)
from cissapp.people.accounts.services.sessions import (
    close_sessions,
    facts_of_open_session,
    needs_seen_update,
    open_session_of,
    person_of_session,
    record_seen,
    sign_in,
    sign_in_joined,
    sign_out,
)

__all__ = [
    "Invitee",
    "Scope",
    "accept_invitation",
    "change_password",
    "choose_content_language",
    "choose_language",
    "close_sessions",
    "create_first_account",
    "deactivate",
    "facts_of_open_session",
    "invite",
    "is_invitation_open",
    "mark_calibrated",
    "needs_seen_update",
    "open_session_of",
    "person_of_session",
    "record_seen",
    "request_reset",
    "reset_password",
    "revoke_invitation",
    "sign_in",
    "sign_in_joined",
    "sign_out",
]
