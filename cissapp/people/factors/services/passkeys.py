"""Adds passkeys, and checks what they sign."""

from datetime import datetime

from sqlalchemy import CursorResult, select, update

from cissapp.foundation.core.db import session
from cissapp.foundation.core.errors import Problem
from cissapp.people.accounts.models import UserSession
from cissapp.people.factors import queries
from cissapp.people.factors.models import Passkey
from cissapp.people.factors.rules import (
    NOT_THIS_PASSKEY,
    TOO_OLD,
    ChallengePurpose,
    FactorKind,
)
from cissapp.people.factors.rules.parties import RelyingParty
from cissapp.people.factors.services import attempts, challenges, changes


def ask_new_passkey(found: UserSession, party: RelyingParty, *, at: datetime) -> str:
    """Return, as JSON, the options to create a passkey; the challenge is stored for the session."""
    from cissapp.people.factors.services import ceremonies  # noqa: PLC0415 -- slow import

    changes.may_set_up(found)
    known = queries.passkeys_of(found.user_id)
    challenge, options = ceremonies.options_to_make(found.user, known, party)
    challenges.ask(found.id, ChallengePurpose.NEW_PASSKEY, challenge, at=at)
    return options


def ask_passkey(found: UserSession, party: RelyingParty, *, at: datetime) -> str:
    """Return, as JSON, the options to use a passkey; the challenge is stored for the session."""
    from cissapp.people.factors.services import ceremonies  # noqa: PLC0415 -- slow import

    challenge, options = ceremonies.options_to_use(queries.passkeys_of(found.user_id), party)
    challenges.ask(found.id, ChallengePurpose.PASSKEY, challenge, at=at)
    return options


def add_passkey(
    found: UserSession, credential: str, name: str, party: RelyingParty, *, at: datetime
) -> Problem | None:
    """Add a passkey that a browser made for this session; return why not, if it is refused."""
    from cissapp.people.factors.services import ceremonies  # noqa: PLC0415 -- slow import

    changes.may_set_up(found)
    challenge = challenges.answered(found.id, ChallengePurpose.NEW_PASSKEY, at=at)
    if challenge is None:
        return Problem("credential", TOO_OLD)
    made = ceremonies.made(credential, challenge, party)
    if made is None:
        return Problem("credential", NOT_THIS_PASSKEY)
    credential_id, public_key, sign_count = made
    if session.scalar(select(Passkey.id).where(Passkey.credential_id == credential_id)):
        return Problem("credential", NOT_THIS_PASSKEY)
    passkey = Passkey(
        user_id=found.user_id,
        name=name,
        credential_id=credential_id,
        public_key=public_key,
        sign_count=sign_count,
        device=found.device,
        added_at=at,
    )
    session.add(passkey)
    session.flush()
    changes.follow_added(found, passkey, FactorKind.PASSKEY, at=at)
    return None


def prove_passkey(
    found: UserSession, credential: str, party: RelyingParty, *, at: datetime
) -> Problem | None:
    """Check what a passkey of this person signed for this session; return the problem, if any.

    Allowed even while codes are blocked: a signature cannot be guessed, and otherwise a stolen password
    would be enough to lock the owner out with wrong codes.
    """
    from cissapp.people.factors.services import ceremonies  # noqa: PLC0415 -- slow import

    user = found.user
    attempts.one_at_a_time(user)
    challenge = challenges.answered(found.id, ChallengePurpose.PASSKEY, at=at)
    if challenge is None:
        return Problem("credential", TOO_OLD)
    passkey = _own(found, ceremonies.named(credential))
    count = ceremonies.used(credential, challenge, passkey, party) if passkey else None
    if passkey and count is not None and _count_up(passkey, count, at=at):
        return None
    attempts.count_wrong(user, FactorKind.PASSKEY, at=at)
    return Problem("credential", NOT_THIS_PASSKEY)


def _own(found: UserSession, credential_id: str | None) -> Passkey | None:
    """Find a passkey by its credential id, but only among the person's own."""
    own = queries.passkeys_of(found.user_id) if credential_id else []
    return next((passkey for passkey in own if passkey.credential_id == credential_id), None)


def _count_up(passkey: Passkey, count: int, *, at: datetime) -> bool:
    """Store the new sign count; False if another use, perhaps of a copy, came first."""
    won = session.execute(
        update(Passkey)
        .where(Passkey.id == passkey.id, Passkey.sign_count == passkey.sign_count)
        .values(sign_count=count, used_at=at)
        .execution_options(synchronize_session=False)
    )
    return isinstance(won, CursorResult) and won.rowcount == 1
