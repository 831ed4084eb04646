"""Joins the cookie with the session on the server, and tells the guard who is there."""

from typing import cast

from flask import Flask, request, session
from flask_login import LoginManager

from cissapp.access.guard import actor
from cissapp.accounts import services
from cissapp.accounts.models import User
from cissapp.core import clock
from cissapp.core.db import SAFE_METHODS

TOKEN = "token"  # noqa: S105 -- the name of the cookie's entry


def begin(token: str) -> None:
    """Start a fresh cookie with this session's token: nothing of the visitor before is kept."""
    language = session.get("language")
    session.clear()
    if language:
        session["language"] = language
    session[TOKEN] = token


def end() -> None:
    """Forget the session in the cookie."""
    session.clear()


def signed_in_person() -> User:
    """Give the row of the person who is signed in; raise `NotSignedIn`."""
    return cast(User, actor())


def init_app(app: Flask) -> None:
    """Load the person of each request."""
    login = LoginManager(app)
    login.session_protection = None

    @login.request_loader
    def person(_request: object) -> User | None:
        token = session.get(TOKEN)
        return services.person_of(token, at=clock.now()) if token else None

    @app.before_request
    def stay_awake() -> None:
        token = session.get(TOKEN)
        if token and request.method not in SAFE_METHODS:
            services.note_seen(token, at=clock.now())
