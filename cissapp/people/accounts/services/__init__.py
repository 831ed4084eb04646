"""Writes of people, sessions, invitations and passwords."""

from cissapp.people.accounts.services.attempts import (
    count_attempt,
    forget_attempts,
    forget_old_counts,
    reached_limits,
)
from cissapp.people.accounts.services.devices import end_other_sessions, end_session
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
)
from cissapp.people.accounts.services.resets import (
    answer_reset_requests,
    request_reset,
    reset_password,
)
from cissapp.people.accounts.services.sessions import (
    Visitor,
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
    "Visitor",
    "accept_invitation",
    "answer_reset_requests",
    "change_password",
    "choose_content_language",
    "choose_language",
    "close_sessions",
    "count_attempt",
    "create_first_account",
    "deactivate",
    "end_other_sessions",
    "end_session",
    "facts_of_open_session",
    "forget_attempts",
    "forget_old_counts",
    "invite",
    "is_invitation_open",
    "mark_calibrated",
    "needs_seen_update",
    "open_session_of",
    "person_of_session",
    "reached_limits",
    "record_seen",
    "request_reset",
    "reset_password",
    "revoke_invitation",
    "sign_in",
    "sign_in_joined",
    "sign_out",
]
