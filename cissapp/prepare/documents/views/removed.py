"""The page that shows a school what the group removed of its evidence, and what to do next."""

from flask import render_template
from flask.typing import ResponseReturnValue

from cissapp.foundation.access.guard import permit
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.safeguards.queries import removals_of
from cissapp.foundation.safeguards.rules import REASON_NAMES
from cissapp.people.schools.models import School
from cissapp.people.schools.queries import own_school
from cissapp.prepare.documents.views.blueprint import bp


@bp.get("/school/removed")
@permit(Permission.DOSSIER_READ, of=own_school)
def removed(school: School) -> ResponseReturnValue:
    """List what was taken out, without anything of its content."""
    return render_template(
        "documents/removed.html", removed=removals_of(school.id), reasons=REASON_NAMES
    )
