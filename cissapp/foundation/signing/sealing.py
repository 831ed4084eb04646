"""Seals a secret that the application itself must be able to read again, such as that of an authenticator app.

What lies in the database alone, or in a copy of it, opens nothing: the key is derived from `CISS_SECRET_KEY`.
"""

import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from typing import cast

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import Flask, current_app

EXTENSION = "ciss-sealing"
KEY_BYTES, NONCE_BYTES = 32, 12
VERSION = "1."


class SealBroken(Exception):
    """A sealed text was changed, belongs to something else, or was sealed with a key that is not here."""


def seal(text: str, *, purpose: str, bound_to: str) -> str:
    """Seal a text for one purpose and one owner: it opens for no other."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    sealed = _cipher(_keys()[0], purpose).encrypt(nonce, text.encode(), bound_to.encode())
    return VERSION + urlsafe_b64encode(nonce + sealed).decode()


def unseal(sealed: str, *, purpose: str, bound_to: str) -> str:
    """Open a sealed text with the key of today or an old one; raise `SealBroken` where none fits."""
    try:
        raw = urlsafe_b64decode(sealed.removeprefix(VERSION))
    except ValueError as error:
        raise SealBroken from error
    for key in _keys():
        try:
            opened = _cipher(key, purpose).decrypt(
                raw[:NONCE_BYTES], raw[NONCE_BYTES:], bound_to.encode()
            )
        except (InvalidTag, ValueError):
            continue
        return opened.decode()
    raise SealBroken


def _cipher(key: str, purpose: str) -> AESGCM:
    derived = HKDF(SHA256(), KEY_BYTES, salt=None, info=f"ciss sealing: {purpose}".encode())
    return AESGCM(derived.derive(key.encode()))


def _keys() -> Sequence[str]:
    return cast("Sequence[str]", current_app.extensions[EXTENSION])


def init_app(app: Flask, secret: str, old_secrets: Sequence[str] = ()) -> None:
    """Keep the secrets that seal: the first one seals, all of them open."""
    app.extensions[EXTENSION] = (secret, *old_secrets)
