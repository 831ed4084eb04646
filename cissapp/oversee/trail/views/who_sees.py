"""The page that shows a coordinator who can see a thing, by asking the guard for each person."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from flask import current_app, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from msgspec import Struct

from cissapp.foundation.access.guard import permit, reaches
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.core import clock
from cissapp.foundation.core.roles import ROLE_NAMES, Role
from cissapp.oversee.trail.phrases.who_sees import NOT_SEEN, RIGHTS, RIGHTS_IF_CLOSED
from cissapp.oversee.trail.queries import who_sees as queries
from cissapp.oversee.trail.queries.who_sees import SeenThing
from cissapp.oversee.trail.rules.who_sees import (
    AFTER_DECLARATION,
    KIND_NAMES,
    NAMED_AT_MOST,
    SeenKind,
)
from cissapp.oversee.trail.views.blueprint import bp
from cissapp.people.accounts.models import User
from cissapp.people.accounts.rules import DUTY_NAMES

# The page on which the question was asked; that of a document depends on who asks.
ASKED_ON = {
    SeenKind.SCHOOL: ("enrolment.show", "school_id"),
    SeenKind.APPLICATION: ("reviews.show", "application_id"),
    SeenKind.CERTIFICATE: ("certificates.show", "certificate_id"),
    SeenKind.COMPLAINT: ("complaints.case", "complaint_id"),
    SeenKind.APPEAL: ("appeals.case", "appeal_id"),
    SeenKind.MESSAGE: ("messages.show", "message_id"),
    SeenKind.VISIT: ("visits.show", "application_id"),
}


class Onlooker(Struct, frozen=True):
    """A person who can open the thing, with their position and their rights."""

    person: User
    office: str
    rights: list[str]


def rights_of(
    person: User, thing: SeenThing, *, closed: Collection[UUID] = ()
) -> dict[Permission, str]:
    """Map the permissions by which a person opens a thing to their words, as the guard of each of its pages decides.

    `closed` are the applications whose contents are closed to the person whatever the permissions are.
    """
    found: dict[Permission, str] = {}
    for door in thing.doors:
        permission: Permission = getattr(current_app.view_functions[door.endpoint], "access")  # noqa: B009 -- set by the guard
        words = RIGHTS_IF_CLOSED if door.case and door.case.id in closed else RIGHTS
        if permission in found or permission not in words or person.id in door.refused:
            continue
        if reaches(person, permission, door.thing):
            found[permission] = words[permission]
    return found


@bp.get("/who-can-see/<what>/<uuid:thing_id>")
@permit(Permission.WHO_SEES_READ, of=queries.seen_thing)
def who_can_see(thing: SeenThing) -> ResponseReturnValue:
    """Show who can open a thing and by which right, and who cannot though one may think so."""
    people = queries.people_near(thing)
    closed = queries.closed_applications(thing, people, today=clock.today())
    onlookers = [
        Onlooker(person, _office(person), [str(_(words)) for words in rights.values()])
        for person in people
        if (rights := rights_of(person, thing, closed=closed[person.id]))
    ]
    seen_by = {one.person.role for one in onlookers}
    return render_template(
        "trail/who_sees.html",
        thing=thing,
        kind=_(KIND_NAMES[thing.kind]),
        asked_on=_asked_on(thing),
        onlookers=onlookers,
        others=[_(NOT_SEEN[role]) for role in Role if role not in seen_by],
        mentors=queries.mentors_of(thing),
        after_declaration=thing.kind in AFTER_DECLARATION,
        most=NAMED_AT_MOST if len(people) == NAMED_AT_MOST else None,
    )


def _asked_on(thing: SeenThing) -> str | None:
    if thing.kind not in ASKED_ON:
        return None
    endpoint, key = ASKED_ON[thing.kind]
    values: dict[str, Any] = {key: thing.id}
    return url_for(endpoint, **values)


def _office(person: User) -> str:
    """Return the position of a person: the duty at the school, or else the role."""
    return str(_(DUTY_NAMES[person.duty] if person.duty else ROLE_NAMES[person.role]))
