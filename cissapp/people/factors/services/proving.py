"""Accepts a proof of any kind, and confirms the session with it."""

from datetime import datetime

from msgspec import Struct

from cissapp.foundation.core.db import release_transaction
from cissapp.foundation.core.errors import Problem
from cissapp.people.accounts import services as accounts
from cissapp.people.accounts.models import User, UserSession
from cissapp.people.accounts.rules import Proof
from cissapp.people.factors.rules import NOT_THE_PASSWORD
from cissapp.people.factors.rules.parties import RelyingParty
from cissapp.people.factors.services import attempts
from cissapp.people.factors.services.apps import prove_app_code
from cissapp.people.factors.services.codes import prove_recovery_code
from cissapp.people.factors.services.passkeys import prove_passkey


class GivenProof(Struct, frozen=True):
    """What somebody typed, or what their passkey signed."""

    kind: Proof
    text: str


def confirm(
    found: UserSession, proof: GivenProof, party: RelyingParty, *, at: datetime
) -> str | Problem:
    """Confirm a session with a proof; return its new token, or what is wrong with the proof.

    A password confirms only an open session of somebody who has no factor.
    """
    half_open = found.confirmed_at is None
    problem = _problem(found, proof, party, at=at)
    if problem:
        return problem
    renewed = accounts.confirm_session if half_open else accounts.confirm_again
    return renewed(found, proof=proof.kind, at=at)


def _problem(
    found: UserSession, proof: GivenProof, party: RelyingParty, *, at: datetime
) -> Problem | None:
    if proof.kind is Proof.APP_CODE:
        return prove_app_code(found.user, proof.text, at=at)
    if proof.kind is Proof.RECOVERY_CODE:
        return prove_recovery_code(found.user, proof.text, at=at)
    if proof.kind is Proof.PASSKEY:
        return prove_passkey(found, proof.text, party, at=at)
    return _prove_password(found, proof.text, at=at)


def _prove_password(found: UserSession, password: str, *, at: datetime) -> Problem | None:
    user: User = found.user
    waits = attempts.wait_of(user, at=at)
    if waits:
        return waits
    enough = found.confirmed_at is not None and user.factors_since is None
    stored = user.password_hash if enough else None
    release_transaction()  # the check takes long
    right = accounts.is_secret(stored, password)
    waits = attempts.wait_of(user, at=at)
    if waits:
        return waits
    if right:
        return None
    attempts.count_wrong(user, Proof.PASSWORD, at=at)
    return Problem("password", NOT_THE_PASSWORD)
