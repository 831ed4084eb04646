"""Joins the cookie with the session on the server, and tells the guard who is there."""

from cissapp.people.accounts.sessions.cookie import TOKEN, begin, end, remember_link, renew
from cissapp.people.accounts.sessions.own_proof import (
    OwnProof,
    own_proof,
    validate_with_proof,
    ways_to_sign_in_again,
)
from cissapp.people.accounts.sessions.person import (
    by_facts_alone,
    confirmed_at,
    half_open_session,
    init_app,
    load_person,
    own_session,
    read_by_facts,
    row_beside,
    signed_in_facts,
    signed_in_person,
)
from cissapp.people.accounts.sessions.visitor import this_device, this_visitor

__all__ = [
    "TOKEN",
    "OwnProof",
    "begin",
    "by_facts_alone",
    "confirmed_at",
    "end",
    "half_open_session",
    "init_app",
    "load_person",
    "own_proof",
    "own_session",
    "read_by_facts",
    "remember_link",
    "renew",
    "row_beside",
    "signed_in_facts",
    "signed_in_person",
    "this_device",
    "this_visitor",
    "validate_with_proof",
    "ways_to_sign_in_again",
]
