"""The guard: every route declares who may use it; one function decides for pages, lists, templates."""

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
    """Treat the rest of this request as anonymous: the database, which knows the user, may be down."""
    manager: LoginManager = current_app.login_manager  # type: ignore[attr-defined] # put there by it
    manager._update_request_context_with_user()  # noqa: SLF001 -- nobody, without asking who it is


def signed_in() -> Actor | None:
    """Return the person who is signed in, or None for a visitor.

    A page asks some twenty times, so the answer is cached for as long as Flask-Login keeps the same user, so
    that signing in or out takes effect, and until the transaction is left: the row is then read again.
    """
    kept = vars(g._get_current_object())  # noqa: SLF001 -- one way through the stand-in instead of four
    found, person = kept.get(ASKED, NOBODY)
    if found is None or found is not kept.get("_login_user") or _is_left(found):
        person = _signed_in()
        kept[ASKED] = (kept.get("_login_user"), person)
    return cast("Actor | None", person)


def _is_left(found: object) -> bool:
    """Return whether the row of a person expired with its transaction."""
    # What `inspect` looks for; a stand-in has none.
    state = getattr(found, "_sa_instance_state", None)
    return state is not None and bool(state.expired)


def _signed_in() -> Actor | None:
    if not current_user.is_authenticated:
        return None
    # Flask-Login's proxy is untyped; the row itself is not.
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
    """Return whether the person has the right, and its scope includes this object."""
    if not has(person, permission):
        return False
    return bool(MATRIX[permission][cast("Role", person.role)](person, thing))


def visible(query: S, kind: type[Any], person: Actor, permission: Permission) -> S:
    """Restrict a query to the rows within the scope of the right."""
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

    A change is accepted without a form token, which a mail program's one-click unsubscribe (RFC 8058) cannot
    know. Only for addresses that nobody can guess, and changes that anyone who was given the address may
    make.
    """

    @wraps(view)
    def guarded(**arguments: Any) -> ResponseReturnValue:
        return view(**arguments)

    guarded.access = None  # type: ignore[attr-defined] # read by check_all
    guarded.by_address = True  # type: ignore[attr-defined] # a test lists these routes
    return guarded


def by_ticket(read: Callable[..., Any]) -> Callable[[View], View]:
    """Declare that anyone may use the route, and that a change carries a ticket of its page.

    For pages that must leave nothing in a browser: a form token is kept in the session, and so in a cookie.
    `read` takes the values of the address and returns what the ticket says, or None for one that is missing,
    too old or of another page; the view gets it as `ticket`, and must refuse a change without one.
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
    """Declare which right the route needs, and how to find the object it is about.

    `of` takes those of the address's values that it names (and `actor`, if it names it), and returns the
    object or raises `Missing`. The view gets the object first, already authorised, then the other values. A
    role without the right gets 403 before anything is loaded; an object out of scope is 404.
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
    """Refuse a change that another site requested: by token, once the person is known."""
    if request.method not in SAFE_METHODS:
        current_app.extensions["csrf"].protect()


def check_all(app: Flask) -> None:
    """Refuse to start if a route does not declare its access, or lets a read-only right write."""
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
