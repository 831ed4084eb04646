"""Encryption in the format of age (https://age-encryption.org/v1): other tools open what is written here."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Thread
from typing import IO, Any, TypeAlias

import pyrage
from pyrage import x25519

from cissapp.operate.backups.archive.tar_stream import PieceReader
from cissapp.operate.backups.rules import BadBackup

MAGIC = b"age-encryption.org/v1"
SECRET = "AGE-SECRET-KEY-"  # noqa: S105 -- how the line of a key begins

# The library ships no type information.
Identity: TypeAlias = Any
Recipient: TypeAlias = Any


def read_recipients(texts: Sequence[str]) -> list[Recipient]:
    """Parse public keys; raise `BadBackup`, naming the first that is not one."""
    found = []
    for text in texts:
        try:
            found.append(x25519.Recipient.from_str(text.strip()))
        except pyrage.RecipientError as error:
            raise BadBackup(f"{text[:20]} is not an age public key (age1…)") from error
    return found


def new_identity() -> Identity:
    """Generate a key."""
    return x25519.Identity.generate()


def identity_text(identity: Identity) -> bytes:
    """Return a key as the content of a file that `age -i` reads."""
    return f"# public key: {identity.to_public()}\n{identity}\n".encode()


def with_passphrase(content: bytes, passphrase: str) -> bytes:
    """Encrypt something small with a passphrase."""
    return bytes(pyrage.passphrase.encrypt(content, passphrase))


def needs_passphrase(content: bytes) -> bool:
    """Return whether a file of keys is itself encrypted."""
    return content.startswith(MAGIC)


def read_identities(content: bytes, passphrase: str | None = None) -> list[Identity]:
    """Read the keys of a file; raise `BadBackup` if it has none or the passphrase is wrong."""
    try:
        if needs_passphrase(content):
            content = bytes(pyrage.passphrase.decrypt(content, passphrase or ""))
        lines = (line.strip() for line in content.decode().splitlines())
        found = [x25519.Identity.from_str(line) for line in lines if line.startswith(SECRET)]
    except pyrage.DecryptError as error:
        raise BadBackup("The passphrase is wrong for this key.") from error
    except (pyrage.IdentityError, UnicodeDecodeError) as error:
        raise BadBackup("The key file cannot be read.") from error
    if not found:
        raise BadBackup("There is no age key in this file.")
    return found


def encrypt(pieces: Iterator[bytes], to: IO[bytes], recipients: Sequence[Recipient]) -> None:
    """Encrypt pieces into a file, as they come."""
    failed: list[BaseException] = []
    try:
        pyrage.encrypt_io(PieceReader(_noting(pieces, failed)), to, list(recipients))
    except (pyrage.EncryptError, OSError):
        if failed:
            raise failed[0] from None
        raise


def _noting(pieces: Iterator[bytes], failed: list[BaseException]) -> Iterator[bytes]:
    """Keep the original error, which the library would replace with a message of its own."""
    try:
        yield from pieces
    except BaseException as error:
        failed.append(error)
        raise


@contextmanager
def opened(file: IO[bytes], identities: Sequence[Identity]) -> Iterator[IO[bytes]]:
    """Open a backup for reading, encrypted or not; raise `BadBackup` at the first altered byte."""
    start = file.read(len(MAGIC))
    whole = PieceReader(_again(start, file))
    if start != MAGIC:
        yield whole  # type: ignore[misc]  # it reads as any file does
        return
    if not identities:
        raise BadBackup("The backup is encrypted. Give the file with its key: --identity FILE")
    with _decrypted(whole, identities) as plain:
        yield plain


def _again(start: bytes, file: IO[bytes]) -> Iterator[bytes]:
    yield start
    while piece := file.read(1 << 18):
        yield bytes(piece)


@contextmanager
def _decrypted(file: PieceReader, identities: Sequence[Identity]) -> Iterator[IO[bytes]]:
    """Decrypt in a separate thread, which writes to the pipe that the caller reads."""
    read_end, write_end = os.pipe()
    work = _Decryption(file, write_end, identities)
    plain = os.fdopen(read_end, "rb", buffering=1 << 20)
    work.start()
    try:
        yield plain
        while plain.read(1 << 20):  # the last piece tells whether the file is whole
            pass
    except BadBackup:
        # The data may be malformed only because decryption failed early; that failure is then the cause.
        with suppress(OSError):
            plain.close()
        work.join()
        _raise(work.failed)
        raise
    finally:
        with suppress(OSError):
            plain.close()
        work.join()
    _raise(work.failed)


class _Decryption(Thread):
    """Decrypts a file into a pipe; `failed` holds the error if that did not succeed."""

    def __init__(self, file: PieceReader, write_end: int, identities: Sequence[Identity]) -> None:
        super().__init__(daemon=True)
        self._file, self._write_end, self._identities = file, write_end, list(identities)
        self.failed: list[Exception] = []

    def run(self) -> None:
        """Decrypt the file into the pipe."""
        try:
            with os.fdopen(self._write_end, "wb") as to:
                pyrage.decrypt_io(self._file, to, self._identities)
        except BrokenPipeError:
            pass  # the reader has seen enough
        except (pyrage.DecryptError, OSError, ValueError) as error:
            if "Broken pipe" not in str(error):
                self.failed.append(error)


def _raise(failed: list[Exception]) -> None:
    if not failed:
        return
    if "No matching keys" in str(failed[0]):
        raise BadBackup(
            "This key does not open the backup. It was encrypted for other keys."
        ) from failed[0]
    raise BadBackup("The backup is incomplete or was changed.") from failed[0]


def read_key_file(path: Path) -> bytes:
    """Read a file of keys; raise `BadBackup`."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise BadBackup(f"{path} cannot be read.") from error
