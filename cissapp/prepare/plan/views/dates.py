"""Pages of a date of the year: one of the school's own, or one that is suggested."""

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cissapp.foundation.access.guard import actor, permit
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.core import clock
from cissapp.foundation.core.errors import Missing
from cissapp.foundation.web.forms import answer
from cissapp.people.schools.models import School
from cissapp.people.schools.queries import own_school
from cissapp.prepare.plan import services
from cissapp.prepare.plan.forms import ActionForm, DateForm
from cissapp.prepare.plan.phrases.lines import PlanLine
from cissapp.prepare.plan.views.blueprint import asked_year, bp, offices_of, plan_of, saved


@bp.route("/school/plan/dates/new", methods=["GET", "POST"])
@permit(Permission.DOSSIER_EDIT, of=own_school)
def add_date(school: School) -> ResponseReturnValue:
    """Add a date of the school's own."""
    form = ActionForm(offices=offices_of(school.id))
    if form.validate_on_submit():
        with form.catch_refusals():
            services.add_date(school, form.given(), by=actor(), at=clock.now())
            return saved(asked_year())
    return answer("plan/date.html", form, line=None, year=asked_year())


def _line(school: School, key: str) -> PlanLine:
    """Return the line of a date in the year of the query string; raise `Missing` if there is none."""
    found = plan_of(school, asked_year()).line(key)
    if found is None:
        raise Missing
    return found


@bp.route("/school/plan/dates/<key>", methods=["GET", "POST"])
@permit(Permission.DOSSIER_EDIT, of=own_school)
def change_date(school: School, key: str) -> ResponseReturnValue:
    """Change who does it and by when; of the school's own date also what is done."""
    line, year = _line(school, key), asked_year()
    kind = ActionForm if line.is_own else DateForm
    form = kind(obj=line, offices=offices_of(school.id))
    if form.validate_on_submit():
        with form.catch_refusals():
            facts = form.given(line.what)
            services.change_date(school, key, facts, line.due_on, by=actor(), at=clock.now())
            return saved(year)
    return answer("plan/date.html", form, line=line, year=year)


@bp.post('/school/plan/dates/<key>/<any("done", "open"):state>')
@permit(Permission.DOSSIER_EDIT, of=own_school)
def settle_date(school: School, key: str, state: str) -> ResponseReturnValue:
    """Record that what a date asks for is done, or open again."""
    line = _line(school, key)
    is_done = state == "done"
    services.settle_date(school, line.key or "", is_done=is_done, by=actor(), at=clock.now())
    return saved(asked_year())


@bp.post("/school/plan/dates/<key>/remove")
@permit(Permission.DOSSIER_EDIT, of=own_school)
def remove_date(school: School, key: str) -> ResponseReturnValue:
    """Leave a suggested date out of the plan, or delete one of the school's own."""
    line = _line(school, key)
    services.drop_date(school, line.key or "", dropped=True, by=actor(), at=clock.now())
    flash(_("It is no longer in the plan."), "success")
    return redirect(url_for("plan.plan", year=asked_year().first))


@bp.post("/school/plan/dates/<key>/take-back")
@permit(Permission.DOSSIER_EDIT, of=own_school)
def take_back(school: School, key: str) -> ResponseReturnValue:
    """Put a suggested date into the plan again."""
    line = _line(school, key)
    services.drop_date(school, line.key or "", dropped=False, by=actor(), at=clock.now())
    return saved(asked_year())
