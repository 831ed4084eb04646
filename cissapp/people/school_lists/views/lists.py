"""Pages of one list: its columns, the meanings of its texts, its progress, its results."""

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cissapp.foundation.access.guard import actor, permit
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.core import clock
from cissapp.foundation.core.storage import files
from cissapp.foundation.web.forms import answer, flash_refusals
from cissapp.people.enrolment.views import names
from cissapp.people.school_lists import phrases, queries, services
from cissapp.people.school_lists.forms import CharsetForm, Choices, columns_form, meanings_form
from cissapp.people.school_lists.models import SchoolList
from cissapp.people.school_lists.queries import school_list
from cissapp.people.school_lists.rules import ListState
from cissapp.people.school_lists.rules.outcomes import LIST_STATE_NAMES, OPEN
from cissapp.people.school_lists.views.blueprint import bp
from cissapp.people.schools.queries import group

SECONDS_BETWEEN = "3"


@bp.get("/schools/import/<uuid:list_id>")
@permit(Permission.SCHOOL_REGISTER, of=school_list)
def show(found: SchoolList) -> ResponseReturnValue:
    """Show the progress of a list, and the results of its rows."""
    at = clock.now()
    page = render_template(
        "school_lists/show.html",
        found=found,
        state=LIST_STATE_NAMES[found.state],
        kind=phrases.STATE_KINDS[found.state],
        counts=phrases.counts_of(found),
        lines=phrases.lines_to_look_at(found),
        problem=phrases.problem_of(found),
        time_left=phrases.time_left(found, at),
        is_working=queries.is_working(found, at),
        auto=request.args.get("auto") == "1",
        is_open=found.state in OPEN,
        unknown=sum(len(texts) for texts in found.unknown.values()),
    )
    response = make_response(page)
    if queries.is_working(found, at) and request.args.get("auto") == "1":
        response.headers["Refresh"] = SECONDS_BETWEEN
    return response


@bp.route("/schools/import/<uuid:list_id>/columns", methods=["GET", "POST"])
@permit(Permission.SCHOOL_REGISTER, of=school_list)
def columns(found: SchoolList) -> ResponseReturnValue:
    """Choose what the columns of a list hold, then check its rows."""
    regions, languages = _choices_of(found)
    form = columns_form(found, regions, languages)
    if form.validate_on_submit():
        ticks = {
            "changes_schools": bool(form.changes_schools.data),
            "keeps_duplicates": bool(form.keeps_duplicates.data),
        }
        with form.catch_refusals():
            services.choose_columns(
                found, form.given(), form.given_for_all(), **ticks, at=clock.now()
            )
            return _behind(found)
    reading = CharsetForm(charset=found.charset, formdata=None) if found.charset else None
    return answer("school_lists/columns.html", form, found=found, reading=reading)


@bp.post("/schools/import/<uuid:list_id>/charset")
@permit(Permission.SCHOOL_REGISTER, of=school_list)
def charset(found: SchoolList) -> ResponseReturnValue:
    """Read a file again in another encoding."""
    form = CharsetForm()
    if form.validate_on_submit():
        with flash_refusals():
            services.read_again(found, form.given(), at=clock.now(), store=files())
    if found.is_at_work:
        return _to(found)
    return redirect(url_for("school_lists.columns", list_id=found.id))


@bp.route("/schools/import/<uuid:list_id>/meanings", methods=["GET", "POST"])
@permit(Permission.SCHOOL_REGISTER, of=school_list)
def meanings(found: SchoolList) -> ResponseReturnValue:
    """Record what unknown texts of a list mean, then check its rows again."""
    form = meanings_form(found.unknown, *_choices_of(found))
    if form.validate_on_submit():
        with form.catch_refusals():
            services.choose_meanings(found, form.given(), at=clock.now())
            return _behind(found)
    return answer("school_lists/meanings.html", form, found=found)


@bp.post("/schools/import/<uuid:list_id>/start")
@permit(Permission.SCHOOL_REGISTER, of=school_list)
def start(found: SchoolList) -> ResponseReturnValue:
    """Import the rows of a list that was checked."""
    return _begin(found, ListState.IMPORTING)


@bp.post("/schools/import/<uuid:list_id>/undo")
@permit(Permission.SCHOOL_REGISTER, of=school_list)
def undo(found: SchoolList) -> ResponseReturnValue:
    """Undo an import, except what was touched since."""
    return _begin(found, ListState.UNDOING)


@bp.post("/schools/import/<uuid:list_id>/continue")
@permit(Permission.SCHOOL_REGISTER, of=school_list)
def go_on(found: SchoolList) -> ResponseReturnValue:
    """Continue work that was interrupted."""
    if found.is_at_work and not queries.is_working(found, clock.now()):
        services.keep_going(found, at=clock.now())
    return redirect(url_for("school_lists.show", list_id=found.id, auto=1))


@bp.post("/schools/import/<uuid:list_id>/discard")
@permit(Permission.SCHOOL_REGISTER, of=school_list)
def discard(found: SchoolList) -> ResponseReturnValue:
    """Discard a list that has nothing in the register."""
    with flash_refusals():
        services.discard(found, at=clock.now(), store=files())
        flash(_("The list has been deleted. Nothing in it was imported."), "success")
        return redirect(url_for("school_lists.bring"))
    return redirect(url_for("school_lists.show", list_id=found.id))


def _choices_of(found: SchoolList) -> tuple[Choices, Choices]:
    """Return the regions and the languages of the countries of a list's group."""
    own = group(found.group_id)
    countries = names.packs_of(own) if own else {}
    return names.region_choices(countries), names.language_choices(countries)


def _begin(found: SchoolList, state: ListState) -> Response:
    with flash_refusals():
        services.start(found, state, by=actor(), at=clock.now())
        return _behind(found)
    return _to(found)


def _behind(found: SchoolList) -> Response:
    """Continue the work in the background, and show its progress."""
    services.work_behind(found)
    return _to(found)


def _to(found: SchoolList) -> Response:
    return make_response(redirect(url_for("school_lists.show", list_id=found.id, auto=1)))
