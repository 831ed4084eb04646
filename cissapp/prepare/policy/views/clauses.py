"""The page of a clause: take it, change its words, or leave it out."""

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from cissapp.foundation.access.guard import actor, permit
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.content.schema.toolkit import ClauseState
from cissapp.foundation.content.toolkit import Clause
from cissapp.foundation.core import clock
from cissapp.foundation.core.errors import Missing
from cissapp.foundation.office.filling import Value, fill, places
from cissapp.foundation.web import filters, languages
from cissapp.foundation.web.filters import markdown
from cissapp.foundation.web.forms import answer
from cissapp.people.schools.models import School
from cissapp.people.schools.queries import own_school
from cissapp.prepare.policy import queries, services
from cissapp.prepare.policy.forms import ClauseForm
from cissapp.prepare.policy.queries import PolicyState
from cissapp.prepare.policy.rules.clauses import (
    STANDING_NAMES,
    Audience,
    ClauseChoice,
    ClauseStanding,
    PlacedClause,
)
from cissapp.prepare.policy.views.blueprint import bp
from cissapp.prepare.policy.views.places import missing_things, name_of


@bp.route("/school/policy/clauses/<clause_id>", methods=["GET", "POST"])
@permit(Permission.DOSSIER_EDIT, of=own_school)
def clause(school: School, clause_id: str) -> ResponseReturnValue:
    """Show a clause with its source, and a form for the school's choice."""
    state = queries.state_of(school, filters.today())
    placed = next((one for one in state.placed if one.id == clause_id), None)
    if placed is None:
        raise Missing
    is_checked = placed.clause.key.state is not ClauseState.CONFIRM
    form = ClauseForm(data=_said(placed, state.language), is_checked=is_checked)
    if form.validate_on_submit():
        with form.catch_refusals():
            _save(state, placed, form)
            flash(_("Saved, %(time)s.", time=filters.clock_time(clock.now())), "success")
            return redirect(url_for("policy.section", section_id=placed.section))
    return answer("policy/clause.html", form, **_shown(state, placed))


def _said(placed: PlacedClause, language: str) -> dict[str, str | None]:
    """Return the initial values of the form: the school's own wording, or that of the library."""
    decision = placed.decision
    words = placed.clause.text(language)
    of_library = {
        Audience.ADULTS: words.text,
        Audience.YOUNGER: words.younger,
        Audience.OLDER: words.older,
    }
    own = decision.own if decision and decision.choice is ClauseChoice.CHANGED else of_library
    unsaid = placed.standing in {ClauseStanding.UNCONFIRMED, ClauseStanding.NEW}
    chosen = decision.choice.value if decision else ClauseChoice.TAKEN.value
    return {
        "choice": None if unsaid else chosen,
        "reason": decision.reason if decision else "",
        **{audience.value: (own.get(audience) or "").strip() for audience in Audience},
    }


def _save(state: PolicyState, placed: PlacedClause, form: ClauseForm) -> None:
    """Save the choice; a clause that is taken is the newest of the library, otherwise the one shown."""
    facts = form.given(state.language)
    newest = state.library.clause_by_id.get(placed.id, placed.clause)
    services.choose_clause(
        state.school,
        newest if facts.choice is ClauseChoice.TAKEN else placed.clause,
        facts,
        frozenset({*_known_places(state), *placed.clause.key.needs}),
        by=actor(),
        at=clock.now(),
    )


def _known_places(state: PolicyState) -> set[str]:
    return {*state.values, *state.stale, *(one.id for one in state.library.questions)}


def _shown(state: PolicyState, placed: PlacedClause) -> dict[str, object]:
    spoken = placed.clause.language(state.language)
    words = placed.clause.text(state.language)
    return {
        "placed": placed,
        "title": placed.clause.text(languages.current()).title,
        "spoken": spoken,
        "standing": STANDING_NAMES[placed.standing],
        "printed_as": printed_as(words.text, state.values),
        "missing": missing_things(state, placed.missing),
        "kept_away_by": missing_things(state, placed.hangs_on),
        "fillings": _fillings(state, placed.clause),
        "elements": element_names(state, placed.clause),
        "section_title": state.library.section(placed.section, languages.current()),
    }


def printed_as(text: str, values: dict[str, Value]) -> Markup:
    """Render a text with its values filled in and blanks for missing ones."""
    return markdown(fill(text, values).text)


def _fillings(state: PolicyState, clause: Clause) -> list[tuple[str, str, Markup | None]]:
    """List the placeholders of a clause: the name in braces, in words, and the value."""
    words = clause.text(state.language)
    named = places("\n".join([words.text, words.younger or "", words.older or ""]))
    return [
        (
            f"{{{one}}}",
            name_of(state.library, one),
            markdown(state.values[one].text) if one in state.values else None,
        )
        for one in named
    ]


def element_names(state: PolicyState, clause: Clause) -> list[tuple[str, str]]:
    """List the criteria and elements that a clause serves, in words."""
    language = languages.current()
    return [
        (one.partition(".")[0], state.library.element(one, language).name)
        for one in clause.key.elements
        if one in state.library.elements
    ]
