"""The one place that hands out the secret keys of an installation, the newest and those that are still accepted.

After a renewal what an old key signed is still accepted for as long as `CISS_SECRET_KEY_OLD` names it; whatever is
signed or sealed anew has the newest key.
"""

import base64
from collections.abc import Sequence

from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import Flask, current_app
from itsdangerous import URLSafeSerializer, URLSafeTimedSerializer


def init_app(app: Flask, key: str, old_keys: Sequence[str]) -> None:
    """Hand the keys to Flask for its cookies, and to the tokens of forms."""
    app.config["SECRET_KEY"] = key
    app.config["SECRET_KEY_FALLBACKS"] = list(old_keys)
    # A list, the newest last, is what the signer of these tokens takes where it wants one key.
    app.config["WTF_CSRF_SECRET_KEY"] = [*reversed(old_keys), key]


def newest_key() -> str:
    """Return the key with which everything new is signed."""
    return str(current_app.config["SECRET_KEY"])


def accepted_keys() -> list[str]:
    """List the keys whose signatures count, the newest first."""
    return [newest_key(), *map(str, current_app.config["SECRET_KEY_FALLBACKS"])]


def signer(salt: str) -> URLSafeSerializer:
    """Return what signs with the newest key and reads what any accepted one signed; a salt a kind of token."""
    return URLSafeSerializer(accepted_keys()[::-1], salt=salt)


def timed_signer(salt: str) -> URLSafeTimedSerializer:
    """Return the same for tokens that hold the moment of their signature."""
    return URLSafeTimedSerializer(accepted_keys()[::-1], salt=salt)


def box(purpose: str) -> MultiFernet:
    """Return what seals (encrypts and signs) with the newest key and opens what any accepted one sealed.

    Every purpose has a key of its own, so that nothing sealed for one is opened as another.
    """
    return MultiFernet([Fernet(_derived(key, purpose)) for key in accepted_keys()])


def _derived(key: str, purpose: str) -> bytes:
    derive = HKDF(algorithm=SHA256(), length=32, salt=None, info=f"ciss: {purpose}".encode())
    return base64.urlsafe_b64encode(derive.derive(key.encode()))
