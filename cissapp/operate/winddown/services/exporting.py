"""Writes everything that another installation needs into a folder."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from msgspec import Struct, field
from sqlalchemy import ColumnElement, Connection, Table, select, text
from sqlalchemy.exc import SQLAlchemyError

from cissapp.certify.certificates.models import Certificate
from cissapp.certify.certificates.queries import register_checks
from cissapp.certify.transparency.checking import log_keys
from cissapp.certify.transparency.checking.database import fault_in_database
from cissapp.certify.transparency.rules.integrity import TrustedKeys
from cissapp.foundation.audit import services as audit
from cissapp.foundation.content.values import Content
from cissapp.foundation.core.db import canonical, session
from cissapp.foundation.core.engines import snapshots
from cissapp.foundation.core.installation.command_faults import (
    explained,
    in_one_line,
    is_of_machine,
)
from cissapp.foundation.core.installation.figures import software_version
from cissapp.foundation.core.storage import FileStore, StoreAway
from cissapp.foundation.signing import keys
from cissapp.operate.winddown import rules
from cissapp.operate.winddown.archive import rows
from cissapp.operate.winddown.archive.bags import BadBag, BagWriter
from config import Config

INSTALLATION, FILES, README = "installation.json", "files.jsonl", "README.txt"
KEYS, WITNESSES = f"keys/{keys.PUBLIC}", f"keys/{log_keys.WITNESSES}"


class ExportResult(Struct, frozen=True):
    """What was exported, and what could not be; `seal` identifies the whole export."""

    seal: str
    rows: int
    files: int
    missing: list[str]
    faults: list[str]


class _Export(Struct):
    """An export under way."""

    writing: BagWriter
    store: FileStore
    people: bool
    at: datetime
    tables: list[dict[str, Any]] = field(default_factory=list)
    keys_of_files: set[str] = field(default_factory=set)
    missing: list[str] = field(default_factory=list)

    def write_tables(self) -> None:
        """Write every table that is exported, each after those that its rows point to."""
        for table in rows.tables():
            wanted = table.name in rules.PUBLIC if not self.people else True
            if not wanted or table.name in rules.LEFT_OUT:
                continue
            path = f"tables/{len(self.tables) + 1:03}-{table.name}.jsonl"
            told: dict[str, Any] = {"name": table.name, "path": path, "rows": 0}
            sha256 = self.writing.write(path, self._lines(table, told))
            self.tables.append({**told, "sha256": sha256})

    def _lines(self, table: Table, told: dict[str, Any]) -> Iterator[bytes]:
        named = [column.name for column in rows.file_columns(table)]
        for row in rows.rows_of(table, *self._where(table)):
            self.keys_of_files.update(row[name] for name in named if name in row)
            told["rows"] += 1
            yield f"{canonical(rules.without_secrets(table.name, row, self.at))}\n".encode()

    def _where(self, table: Table) -> list[ColumnElement[bool]]:
        column = rules.NARROWED.get(table.name)
        if self.people or column is None:
            return []
        return [table.c.id.in_(select(Certificate.__table__.c[column]))]

    def write_files(self) -> int:
        """Write the stored files under their hashes, one at a time, and the list of them."""
        listed: list[dict[str, Any]] = []
        for key in sorted(self.keys_of_files):
            try:
                content = self.store.get(key)
            except StoreAway:
                raise  # whether the file is there is not known
            except (OSError, ValueError):
                self.missing.append(key)
                listed.append({"key": key})
                continue
            sha256 = hashlib.sha256(content).hexdigest()
            if not self.writing.has(path_of(sha256)):
                self.writing.write(path_of(sha256), [content])
            listed.append({"key": key, "sha256": sha256, "size": len(content)})
        self.writing.write(FILES, (f"{canonical(one)}\n".encode() for one in listed))
        return len(listed) - len(self.missing)


def path_of(sha256: str) -> str:
    """Return where a stored file is in an export."""
    return f"files/{sha256[:2]}/{sha256}"


def export(
    folder: Path,
    config: Config,
    content: Content,
    store: FileStore,
    *,
    people: bool = True,
    at: datetime,
) -> ExportResult:
    """Write everything into a new folder, as of a single point in time; raise `BadBag` if nothing was exported."""
    with _all_or_nothing(BagWriter(folder)) as writing:
        _hold_still()
        return _write_all(_Export(writing, store, people, at), config, content)


@contextmanager
def _all_or_nothing(writing: BagWriter) -> Iterator[BagWriter]:
    """Leave a whole export or none; turn an error of a disk, the store or the database into a `BadBag`.

    Any other error is a bug, and keeps its traceback.
    """
    try:
        writing.begin()
        yield writing
    except (OSError, SQLAlchemyError) as error:
        if not is_of_machine(error):
            raise
        said = explained(error) or f"{in_one_line(error)}. Fix the cause and export again."
        raise BadBag(f"The export could not be made, and nothing of it was kept. {said}") from error
    finally:
        writing.discard()


def _write_all(export: _Export, config: Config, content: Content) -> ExportResult:
    """Write tables, files, keys and what is said about them; return what was exported."""
    writing, at, people = export.writing, export.at, export.people
    export.write_tables()
    files = export.write_files()
    _write_keys(writing, config.keys_dir)
    _ring, trusted = log_keys.open_log_keys(config.keys_dir)
    faults = [f"{name}: {fault}" for name, fault in faults_now(trusted).items()]
    told = {
        "format": rules.FORMAT,
        "made_at": at.isoformat(),
        "base_url": config.base_url,
        "people": people,
        "software": software_version(),
        "migration": session.execute(text("SELECT version_num FROM alembic_version")).scalar(),
        "content": content_version(content, config.modules_dir),
        "tables": export.tables,
        "missing_files": export.missing,
        "faults": faults,
    }
    _write_text(writing, INSTALLATION, json.dumps(told, indent=2, ensure_ascii=False) + "\n")
    _write_text(writing, README, rules.readme(base_url=config.base_url, at=at, people=people))
    seal = writing.close(at=at, info={"External-Identifier": config.base_url})
    count = sum(one["rows"] for one in export.tables)
    return ExportResult(seal, count, files, export.missing, faults)


def _hold_still() -> None:
    """Read a consistent snapshot of the database, in which no migration changes tables."""
    _begin()
    if session.get_bind().dialect.name == "postgresql":
        snapshots.hold_still(_begin)


def _begin() -> Connection:
    session.rollback()
    return session.connection()


def _write_text(writing: BagWriter, path: str, content: str) -> None:
    writing.write(path, [content.encode()])


def _write_keys(writing: BagWriter, keys_dir: Path) -> None:
    """Write the public keys, and those of the log's witnesses; never a private key."""
    for path, name in ((KEYS, keys.PUBLIC), (WITNESSES, log_keys.WITNESSES)):
        if (keys_dir / name).is_file():
            writing.write(path, [(keys_dir / name).read_bytes()])


def faults_now(trusted: TrustedKeys) -> dict[str, str]:
    """Describe what is wrong with register, public log and audit trail, by their names."""
    found = {
        "register": register_checks.first_fault(),
        "public log": fault_in_database(trusted),
        "audit trail": audit.first_fault(),
    }
    return {name: fault for name, fault in found.items() if fault}


def content_version(content: Content, modules_dir: Path) -> Mapping[str, Any]:
    """Return the version of the programme's content: of the rubric, of each module, and the hash of all files."""
    digest = hashlib.sha256()
    for path in sorted(one for one in modules_dir.rglob("*") if one.is_file()):
        name = path.relative_to(modules_dir).as_posix()
        digest.update(f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {name}\n".encode())
    return {
        "rubric": content.standard.rubric.version,
        "modules": {module.id: module.file.version for module in content.modules},
        "sha256": digest.hexdigest(),
    }
