"""Pages of lists: bring a file of schools in, and the template for it."""

from flask import Response, render_template
from flask.typing import ResponseReturnValue

from cissapp.foundation.access.guard import actor, permit
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.content.installed import content
from cissapp.foundation.core import clock
from cissapp.foundation.core.errors import Refused
from cissapp.foundation.web.forms import answer, shown
from cissapp.foundation.web.limits import limit
from cissapp.people.enrolment.forms import SchoolListForm
from cissapp.people.enrolment.phrases import OUTCOME_KINDS
from cissapp.people.enrolment.rules import COLUMNS, OUTCOME_NAMES, RowOutcome
from cissapp.people.enrolment.services import school_lists
from cissapp.people.enrolment.services.school_lists import ImportResult
from cissapp.people.enrolment.views import names
from cissapp.people.enrolment.views.blueprint import bp
from cissapp.people.schools.queries import OwnGroup, own_group

# A byte order mark and semicolons: what spreadsheets in the languages of the programme expect.
TEMPLATE = "\ufeff" + ";".join(COLUMNS) + "\r\n"


@bp.route("/schools/import", methods=["GET", "POST"])
@permit(Permission.SCHOOL_REGISTER, of=own_group)
@limit("30 per hour", methods=["POST"])
def bring(own: OwnGroup) -> ResponseReturnValue:
    """Bring a list in; the result of each row is the answer, and sending it again does no harm."""
    form = SchoolListForm()
    if form.validate_on_submit():
        try:
            imported = school_lists.import_file(
                form.given(), own.group_id, content().countries, by=actor(), at=clock.now()
            )
        except Refused as refused:
            form.refuse(refused)
        else:
            return _result(imported)
    countries = names.packs_of(own.group)
    return answer(
        "enrolment/import_list.html",
        form,
        countries=names.country_choices(countries.values()),
        regions=names.region_choices(countries),
        spoken=names.language_choices(countries),
    )


def _result(imported: ImportResult) -> str:
    """Show what became of each row; those that need a look stand first."""
    rows = [
        (result, " ".join(shown(problem).text for problem in result.problems))
        for result in imported.results
    ]
    careful = {RowOutcome.REFUSED, RowOutcome.DIFFERS}
    return render_template(
        "enrolment/import_result.html",
        imported=imported,
        look=[row for row in rows if row[0].outcome in careful],
        rest=[row for row in rows if row[0].outcome not in careful],
        outcome_names=OUTCOME_NAMES,
        outcome_kinds=OUTCOME_KINDS,
    )


@bp.get("/schools/import/template.csv")
@permit(Permission.SCHOOL_REGISTER)
def template() -> ResponseReturnValue:
    """Send an empty list with the right heading."""
    response = Response(TEMPLATE, mimetype="text/csv")
    response.headers["Content-Disposition"] = "attachment; filename=ciss-schools.csv"
    return response
