"""Reads a row again, under its lock, before a form replaces what it says."""

from collections.abc import Sequence

from sqlalchemy.exc import InvalidRequestError

from cissapp.foundation.core.db import Model, session
from cissapp.foundation.core.errors import N_, Problem, Refused

OVERTAKEN = Problem(
    "overtaken", N_("Nothing was overwritten. Open it again to see how it stands now.")
)


def reread_unchanged(row: Model, names: Sequence[str]) -> None:
    """Lock a row and read these columns again; refuse if one changed since this transaction read it.

    The form compared what it replaces with what its page had shown, but a colleague may have saved since,
    while this save waited for the lock.
    """
    before = [getattr(row, name) for name in names]
    try:
        session.refresh(row, names, with_for_update=True)
    except InvalidRequestError as error:  # it has been removed
        raise Refused(OVERTAKEN) from error
    if before != [getattr(row, name) for name in names]:
        raise Refused(OVERTAKEN)
