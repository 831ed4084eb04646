"""Makes keys where the root is in the same folder, and marks keys as retired or compromised."""

from collections.abc import Iterator
from datetime import datetime
from itertools import count
from pathlib import Path
from string import ascii_uppercase
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding
from msgspec.structs import replace

from cissapp.foundation.signing.keys import (
    endorsements,
    files,
    keys_file,
    private,
    x509_certificates,
)
from cissapp.foundation.signing.keys.errors import BrokenKeys, NoKeys
from cissapp.foundation.signing.keys.multibase import multibase
from cissapp.foundation.signing.keys.ring import Keyring, LogKey, PublicKey, newest_of

ROOT_KEY = "root.key.pem"
LOG_NAME = "ciss/log"


def log_name(base_url: str) -> str:
    """Return the name of the log, after the site: the origin of its checkpoints."""
    return f"{urlsplit(base_url).netloc}/log"


def create_keys(
    folder: Path,
    *,
    organisation: str,
    at: datetime,
    group: str | None = None,
    log_name: str = LOG_NAME,
) -> PublicKey:
    """Create the next issuing key; also the root and the key of the log, if there are none.

    Older keys stay: those that are not retired could still sign, all of them go on verifying.
    """
    files.make_folder(folder)
    with files.one_at_a_time(folder):
        ring = keys_file.load(folder)
        if not (folder / keys_file.ROOT).exists():
            trust_all(folder, ring)
            create_root(folder, organisation=organisation, at=at)
        root, root_key = load_root(folder)
        key_id = next_id(folder, ring, at=at, group=group)
        pdf_key, credential_key = x509_certificates.new_p256(), Ed25519PrivateKey.generate()
        certificate = x509_certificates.issuing_certificate(
            pdf_key.public_key(),
            key_id=key_id,
            organisation=organisation,
            root=root,
            root_key=root_key,
            at=at,
        )
        word = multibase(credential_key.public_key())
        made = endorsed(key_id, certificate, word, group=group, root=root, root_key=root_key)
        log = ring.log or _new_log(folder, log_name, root, root_key)
        files.write(private.pdf_path(folder, key_id), private.pem(pdf_key))
        files.write(private.credential_path(folder, key_id), private.pem(credential_key))
        files.write(folder / f"{key_id}.pem", certificate.public_bytes(Encoding.PEM))
        publish(folder, replace(ring, keys=(*ring.keys, made), log=log))
    return made


def complete(folder: Path, *, organisation: str, at: datetime, log_name: str = LOG_NAME) -> None:
    """Create missing keys for PDF files, credentials and the log, if there are none or the root is here."""
    ring = keys_file.load(folder)
    newest = newest_of(ring.keys, None, at)
    able = newest is not None and newest.multibase is not None and ring.log is not None
    if not ring.keys or (not able and root_beside(folder)):
        create_keys(folder, organisation=organisation, at=at, log_name=log_name)


def create_root(
    folder: Path, *, organisation: str, at: datetime, passphrase: str = ""
) -> x509.Certificate:
    """Create a root: its key, under a passphrase if one is given, and its certificate."""
    root_key = x509_certificates.new_p256()
    root = x509_certificates.root_certificate(root_key, organisation=organisation, at=at)
    files.write(folder / ROOT_KEY, private.pem(root_key, passphrase))
    files.write(folder / keys_file.ROOT, root.public_bytes(Encoding.PEM))
    return root


def root_beside(folder: Path) -> bool:
    """Return whether the root's private part lies beside the other keys."""
    return (folder / ROOT_KEY).is_file()


def load_root(
    folder: Path, passphrase: str = ""
) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    """Open the root of a folder with its private part; raise `NoKeys` or `BrokenKeys`."""
    if not root_beside(folder):
        raise NoKeys(
            f"The root is not in {folder}. Make a request instead (ciss keys request),"
            " and sign it where the root is kept (ciss keys sign)."
        )
    try:
        root = x509.load_pem_x509_certificate((folder / keys_file.ROOT).read_bytes())
    except (OSError, ValueError) as error:
        raise BrokenKeys(f"{folder / keys_file.ROOT} cannot be read: {error}") from error
    return root, private.load_p256(folder / ROOT_KEY, root, passphrase)


def endorsed(
    key_id: str,
    certificate: x509.Certificate,
    word: str,
    *,
    group: str | None,
    root: x509.Certificate,
    root_key: ec.EllipticCurvePrivateKey,
) -> PublicKey:
    """Build an issuing key: its certificate, and the root's statement on its Ed25519 part."""
    statement = endorsements.on_credentials(key_id, group, word, certificate, root)
    return PublicKey(
        key_id,
        certificate,
        root,
        certificate.not_valid_before_utc,
        certificate.not_valid_after_utc,
        group=group,
        multibase=word,
        endorsement=endorsements.endorse(statement, root_key),
    )


def endorsed_log(
    name: str, word: str, root: x509.Certificate, root_key: ec.EllipticCurvePrivateKey
) -> LogKey:
    """Build the key of the log with the root's statement on it."""
    statement = endorsements.on_log(name, word, root)
    return LogKey(name, word, root, endorsements.endorse(statement, root_key))


def _new_log(
    folder: Path, name: str, root: x509.Certificate, root_key: ec.EllipticCurvePrivateKey
) -> LogKey:
    return endorsed_log(name, multibase(log_part(folder).public_key()), root, root_key)


def log_part(folder: Path) -> Ed25519PrivateKey:
    """Return the private part of the log's key; draws it once, and finds it again after a crash."""
    path = private.log_path(folder)
    if path.is_file():
        return private.load_drawn(path)
    drawn = Ed25519PrivateKey.generate()
    files.write(path, private.pem(drawn))
    return drawn


def next_id(folder: Path, ring: Keyring, *, at: datetime, group: str | None) -> str:
    """Return the name of the next key, such as 2026-A or MD-2026-A; never one that a file already has."""
    start = f"{group}-{at.year}" if group else f"{at.year}"
    for marks in _marks():
        name = f"{start}-{marks}"
        if not ring.by_id(name) and not any(folder.glob(f"{name}.*")):
            return name
    raise AssertionError  # pragma: no cover -- the marks never end


def _marks() -> Iterator[str]:
    """Yield A to Z, then A1 to Z1, and so on."""
    for round_ in count():
        for mark in ascii_uppercase:
            yield f"{mark}{round_ or ''}"


def publish(folder: Path, ring: Keyring) -> None:
    """Replace `keys.json` by a new one, after parsing it as a check."""
    text = keys_file.published(ring)
    keys_file.parse(text)
    files.replace(folder / keys_file.PUBLIC, text.encode())


# --- the end of a key ---------------------------------------------------------------------------


def retire(folder: Path, key_id: str, *, at: datetime) -> PublicKey:
    """Stop a key from signing; what it signed remains valid. Raise `NoKeys` for the last that can sign."""
    with files.one_at_a_time(folder):
        ring = keys_file.load(folder)
        key = _known(ring, key_id)
        others = [one for one in ring.keys if one is not key and private.at_hand(folder, one.id)]
        if not newest_of(others, key.group, at):
            raise NoKeys(
                f"Key {key_id} is the only key that can sign. First make another one with `ciss keys"
                " rotate`."
            )
        return _mark(folder, ring, key.marked(retired_at=at))


def compromised(folder: Path, key_id: str, *, since: datetime) -> PublicKey:
    """Invalidate what a key signed from this time on; what it signed before remains valid.

    The time may be moved to an earlier one, never to a later one.
    """
    with files.one_at_a_time(folder):
        ring = keys_file.load(folder)
        return _mark(folder, ring, _known(ring, key_id).marked(compromised_at=since))


def _known(ring: Keyring, key_id: str) -> PublicKey:
    found = ring.by_id(key_id)
    if not found:
        raise NoKeys(f"There is no key {key_id}.")
    return found


def _mark(folder: Path, ring: Keyring, key: PublicKey) -> PublicKey:
    publish(
        folder, replace(ring, keys=tuple(key if one.id == key.id else one for one in ring.keys))
    )
    return key


# --- keys of another installation ---------------------------------------------------------------


def adopt(folder: Path, foreign: Keyring) -> None:
    """Adopt the public keys of another installation: they verify here, and sign nothing.

    Safe to repeat. The caller says that the file is to be trusted; its roots are trusted from now on.
    """
    files.make_folder(folder)
    with files.one_at_a_time(folder):
        ring = keys_file.load(folder)
        known = {key.id: key for key in ring.keys}
        for key in foreign.keys:
            here = known.get(key.id)
            if here and here.fingerprint != key.fingerprint:
                raise BrokenKeys(f"There is already a different key {key.id} here.")
            known[key.id] = (here or key).marked(
                retired_at=key.retired_at, compromised_at=key.compromised_at
            )
            trust(folder, key.root)
        kept = sorted(known.values(), key=lambda key: (key.from_at, key.id))
        publish(folder, replace(ring, keys=tuple(kept), log=ring.log or foreign.log))


def trust_all(folder: Path, ring: Keyring) -> None:
    """Trust the roots of the present keys, before a root of our own is added."""
    for key in ring.keys:
        trust(folder, key.root)


def trust(folder: Path, root: x509.Certificate) -> None:
    """Trust a foreign root permanently, in addition to our own."""
    name = endorsements.fingerprint(root)
    if name not in {endorsements.fingerprint(one) for one in keys_file.roots(folder)}:
        path = folder / f"root-{name[:16]}.pem"
        files.replace(path, root.public_bytes(Encoding.PEM))
