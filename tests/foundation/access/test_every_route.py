"""Every route x every role x own, foreign and unknown things, against the matrix."""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from werkzeug.routing import Rule

from cissapp.foundation.access.guard import has
from cissapp.foundation.access.matrix import MATRIX
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.access.scopes import everywhere
from cissapp.foundation.core.roles import Role
from cissapp.people.accounts.models import User
from tests.client import Client
from tests.conftest import Databases
from tests.shipped import LESSON, MODULE, SHIPPED
from tests.world import Place, world

READABLE = {
    "module_id": MODULE.id,
    "lesson_id": LESSON.id,
    "question_id": MODULE.questions[0].id,
    "purpose": "quiz",
    "criterion_id": "A1",
    "position": 1,
    "part": "persons",
    "part_id": "A",
    "state": "done",
    "token": "no-such-token",
    "code": "NOSUCHCODE",
    "key": "no-such-date",
    "sha256": "0" * 64,
    "name": "message-1",
    "role": "reviewer",
    "kind": "persons",
    "guide_id": "verify",
    "product_id": SHIPPED.toolkit.products[0].id,
    "language": "en",
    "ending": "pdf",
    "section_id": "scope",
    "clause_id": "scope-people",
    "audience": "adults",
    "answer": "keep",
    "form": "pdf",
    "register_number": "S1",
    "what": "school",
}
# The stricter of the two gets the statements of all pages, and one world is made for the file.
pytestmark = pytest.mark.one_database("postgresql")
UNKNOWN = UUID("00000000-0000-4000-8000-000000000000")
OWN = {200, 302, 303, 400, 404, 409, 410, 412, 422}


def values_for(rule: Rule, place: Place, *, unknown: bool = False) -> dict[str, Any]:
    """Fill the values of an address."""
    values: dict[str, Any] = {}
    for name in rule.arguments:
        known = place.values.get(name, READABLE.get(name))
        assert known is not None, f"{rule}: the world has no {name}"
        values[name] = UNKNOWN if unknown and isinstance(known, UUID) else known
    return values


def addresses(app: Flask, rule: Rule, place: Place, *, unknown: bool = False) -> str:
    with app.test_request_context():
        adapter = app.url_map.bind("localhost")
        return adapter.build(rule.endpoint, values_for(rule, place, unknown=unknown))


def is_open_to(app: Flask, rule: Rule, person: User | None) -> bool:
    """Return whether the role may ask at all: who may not is stopped before anything is loaded, as shown below."""
    permission = getattr(app.view_functions[rule.endpoint], "access", None)
    return permission is None or (person is not None and has(person, permission))


def is_about_a_thing(rule: Rule, place: Place) -> bool:
    return any(
        isinstance(place.values.get(name), UUID) or name in {"country_code", "region_code"}
        for name in rule.arguments
    )


class Looks:
    """Which refusals are looked at as a page: the guard asks nobody what is accepted, so one in each room will do."""

    def __init__(self) -> None:
        self.seen: set[tuple[object, ...]] = set()

    def first(self, *what: object) -> bool:
        """Return whether this is looked at for the first time."""
        is_first = what not in self.seen
        self.seen.add(what)
        return is_first


def test_every_route_opens_to_whom_the_matrix_says(
    app: Flask,
    databases: Databases,
    sign_in: Callable[[User], Client],
):
    places = databases.kept(world)
    own = places["MD"]
    places_of = {"own": own, "foreign": places["UA"]}
    browsers: dict[Role | None, Client] = {None: app.test_client()}
    browsers |= {role: sign_in(person) for role, person in own.people.items()}
    wrong: list[str] = []
    asked = 0
    looks = Looks()
    for rule in app.url_map.iter_rules():
        if rule.endpoint in {"static", "accounts.sign_out"} or for_programs(app, rule):
            continue
        permission = getattr(app.view_functions[rule.endpoint], "access", None)
        room = rule.endpoint.partition(".")[0]
        address = {whose: addresses(app, rule, place) for whose, place in places_of.items()}
        for method, role in askers(rule, own):
            person = own.people.get(role) if role else None
            # A role that may not at all is stopped before anything is loaded: own or foreign is one.
            stopped = is_stopped(permission, person)
            for whose, place in places_of.items():
                if whose == "foreign" and (stopped or not is_about_a_thing(rule, place)):
                    continue
                refused = stopped or not may_reach(permission, role, whose)
                as_page = not (refused and role) or looks.first(role, whose, method, room)
                browser = browsers[role]
                answer = browser.open(
                    address[whose], method=method, **form(browser, method, as_page=as_page)
                )
                answer.close()  # a streamed file holds its request open
                asked += 1
                problem = judged(permission, person, whose, answer.status_code, answer.location)
                if problem:
                    wrong.append(f"{method} {rule} as {role} on {whose}: {problem}")

    assert wrong == []
    assert asked > 5000


def askers(rule: Rule, own: Place) -> Iterator[tuple[str, Role | None]]:
    """Yield by which methods, and as whom, a route is asked for."""
    for method in sorted({"GET", "POST", "DELETE"} & (rule.methods or set())):
        yield method, None
        for role in own.people:
            yield method, role


def is_stopped(permission: Permission | None, person: User | None) -> bool:
    """Return whether the guard lets somebody not even ask."""
    return permission is not None and (person is None or not has(person, permission))


def may_reach(permission: Permission | None, role: Role | None, whose: str) -> bool:
    """Return whether a role that has a right may get at the thing: its own, or any that there is."""
    return whose == "own" or not (permission and role) or MATRIX[permission][role] is everywhere


def for_programs(app: Flask, rule: Rule) -> bool:
    """Return whether a token opens the route: what it opens is asked in `tests/oversee/api`."""
    return hasattr(app.view_functions[rule.endpoint], "by_token")


def test_no_session_opens_a_route_for_programs(
    app: Flask, databases: Databases, sign_in: Callable[[User], Client]
):
    places = databases.kept(world)
    own = places["MD"]
    rules = [rule for rule in app.url_map.iter_rules() if for_programs(app, rule)]
    browsers = [app.test_client(), *map(sign_in, own.people.values())]
    statuses = {
        browser.open(addresses(app, rule, own), method=method).status_code
        for rule in rules
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        for browser in browsers
    }

    assert rules
    assert statuses == {401}


def form(browser: Client, method: str, *, as_page: bool = True) -> dict[str, Any]:
    """Send what a form of ours, or a script of our pages, sends with a change; who wants no page says so."""
    headers = {} if as_page else {"Accept": "application/json"}
    if method == "POST":
        return {"data": {"csrf_token": browser.token()}, "headers": headers}
    if method == "DELETE":
        headers["X-CSRFToken"] = browser.token()
    return {"headers": headers}


def judged(
    permission: Permission | None,
    person: User | None,
    whose: str,
    status: int,
    location: str | None,
) -> str | None:
    """Say what is wrong with an answer, if something is."""
    to_sign_in = status == 302 and "/sign-in" in (location or "")
    if status >= 500:
        return f"{status}"
    if permission is None:
        return f"{status}, but anybody may" if status in {401, 403} else None
    if person is None:
        return None if to_sign_in or status == 401 else f"{status}, but nobody is signed in"
    if not has(person, permission):
        return None if status == 403 else f"{status}, but the role may not"
    if not may_reach(permission, person.role, whose):
        return None if status == 404 else f"{status}, but it belongs to others"
    return None if status in OWN and not to_sign_in else f"{status}"


def test_an_unknown_thing_and_a_foreign_one_look_the_same(
    app: Flask, databases: Databases, sign_in: Callable[[User], Client]
):
    places = databases.kept(world)
    own, foreign = places["MD"], places["UA"]
    different = []
    for role in (Role.SCHOOL_MANAGER, Role.REVIEWER, Role.COORDINATOR):
        browser = sign_in(own.people[role])
        for rule in app.url_map.iter_rules():
            permission = getattr(app.view_functions[rule.endpoint], "access", None)
            ids = [name for name in rule.arguments if isinstance(own.values.get(name), UUID)]
            if not ids or "GET" not in (rule.methods or set()) or permission is None:
                continue
            if not has(own.people[role], permission) or for_programs(app, rule):
                continue
            strange = browser.get(addresses(app, rule, foreign))
            unknown = browser.get(addresses(app, rule, own, unknown=True))
            if (strange.status_code, strange.data) != (unknown.status_code, unknown.data):
                if stripped(strange.data) != stripped(unknown.data):
                    different.append(f"{rule} as {role}")

    assert different == []


def stripped(page: bytes) -> bytes:
    """Take out what differs on every page: tokens and the page's own address."""
    import re

    return re.sub(rb'value="[^"]*"', b"", page)
