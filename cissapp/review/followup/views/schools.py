"""The list of schools by what they wait for, the filters of a person, and the list as a file."""

from typing import Any
from urllib.parse import urlencode

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cissapp.foundation.access.guard import actor, permit
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.content.installed import content
from cissapp.foundation.core import clock
from cissapp.foundation.web.forms import answer
from cissapp.foundation.web.limits import limit
from cissapp.foundation.web.list_pages import place_asked
from cissapp.foundation.web.long_tables import most_rows, too_long
from cissapp.foundation.web.sheet_streams import SheetFormat, sheet_response
from cissapp.people.schools.queries import OwnGroup, own_group
from cissapp.review.followup import phrases, services
from cissapp.review.followup.forms import FollowupFilterForm, SaveFilterForm
from cissapp.review.followup.models import SavedFilter
from cissapp.review.followup.queries.filters import saved_filter, saved_filters
from cissapp.review.followup.queries.schools import (
    are_more_followed,
    followed_page,
    followed_schools,
)
from cissapp.review.followup.queries.statistics import step_counts
from cissapp.review.followup.rules import STEP_NAMES
from cissapp.review.followup.views import files
from cissapp.review.followup.views.blueprint import bp


@bp.get("/group/schools")
@permit(Permission.FOLLOWUP_READ, of=own_group)
def schools(own: OwnGroup) -> ResponseReturnValue:
    """List the schools of the group by what they wait for, the longest silent first."""
    form, today = filter_form(own), clock.today()
    wanted, search = form.given(), form.search_values()
    place = place_asked()
    return render_template(
        "followup/schools.html",
        form=form,
        found=followed_page(actor(), wanted, content(), today=today, place=place),
        search=search,
        counts=step_counts(actor(), today),
        step_names=STEP_NAMES,
        filters=saved_filters(actor()),
        href=lambda **place: url_for("followup.schools", **search, **place),
        details_of=phrases.details_of,
        state_of=phrases.state_of,
        definitions=phrases.definitions(),
    )


def filter_form(own: OwnGroup) -> FollowupFilterForm:
    """Read the filter of the address."""
    regions = phrases.region_choices(own.group.country_codes, request.args.get("region"))
    return FollowupFilterForm(request.args, regions=regions)


@bp.get("/group/schools.csv")
@permit(Permission.FOLLOWUP_READ, of=own_group)
@limit("60 per hour")
def schools_csv(own: OwnGroup) -> ResponseReturnValue:
    """Return all schools that fit the filter as a CSV file."""
    return _file(own, "csv")


@bp.get("/group/schools.xlsx")
@permit(Permission.FOLLOWUP_READ, of=own_group)
@limit("60 per hour")
def schools_xlsx(own: OwnGroup) -> ResponseReturnValue:
    """Return all schools that fit the filter as an XLSX file."""
    return _file(own, "xlsx")


def _file(own: OwnGroup, form: SheetFormat) -> ResponseReturnValue:
    today, wanted = clock.today(), filter_form(own).given()
    if form == "xlsx" and are_more_followed(actor(), wanted, most_rows(), today=today):
        return too_long()
    found = followed_schools(actor(), wanted, content(), today=today)
    return sheet_response(files.sheet(found, clock.now()), form, f"ciss-schools-{today:%Y-%m-%d}")


@bp.route("/group/schools/filters/new", methods=["GET", "POST"])
@permit(Permission.FOLLOWUP_FILTER)
def keep_filter() -> ResponseReturnValue:
    """Save the filter of the address under a name."""
    query, form = _search_of(own_group(actor())), SaveFilterForm()
    back = url_for("followup.schools", **query)
    if form.validate_on_submit():
        with form.catch_refusals():
            services.save_filter(form.given(), urlencode(query), by=actor(), at=clock.now())
            flash(_("The filter is saved. It appears above the list."), "success")
            return redirect(back)
    return answer("followup/keep_filter.html", form, back=back)


def _search_of(own: OwnGroup | None) -> dict[str, Any]:
    """Return the filter of the address without arguments that no list has."""
    if own is None:
        return {}
    form = filter_form(own)
    form.validate()
    return form.search_values()


@bp.post("/group/schools/filters/<uuid:filter_id>/remove")
@permit(Permission.FOLLOWUP_FILTER, of=saved_filter)
def remove_filter(kept: SavedFilter) -> ResponseReturnValue:
    """Remove a saved filter."""
    services.remove_filter(kept)
    flash(_("The filter is removed."), "success")
    return redirect(url_for("followup.schools"))
