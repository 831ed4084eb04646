"""Reads and writes `keys.json`, and verifies its contents; see the package for the format."""

import json
import re
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.serialization import Encoding

from cissapp.foundation.signing.keys import endorsements, files
from cissapp.foundation.signing.keys.endorsements import Endorsement
from cissapp.foundation.signing.keys.errors import BrokenKeys
from cissapp.foundation.signing.keys.ring import Keyring, LogKey, PublicKey

FORMAT = "ciss-keys-2"
FORMATS = ("ciss-keys-1", FORMAT)
PUBLIC = "keys.json"
ROOT = "root.pem"
OTHER_ROOTS = "root-*.pem"
# Names of keys are names of files.
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,40}")
# How many folders' keys a process caches; tests have many, an installation has one.
KEPT = 8

WRONG = (OSError, ValueError, KeyError, TypeError, AttributeError, InvalidSignature)


def exist(folder: Path) -> bool:
    """Return whether a folder holds keys."""
    return (folder / PUBLIC).is_file()


def load(folder: Path) -> Keyring:
    """Open the keys of a folder; an empty ring if there are none.

    The keys are read again whenever the file changes, so that all processes notice a rotation at once.
    """
    try:
        seen = (folder / PUBLIC).stat()
    except FileNotFoundError:
        return Keyring(folder=folder)
    return _load(folder, seen.st_mtime_ns, seen.st_ctime_ns, seen.st_size, seen.st_ino)


def again(ring: Keyring) -> Keyring:
    """Reload a ring from its folder, so that a long task notices a rotation or a compromise."""
    return load(ring.folder) if ring.folder else ring


@lru_cache(KEPT)
def _load(folder: Path, *_seen: int) -> Keyring:
    files.refuse_exposed(folder / PUBLIC, secret=False)
    public = load_public(folder / PUBLIC)
    known = {endorsements.fingerprint(root) for root in roots(folder)}
    held = [(key.id, key.root) for key in public.keys]
    held += [("log", public.log.root)] if public.log else []
    for name, root in held:
        if known and endorsements.fingerprint(root) not in known:
            raise BrokenKeys(f"{folder / PUBLIC}: the root of key {name} is unknown here")
    return Keyring(public.keys, folder, public.log)


def roots(folder: Path) -> tuple[x509.Certificate, ...]:
    """List the roots that a folder trusts: its own, and those of keys it has adopted."""
    try:
        paths = [path for path in [folder / ROOT] if path.is_file()]
        paths += sorted(folder.glob(OTHER_ROOTS))
        return tuple(x509.load_pem_x509_certificate(path.read_bytes()) for path in paths)
    except WRONG as error:
        raise BrokenKeys(f"{folder}: a root cannot be read: {error}") from error


def load_public(path: Path) -> Keyring:
    """Open a file of public keys: enough to verify, not to sign."""
    try:
        return parse(path.read_text("utf-8"))
    except OSError as error:
        raise BrokenKeys(f"{path}: {error.strerror or error}") from error
    except BrokenKeys as error:
        raise BrokenKeys(f"{path}: {error}") from error


def parse(text: str) -> Keyring:
    """Read the text of a file of public keys; raise `BrokenKeys` with what is wrong."""
    try:
        raw = json.loads(text)
        if raw["format"] not in FORMATS:
            raise BrokenKeys("this is not a keys file")
        found = sorted(
            (read_key(one) for one in raw["keys"]), key=lambda one: (one.from_at, one.id)
        )
        log = read_log(raw["log"]) if raw.get("log") else None
        if len({key.id for key in found}) != len(found):
            raise BrokenKeys("two keys have the same name")
    except (*WRONG, RecursionError) as error:
        raise BrokenKeys(said(error)) from error
    return Keyring(tuple(found), None, log)


def said(error: Exception) -> str:
    """Describe an error in a key file in a few words."""
    if isinstance(error, InvalidSignature):
        return "a certificate was not issued by the root next to it"
    if isinstance(error, KeyError):
        return f"{error} is missing"
    return str(error) or type(error).__name__


def read_key(raw: Mapping[str, Any]) -> PublicKey:
    """Read an issuing key, and refuse it unless root, certificate and endorsement belong together."""
    credential = raw.get("credential")
    key = PublicKey(
        named(raw["id"]),
        x509.load_pem_x509_certificate(raw["certificate"].encode()),
        x509.load_pem_x509_certificate(raw["root"].encode()),
        datetime.fromisoformat(raw["from"]),
        datetime.fromisoformat(raw["until"]),
        group=named(raw["group"]) if raw.get("group") else None,
        multibase=credential["publicKeyMultibase"] if credential else None,
        endorsement=Endorsement.read(credential["endorsement"]) if credential else None,
        retired_at=_moment(raw.get("retired")),
        compromised_at=_moment(raw.get("compromised")),
    )
    key.certificate.verify_directly_issued_by(key.root)
    if raw.get("sha256", key.fingerprint) != key.fingerprint:
        raise ValueError(f"the fingerprint of key {key.id} belongs to another certificate")
    held = (key.certificate.not_valid_before_utc, key.certificate.not_valid_after_utc)
    if (key.from_at, key.until_at) != held:
        raise ValueError(f"the dates of key {key.id} do not match its certificate")
    if key.multibase and key.endorsement:
        expected = endorsements.on_credentials(
            key.id, key.group, key.multibase, key.certificate, key.root
        )
        key.endorsement.refuse_wrong(expected, key.root)
        _ = key.ed25519
    return key


def named(text: str) -> str:
    """Return the name of a key or group if it is safe in a file name; raise `ValueError` if not."""
    if not NAME.fullmatch(text):
        raise ValueError("the name of a key contains characters that are not allowed")
    return text


def read_log(raw: Mapping[str, Any]) -> LogKey:
    """Read the key of the log, and refuse it unless the root endorsed it."""
    log = LogKey(
        raw["name"],
        raw["publicKeyMultibase"],
        x509.load_pem_x509_certificate(raw["root"].encode()),
        Endorsement.read(raw["endorsement"]),
    )
    log.endorsement.refuse_wrong(endorsements.on_log(log.name, log.multibase, log.root), log.root)
    _ = log.public
    return log


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


# --- writing ------------------------------------------------------------------------------------


def published(ring: Keyring) -> str:
    """Write the public parts of a ring as the text of `keys.json`."""
    raw = {
        "format": FORMAT,
        "keys": [key_as_json(key) for key in ring.keys],
        "log": log_as_json(ring.log) if ring.log else None,
    }
    return json.dumps(raw, indent=2, ensure_ascii=False) + "\n"


def key_as_json(key: PublicKey) -> dict[str, Any]:
    """Return an issuing key as stored in `keys.json`."""
    endorsed = key.endorsement.public() if key.endorsement else None
    return {
        "id": key.id,
        "group": key.group,
        "certificate": _pem(key.certificate),
        "root": _pem(key.root),
        "from": key.from_at.isoformat(),
        "until": key.until_at.isoformat(),
        "sha256": key.fingerprint,
        "credential": {"publicKeyMultibase": key.multibase, "endorsement": endorsed}
        if key.multibase
        else None,
        "retired": key.retired_at.isoformat() if key.retired_at else None,
        "compromised": key.compromised_at.isoformat() if key.compromised_at else None,
    }


def log_as_json(log: LogKey) -> dict[str, Any]:
    """Return the key of the log as stored in `keys.json`."""
    return {
        "name": log.name,
        "publicKeyMultibase": log.multibase,
        "root": _pem(log.root),
        "endorsement": log.endorsement.public(),
    }


def _pem(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(Encoding.PEM).decode()
