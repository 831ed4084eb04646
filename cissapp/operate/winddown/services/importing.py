"""Brings an export into an empty installation: everything, or nothing."""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

from msgspec import Struct, field
from sqlalchemy import Integer, Table, func, select, text
from sqlalchemy.exc import SQLAlchemyError

from cissapp.certify.certificates import queries
from cissapp.certify.certificates.queries import register_checks
from cissapp.certify.transparency.checking import log_keys
from cissapp.certify.transparency.rules.integrity import TrustedKeys
from cissapp.certify.transparency.rules.notes import BadNote
from cissapp.foundation.content.values import Content
from cissapp.foundation.core.db import session
from cissapp.foundation.core.engines.snapshots import without_time_limits
from cissapp.foundation.core.errors import counted
from cissapp.foundation.core.storage import FileStore
from cissapp.foundation.signing import keys
from cissapp.foundation.signing.keys import BrokenKeys, Keyring
from cissapp.foundation.signing.keys import files as key_files
from cissapp.operate.winddown import rules
from cissapp.operate.winddown.archive import rows
from cissapp.operate.winddown.archive.bags import ExportBag
from cissapp.operate.winddown.services.exporting import (
    FILES,
    INSTALLATION,
    KEYS,
    WITNESSES,
    content_version,
    faults_now,
    path_of,
)
from config import Config


class NotImported(Exception):
    """An export was not imported; the message is a sentence."""


class ImportJob(Struct):
    """What is imported, and from where; `put` are the keys of the files that were written."""

    bag: ExportBag
    told: dict[str, Any]
    config: Config
    store: FileStore
    put: list[str] = field(default_factory=list)
    missing: set[str] = field(default_factory=set)


def begin(bag: ExportBag, config: Config, store: FileStore, *, head: str) -> ImportJob:
    """Read the description of the export; raise `NotImported` if its format or migration differs."""
    session.rollback()  # what was looked at before is over: the import begins a transaction that writes
    try:
        told = json.loads(bag.read(INSTALLATION))
        known = told["format"] == rules.FORMAT
        migration, named = told["migration"], {one["name"] for one in told["tables"]}
    except (ValueError, LookupError, TypeError) as error:
        raise NotImported(f"data/{INSTALLATION} cannot be read. Copy the export again.") from error
    if not known:
        raise NotImported(f"The export has an unknown format. This version reads {rules.FORMAT}.")
    if migration != head:
        raise NotImported(
            f"The export is at migration {migration}, this version of the software at {head}."
            " Import it with the version that made it, then upgrade."
        )
    strange = sorted(named - {table.name for table in rows.tables()})
    if strange:
        raise NotImported(f"The export contains an unknown table: {strange[0]}.")
    return ImportJob(bag, told, config, store)


def notes(work: ImportJob, content: Content) -> list[str]:
    """List what will differ from the exported installation without being wrong."""
    found = []
    if work.told["content"] != content_version(content, work.config.modules_dir):
        found.append(
            "The content in modules/ differs from that of the exported installation, so pages may"
            " differ too."
        )
    if work.told["base_url"] != work.config.base_url:
        found.append(
            f"The certificates contain the address {work.told['base_url']}. Point it to this"
            " service, or their links will not work."
        )
    return found + [
        f"The file {key} was already missing when the export was made." for key in work.missing
    ]


@contextmanager
def or_nothing(work: ImportJob) -> Iterator[None]:
    """Remove the files that were written, if the rest fails."""
    try:
        yield
    except BaseException:
        for key in work.put:
            work.store.delete(key)
        raise


def bring(work: ImportJob) -> int:
    """Import everything, inside one transaction; return the number of rows. Raise `NotImported`."""
    ring, trusted = _keys(work)
    if session.get_bind().dialect.name == "postgresql":
        without_time_limits(session.connection())
    _refuse_unless_empty(work)
    _put_files(work)
    with _without_guards():
        count = sum(_bring_table(work, told) for told in work.told["tables"])
    _move_counters()
    session.expire_all()
    _refuse_faults(work, trusted)
    _adopt(work, ring)
    return count


# --- before ------------------------------------------------------------------------------------


def _refuse_unless_empty(work: ImportJob) -> None:
    for table in rows.tables():
        if session.execute(select(func.count()).select_from(table)).scalar():
            raise NotImported(
                f"This installation is not empty: {table.name} has rows. Import the export into a new,"
                " empty installation."
            )
    if next(iter(work.store.stored()), None):
        raise NotImported(
            "This installation is not empty: it has stored files. Import the export into a new,"
            " empty installation."
        )


def _keys(work: ImportJob) -> tuple[Keyring, TrustedKeys]:
    """Read the public keys of the export; refuse what would clash with keys that are here."""
    if KEYS not in work.bag.payload:
        return Keyring(), TrustedKeys(())
    try:
        ring = keys.parse(work.bag.read(KEYS).decode())
        lines = work.bag.read(WITNESSES).decode() if WITNESSES in work.bag.payload else ""
        trusted = log_keys.trusted_keys(ring, log_keys.read_public_keys(lines))
        here = keys.load(work.config.keys_dir)
    except (BrokenKeys, BadNote, ValueError) as error:
        raise NotImported(f"The public keys in the export cannot be read: {error}.") from error
    for key in ring.keys:
        known = here.by_id(key.id)
        if known and known.fingerprint != key.fingerprint:
            raise NotImported(
                f"This installation already has a different key {key.id}. Import into an installation"
                " without keys, and make keys afterwards."
            )
    return ring, trusted


# --- files -------------------------------------------------------------------------------------


def _put_files(work: ImportJob) -> None:
    """Write the files into the store, one at a time."""
    for line in work.bag.lines(FILES):
        key, sha256 = _listed(line)
        if sha256 is None:
            work.missing.add(key)
            continue
        content = work.bag.read(path_of(sha256))
        if hashlib.sha256(content).hexdigest() != sha256:
            raise NotImported(f"The file {key} does not match its entry in data/{FILES}.")
        try:
            work.store.put(key, content)
        except (OSError, ValueError) as error:
            raise NotImported(f"The file {key} could not be stored: {error}.") from error
        work.put.append(key)


def _listed(line: bytes) -> tuple[str, str | None]:
    try:
        found = json.loads(line)
        key, sha256 = found["key"], found.get("sha256")
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise NotImported(f"data/{FILES} contains a line that cannot be read.") from error
    if not isinstance(key, str) or not (sha256 is None or isinstance(sha256, str)):
        raise NotImported(f"data/{FILES} contains a line that cannot be read.")
    return key, sha256


# --- rows --------------------------------------------------------------------------------------


def _bring_table(work: ImportJob, told: dict[str, Any]) -> int:
    """Write the rows of a table; raise `NotImported` if one does not fit, or if their number is not as exported."""
    table = next(one for one in rows.tables() if one.name == told["name"])
    lines, count = work.bag.lines(told["path"]), 0
    while batch := [_row(table, line) for line in islice(lines, rows.BATCH)]:
        _insert(table, batch)
        count += len(batch)
    if rows.own_columns(table):
        for line in work.bag.lines(told["path"]):
            rows.point(table, _row(table, line))
    if count != told["rows"]:
        raise NotImported(
            f"{table.name} has {counted(count, 'row')}, but had {told['rows']} when it was"
            " exported."
        )
    return count


def _row(table: Table, line: bytes) -> rules.Row:
    try:
        found = json.loads(line)
    except ValueError as error:
        raise NotImported(f"A row of {table.name} cannot be read.") from error
    if not isinstance(found, dict):
        raise NotImported(f"A row of {table.name} cannot be read.")
    return found


def _insert(table: Table, batch: list[rules.Row]) -> None:
    try:
        rows.insert(table, batch)
    except rows.BadRow as error:
        raise NotImported(f"A row of {table.name} {error}.") from error
    except SQLAlchemyError as error:
        raise NotImported(f"A row of {table.name} does not match the other rows.") from error


@contextmanager
def _without_guards() -> Iterator[None]:
    """Suspend the triggers that check new rows against the present state, and restore them as they were.

    A drill, for instance, may be older than a change of the ways to report. What was checked when it was
    written is not checked again.
    """
    if session.get_bind().dialect.name == "postgresql":
        guarded = text(
            "SELECT DISTINCT event_object_table FROM information_schema.triggers"
            " WHERE event_manipulation = 'INSERT' AND trigger_schema = current_schema()"
        )
        tables = list(session.scalars(guarded))
        off = [f'ALTER TABLE "{one}" DISABLE TRIGGER USER' for one in tables]
        on = [f'ALTER TABLE "{one}" ENABLE TRIGGER USER' for one in tables]
    else:
        guarded = text(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
            " AND sql LIKE '%BEFORE INSERT ON%'"
        )
        found = [(name, sql) for name, sql in session.execute(guarded)]
        off, on = [f'DROP TRIGGER "{name}"' for name, _ in found], [sql for _, sql in found]
    for statement in off:
        session.connection().exec_driver_sql(statement)
    yield
    for statement in on:
        session.connection().exec_driver_sql(statement)


def _move_counters() -> None:
    """Set PostgreSQL's sequences to the highest number; SQLite does so by itself."""
    if session.get_bind().dialect.name != "postgresql":
        return
    for table in rows.tables():
        column = table.autoincrement_column
        if column is None or not isinstance(column.type, Integer):
            continue
        highest = session.execute(select(func.max(column))).scalar()
        counter = func.pg_get_serial_sequence(table.name, column.name)
        if highest and session.scalar(select(counter)):
            session.execute(select(func.setval(counter, highest)))


# --- after -------------------------------------------------------------------------------------


def _refuse_faults(work: ImportJob, trusted: TrustedKeys) -> None:
    """Check the import as any installation is checked; raise `NotImported` if it is not intact."""
    found = faults_now(trusted)
    if file_fault := _first_bad_file(work):
        found.setdefault("register", file_fault)
    for name, fault in found.items():
        raise NotImported(f"The {name} is damaged: {fault}. Nothing was imported.")


def _first_bad_file(work: ImportJob) -> str | None:
    for certificate in queries.all_certificates():
        if certificate.publication is None or certificate.file_key in work.missing:
            continue
        fault = register_checks.file_fault(certificate, work.store)
        if fault:
            return f"certificate {certificate.number}: {fault}"
    return None


def _adopt(work: ImportJob, ring: Keyring) -> None:
    """Adopt the public keys: they verify here, and sign nothing. Safe to repeat."""
    if not ring.keys:
        return
    folder: Path = work.config.keys_dir
    try:
        keys.adopt(folder, ring)
    except (BrokenKeys, OSError) as error:
        raise NotImported(f"The public keys could not be imported: {error}.") from error
    witnesses = folder / log_keys.WITNESSES
    if WITNESSES in work.bag.payload and not witnesses.exists():
        key_files.replace(witnesses, work.bag.read(WITNESSES))
