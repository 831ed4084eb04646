"""Finds the person of a request by the cookie and the session on the server."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, TypeVar, cast

from flask import Flask, Response, current_app, g, request, session
from flask_login import LoginManager
from msgspec import Struct

from cissapp.foundation.access.guard import actor, signed_in
from cissapp.foundation.core import clock
from cissapp.foundation.core.bulk.rows import Statement
from cissapp.foundation.core.db import SAFE_METHODS, before_commit, read_before_write
from cissapp.foundation.core.errors import NotSignedIn
from cissapp.foundation.web.error_pages import wants_json
from cissapp.people.accounts import services
from cissapp.people.accounts.models import User, UserSession
from cissapp.people.accounts.queries import SessionFacts, with_facts
from cissapp.people.accounts.rules import PersonFacts
from cissapp.people.accounts.sessions.cookie import (
    AWAKE,
    CONFIRMED,
    NOTED,
    TOKEN,
    last_seen,
    remember_look,
)
from cissapp.people.accounts.sessions.device_cookie import remember_device

FACTS_SUFFICE = "facts_suffice"  # what a view declares that needs no row of its person
READS_BESIDE = "reads_beside"  # what a view declares to be read with the facts, before its write
READ_BESIDE = "ciss_read_beside"  # the row that this found
V = TypeVar("V", bound=Callable[..., Any])


def signed_in_person() -> User:
    """Return the row of the person who is signed in; raise `NotSignedIn`."""
    return cast("User", actor())


def signed_in_facts() -> PersonFacts:
    """Return the facts about who is signed in, all that a `read_by_facts` page knows; raise `NotSignedIn`."""
    return cast("PersonFacts", actor())


def _note_use(_answer: Response) -> None:
    """Record that the session was used: at the end, since a write at the start would keep others waiting."""
    found = g.pop(NOTED, None)
    if found:
        services.record_seen(found, at=clock.now())


def _person() -> User | PersonFacts | None:
    token, at = session.get(TOKEN), clock.now()
    found: User | PersonFacts | None = None
    if token:
        known, person = g.get(AWAKE, (None, None))
        found = person if known == token else _found(token, at)
    if found:
        remember_look(at)
    return found


def _found(token: str, at: datetime) -> User | PersonFacts | None:
    seen = last_seen()
    if request.method in SAFE_METHODS and hasattr(_view(), FACTS_SUFFICE):
        facts = services.reader_of_open_session(token, at=at, looked_at=seen)
        if facts:
            setattr(g, CONFIRMED, facts.confirmed_at)
            return facts.person
    opened = services.open_session_of(token, at=at, looked_at=seen)
    if opened is None:
        return None
    setattr(g, CONFIRMED, opened.confirmed_at)
    return opened.user


def confirmed_at() -> datetime | None:
    """Return when the person of this request last proved who they are; None for a visitor."""
    return cast("datetime | None", g.get(CONFIRMED)) if signed_in() else None


def half_open_session() -> UserSession | None:
    """Return the session of this browser that waits for a second proof, if there is one."""
    token = session.get(TOKEN)
    return services.half_open_session(token, at=clock.now()) if token else None


def own_session() -> UserSession:
    """Return the row of the open session of this request; raise `NotSignedIn` for a visitor."""
    found = services.open_session_of(session.get(TOKEN, ""), at=clock.now(), looked_at=last_seen())
    if found is None:
        raise NotSignedIn
    return found


def read_by_facts(view: V) -> V:
    """Declare that viewing this page needs only the facts about a person of a school, never their row."""
    setattr(view, FACTS_SUFFICE, True)
    return view


class _RowBeside(Struct, frozen=True):
    """The row that a view requests with the facts: the statement for both, and what supplies its values."""

    statement: Statement
    values: Callable[..., dict[str, Any]]


def by_facts_alone(statement: Statement, values: Callable[..., dict[str, Any]]) -> Callable[[V], V]:
    """Declare that a JSON write of this view needs only the facts about its person, not their row.

    One query finds them with the one row of the statement, whose parameters `values` makes from those of the
    path. The view gets the row from `row_beside`. If it needs more, it must call `load_person` first.
    """
    beside = _RowBeside(with_facts(statement), values)

    def declare(view: V) -> V:
        setattr(view, READS_BESIDE, beside)
        return view

    return declare


def row_beside() -> Sequence[Any] | None:
    """Return the row that was found with the person's facts; None if there is none, or none was requested."""
    return cast("Sequence[Any] | None", g.get(READ_BESIDE))


def load_person() -> None:
    """Read the row of the person of a write that began with their facts alone."""
    known, person = g.get(AWAKE, (None, None))
    if known is not None and isinstance(person, PersonFacts):
        g.pop("_login_user", None)
        _look_up(known)


def _view() -> object:
    return current_app.view_functions.get(request.endpoint or "")


def _look_up(token: str, beside: _RowBeside | None = None) -> None:
    """Find the person before a write begins, and remember whether to record the use of the session."""
    at = clock.now()
    found: SessionFacts | UserSession | None
    person: PersonFacts | User | None
    with read_before_write():
        if beside:
            found, person = _look_up_facts(token, beside, at)
        else:
            found, person = _look_up_row(token, at)
    setattr(g, AWAKE, (token, person))
    if found and services.needs_seen_update(found, at=at):
        setattr(g, NOTED, found)


def _look_up_facts(
    token: str, beside: _RowBeside, at: datetime
) -> tuple[SessionFacts | None, PersonFacts | None]:
    values = beside.values(**(request.view_args or {}))
    found = services.facts_of_open_session(
        token, beside.statement, values, at=at, looked_at=last_seen()
    )
    setattr(g, READ_BESIDE, found.row)
    return found.facts, found.facts.person if found.facts else None


def _look_up_row(token: str, at: datetime) -> tuple[UserSession | None, User | None]:
    found = services.open_session_of(token, at=at, looked_at=last_seen())
    if found is None:
        return None, None
    setattr(g, CONFIRMED, found.confirmed_at)
    return found, found.user


class _PersonOfSession(LoginManager):
    """Asks our session, and nothing else, who is there.

    Flask-Login first hashes the browser's name, which nothing here compares, and lets a cookie of its own come
    before the session.
    """

    def _load_user(self) -> None:
        self._update_request_context_with_user(_person())


def init_app(app: Flask) -> None:
    """Load the person of each request."""
    _PersonOfSession(app)

    @app.before_request
    def stay_awake() -> None:
        token = session.get(TOKEN)
        if token and request.method not in SAFE_METHODS:
            beside = getattr(_view(), READS_BESIDE, None)
            _look_up(token, beside if beside and wants_json() else None)

    before_commit(app, _note_use)
    before_commit(app, remember_device)
