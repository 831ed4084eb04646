"""Tells keys that were lost from keys that were never made."""

from pathlib import Path

from cissapp.foundation.audit.queries import has_happened
from cissapp.foundation.audit.rules import Event
from cissapp.foundation.signing.keys import keys_file
from cissapp.foundation.signing.keys.errors import NoKeys
from cissapp.foundation.signing.keys.ring import Keyring


def ring_to_continue(folder: Path) -> Keyring:
    """Open the keys that a new one will join; raise `NoKeys` if they are gone though certificates were issued.

    New keys would take the names of the old ones, and every certificate so far would count as forged.
    """
    ring = keys_file.load(folder)
    if not ring.keys and has_happened(Event.CERTIFICATE_ISSUED):
        raise NoKeys(
            f"{folder} holds no keys, but certificates have been issued. Check CISS_KEYS_DIR, or"
            " put the folder back from a backup (docs/keys.md, Lost keys). No new keys were made,"
            " because the certificates could not be checked with them."
        )
    return ring
