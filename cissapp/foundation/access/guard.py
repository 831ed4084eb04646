"""The guard: every route says who may; one function decides for pages, lists and templates."""

import inspect
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from flask import Flask, current_app, g, request
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, current_user
from sqlalchemy import Select, false, true

from cissapp.foundation.access.matrix import MATRIX
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.db import SAFE_METHODS
from cissapp.foundation.core.errors import Forbidden, Missing, NotSignedIn
from cissapp.foundation.core.roles import Role

ASKED = "ciss_signed_in"  # whom Flask-Login found in this request, and the person that this is
NOBODY = (None, None)
View = Callable[..., ResponseReturnValue]
T = TypeVar("T")
S = TypeVar("S", bound=Select[Any])


class Undeclared(Exception):
    """A route does not say who may use it."""


def forget_person() -> None:
    """Treat the rest of this request as a visitor's: the database, which knows who asks, may be away."""
    manager: LoginManager = current_app.login_manager  # type: ignore[attr-defined] # put there by it
    manager._update_request_context_with_user()  # noqa: SLF001 -- nobody, without asking who it is


def signed_in() -> Actor | None:
    """Return the person who is signed in; None for a visitor.

    A page asks some twenty times. The answer is kept for as long as Flask-Login keeps whom it found: who signs
    in or out meanwhile is asked for anew; and until a transaction was left, after which the row is read again.
    """
    kept = vars(g._get_current_object())  # noqa: SLF001 -- one way through the stand-in instead of four
    found, person = kept.get(ASKED, NOBODY)
    if found is None or found is not kept.get("_login_user") or _is_left(found):
        person = _signed_in()
        kept[ASKED] = (kept.get("_login_user"), person)
    return cast("Actor | None", person)


def _is_left(found: object) -> bool:
    """Return whether the row of a person was forgotten with its transaction."""
    # What `inspect` looks for; a stand-in has none.
    state = getattr(found, "_sa_instance_state", None)
    return state is not None and bool(state.expired)


def _signed_in() -> Actor | None:
    if not current_user.is_authenticated:
        return None
    # Flask-Login's stand-in has no type; the row itself has.
    return cast("Actor", current_user._get_current_object())  # noqa: SLF001


def actor() -> Actor:
    """Return the person who is signed in; raise `NotSignedIn` for a visitor."""
    person = signed_in()
    if person is None:
        raise NotSignedIn
    return person


def has(person: Actor, permission: Permission) -> bool:
    """Return whether the person's role has the right at all."""
    return person.role is not None and person.role in MATRIX[permission]


def reaches(person: Actor, permission: Permission, thing: Any) -> bool:
    """Return whether the person has the right, and it reaches this thing."""
    if not has(person, permission):
        return False
    return bool(MATRIX[permission][cast("Role", person.role)](person, thing))


def visible(query: S, kind: type[Any], person: Actor, permission: Permission) -> S:
    """Narrow a query to the rows that the right reaches."""
    if not has(person, permission):
        return query.where(false())
    answer = MATRIX[permission][cast("Role", person.role)](person, kind)
    if isinstance(answer, bool):
        answer = true() if answer else false()
    return query.where(answer)


def can(permission: Permission, thing: Any = None) -> bool:
    """Return, for templates, whether the person of this request may do this, to this thing."""
    person = signed_in()
    if person is None:
        return False
    return has(person, permission) if thing is None else reaches(person, permission, thing)


def public(view: View) -> View:
    """Declare that anyone may use the route."""

    @wraps(view)
    def guarded(**arguments: Any) -> ResponseReturnValue:
        _check_origin()
        return view(**arguments)

    guarded.access = None  # type: ignore[attr-defined] # read by check_all
    return guarded


def by_address(view: View) -> View:
    """Declare that anyone with the address may use the route: the address itself is the proof.

    A change is taken without the token of a form, which a mail program that stops mails with one click
    (RFC 8058) can not know. Only for addresses that nobody can guess, and changes that anybody who was
    given the address may make.
    """

    @wraps(view)
    def guarded(**arguments: Any) -> ResponseReturnValue:
        return view(**arguments)

    guarded.access = None  # type: ignore[attr-defined] # read by check_all
    guarded.by_address = True  # type: ignore[attr-defined] # a test lists these routes
    return guarded


def by_ticket(read: Callable[..., Any]) -> Callable[[View], View]:
    """Declare that anyone may use the route, and that a change brings a ticket of the page it was sent from.

    For pages that must leave nothing in a browser: the token of a form stands in the session, and so in a
    cookie. `read` takes the values of the address and returns what the ticket says, or None for one that
    is missing, too old or of another page; the view gets it as `ticket`, and must refuse a change without.
    """

    def declare(view: View) -> View:
        @wraps(view)
        def guarded(**arguments: Any) -> ResponseReturnValue:
            ticket = None if request.method in SAFE_METHODS else read(**arguments)
            return view(**arguments, ticket=ticket)

        guarded.access = None  # type: ignore[attr-defined] # read by check_all
        guarded.by_ticket = True  # type: ignore[attr-defined] # a test lists these routes
        return guarded

    return declare


def permit(permission: Permission, of: Callable[..., Any] | None = None) -> Callable[[View], View]:
    """Declare which right the route needs, and how the thing it is about is found.

    `of` takes those of the address's values that it names (and `actor`, if it names it), and returns
    the thing or raises `Missing`. The view gets the thing first, already allowed, then the other
    values. A role without the right gets 403 before anything is loaded; a thing out of reach is 404.
    """
    wanted = set(inspect.signature(of).parameters) if of else set()

    def declare(view: View) -> View:
        @wraps(view)
        def guarded(**arguments: Any) -> ResponseReturnValue:
            person = actor()
            _check_origin()
            if not has(person, permission):
                raise Forbidden
            if of is None:
                return view(**arguments)
            known = {name: arguments.pop(name) for name in list(arguments) if name in wanted}
            if "actor" in wanted:
                known["actor"] = person
            thing = of(**known)
            if thing is None or not reaches(person, permission, thing):
                raise Missing
            return view(thing, **arguments)

        guarded.access = permission  # type: ignore[attr-defined] # read by check_all
        return guarded

    return declare


def _check_origin() -> None:
    """Refuse a change that another site asks for: by token, once it is known who asks."""
    if request.method not in SAFE_METHODS:
        current_app.extensions["csrf"].protect()


def check_all(app: Flask) -> None:
    """Refuse to start with a route that does not say who may, or that lets a reader write."""
    wrong = []
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        if rule.endpoint == "static":
            continue
        if not hasattr(view, "access"):
            wrong.append(f"{rule.rule}: say @permit or @public")
        elif view.access is not None and view.access.reads and "POST" in (rule.methods or set()):
            wrong.append(
                f"{rule.rule}: {view.access} allows looking only, but the route takes POST"
            )
    if wrong:
        raise Undeclared("\n".join(wrong))
