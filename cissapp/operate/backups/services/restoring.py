"""Restores a backup: checked before anything is written, and usable only once all of it is there."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from flask import current_app

from cissapp.certify.transparency.checking import log_keys
from cissapp.certify.transparency.checking.log_keys import WITNESSES
from cissapp.certify.transparency.rules.integrity import TrustedKeys
from cissapp.certify.transparency.rules.notes import BadNote
from cissapp.foundation.core.errors import counted
from cissapp.foundation.core.storage import FileStore
from cissapp.foundation.signing import keys
from cissapp.foundation.signing.keys import BrokenKeys, Keyring
from cissapp.foundation.signing.keys import files as key_files
from cissapp.operate.backups import rules
from cissapp.operate.backups.archive.tar_stream import OpenMember
from cissapp.operate.backups.rules import BadBackup, Here
from cissapp.operate.backups.services import finishing, published, targets
from cissapp.operate.backups.services.checking import CheckedBackup, check, read_again
from cissapp.operate.backups.services.erasures import read_erasures
from cissapp.operate.backups.services.removals import read_removals
from cissapp.operate.backups.services.restore_job import RestoreJob, RestoreOrder
from config import Config

Tell = Callable[[str], None]
# Asks whether existing content may be replaced; called with its numbers of rows and files.
Agree = Callable[[int, int], bool]


def look(order: RestoreOrder, config: Config, store: FileStore, *, at: datetime) -> RestoreJob:
    """Check the whole backup; raise `BadBackup` with everything that forbids restoring it here."""
    with order.place.reading(order.name) as file:
        found = check(file, order.identities)
    manifest, here = found.manifest, _here(config)
    problems = rules.restore_problems(manifest, here, foreign=order.foreign)
    if order.seal and order.seal.strip().lower() != manifest.seal:
        problems.append("The seal is different. This is not the backup that the seal belongs to.")
    unproven = rules.origin_problem(manifest, here, seal=order.seal)
    if unproven and not order.accept_unproven:
        problems.append(f"{unproven}\nTo continue without proof, add --accept-unproven")
    ring, trusted = _keys(found)
    problems += _clashes(config.keys_dir, ring)
    told = _published(order, store, ring, trusted)
    unknown = published.what_is_unknown(told, manifest)
    if unknown and not order.accept_loss:
        problems.append(f"{unknown}\nTo continue without this information, add --accept-loss")
    if problems:
        raise BadBackup("\n".join(problems))
    since = manifest.made_at
    removed = read_removals(order.removals, store, since=since)
    erased = read_erasures(order.erasures, store, since=since)
    notes = [*rules.restore_notes(manifest, here), *filter(None, (unknown, unproven))]
    return RestoreJob(
        order, config, store, manifest, ring, trusted, told, removed, erased, at, notes
    )


def _here(config: Config) -> Here:
    return Here(
        base_url=config.base_url,
        engine="sqlite" if config.database_url.startswith("sqlite") else "postgresql",
        secrets=(config.secret_key, *config.secret_key_old),
        migrations=current_app.config["MIGRATIONS"],
    )


def _keys(found: CheckedBackup) -> tuple[Keyring, TrustedKeys]:
    """Read the public keys of the backup, with which alone its content is checked."""
    try:
        raw = found.small.get(f"{rules.KEYS}{keys.PUBLIC}")
        ring = keys.parse(raw.decode()) if raw else Keyring()
        lines = found.small.get(f"{rules.KEYS}{WITNESSES}", b"").decode()
        return ring, log_keys.trusted_keys(ring, log_keys.read_public_keys(lines))
    except (BrokenKeys, BadNote, ValueError) as error:
        raise BadBackup(f"The public keys in the backup cannot be read: {error}.") from error


def _clashes(folder: Path, ring: Keyring) -> Iterator[str]:
    """Find keys of another installation in the folder for those of the backup."""
    if not (folder / keys.PUBLIC).is_file():
        return
    try:
        here = keys.load(folder)
    except BrokenKeys as error:
        yield f"The keys in {folder} cannot be read: {error}. Move the folder elsewhere."
        return
    known = {key.id: key.fingerprint for key in ring.keys}
    others = [key.id for key in here.keys if known.get(key.id) != key.fingerprint]
    if here.log and log_keys.key_of_log(here) != log_keys.key_of_log(ring):
        others.append(here.log.name)
    if others:
        yield (
            f"{folder} contains keys that are not in the backup: {', '.join(others)}. Move the"
            " folder elsewhere and keep it."
        )


def _published(
    order: RestoreOrder, store: FileStore, ring: Keyring, trusted: TrustedKeys
) -> published.Published | None:
    """Read what the operator names, else what the file store kept."""
    if order.published:
        return published.read_published(published.fetch(order.published), ring, trusted)
    try:
        return published.read_published(store.get(published.KEPT), ring, trusted)
    except FileNotFoundError:
        return None


# --- writing ---------------------------------------------------------------------------------------


def restore(job: RestoreJob, *, agree: Agree, tell: Tell) -> list[str]:
    """Write everything, check it as `ciss log check` and `ciss audit check` do, and make it usable.

    Return what the operator must know. Raise `BadBackup` if it fails; nothing is usable then; a retry is safe.
    """
    target = targets.target_of(job.config, stamp=f"{job.at:{rules.STAMP}}")
    _refuse_what_is_there(job, target.rows(), agree)
    with _in_words(), target.receiving(job.manifest):
        tell("Writing files, keys and database …")
        with job.order.place.reading(job.order.name) as file:
            receive = _Receiver(job, target)
            read_again(file, job.order.identities, job.manifest, receive)
        tell("Checking everything …")
        with target.completed(job.manifest):
            told = finishing.finish(job)
    return [*told, *job.notes]


def _refuse_what_is_there(job: RestoreJob, rows: int, agree: Agree) -> None:
    """Refuse an installation that is in use, unless its operator agrees to replace it."""
    ours = job.manifest.file_keys
    others = sum(
        1
        for one in job.store.stored()
        if one.key not in ours
        and not one.key.startswith(rules.EXTENTS)
        and not one.key.rpartition("/")[2].startswith(".")
    )
    if not rows and not others:
        return
    if not job.order.replace:
        raise BadBackup(
            f"This installation is in use: it has {counted(rows, 'row')}, and"
            f" {counted(others, 'file')} not in the backup. Nothing was written. To replace all of"
            " this, stop the service and add --replace"
        )
    if not agree(rows, others):
        raise BadBackup("The address does not match. Nothing was written.")


@contextmanager
def _in_words() -> Iterator[None]:
    """Turn an error of the disk or the store into a `BadBackup`."""
    try:
        yield
    except OSError as error:
        raise BadBackup(
            f"The backup could not be written here: {error}. Fix the cause and restore again."
        ) from error


class _Receiver:
    """Puts each member where it belongs, keeping identical content that an interrupted restore left there."""

    def __init__(self, job: RestoreJob, target: targets.Target) -> None:
        self._job, self._target = job, target

    def __call__(self, member: OpenMember) -> None:
        """Store a member."""
        if member.name.startswith(rules.DATABASE):
            self._target.receive(member)
        elif member.name.startswith(rules.FILES):
            self._put(member.name.removeprefix(rules.FILES), b"".join(member.pieces()))
        elif member.name.startswith(rules.KEYS):
            self._put_key(member.name.removeprefix(rules.KEYS), b"".join(member.pieces()))

    def _put(self, key: str, content: bytes) -> None:
        store = self._job.store
        try:
            store.put(key, content)
        except FileExistsError:
            if hashlib.sha256(store.get(key)).digest() == hashlib.sha256(content).digest():
                return
            if not self._job.order.replace:
                raise BadBackup(
                    f"A different file {key} already exists. To replace it, add --replace"
                ) from None
            store.replace(key, content)
        except ValueError as error:
            raise BadBackup(f"{key} is not a valid name for a stored file.") from error

    def _put_key(self, name: str, content: bytes) -> None:
        folder = self._job.config.keys_dir
        key_files.make_folder(folder)
        path = folder / name
        if name == keys.PUBLIC and path.exists():
            return  # it is that of the backup, or says more: of a key that was retired or compromised since
        if not path.exists():
            key_files.write(path, content)
        elif path.read_bytes() != content and not name.endswith((".txt", ".json")):
            raise BadBackup(
                f"A different key {path} already exists. Move its folder elsewhere and keep it."
            )
