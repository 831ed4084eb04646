"""Finds the person of a request by the cookie and the session on the server."""

from typing import cast

from flask import Flask, Response, g, request, session
from flask_login import LoginManager

from cissapp.foundation.access.guard import actor
from cissapp.foundation.core import clock
from cissapp.foundation.core.db import SAFE_METHODS, before_commit, read_before_write
from cissapp.people.accounts import services
from cissapp.people.accounts.models import User
from cissapp.people.accounts.sessions.cookie import AWAKE, NOTED, TOKEN, last_seen, remember_look


def signed_in_person() -> User:
    """Return the row of the person who is signed in; raise `NotSignedIn`."""
    return cast("User", actor())


def _note_use(_answer: Response) -> None:
    """Record that the session was used: at the end, since a write at the start would keep others waiting."""
    found = g.pop(NOTED, None)
    if found:
        services.record_seen(found, at=clock.now())


def _person(_request: object) -> User | None:
    token, at = session.get(TOKEN), clock.now()
    found: User | None = None
    if token:
        known, person = g.get(AWAKE, (None, None))
        found = (
            person
            if known == token
            else services.person_of_session(token, at=at, looked_at=last_seen())
        )
    if found:
        remember_look(at)
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
                found = services.open_session_of(token, at=at, looked_at=last_seen())
            g.setdefault(AWAKE, (token, found.user if found else None))
            if found and services.needs_seen_update(found, at=at):
                g.setdefault(NOTED, found)

    before_commit(app, _note_use)
