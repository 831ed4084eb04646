"""What a fault on our side means to the person: no space, busy, or a bug; with the message for each."""

import errno
from http import HTTPStatus

from flask_babel import gettext as _
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError

from cissapp.foundation.core.errors import N_

NO_ROOM = {errno.ENOSPC, errno.EDQUOT}
DISK_FULL = ("disk is full", "disk i/o error", "no space left", "xminiostoragefull")
# PostgreSQL errors: a server that is read-only (a standby, or one that is being moved), and a transaction idle
# for too long. Its driver counts them as internal errors, but they are temporary.
PASSING = {"25006", "25P03"}
UNSURE = N_("We do not know yet whether this was saved")
MAYBE_SAVED = N_(
    "The connection was lost while this was being saved, so we cannot say yet whether it was. Wait a minute and send it again. It will be saved only once, even if it was saved this time."
)
BROKEN = N_("Something went wrong on our side. What was saved before is safe. Try again later.")
MESSAGES = {
    HTTPStatus.SERVICE_UNAVAILABLE: N_("The service is busy. Wait a minute and try again."),
    HTTPStatus.INSUFFICIENT_STORAGE: N_(
        "The service has no storage space left. You can still read, but nothing new can be saved."
    ),
}
SECONDS_TO_WAIT = {HTTPStatus.SERVICE_UNAVAILABLE: 30, HTTPStatus.INSUFFICIENT_STORAGE: 300}


def is_full(error: BaseException | None) -> bool:
    """Return whether there was no room left: on a disk, in the database or in the file store."""
    if isinstance(error, OSError) and error.errno in NO_ROOM:
        return True
    said = str(error).lower()
    return any(words in said for words in DISK_FULL)


def is_passing(error: DBAPIError) -> bool:
    """Return whether a retry may succeed later: the database is away, busy or read-only."""
    known = getattr(error.orig, "sqlstate", None) in PASSING
    passes = isinstance(error, OperationalError | InterfaceError)
    return known or passes or error.connection_invalidated


def message_of(status: HTTPStatus, *, unsure: bool) -> str:
    """Return what to tell; `unsure` where nobody knows whether something was kept."""
    return str(_(MAYBE_SAVED if unsure else MESSAGES.get(status, BROKEN)))
