"""The keys of the log and of its witnesses, as stored in the folder of keys."""

from pathlib import Path

from cissapp.certify.transparency.rules.integrity import TrustedKeys
from cissapp.certify.transparency.rules.notes import KeyKind, Verifier, read_vkey
from cissapp.foundation.signing import keys
from cissapp.foundation.signing.keys import Keyring

# One public key a line, as C2SP writes them: witnesses, and former keys of the log itself.
WITNESSES = "witnesses.txt"


def key_of_log(ring: Keyring) -> Verifier | None:
    """Return the public key that checkpoints are checked with; None, if the log has no key."""
    if ring.log is None:
        return None
    return Verifier(ring.log.name, KeyKind.SIGNATURE, ring.log.public.public_bytes_raw())


def read_public_keys(text: str) -> list[Verifier]:
    """Parse public keys, one per line, ignoring empty lines and comments (`#`). Raise `BadNote`."""
    lines = (line.strip() for line in text.splitlines())
    return [read_vkey(line) for line in lines if line and not line.startswith("#")]


def read_witnesses(folder: Path) -> list[Verifier]:
    """Read the witnesses in a folder of keys; return none if there is no such file."""
    path = folder / WITNESSES
    return read_public_keys(path.read_text("utf-8")) if path.is_file() else []


def trusted_keys(ring: Keyring, others: list[Verifier]) -> TrustedKeys:
    """Collect the trusted keys: the log's own and former ones, and the witnesses'."""
    own = key_of_log(ring)
    former = [one for one in others if one.kind is KeyKind.SIGNATURE]
    return TrustedKeys(
        logs=tuple([own, *former] if own else former),
        witnesses=tuple(one for one in others if one.kind is KeyKind.COSIGNATURE),
    )


def open_log_keys(folder: Path) -> tuple[Keyring, TrustedKeys]:
    """Open a folder of keys; return its keyring and the keys to trust."""
    ring = keys.load(folder)
    return ring, trusted_keys(ring, read_witnesses(folder))
