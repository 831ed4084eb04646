"""Writes of factors: set up, proved, removed, reset."""

from cissapp.people.factors.services.apps import (
    add_app,
    begin_app,
    count_unopened,
    pending_secret,
    seal_secrets_anew,
)
from cissapp.people.factors.services.changes import forget_person, remove
from cissapp.people.factors.services.codes import make_codes, renew_codes
from cissapp.people.factors.services.passkeys import add_passkey, ask_new_passkey, ask_passkey
from cissapp.people.factors.services.proving import GivenProof, confirm
from cissapp.people.factors.services.resets import reset_factors

__all__ = [
    "GivenProof",
    "add_app",
    "add_passkey",
    "ask_new_passkey",
    "ask_passkey",
    "begin_app",
    "confirm",
    "count_unopened",
    "forget_person",
    "make_codes",
    "pending_secret",
    "remove",
    "renew_codes",
    "reset_factors",
    "seal_secrets_anew",
]
