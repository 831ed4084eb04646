"""The log as files, for anyone who checks or mirrors it, and with its secrets for the operator.

Public: `entries.jsonl` (index, data, hash), `checkpoints.jsonl` (signed notes with all cosignatures),
`keys.json`, `witnesses.txt`. Private, for the operator alone: `events.jsonl` (salt and text of each entry),
`register.jsonl` (the rows of the register).
"""

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any, TypeVar
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from cissapp.certify.transparency import queries
from cissapp.certify.transparency.checking.log_keys import WITNESSES
from cissapp.certify.transparency.rules.entries import PublicEntry, base64_of, from_base64
from cissapp.certify.transparency.rules.integrity import EntrySecret, LogContent, RegisterRow
from cissapp.certify.transparency.rules.merkle import leaf_hash
from cissapp.foundation.core.db import canonical
from cissapp.foundation.signing import keys

ENTRIES, CHECKPOINTS = "entries.jsonl", "checkpoints.jsonl"
EVENTS, REGISTER = "events.jsonl", "register.jsonl"
LONG_AGO = (1980, 1, 1, 0, 0, 0)

T = TypeVar("T")


class BadExport(Exception):
    """An export cannot be read; the message names file and line."""


# --- writing -------------------------------------------------------------------------------------


def public_files(keys_dir: Path) -> Iterator[tuple[str, Iterable[str]]]:
    """List the public files: names and lines."""
    yield (
        ENTRIES,
        _lines(
            {"index": index, "data": base64_of(data), "leaf_hash": base64_of(leaf_hash(data))}
            for index, data in queries.every_entry()
        ),
    )
    yield (
        CHECKPOINTS,
        _lines({"note": queries.published_note(row)} for row in queries.checkpoints()),
    )
    for name, text in _key_files(keys_dir):
        yield name, [text]


def private_files() -> Iterator[tuple[str, Iterable[str]]]:
    """List the files that only the operator may have: names and lines."""
    yield (
        EVENTS,
        _lines(
            {"index": leaf.index, "salt": base64_of(bytes.fromhex(leaf.salt)), "event": leaf.event}
            for leaf in queries.leaves()
        ),
    )
    yield (
        REGISTER,
        _lines(
            {"payload": row.payload, "previous_hash": row.previous_hash, "hash": row.hash}
            for row in queries.rows()
        ),
    )


def _lines(values: Iterable[dict[str, Any]]) -> Iterator[str]:
    return (f"{canonical(one)}\n" for one in values)


def write_export(folder: Path, keys_dir: Path, *, private: bool) -> list[str]:
    """Write the export into a new or empty folder; return the names of the files.

    The private files can be read by their owner only.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise BadExport(f"{folder} is not empty")
    written = []
    for name, lines in public_files(keys_dir):
        _write(folder / name, lines, 0o644)
        written.append(name)
    for name, lines in private_files() if private else ():
        _write(folder / name, lines, 0o600)
        written.append(name)
    return written


def _write(path: Path, lines: Iterable[str], mode: int) -> None:
    opened = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(opened, "w", encoding="utf-8") as file:
        file.writelines(lines)
        file.flush()
        os.fsync(file.fileno())


def export_mark(keys_dir: Path) -> str:
    """Return a short tag for the state of the public export, without building it."""
    state = [*queries.state(), *_key_files(keys_dir)]
    return hashlib.sha256(canonical(state).encode()).hexdigest()[:32]


def _key_files(keys_dir: Path) -> Iterator[tuple[str, str]]:
    for name in (keys.PUBLIC, WITNESSES):
        path = keys_dir / name
        if path.is_file():
            yield name, path.read_text("utf-8")


def zip_export(keys_dir: Path) -> bytes:
    """Pack the public export into one file; the same log gives the same bytes."""
    sheet = BytesIO()
    with ZipFile(sheet, "w", ZIP_DEFLATED) as archive:
        for name, lines in public_files(keys_dir):
            entry = ZipInfo(f"ciss-log/{name}", LONG_AGO)
            entry.compress_type = ZIP_DEFLATED
            archive.writestr(entry, "".join(lines))
    return sheet.getvalue()


# --- reading -------------------------------------------------------------------------------------


def read_export(folder: Path) -> LogContent:
    """Read an export; the private part as well, if it is there. Raise `BadExport`."""
    secrets = None
    if (folder / EVENTS).is_file():
        found = _read(folder / EVENTS, _secret)
        secrets = [secret for _index, secret in found]
        _refuse_gaps(folder / EVENTS, [index for index, _secret in found])
    return LogContent(
        leaves=_read(folder / ENTRIES, _leaf),
        checkpoints=_read(folder / CHECKPOINTS, _note),
        secrets=secrets,
        rows=_read(folder / REGISTER, _row) if (folder / REGISTER).is_file() else None,
    )


def _read(path: Path, reader: Callable[[dict[str, Any]], T]) -> list[T]:
    try:
        # Not `splitlines`: it would also split at characters that JSON allows inside a text.
        lines = path.read_text("utf-8").removesuffix("\n").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise BadExport(f"{path.name} cannot be read") from error
    found: list[T] = []
    for number, line in enumerate(lines if lines != [""] else [], 1):
        try:
            found.append(reader(json.loads(line)))
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise BadExport(f"{path.name}, line {number}: cannot be read") from error
    return found


def _refuse_gaps(path: Path, indexes: list[int]) -> None:
    for place, index in enumerate(indexes):
        if place != index:
            raise BadExport(f"{path.name}, line {place + 1}: entry {place} is missing")


def _leaf(raw: dict[str, Any]) -> PublicEntry:
    return PublicEntry(_whole(raw["index"]), _hash(raw["data"]), _hash(raw["leaf_hash"]))


def _secret(raw: dict[str, Any]) -> tuple[int, EntrySecret]:
    return _whole(raw["index"]), EntrySecret(from_base64(raw["salt"]), _text(raw["event"]))


def _row(raw: dict[str, Any]) -> RegisterRow:
    return RegisterRow(_text(raw["payload"]), _text(raw["previous_hash"]), _text(raw["hash"]))


def _note(raw: dict[str, Any]) -> str:
    return _text(raw["note"])


def _whole(value: Any) -> int:
    if type(value) is not int:
        raise ValueError("this is not a whole number")
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("this is not text")  # noqa: TRY004 -- callers treat all bad input alike
    return value


def _hash(value: Any) -> bytes:
    found = from_base64(value)
    if len(found) != 32:
        raise ValueError("a hash must have 32 bytes")
    return found
