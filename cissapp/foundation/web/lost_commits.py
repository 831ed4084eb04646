"""Forms whose COMMIT got no answer: sent again, they are saved once, whether or not the first time worked.

The browser carries the number of the transaction in its signed cookie, with a digest of what was sent. When the
same form comes again, PostgreSQL is asked what became of the first transaction.
"""

import hashlib
import hmac
from contextlib import suppress
from typing import Any

from flask import Flask, current_app, flash, redirect, request, session
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cissapp.foundation.core import clock
from cissapp.foundation.core.db import SAFE_METHODS, db
from cissapp.foundation.core.engines.commits import CommitUnknown, state_of
from cissapp.foundation.core.installation import secret_keys
from cissapp.foundation.web.error_pages import is_kept, wants_json

UNSURE = "unsure"  # the entry of the cookie
MOST, SECONDS = 3, 3600
FORMS = {"application/x-www-form-urlencoded", "multipart/form-data"}
# Fields that may differ between two views of the same form.
NOT_COMPARED = {"draft", "looked"}


def remember(number: str) -> None:
    """Note in the cookie that nobody knows what became of this request, and where it would have led."""
    entry = [number, int(clock.now().timestamp()), request.path, _digest()]
    others = [known for known in _entries() if known[0] != number]
    session[UNSURE] = [*others[1 - MOST :], entry]


def _entries() -> list[list[Any]]:
    since = clock.now().timestamp() - SECONDS
    return [entry for entry in session.get(UNSURE, []) if entry[1] >= since]


def _digest() -> str:
    """Return a digest of what was sent, by whom; names of fields and bytes of files included."""
    whole = hmac.new(secret_keys.newest_key().encode(), digestmod=hashlib.sha256)
    # Without a form, the whole body is compared.
    body = b"" if request.mimetype in FORMS else request.get_data()
    parts: list[bytes] = [str(session.get("token", "")).encode(), body]
    for name, value in sorted(request.form.items(multi=True)):
        if is_kept(name) and name not in NOT_COMPARED:
            parts += [name.encode(), value.encode()]
    for name, file in request.files.items(multi=True):
        parts += [name.encode(), str(file.filename).encode()]
        with suppress(ValueError, OSError):  # a view may have closed it
            file.stream.seek(0)
            parts.append(hashlib.sha256(file.stream.read()).digest())
            file.stream.seek(0)
    for part in parts:
        whole.update(len(part).to_bytes(8) + part)
    return whole.hexdigest()[:32]


def _answer_again() -> ResponseReturnValue | None:
    """Redirect if the form was saved the first time, raise `CommitUnknown` if unclear, else let it pass."""
    if UNSURE not in session or request.method in SAFE_METHODS or wants_json():
        return None
    here = [entry for entry in _entries() if entry[2] == request.path]
    found = next((entry for entry in here if entry[3] == _digest()), None) if here else None
    if found is None:
        return None
    kept = state_of(db.engine, found[0])
    if kept is None:
        raise CommitUnknown(found[0])
    session[UNSURE] = [entry for entry in _entries() if entry != found]
    if not kept:
        return None
    flash(_("This was saved the first time. It was not saved twice."), "success")
    return redirect(_page_after())


def _page_after() -> str:
    """Return the page to show: the one that the form stands on, if it can be looked at."""
    adapter = current_app.create_url_adapter(request)
    if adapter is not None and adapter.test(request.path, method="GET"):
        return request.full_path.rstrip("?")
    return "/"


def init_app(app: Flask) -> None:
    """Check forms that are sent again; register this after the limit on the size of a request."""
    app.before_request(_answer_again)
