"""Encrypts a secret that the application itself must read again, such as that of an authenticator app.

The database or a copy of it alone is not enough to decrypt it: the key is derived from `CISS_SECRET_KEY`.
"""

import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from cissapp.foundation.core.installation import secret_keys

KEY_BYTES, NONCE_BYTES = 32, 12
VERSION = "1."


class SealBroken(Exception):
    """A sealed text was changed, belongs to something else, or was sealed with a key that is not here."""


def seal(text: str, *, purpose: str, bound_to: str) -> str:
    """Seal a text for one purpose and one owner: it opens for no other."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    sealed = _cipher(secret_keys.newest_key(), purpose).encrypt(
        nonce, text.encode(), bound_to.encode()
    )
    return VERSION + urlsafe_b64encode(nonce + sealed).decode()


def unseal(sealed: str, *, purpose: str, bound_to: str) -> str:
    """Open a sealed text with the current key or an old one; raise `SealBroken` if none fits."""
    opened = (_opened(sealed, key, purpose, bound_to) for key in secret_keys.accepted_keys())
    text = next((text for text in opened if text is not None), None)
    if text is None:
        raise SealBroken
    return text


def can_unseal(sealed: str, *, purpose: str, bound_to: str) -> bool:
    """Return whether the current key or an old one opens a sealed text."""
    try:
        unseal(sealed, purpose=purpose, bound_to=bound_to)
    except SealBroken:
        return False
    return True


def seal_anew(sealed: str, *, purpose: str, bound_to: str) -> str | None:
    """Seal with the current key what an old key sealed; None if that is not needed or no key fits."""
    newest, *old_keys = secret_keys.accepted_keys()
    if not old_keys or _opened(sealed, newest, purpose, bound_to) is not None:
        return None
    try:
        text = unseal(sealed, purpose=purpose, bound_to=bound_to)
    except SealBroken:
        return None
    return seal(text, purpose=purpose, bound_to=bound_to)


def _opened(sealed: str, key: str, purpose: str, bound_to: str) -> str | None:
    try:
        raw = urlsafe_b64decode(sealed.removeprefix(VERSION))
        nonce, hidden = raw[:NONCE_BYTES], raw[NONCE_BYTES:]
        return _cipher(key, purpose).decrypt(nonce, hidden, bound_to.encode()).decode()
    except (InvalidTag, ValueError):
        return None


def _cipher(key: str, purpose: str) -> AESGCM:
    derived = HKDF(SHA256(), KEY_BYTES, salt=None, info=f"ciss sealing: {purpose}".encode())
    return AESGCM(derived.derive(key.encode()))
