"""Joins the cookie with the session on the server, and tells the guard who is there."""

from datetime import UTC, datetime
from typing import cast

from flask import Flask, g, request, session
from flask_babel import refresh
from flask_login import LoginManager

from cissapp.foundation.access.guard import actor
from cissapp.foundation.core import clock
from cissapp.foundation.core.db import SAFE_METHODS, before_commit, read_before_write
from cissapp.people.accounts import services
from cissapp.people.accounts.models import User
from cissapp.people.accounts.rules import SEEN_EVERY

TOKEN = "token"  # noqa: S105 -- the name of the cookie's entry
SEEN = "seen"
AWAKE = "awake"  # the token that was looked up at the start of a write, and its person
NOTED = "noted"  # the session whose use is written down at the end of a write


def begin(token: str) -> None:
    """Start a fresh cookie with this session's token: nothing of the visitor before is kept."""
    language = session.get("language")
    session.clear()
    if language:
        session["language"] = language
    session[TOKEN] = token
    _forget_who_asked()


def end() -> None:
    """Forget the session in the cookie."""
    session.clear()
    _forget_who_asked()


def _forget_who_asked() -> None:
    """Let the rest of this request ask anew who is there, and in which language."""
    g.pop("_login_user", None)
    g.pop(AWAKE, None)
    g.pop(NOTED, None)
    refresh()


def signed_in_person() -> User:
    """Give the row of the person who is signed in; raise `NotSignedIn`."""
    return cast("User", actor())


def _last_seen() -> datetime | None:
    """Say when the cookie was last used; a look at a page writes nothing but this."""
    seconds = session.get(SEEN)
    return datetime.fromtimestamp(seconds, UTC) if seconds else None


def _note_look(at: datetime) -> None:
    seen_at = _last_seen()
    if seen_at is None or at - seen_at > SEEN_EVERY:
        session[SEEN] = int(at.timestamp())


def _note_use() -> None:
    """Write down that the session was used: at the end, since a write at the start would keep others waiting."""
    found = g.pop(NOTED, None)
    if found:
        services.note_seen(found, at=clock.now())


def _person(_request: object) -> User | None:
    token, at = session.get(TOKEN), clock.now()
    found: User | None = None
    if token:
        known, person = g.get(AWAKE, (None, None))
        found = (
            person if known == token else services.person_of(token, at=at, looked_at=_last_seen())
        )
    if found:
        _note_look(at)
    return found


def init_app(app: Flask) -> None:
    """Load the person of each request."""
    login = LoginManager(app)
    login.session_protection = None
    login.request_loader(_person)

    @app.before_request
    def stay_awake() -> None:
        token = session.get(TOKEN)
        if token and request.method not in SAFE_METHODS:
            at = clock.now()
            with read_before_write():
                found = services.alive(token, at=at, looked_at=_last_seen())
            g.setdefault(AWAKE, (token, found.user if found else None))
            if found and services.is_to_be_noted(found, at=at):
                g.setdefault(NOTED, found)

    before_commit(app, _note_use)
