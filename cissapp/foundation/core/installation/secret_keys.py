"""The one place that hands out the secret keys of an installation, the newest and those that are still accepted.

After a renewal what an old key signed is still accepted for as long as `CISS_SECRET_KEY_OLD` names it; whatever is
signed or sealed anew (`signing.sealing`) has the newest key.
"""

import hmac
from collections.abc import Sequence

from flask import Flask, current_app
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import URLSafeSerializer, URLSafeTimedSerializer


class KeptSigner(SecureCookieSessionInterface):
    """The cookie of Flask, whose signer is made once for as long as the keys are the same."""

    def __init__(self) -> None:
        self._kept: tuple[list[object], URLSafeTimedSerializer | None] | None = None

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """Return what signs and reads the cookie."""
        keys = [app.secret_key, *app.config["SECRET_KEY_FALLBACKS"]]
        kept = self._kept
        if kept is None or kept[0] != keys:
            kept = self._kept = (keys, super().get_signing_serializer(app))
        return kept[1]


def init_app(app: Flask, key: str, old_keys: Sequence[str]) -> None:
    """Hand the keys to Flask for its cookies, and to the tokens of forms."""
    app.config["SECRET_KEY"] = key
    app.config["SECRET_KEY_FALLBACKS"] = list(old_keys)
    app.session_interface = KeptSigner()
    # A list, the newest last, is what the signer of these tokens takes where it wants one key.
    app.config["WTF_CSRF_SECRET_KEY"] = [*reversed(old_keys), key]


def newest_key() -> str:
    """Return the key with which everything new is signed."""
    return str(current_app.config["SECRET_KEY"])


def accepted_keys() -> list[str]:
    """List the keys whose signatures count, the newest first."""
    return [newest_key(), *map(str, current_app.config["SECRET_KEY_FALLBACKS"])]


def keyed_digest(kind: str, text: str) -> str:
    """Return by what a text is found again without being kept, in hex; nobody without the key can try out texts.

    Each kind has digests of its own; with another key all of them are others.
    """
    return hmac.digest(newest_key().encode(), f"{kind}:{text}".encode(), "sha256").hex()


def signer(salt: str) -> URLSafeSerializer:
    """Return what signs with the newest key and reads what any accepted one signed; a salt a kind of token."""
    return URLSafeSerializer(accepted_keys()[::-1], salt=salt)


def timed_signer(salt: str) -> URLSafeTimedSerializer:
    """Return the same for tokens that hold the moment of their signature."""
    return URLSafeTimedSerializer(accepted_keys()[::-1], salt=salt)
