"""The school files its appeal, and reads how it ended."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cissapp.certify.certificates.document.issuer import current_issuer
from cissapp.foundation.access.guard import permit
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.content.installed import content, day_in
from cissapp.foundation.core import clock
from cissapp.foundation.web.forms import answer, shown
from cissapp.people.schools.models import School
from cissapp.people.schools.queries import own_school
from cissapp.review.appeals import queries, services
from cissapp.review.appeals.forms import AppealForm
from cissapp.review.appeals.phrases import criterion_titles
from cissapp.review.appeals.queries import hearing
from cissapp.review.appeals.rules import filing_problems
from cissapp.review.appeals.views.blueprint import bp, shown_appeal, signed_in_person
from cissapp.review.reviews.models import Decision


@bp.route("/school/application/appeal", methods=["GET", "POST"])
@permit(Permission.APPEAL_FILE, of=own_school)
def of_school(school: School) -> ResponseReturnValue:
    """Show the school its appeal, or let it file one."""
    decision = queries.newest_decision(school.id)
    filed = queries.of_decision(decision.id) if decision else None
    if filed:
        return render_template("appeals/of_school.html", **shown_appeal(filed))
    return _filing(decision)


def _filing(decision: Decision | None) -> ResponseReturnValue:
    days = content().standard.decision.appeal.file_days
    filing = queries.filing_of(decision, signed_in_person(), days)
    barred = filing_problems(filing, day_in(signed_in_person().country_code, clock.now()))
    form = AppealForm(findings=_findings(decision) if decision else {})
    if decision and not barred and form.validate_on_submit() and _filed(decision, form):
        flash(_("Your appeal has been filed."), "success")
        return redirect(url_for("appeals.of_school"))
    return answer(
        "appeals/file.html",
        form,
        decision=decision,
        until=filing.until,
        barred=[shown(one) for one in barred],
    )


def _findings(decision: Decision) -> dict[str, str]:
    """Return the criteria that a school may appeal against, with their titles."""
    titles = criterion_titles(hearing.standard_of(decision, content()))
    return {one: titles[one] for one in hearing.contestable_criteria(decision, content())}


def _filed(decision: Decision, form: AppealForm) -> bool:
    """File the appeal of the form; show a refusal in the form."""
    criteria, grounds = form.given()
    with form.catch_refusals():
        services.file(
            decision,
            grounds=grounds,
            criteria=criteria,
            issuer=current_issuer(),
            by=signed_in_person(),
            at=clock.now(),
        )
        return True
    return False
