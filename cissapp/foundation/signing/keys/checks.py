"""Checks a folder of keys for faults that must be corrected, and for remarks."""

from datetime import datetime, timedelta
from pathlib import Path

from msgspec import Struct, field

from cissapp.foundation.signing.keys import (
    files,
    keys_file,
    lifecycle,
    private,
)
from cissapp.foundation.signing.keys.errors import BrokenKeys, NoKeys
from cissapp.foundation.signing.keys.ring import Keyring, PublicKey, newest_of

# Leaves ample time to make a new key before the old one expires.
SOON = timedelta(days=365)


class KeyReport(Struct):
    """What a check of the keys found: faults that must be mended, and remarks."""

    faults: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


def look_over(folder: Path, *, at: datetime) -> KeyReport:
    """Check modes, private parts, root and dates; return sentences for the operator."""
    found = KeyReport()
    _modes(folder, found)
    try:
        ring = keys_file.load(folder)
    except (BrokenKeys, NoKeys) as error:
        found.faults.append(str(error))
        return found
    if not ring.keys:
        found.faults.append(
            f"There are no keys in {folder}. `ciss setup` makes those of a new installation. If"
            " certificates have been issued, check CISS_KEYS_DIR, or put the folder back from a"
            " backup (docs/keys.md, Lost keys)."
        )
        return found
    for key in ring.keys:
        if private.at_hand(folder, key.id) and not key.stopped:
            _belongs(folder, key, found)
    _able(ring, at, found)
    if lifecycle.root_beside(folder):
        found.remarks.append(
            "The root is in the same folder as the other keys. Anyone who copies this folder can"
            " make keys that look like yours. docs/keys.md explains how to keep the root on"
            " another machine."
        )
    return found


def _modes(folder: Path, found: KeyReport) -> None:
    secret = {path for pattern in ("*.key.pem", "*.pin") for path in folder.glob(pattern)}
    public = {*folder.glob("*.pem"), *folder.glob("*.json")} - secret
    for path in [folder, *sorted(secret)] if folder.is_dir() else []:
        _note(found, path, secret=True)
    for path in sorted(public):
        _note(found, path, secret=False)


def _note(found: KeyReport, path: Path, *, secret: bool) -> None:
    try:
        files.refuse_exposed(path, secret=secret)
    except NoKeys as error:
        found.faults.append(str(error))


def _belongs(folder: Path, key: PublicKey, found: KeyReport) -> None:
    try:
        private.refuse_foreign(folder, key.id, key.certificate, key.ed25519)
    except (NoKeys, BrokenKeys) as error:
        if str(error) not in found.faults:
            found.faults.append(str(error))


def _able(ring: Keyring, at: datetime, found: KeyReport) -> None:
    usable = [key for key in ring.keys if ring.folder and private.at_hand(ring.folder, key.id)]
    newest = newest_of(usable, None, at)
    if not newest:
        found.faults.append(
            "No key of this installation can sign now. If a private file is missing, put it back"
            " from a backup. Otherwise make a new key with `ciss keys rotate`."
        )
    elif newest.multibase is None:
        found.faults.append(
            f"Key {newest.id} is too old for credentials. Make a new one with `ciss keys rotate`."
        )
    if newest and newest.until_at - at < SOON:
        found.remarks.append(
            f"Key {newest.id} can only sign until {newest.until_at:%Y-%m-%d}. Make a new one"
            " before then with `ciss keys rotate`."
        )
    if ring.log is None:
        found.faults.append("There is no key for the log. Make one with `ciss keys rotate`.")
    elif ring.folder and not private.log_path(ring.folder).is_file():
        found.faults.append(
            f"{private.log_path(ring.folder)} is missing, so the public log is not signed. Put it"
            " back from a backup, or continue under another key (docs/winddown.md, Continuing)."
        )
