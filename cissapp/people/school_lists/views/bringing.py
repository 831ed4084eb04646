"""Uploads a list, and offers an empty one."""

from typing import BinaryIO
from uuid import UUID

from flask import Response, redirect, url_for
from flask.typing import ResponseReturnValue

from cissapp.foundation.access.guard import actor, permit
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.core import clock
from cissapp.foundation.core.storage import files
from cissapp.foundation.web.forms import answer
from cissapp.foundation.web.limits import limit
from cissapp.people.enrolment.views import names
from cissapp.people.school_lists import phrases, queries, services
from cissapp.people.school_lists.forms import SchoolListForm
from cissapp.people.school_lists.rules import TEMPLATE
from cissapp.people.school_lists.rules.outcomes import LIST_STATE_NAMES
from cissapp.people.school_lists.views.blueprint import bp
from cissapp.people.schools.queries import OwnGroup, own_group

# A byte order mark and semicolons: what spreadsheets in the languages of the programme expect.
EMPTY_LIST = "\ufeff" + ";".join(TEMPLATE) + "\r\n"


@bp.route("/schools/import", methods=["GET", "POST"])
@permit(Permission.SCHOOL_REGISTER, of=own_group)
@limit("30 per hour", methods=["POST"])
def bring(own: OwnGroup) -> ResponseReturnValue:
    """Upload a list; its columns are chosen next, and nothing is imported yet."""
    form, group_id = SchoolListForm(), own.group_id
    if form.validate_on_submit():
        with form.catch_refusals():
            return _stored(*form.given(), group_id)
    countries = names.packs_of(own.group)
    return answer(
        "school_lists/bring.html",
        form,
        countries=names.country_choices(countries.values()),
        regions=names.region_choices(countries),
        spoken=names.language_choices(countries),
        lists=queries.newest_lists(group_id),
        state_names=LIST_STATE_NAMES,
        state_kinds=phrases.STATE_KINDS,
    )


def _stored(file: BinaryIO, name: str, group_id: UUID) -> ResponseReturnValue:
    found = services.bring_list(
        file, name, group_id=group_id, by=actor(), at=clock.now(), store=files()
    )
    if found.is_at_work:
        return redirect(url_for("school_lists.show", list_id=found.id, auto=1))
    return redirect(url_for("school_lists.columns", list_id=found.id))


@bp.get("/schools/import/template.csv")
@permit(Permission.SCHOOL_REGISTER)
def template() -> ResponseReturnValue:
    """Return an empty list with the right headings."""
    response = Response(EMPTY_LIST, mimetype="text/csv")
    response.headers["Content-Disposition"] = "attachment; filename=ciss-schools.csv"
    return response
