"""What ends a command: the machine's faults in a sentence, bugs with their traceback."""

import errno
import os
import smtplib
import sqlite3
import ssl
from typing import cast

import pytest
from psycopg import errors
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, InvalidRequestError, OperationalError

from cissapp.foundation.core.db import session
from cissapp.foundation.core.installation import probes
from cissapp.foundation.core.installation.command_faults import explained, is_of_machine
from cissapp.foundation.core.mail import Mailer


def of_database(said: str) -> OperationalError:
    return OperationalError("SELECT disk, locked FROM school", {}, Exception(said))


@pytest.mark.parametrize(
    ("error", "begins"),
    [
        (
            PermissionError(errno.EACCES, os.strerror(errno.EACCES), "/var/x"),
            "/var/x: Permission denied. Run the command as",
        ),
        (
            OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)),
            "No space left on device. Free some space",
        ),
        (
            OSError(errno.EADDRINUSE, os.strerror(errno.EADDRINUSE)),
            "Address already in use. Stop the other process",
        ),
        (
            of_database("database or disk is full"),
            "The database cannot be used: the disk is full. Free some space.",
        ),
        (
            of_database("attempt to write a readonly database"),
            "The database cannot be used: it is read-only. Make it writable",
        ),
        (
            of_database(
                'connection to server on socket "/run/.s.PGSQL.5432" failed: No such file or directory'
            ),
            "The database cannot be used: nothing answers at its address. Start it",
        ),
    ],
)
def test_a_fault_of_the_machine_is_explained(error: Exception, begins: str):
    assert (explained(error) or "").startswith(begins)


@pytest.mark.parametrize(
    "error",
    [of_database("no such column: x"), FileNotFoundError(errno.ENOENT, "x", "y"), ValueError("x")],
)
def test_a_bug_keeps_its_traceback(error: Exception):
    assert explained(error) is None


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT certificate.locked_at FROM certificate",
        "SELECT certificate.tls, recovery FROM certificate",
        "INSERT INTO certificate DEFAULT VALUES",
        "SELECT certificate FROM",
    ],
)
def test_a_wrong_statement_is_a_bug_whatever_it_names(context, statement: str):
    with pytest.raises(DBAPIError) as raised:
        session.execute(text(statement))
    session.rollback()

    assert explained(raised.value) is None
    assert not is_of_machine(raised.value)


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (OSError(errno.EIO, "Input/output error"), True),
        (ConnectionResetError(), True),
        (FileNotFoundError(errno.ENOENT, "x", "y"), False),
        (errors.QueryCanceled("canceling statement due to statement timeout"), True),
        (errors.UniqueViolation("duplicate key"), False),
        (sqlite3.DatabaseError("database disk image is malformed"), True),
        (sqlite3.IntegrityError("UNIQUE constraint failed"), False),
        (DBAPIError("SELECT", {}, sqlite3.OperationalError("interrupted")), True),
        (DBAPIError("SELECT", {}, sqlite3.ProgrammingError("Cannot operate on it")), False),
        (InvalidRequestError("connection is closed"), False),
    ],
    ids=repr,
)
def test_what_a_machine_does_is_told_from_a_bug(error: Exception, expected: bool):
    assert is_of_machine(error) is expected


def test_a_missing_table_is_explained(context):
    with pytest.raises(DBAPIError) as raised:
        session.execute(text("SELECT * FROM nowhere"))
    session.rollback()

    assert (explained(raised.value) or "").endswith(
        "the tables are missing. Run `ciss db upgrade`."
    )


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (errors.LockNotAvailable("canceling statement due to lock timeout"), None),
        (errors.QueryCanceled("canceling statement due to statement timeout"), None),
        (errors.IdleInTransactionSessionTimeout("due to idle-in-transaction timeout"), None),
        (
            errors.DeadlockDetected(
                'deadlock detected\nDETAIL: Process 1 waits for ShareLock; blocked by process 3.\nCONTEXT: while updating tuple (0,1) in relation "certificate"'
            ),
            None,
        ),
        (errors.ReadOnlySqlTransaction("cannot execute … in a read-only transaction"), "read-only"),
        (errors.AdminShutdown("terminating connection"), "the server is starting or stopping"),
        (errors.DiskFull("could not extend file: No space left on device"), "the disk is full"),
        (errors.ConnectionTimeout("connection timeout expired"), "it did not answer in time"),
        (errors.OperationalError("SSL error: certificate verify failed"), "TLS failed"),
    ],
    ids=lambda one: type(one).__name__ if isinstance(one, Exception) else "",
)
def test_a_limit_of_ours_is_told_from_a_server_that_is_away(error: Exception, said: str | None):
    known = explained(DBAPIError("UPDATE certificate", {}, error))

    assert (known or "").startswith("The database cannot be used") is (said is not None)
    assert (said or "") in (known or "")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("certificate has expired", "its TLS certificate has expired"),
        ("certificate is not yet valid", "its TLS certificate is not valid yet"),
        (
            "self-signed certificate",
            "TLS failed: its certificate is not trusted, or it does not use TLS",
        ),
    ],
)
def test_the_date_of_a_certificate_is_told_from_its_trust(words: str, said: str):
    class Server:
        def check(self) -> None:
            raise ssl.SSLCertVerificationError(f"certificate verify failed: {words}")

    fault = probes.mail_fault(cast("Mailer", Server()))

    assert fault
    assert fault.said == said


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (smtplib.SMTPSenderRefused(550, b"relay\r\ndenied", "a@b.c"), "550 relay denied"),
        (smtplib.SMTPRecipientsRefused({"a@b.c": (554, b"no relay")}), "554 no relay"),
        (ValueError("x"), "ValueError"),
    ],
)
def test_the_answer_of_a_mail_server_is_shown(error: Exception, said: str):
    assert probes.answer_of_mail_server(error) == said
