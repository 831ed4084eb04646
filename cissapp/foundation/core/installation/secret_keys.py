"""The one place that provides an installation's secret keys: the newest, and those still accepted.

After a key is replaced, its signatures are accepted as long as `CISS_SECRET_KEY_OLD` names it; whatever is
signed or sealed again (`signing.sealing`) uses the newest key.
"""

import hmac
from collections.abc import Sequence

from flask import Flask, current_app
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import URLSafeSerializer, URLSafeTimedSerializer


class KeptSigner(SecureCookieSessionInterface):
    """Flask's cookie session, with a signer that is built once for as long as the keys stay the same."""

    def __init__(self) -> None:
        self._kept: tuple[list[object], URLSafeTimedSerializer | None] | None = None

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """Return the serializer that signs and reads the cookie."""
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
    # Where the signer of these tokens expects one key, it also takes a list, the newest last.
    app.config["WTF_CSRF_SECRET_KEY"] = [*reversed(old_keys), key]


def newest_key() -> str:
    """Return the key with which everything new is signed."""
    return str(current_app.config["SECRET_KEY"])


def accepted_keys() -> list[str]:
    """List the keys whose signatures count, the newest first."""
    return [newest_key(), *map(str, current_app.config["SECRET_KEY_FALLBACKS"])]


def keyed_digest(kind: str, text: str) -> str:
    """Return a keyed digest in hex, to find a text again without storing it; guessing texts requires the key.

    Each kind has its own digests; with another key they all change.
    """
    return hmac.digest(newest_key().encode(), f"{kind}:{text}".encode(), "sha256").hex()


def signer(salt: str) -> URLSafeSerializer:
    """Return a serializer that signs with the newest key and accepts every valid one; one salt per kind."""
    return URLSafeSerializer(accepted_keys()[::-1], salt=salt)


def timed_signer(salt: str) -> URLSafeTimedSerializer:
    """Return the same for tokens that contain the time of their signature."""
    return URLSafeTimedSerializer(accepted_keys()[::-1], salt=salt)
