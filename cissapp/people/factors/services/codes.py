"""Makes recovery codes, and checks them."""

from datetime import datetime

from sqlalchemy import CursorResult, delete, update

from cissapp.foundation.audit.rules import Event
from cissapp.foundation.audit.services import record
from cissapp.foundation.core.db import release_transaction, session
from cissapp.foundation.core.errors import Problem
from cissapp.people.accounts import services as accounts
from cissapp.people.accounts.models import User, UserSession
from cissapp.people.factors import mails, queries
from cissapp.people.factors.models import RecoveryCode
from cissapp.people.factors.rules import NOT_A_RECOVERY_CODE, FactorChange
from cissapp.people.factors.rules.recovery_codes import (
    beginning,
    new_codes,
    plain_recovery_code,
    shown_code,
)
from cissapp.people.factors.services import attempts

KIND = "recovery_code"


def make_codes(user: User, *, at: datetime) -> list[str]:
    """Create ten new recovery codes and return them to be shown once; older ones no longer work."""
    codes = new_codes()
    session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))
    session.add_all(
        RecoveryCode(
            user_id=user.id,
            beginning=beginning(code),
            code_hash=accounts.hash_secret(code),
            made_at=at,
        )
        for code in codes
    )
    record(Event.RECOVERY_CODES_MADE, user, by=user, at=at, school_id=user.school_id)
    session.flush()
    return [shown_code(code) for code in codes]


def renew_codes(found: UserSession, *, at: datetime) -> list[str]:
    """Replace the recovery codes of the person of a session, and end their other sessions."""
    codes = make_codes(found.user, at=at)
    accounts.close_other_sessions(found.user, keep=found.id, at=at)
    mails.send_change(found.user, FactorChange.NEW_CODES, at=at)
    return codes


def prove_recovery_code(user: User, typed: str, *, at: datetime) -> Problem | None:
    """Check a recovery code, which works once; return the problem, if any."""
    code = plain_recovery_code(typed)
    row = queries.recovery_code(user.id, beginning(code))
    row_id, stored = (row.id, row.code_hash) if row else (None, None)
    waits = attempts.wait_of(user, at=at)
    if waits:
        return waits
    release_transaction()  # the check takes long
    right = accounts.is_secret(stored, code)
    waits = attempts.wait_of(user, at=at)
    if waits:
        return waits
    if right:
        won = session.execute(
            update(RecoveryCode)
            .where(RecoveryCode.id == row_id, RecoveryCode.used_at.is_(None))
            .values(used_at=at)
            .execution_options(synchronize_session=False)
        )
        if isinstance(won, CursorResult) and won.rowcount == 1:
            record(Event.RECOVERY_CODE_USED, user, by=user, at=at, school_id=user.school_id)
            mails.send_change(user, FactorChange.CODE_USED, at=at)
            return None
    attempts.count_wrong(user, KIND, at=at)
    return Problem("recovery_code", NOT_A_RECOVERY_CODE)
