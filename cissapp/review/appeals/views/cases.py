"""The secretariat and the group see the appeals; the secretariat names the panels."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cissapp.foundation.access.guard import actor, can, permit
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.core import clock
from cissapp.foundation.web.forms import answer, shown
from cissapp.foundation.web.list_pages import place_asked
from cissapp.review.appeals import queries, services
from cissapp.review.appeals.forms import PanelForm
from cissapp.review.appeals.models import Appeal
from cissapp.review.appeals.phrases import barred_people, person_and_group
from cissapp.review.appeals.queries import hearing
from cissapp.review.appeals.views.blueprint import WORDS, bp, list_hrefs, shown_appeal
from cissapp.review.independence.rules.involvement import (
    must_declare,
    reasons_not_to_open,
    reasons_to_stay_closed,
)


@bp.get("/appeals")
@permit(Permission.APPEAL_READ)
def cases() -> ResponseReturnValue:
    """List the appeals that wait for a decision, and those decided."""
    found = queries.appeals(actor(), place_asked(), place_asked("decided_"))
    return render_template("appeals/cases.html", found=found, **list_hrefs(), **WORDS)


@bp.get("/appeals/<uuid:appeal_id>")
@permit(Permission.APPEAL_READ, of=queries.appeal)
def case(appeal: Appeal) -> ResponseReturnValue:
    """Show where an appeal stands: no scores, no votes before the decision.

    Those to whom the case is closed read nothing of what was found. The secretariat is asked for no
    declaration: it appoints the panel, for which nobody needs the findings.
    """
    names = can(Permission.APPEAL_NAME, appeal)
    own = hearing.involvement_of(appeal, actor(), today=clock.today())
    closed = reasons_to_stay_closed(own) if names else reasons_not_to_open(own)
    return render_template(
        "appeals/case.html",
        left=queries.excused_members(appeal) if names else [],
        closed=[shown(one) for one in closed],
        must_declare=must_declare(own),
        **shown_appeal(appeal),
    )


@bp.route("/appeals/<uuid:appeal_id>/panel", methods=["GET", "POST"])
@permit(Permission.APPEAL_NAME, of=queries.appeal)
def panel(appeal: Appeal) -> ResponseReturnValue:
    """Name the people who hear an appeal; search for those who are not offered at first."""
    form = PanelForm()
    found = queries.panel_candidates(
        appeal, today=clock.today(), name=form.name.data or "", chosen=form.ticked()
    )
    form.offer(
        {str(one.person.id): person_and_group(one.person) for one in found.rows if not one.reasons}
    )
    if not form.search.data and form.validate_on_submit():
        with form.catch_refusals():
            services.name_panel(appeal, form.given(), by=actor(), at=clock.now())
            flash(_("The panel has been appointed. We will email each member."), "success")
            return redirect(url_for("appeals.case", appeal_id=appeal.id))
    return answer(
        "appeals/panel.html", form, appeal=appeal, more=found.more, barred=barred_people(found)
    )
