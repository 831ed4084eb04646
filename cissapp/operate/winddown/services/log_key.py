"""Continues the log with another key, where the private part of the old one was not exported."""

from pathlib import Path

from msgspec.structs import replace

from cissapp.certify.transparency.checking import log_keys
from cissapp.foundation.signing import keys
from cissapp.foundation.signing.keys import files, lifecycle, private


class NotEnded(Exception):
    """The key of the log was not ended; the message is a sentence."""


def end_key(folder: Path) -> str:
    """Retire the key of the log; return its public line.

    What it signed remains valid: its line is in `witnesses.txt` from now on. The next key that is made
    (`ciss keys rotate`, or the ceremony) brings a new key for the log.
    """
    with files.one_at_a_time(folder):
        ring = keys.load(folder)
        verifier = log_keys.key_of_log(ring)
        if verifier is None:
            raise NotEnded("The log has no key here. Make one with `ciss keys rotate`.")
        if private.log_path(folder).exists():
            raise NotEnded(
                "This installation has the private key of the log, so the key stays in use."
            )
        path = folder / log_keys.WITNESSES
        known = path.read_text("utf-8") if path.exists() else ""
        if verifier.vkey not in known:
            before = known if known.endswith("\n") or not known else f"{known}\n"
            files.replace(path, f"{before}{verifier.vkey}\n".encode())
        lifecycle.publish(folder, replace(ring, log=None))
    return verifier.vkey
