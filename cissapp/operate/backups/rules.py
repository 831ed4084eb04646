"""The names and content of backups, their retention, and when one may be restored. No database."""

import hashlib
import hmac
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from msgspec import Struct
from msgspec.structs import replace

from cissapp.foundation.core.errors import counted

FORMAT = "ciss-backup-1"
KEEP_DAYS = 35
# Backups are made each night, or at least each week; a longer step between two is a pause, or a clock set ahead.
MOST_APART = timedelta(days=14)

# The members of a backup, in this order; the manifest is the last one.
SETTINGS = "settings.env"
KEYS, DATABASE, FILES = "keys/", "database/", "files/"
SQLITE_FILE = f"{DATABASE}ciss.db"
TABLES = f"{DATABASE}tables/"
MANIFEST = "manifest.json"
# The records of how far log and audit trail went, which a restore writes again.
EXTENTS = "kept/"

NAMED = re.compile(r"ciss-(\d{8}T\d{6}Z)\.(age|tar)")
STAMP = "%Y%m%dT%H%M%SZ"

# What could open an account again or be sent twice, and how a restore ends it: condition, values set.
# A column without a value is set to the time of the restore.
ENDED: Mapping[str, tuple[str, Mapping[str, str | None]]] = {
    "invitation": ("accepted_at IS NULL AND revoked_at IS NULL", {"revoked_at": None}),
    "mail": ("sent_at IS NULL AND given_up_at IS NULL", {"given_up_at": None}),
    "handover": ("ended_at IS NULL", {"expires_at": None}),
    "act_proposal": ("ended_at IS NULL", {"expires_at": None}),
    "api_token": ("ended_at IS NULL", {"ended_at": None, "ended_because": "restored"}),
}
# Background tasks can go: what they were about is itself marked as waiting, and daily work resumes it.
EMPTIED = (
    "factor_challenge",
    "user_session",
    "password_reset",
    "reset_request",
    "background_task",
)


class BadBackup(Exception):
    """A backup is incomplete, is not one, or cannot be opened; the message is a sentence."""


class Member(Struct, frozen=True):
    """A file in a backup."""

    name: str
    sha256: str
    size: int


class Manifest(Struct, frozen=True):
    """What a backup says about itself.

    `tables` has the number of rows of each, ordered so that rows come after those they point to.
    `secret_mark` shows whether the installation still has the same secret, without revealing it.
    """

    made_at: datetime
    base_url: str
    software: str
    migration: str
    engine: str
    secret_mark: str
    private_keys: bool
    log_entries: int
    trail_last_id: int
    tables: dict[str, int]
    sequences: dict[str, int]
    missing: tuple[str, ...]
    members: tuple[Member, ...]
    # Lets an installation recognise its own backups; empty in those made before there was a mark.
    mark: str = ""

    @property
    def text(self) -> str:
        """The text that is written into the backup."""
        return self._text({"mark": self.mark} if self.mark else {})

    @property
    def seal(self) -> str:
        """The hash that identifies the whole backup."""
        return hashlib.sha256(self._text({}).encode()).hexdigest()

    def _text(self, more: Mapping[str, str]) -> str:
        told = {
            **{name: getattr(self, name) for name in PLAIN},
            "format": FORMAT,
            "made_at": self.made_at.astimezone(UTC).isoformat(),
            "missing": list(self.missing),
            "members": [[one.name, one.sha256, one.size] for one in self.members],
            **more,
        }
        return json.dumps(told, ensure_ascii=False, separators=(",", ":"))

    def marked(self, secret: str) -> "Manifest":
        """Return the manifest with the mark of the installation that has this secret."""
        return replace(self, mark=_mark_of(self.seal, secret))

    def is_proven(self, secrets: Iterable[str]) -> bool:
        """Return whether one of these secrets made the mark, which the public key alone cannot make."""
        return any(
            hmac.compare_digest(self.mark.encode(), _mark_of(self.seal, secret).encode())
            for secret in secrets
        )

    @property
    def file_keys(self) -> dict[str, str]:
        """The stored files: SHA-256 by key."""
        return {
            one.name.removeprefix(FILES): one.sha256
            for one in self.members
            if one.name.startswith(FILES)
        }

    @property
    def summary(self) -> str:
        """The content of the backup, in one line."""
        rows, files = sum(self.tables.values()), len(self.file_keys)
        size = sum(one.size for one in self.members)
        keys = "with private keys" if self.private_keys else "without private keys"
        return (
            f"{counted(rows, 'row')}, {counted(files, 'file')}, {size:,} bytes, {keys}, migration"
            f" {self.migration}"
        )


def _mark_of(seal: str, secret: str) -> str:
    """Return the keyed hash of a seal, which covers everything that the backup holds."""
    return hmac.new(
        secret.encode(), f"ciss-backup-mark:{seal}".encode(), hashlib.sha256
    ).hexdigest()


PLAIN = (
    "base_url",
    "software",
    "migration",
    "engine",
    "secret_mark",
    "private_keys",
    "log_entries",
    "trail_last_id",
    "tables",
    "sequences",
)


def read_manifest(text: bytes) -> Manifest:
    """Parse a manifest; raise `BadBackup`."""
    try:
        told = json.loads(text)
        if told["format"] != FORMAT:
            raise BadBackup(f"The backup has an unknown format. This version reads {FORMAT}.")
        read = Manifest(
            made_at=datetime.fromisoformat(told["made_at"]),
            missing=tuple(told["missing"]),
            members=tuple(
                Member(str(name), str(sha), int(size)) for name, sha, size in told["members"]
            ),
            mark=str(told.get("mark", "")),
            **{name: told[name] for name in PLAIN},
        )
        read.text.encode()  # half a character pair can be read, and never written
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise BadBackup("The backup's list of contents cannot be read.") from error
    return read


def is_member(name: str) -> bool:
    """Return whether a backup may hold a file of this name; no name may lead out of its folder."""
    parts = name.split("/")
    if "" in parts or "." in parts or ".." in parts or "\0" in name or "\\" in name:
        return False
    if name.startswith(KEYS):
        return len(parts) == 2 and not parts[1].startswith(".")
    return name in {SETTINGS, MANIFEST, SQLITE_FILE} or name.startswith((TABLES, FILES))


def secret_mark(secret: str) -> str:
    """Return a mark that shows whether two installations have the same secret."""
    return hmac.new(secret.encode(), b"ciss-backup", hashlib.sha256).hexdigest()[:16]


# --- names and days ------------------------------------------------------------------------------


def name_of(at: datetime, *, encrypted: bool) -> str:
    """Return the name of a backup made at this time."""
    return f"ciss-{at.astimezone(UTC):{STAMP}}.{'age' if encrypted else 'tar'}"


def moment_of(name: str) -> datetime | None:
    """Return when a backup with this name was made; None if it is not one of our names."""
    found = NAMED.fullmatch(name)
    try:
        return datetime.strptime(found[1], STAMP).replace(tzinfo=UTC) if found else None
    except ValueError:
        return None


class Ages(Struct, frozen=True):
    """The names of backups: those too old, those kept in doubt of the clock, and those dated in the future."""

    too_old: list[str]
    in_doubt: list[str]
    of_the_future: list[str]


def ages_of(names: Iterable[str], *, at: datetime, keep_days: int) -> Ages:
    """Sort out the backups that would be too old before the next night; other files are ignored.

    Where more than a fortnight lies between two backups, the clock may have been set ahead, and all before is old
    to it. So the newest such step does not count as age.
    """
    made = sorted((moment, name) for name in names if (moment := moment_of(name)))
    past = [(moment, name) for moment, name in made if moment <= at]
    pairs = pairwise([*(moment for moment, _name in past), at])
    steps = [(before, after - before) for before, after in pairs if after - before > MOST_APART]
    before, step = steps[-1] if steps else (at, timedelta())
    oldest = at - timedelta(days=keep_days - 1)
    old = [(moment, name) for moment, name in past if moment < oldest]
    in_doubt = [name for moment, name in old if moment <= before and moment + step >= oldest]
    too_old = [name for _moment, name in old if name not in in_doubt]
    return Ages(too_old, in_doubt, [name for moment, name in made if moment > at])


# --- coming back -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Here:
    """The installation into which a backup is to be restored."""

    base_url: str
    engine: str
    secrets: tuple[str, ...] = field(repr=False)
    migrations: frozenset[str]

    @property
    def secret_mark(self) -> str:
        """The mark of the current secret."""
        return secret_mark(self.secrets[0])


def origin_problem(manifest: Manifest, here: Here, *, seal: str | None) -> str | None:
    """Return why a backup's origin is unproven; None if a secret of ours or the recorded seal proves it.

    Encryption proves nothing: anyone with the public key can encrypt, and that key is no secret.
    """
    if seal or manifest.is_proven(here.secrets):
        return None
    return (
        f"NOTHING PROVES THAT {manifest.base_url} MADE THIS BACKUP. Anyone with the public key"
        " can make one that contains their own accounts and keys. Give the seal that was"
        " printed when the backup was made (--seal), or set CISS_SECRET_KEY to that"
        " installation's key. Take the key from where you keep it, not from this backup."
    )


def restore_problems(manifest: Manifest, here: Here, *, foreign: bool) -> list[str]:
    """List what forbids to restore a backup here."""
    found = []
    if manifest.engine != here.engine:
        found.append(
            f"The backup is from {manifest.engine}, but this installation uses {here.engine}."
            " Restore it to the same kind of database, then move with `ciss winddown export`."
        )
    if manifest.migration not in here.migrations:
        found.append(
            f"A newer version of the software made this backup ({manifest.software}, migration"
            f" {manifest.migration}). Install that version, then restore."
        )
    if manifest.base_url != here.base_url and not foreign:
        found.append(
            f"The backup is from {manifest.base_url}, but this installation is {here.base_url}. If"
            " you want to restore it here, add --foreign"
        )
    return found


def restore_notes(manifest: Manifest, here: Here) -> list[str]:
    """List what will differ after the restore without being wrong."""
    found = []
    if manifest.secret_mark != here.secret_mark:
        found.append(
            "CISS_SECRET_KEY differs from the one in the backup. Earlier receipts cannot be"
            " checked, links in earlier emails do not work, and nobody can sign in with an"
            " authenticator app or an organisation's account. To see the old key, run `ciss"
            " backup take BACKUP settings.env`."
        )
    if not manifest.private_keys:
        found.append(
            "This backup does not contain the private keys. Copy them into CISS_KEYS_DIR; until"
            " then, nothing can be signed."
        )
    found += [
        f"This file was already missing when the backup was made: {key}" for key in manifest.missing
    ]
    return found
