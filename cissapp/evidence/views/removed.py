"""The page on which a school reads what the group took out of its dossier, and what to do next."""

from flask import render_template
from flask.typing import ResponseReturnValue

from cissapp.access.guard import permit
from cissapp.access.permissions import Permission
from cissapp.evidence.views.blueprint import bp
from cissapp.safeguards.queries import removals_of
from cissapp.safeguards.rules import REASON_NAMES
from cissapp.schools.models import School
from cissapp.schools.queries import own_school


@bp.get("/school/removed")
@permit(Permission.DOSSIER_READ, of=own_school)
def removed(school: School) -> ResponseReturnValue:
    """List what was taken out, without anything of its content."""
    return render_template(
        "evidence/removed.html", removed=removals_of(school.id), reasons=REASON_NAMES
    )
