"""Sets up authenticator apps, and checks their codes."""

import logging
from datetime import datetime

from sqlalchemy import CursorResult, update

from cissapp.foundation.core.db import session
from cissapp.foundation.core.errors import Problem, Refused
from cissapp.foundation.signing.sealing import SealBroken, can_unseal, seal, seal_anew, unseal
from cissapp.people.accounts.models import User, UserSession
from cissapp.people.factors import queries
from cissapp.people.factors.models import AuthenticatorApp
from cissapp.people.factors.rules import (
    CLOCK_IS_OFF,
    NOT_RIGHT,
    TOO_OLD,
    USED_ALREADY,
    ChallengePurpose,
    FactorKind,
)
from cissapp.people.factors.rules.app_codes import CodeMatch, match_code, new_secret
from cissapp.people.factors.services import attempts, challenges, changes

log = logging.getLogger("ciss")

PURPOSE = "authenticator app"


def begin_app(found: UserSession, *, at: datetime) -> None:
    """Create a secret for a new app; it has no effect until a correct code is typed in this session."""
    changes.may_set_up(found)
    sealed = seal(new_secret(), purpose=PURPOSE, bound_to=str(found.user_id))
    challenges.ask(found.id, ChallengePurpose.NEW_APP, sealed, at=at)


def pending_secret(found: UserSession, *, at: datetime) -> str | None:
    """Return the secret that an app is to be set up with; None where none was made, or too long ago."""
    asked = queries.challenge(found.id, ChallengePurpose.NEW_APP, at=at)
    return _opened(asked.content, found.user) if asked else None


def _opened(sealed: str, user: User) -> str | None:
    try:
        return unseal(sealed, purpose=PURPOSE, bound_to=str(user.id))
    except SealBroken:
        log.warning(
            "a sealed secret cannot be opened; if CISS_SECRET_KEY was changed, add the old key to"
            " CISS_SECRET_KEY_OLD"
        )
        return None


def add_app(found: UserSession, typed: str, *, at: datetime) -> Problem | None:
    """Set up an app with a code that it shows; return the problem with the code, if any."""
    changes.may_set_up(found)
    user = found.user
    waits = attempts.wait_of(user, at=at)
    if waits:
        return waits
    secret = pending_secret(found, at=at)
    if secret is None:
        raise Refused(Problem("old", TOO_OLD))
    match = match_code(secret, typed, at)
    if match is None or not match.counts:
        attempts.count_wrong(user, FactorKind.APP, at=at)
        return _wrong(match)
    sealed = challenges.answered(found.id, ChallengePurpose.NEW_APP, at=at)
    if sealed is None:
        raise Refused(Problem("old", TOO_OLD))
    app = AuthenticatorApp(user_id=user.id, sealed_secret=sealed, added_at=at, last_step=match.step)
    session.add(app)
    session.flush()
    changes.follow_added(found, app, FactorKind.APP, at=at)
    return None


def seal_secrets_anew() -> int:
    """Seal again with the current secret key what an old key sealed, and return the number of apps.

    Afterwards the old key may be discarded.
    """
    changed = 0
    for app in queries.all_apps():
        sealed = seal_anew(app.sealed_secret, purpose=PURPOSE, bound_to=str(app.user_id))
        if sealed is not None:
            app.sealed_secret = sealed
            changed += 1
    session.flush()
    return changed


def count_unopened() -> int:
    """Return how many secrets of apps no secret key opens: the key that sealed them is not here."""
    return sum(
        not can_unseal(app.sealed_secret, purpose=PURPOSE, bound_to=str(app.user_id))
        for app in queries.all_apps()
    )


def prove_app_code(user: User, typed: str, *, at: datetime) -> Problem | None:
    """Check a code from one of a person's apps, which works once; return the problem, if any."""
    waits = attempts.wait_of(user, at=at)
    if waits:
        return waits
    for app in queries.apps_of(user.id):
        secret = _opened(app.sealed_secret, user)
        match = match_code(secret, typed, at) if secret else None
        if match is None:
            continue
        if match.counts and _use(app, match, at=at):
            return None
        attempts.count_wrong(user, FactorKind.APP, at=at, step=None if match.counts else match.step)
        return _wrong(match)
    attempts.count_wrong(user, FactorKind.APP, at=at)
    return _wrong(None)


def _use(app: AuthenticatorApp, match: CodeMatch, *, at: datetime) -> bool:
    """Use up the code of a step; False if it or a later one was used, or it was tried outside its window."""
    if queries.is_spent(app.user_id, match.step):
        return False
    won = session.execute(
        update(AuthenticatorApp)
        .where(AuthenticatorApp.id == app.id, AuthenticatorApp.last_step < match.step)
        .values(last_step=match.step, used_at=at)
        .execution_options(synchronize_session=False)
    )
    return isinstance(won, CursorResult) and won.rowcount == 1


def _wrong(match: CodeMatch | None) -> Problem:
    if match is None:
        return Problem("code", NOT_RIGHT)
    return Problem("code", USED_ALREADY if match.counts else CLOCK_IS_OFF)
