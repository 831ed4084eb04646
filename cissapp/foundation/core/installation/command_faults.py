"""Faults of the machine that end a command: explained in a sentence. Any other error is a bug, and keeps its traceback."""

import errno

from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from cissapp.foundation.core.installation.probes import fault_of_machine

OF_OWNER = "Run the command as the user of the service, and check who owns the file or folder."
OF_SPACE = "Free some space, or use a larger disk."
MENDS = {
    errno.EACCES: OF_OWNER,
    errno.EPERM: OF_OWNER,
    errno.EROFS: "Mount the disk so that it can be written to.",
    errno.ENOSPC: OF_SPACE,
    errno.EDQUOT: OF_SPACE,
    errno.EADDRINUSE: "Stop the other process that listens there, or choose another --bind.",
}

# Every driver has these classes: what they stand for may be beyond the programmer's control (PEP 249).
OF_OPERATION = ("OperationalError", "InterfaceError")


def explained(error: BaseException) -> str | None:
    """Return what ended a command and how to fix it; None if the machine was not the cause."""
    if isinstance(error, DBAPIError) and (fault := fault_of_machine(error)):
        return f"The database cannot be used: {fault.said}. {fault.mend}"
    if isinstance(error, OSError) and error.errno in MENDS:
        place = f"{error.filename}: " if error.filename else ""
        return f"{place}{error.strerror}. {MENDS[error.errno]}"
    return None


def is_of_machine(error: Exception) -> bool:
    """Return whether a disk, the network or a database failed, and not the code or its statement.

    Errors of the drivers of databases count as well, with or without SQLAlchemy's own around them.
    """
    if isinstance(error, OSError):
        return not isinstance(error, FileNotFoundError)
    if isinstance(error, SQLAlchemyError) and not isinstance(error, DBAPIError):
        return False
    whole = error if isinstance(error, DBAPIError) else DBAPIError(None, None, error)
    names = {kind.__name__ for kind in type(whole.orig).__mro__}
    # SQLite has one class for its faults and for wrong statements, and a code that tells them apart.
    statement = getattr(whole.orig, "sqlite_errorname", None) == "SQLITE_ERROR"
    of_operation = not statement and not names.isdisjoint(OF_OPERATION)
    return of_operation or fault_of_machine(whole) is not None


def in_one_line(error: BaseException) -> str:
    """Return what went wrong, without a full stop and without the statement and processes that a database adds."""
    cause = error.orig if isinstance(error, DBAPIError) and error.orig else error
    return str(cause).partition("\n")[0].rstrip(".") or type(cause).__name__
