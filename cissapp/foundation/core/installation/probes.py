"""Whether external services can be used, and why not: in fixed sentences without secrets or addresses."""

import re
import smtplib
import socket
from uuid import uuid4

from msgspec import Struct
from sqlalchemy.exc import DBAPIError

from cissapp.foundation.core.mail import Mailer
from cissapp.foundation.core.storage import FileStore

SECONDS = 3
# A temporary file, written to test whether the store keeps what it is given.
TRIAL = "kept/trial-{}"


class Fault(Struct, frozen=True):
    """What is wrong with a service, and how to fix it."""

    said: str
    mend: str


READ_ONLY, LOCKED = "it is read-only", "another process has locked it"

# Patterns in error texts and their meaning; the first match counts. Client errors name hosts, users and keys; what a
# database answers to a statement names its tables and columns, so its patterns are whole phrases.
DATABASE = (
    (r"password authentication|no password supplied", "the user name or password is wrong"),
    (r'database ".*" does not exist', "the database does not exist"),
    (r'role ".*" does not exist', "the database user does not exist"),
    (r"pg_hba", "the server does not allow this user to connect from here (pg_hba.conf)"),
    (
        r"too many (clients|connections)|remaining connection slots",
        "the server has no free connections",
    ),
    (
        r"database system is|adminshutdown|crashshutdown",
        "the server is starting or stopping",
    ),
    (r"no such table|undefinedtable", "the tables are missing"),
    (r"socket .*no such file", "nothing answers at its address"),
    (r"unable to open database file", "the file or its folder cannot be opened"),
    (r"readonly database|read-only", READ_ONLY),
    (r"(database|table|schema) is locked", LOCKED),
    (r"disk is full|space left", "the disk is full"),
    (
        r"disk i/o error|disk image is malformed|not a database",
        "the disk is full, or the file is damaged",
    ),
)
STORE = (
    (r"nosuchbucket|bucket.*does not exist", "the bucket does not exist"),
    (
        r"accessdenied|invalidaccesskeyid|signaturedoesnotmatch|forbidden|\b40[13]\b|unauthenticated",
        "the access key or its secret is wrong, or has no access to this bucket",
    ),
    (r"space left|quota", "the disk is full"),
    (r"permission|cannot be written|read-only", "the folder cannot be written to"),
    (r"no such file|not a directory|file exists", "the folder cannot be created"),
)
NETWORK = (
    (
        r"name or service|translate host|resolve|getaddrinfo|nodename|dns error",
        "its host name cannot be found",
    ),
    (r"refused|unreachable|no route|connect call failed", "nothing answers at its address"),
    (r"timed? ?out|timeout", "it did not answer in time"),
    (r"certificate has expired", "its TLS certificate has expired"),
    (r"certificate is not yet valid", "its TLS certificate is not valid yet"),
    (r"certificate|ssl|tls", "TLS failed: its certificate is not trusted, or it does not use TLS"),
    (r"connect", "it cannot be reached"),
)
MAIL: tuple[tuple[type[BaseException] | tuple[type[BaseException], ...], str], ...] = (
    (smtplib.SMTPAuthenticationError, "the user name or password is wrong"),
    (
        smtplib.SMTPNotSupportedError,
        "the server does not offer STARTTLS or signing in, as the setting asks",
    ),
    (
        (smtplib.SMTPServerDisconnected, smtplib.SMTPConnectError),
        "the server closed the connection: try another port, or smtps:// instead of smtp://",
    ),
    (socket.gaierror, "its host name cannot be found"),
)
MEND = {
    "the tables are missing": "Run `ciss db upgrade`.",
    "the bucket does not exist": "Create the bucket, or correct CISS_FILES_URL.",
    "the database does not exist": "Create the database, or correct CISS_DATABASE_URL.",
    "the disk is full": "Free some space. Stored files can still be read meanwhile.",
    "the disk is full, or the file is damaged": "Free some space. If there is enough, restore the"
    " last backup (docs/incidents.md).",
    READ_ONLY: "Make it writable for the user of the service: with SQLite, check who owns"
    " the file and its folder; with PostgreSQL, whether the server is a replica.",
    "the file or its folder cannot be opened": "Check that its disk is mounted and that the user of"
    " the service owns it, or correct {setting}.",
    "the folder cannot be written to": "Check that its disk is mounted and that the user of the"
    " service owns it, or correct {setting}.",
    LOCKED: "Find the process that has the file open, and wait for it or end it.",
    "the server has no free connections": "Raise max_connections, or end other clients.",
    "the server is starting or stopping": "Wait a moment and try again.",
    "it did not answer in time": "Check that it is running and that no firewall blocks it.",
    "nothing answers at its address": "Start it, or correct the host and port in {setting}.",
    "its TLS certificate has expired": "Check this machine's clock. If it is right, have the"
    " certificate renewed there.",
    "its TLS certificate is not valid yet": "Check this machine's clock.",
    "its host name cannot be found": "Correct the host in {setting}.",
}


def meaning(error: BaseException, *lists: tuple[tuple[str, str], ...]) -> str:
    """Return the meaning of an error by the first matching pattern, or else the name of its class."""
    return _known_meaning(error, *lists) or type(error).__name__


def _known_meaning(error: BaseException, *lists: tuple[tuple[str, str], ...]) -> str | None:
    said = f"{type(error).__name__}: {error}".lower()
    for words, meant in (one for some in lists for one in some):
        if re.search(words, said):
            return meant
    return None


def fault_of(meant: str, setting: str) -> Fault:
    """Return a fault with the sentence that explains how to fix it; `setting` is the one to correct."""
    return Fault(meant, MEND.get(meant, "Correct {setting}.").format(setting=setting))


def database_fault(error: BaseException) -> Fault:
    """Return the fault behind a database error, by what the database said and not by the statement."""
    original = getattr(error, "orig", None) or error
    return fault_of(meaning(original, DATABASE, NETWORK), "CISS_DATABASE_URL")


def fault_of_machine(error: DBAPIError) -> Fault | None:
    """Return the fault behind a database error; None if the statement, or our limit for it, may be the cause."""
    original = error.orig or error
    # Only a database that was reached answers with a code: the network was not the cause then.
    reached = getattr(original, "sqlstate", None) or getattr(original, "sqlite_errorname", None)
    meant = _known_meaning(original, DATABASE, () if reached else NETWORK)
    return fault_of(meant, "CISS_DATABASE_URL") if meant else None


def _store_fault(error: OSError) -> Fault:
    return fault_of(meaning(error, STORE, NETWORK), "CISS_FILES_URL and CISS_S3_…")


def store_fault(store: FileStore) -> Fault | None:
    """Return why the file store cannot be reached; None if it can."""
    try:
        store.check()
    except OSError as error:
        return _store_fault(error)
    return None


def store_trial(store: FileStore) -> Fault | None:
    """Write a file, read it back, remove it; return what went wrong, or None."""
    key, content = TRIAL.format(uuid4().hex), uuid4().bytes
    try:
        store.put(key, content)
        same = store.get(key) == content
        store.delete(key)
    except OSError as error:
        return _store_fault(error)
    if not same:
        return fault_of("it returned something other than what was stored", "CISS_FILES_URL")
    return None


def mail_fault(mailer: Mailer) -> Fault | None:
    """Connect and sign in to the mail server, and send nothing; return what went wrong, or None."""
    try:
        mailer.check()
    except OSError as error:
        return fault_of(_mail_meaning(error.__cause__ or error), "CISS_MAIL_URL")
    return None


def answer_of_mail_server(error: Exception) -> str:
    """Return what a mail server answered to an email; without an answer, the name of the error."""
    code: int
    text: bytes | str
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, text = next(iter(error.recipients.values()), (0, b""))
    elif isinstance(error, smtplib.SMTPResponseException):
        code, text = error.smtp_code, error.smtp_error
    else:
        return type(error).__name__
    shown = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return f"{code} {' '.join(shown.split())}"


def _mail_meaning(error: BaseException) -> str:
    for kind, meant in MAIL:
        if isinstance(error, kind):
            return meant
    return meaning(error, NETWORK, STORE)


def redis_fault(url: str, setting: str) -> Fault | None:
    """Ping Redis; return what went wrong, or None, which is also returned if the setting names no Redis."""
    if not url.startswith("redis"):
        return None
    try:
        from redis import Redis, RedisError  # noqa: PLC0415 -- installed where it is used
    except ImportError:
        return Fault("the Redis client is not installed", "Run `pip install 'ciss[redis]'`.")
    plain = url.replace("redis+unix://", "unix://", 1)
    try:
        with Redis.from_url(
            plain, socket_timeout=SECONDS, socket_connect_timeout=SECONDS
        ) as client:
            client.ping()
    except (RedisError, OSError, ValueError) as error:
        words = ((r"auth|wrongpass|invalid (user|pass)", "the password is wrong"), *NETWORK)
        return fault_of(meaning(error, words), setting)
    return None
