"""Changes in the library since the school chose its clauses, and the school's response."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cissapp.foundation.access.guard import actor, permit
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.core import clock
from cissapp.foundation.core.errors import Missing
from cissapp.foundation.web import filters, languages
from cissapp.people.schools.models import School
from cissapp.people.schools.queries import own_school
from cissapp.prepare.policy import queries, services
from cissapp.prepare.policy.rules.clauses import ClauseChoice
from cissapp.prepare.policy.views.blueprint import bp
from cissapp.prepare.policy.views.clauses import element_names


@bp.get("/school/policy/updates")
@permit(Permission.DOSSIER_EDIT, of=own_school)
def updates(school: School) -> ResponseReturnValue:
    """List the clauses that are changed, new or gone in the library."""
    state = queries.state_of(school, filters.today())
    changed = {
        key for key, one in state.said.decisions.items() if one.choice is ClauseChoice.CHANGED
    }
    return render_template(
        "policy/updates.html",
        updates=state.updates,
        here=languages.current(),
        spoken=state.language,
        sections={
            one: state.library.section(one, languages.current()) for one in state.library.sections
        },
        elements={one.clause.id: element_names(state, one.clause) for one in state.updates},
        own=changed,
    )


@bp.post("/school/policy/updates/<clause_id>/<any(take,keep):answer>")
@permit(Permission.DOSSIER_EDIT, of=own_school)
def answer_update(school: School, clause_id: str, answer: str) -> ResponseReturnValue:
    """Accept a change in the library, or keep the school's wording."""
    state = queries.state_of(school, filters.today())
    found = next((one for one in state.updates if one.clause.id == clause_id), None)
    if found is None:
        raise Missing
    take = answer == "take"
    services.answer_update(school, found, take=take, by=actor(), at=clock.now())
    flash(
        _("You are now using the new words.") if take else _("Your words have been kept."),
        "success",
    )
    left = len(state.updates) > 1
    return redirect(url_for("policy.updates" if left else "policy.studio"))
