"""The pages of calibration: the person's own results, the people of a group, and how far all agree."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_decimal
from flask_babel import gettext as _

from cissapp.foundation.access.guard import actor, permit
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.content.installed import content
from cissapp.foundation.core import clock
from cissapp.foundation.core.errors import Missing
from cissapp.foundation.core.pages import KeyPage
from cissapp.foundation.core.roles import Role
from cissapp.foundation.core.storage import files
from cissapp.foundation.web import filters, languages
from cissapp.foundation.web.forms import answer, flash_refusals
from cissapp.foundation.web.list_pages import place_asked
from cissapp.foundation.web.spreadsheets import csv_of
from cissapp.people.accounts.models import User
from cissapp.review.calibration import queries, services
from cissapp.review.calibration.forms import ReleaseForm
from cissapp.review.calibration.models import BenchmarkCopy
from cissapp.review.calibration.queries import MemberCalibration
from cissapp.review.calibration.rules import Agreement

bp = Blueprint("calibration", __name__, template_folder="templates")

BAR = 120


@bp.get("/calibration/results")
@permit(Permission.CALIBRATION_DO)
def own() -> ResponseReturnValue:
    """List the benchmarks that the person has finished."""
    person_id = actor().id
    if person_id is None:
        raise Missing
    return render_template(
        "calibration/own.html",
        done=queries.finished_copies(person_id),
        rule=content().standard.decision.calibration,
    )


@bp.get("/calibration/results/<uuid:application_id>")
@permit(Permission.CALIBRATION_DO, of=queries.own_copy)
def result(copy: BenchmarkCopy) -> ResponseReturnValue:
    """Show the person's own levels beside those of the model, once the review is submitted."""
    benchmark = content().benchmark_by_id.get(copy.benchmark_id)
    if benchmark is None:
        raise Missing
    standard = content().under(benchmark.version).standard
    lines = queries.compared_scores(copy, benchmark, standard, languages.current())
    return render_template(
        "calibration/result.html",
        copy=copy,
        lines=lines,
        differing=[one for one in lines if one.differs],
        rule=standard.decision.calibration,
        critical_at_least=standard.decision.difference.critical_at_least,
        language=languages.current(),
    )


@bp.get("/calibration")
@permit(Permission.CALIBRATION_READ)
def overview() -> ResponseReturnValue:
    """Show how far people agree, how far they are from the model, and the progress of the user's group."""
    standard = content().standard
    dated = queries.calibration_figures(actor(), standard)
    parts = queries.agreements(dated.figures, standard, languages.current())
    shares, team = queries.agreed_shares(dated.figures, actor()), _team()
    shown_people = _people_shown(**team)
    return render_template(
        "calibration/overview.html",
        rows=[(one, shown(one.agreement), width(one.agreement)) for one in parts],
        low=[one for one in parts if one.name in standard.by_id and one.agreement.low],
        shares=shares,
        are_more_shares=len(dated.figures.scores) > queries.SHARES_SHOWN,
        as_of=dated.as_of,
        drifts=queries.drifts(actor(), shown_people),
        are_some_left_out=shown_people is not None,
        rule=standard.decision.calibration,
        **team,
    )


def _people_shown(
    *, name: str = "", team: KeyPage[MemberCalibration] | None = None, **_others: Any
) -> list[UUID] | None:
    """Return the people of a page or a search; None if there are no others."""
    if team is None or (team.total is not None and not name):
        return None
    return [one.person.id for one in team.rows]


def _team() -> dict[str, Any]:
    """Return a page of the people of the user's own group; the secretariat has none."""
    if actor().role is not Role.COORDINATOR:
        return {"own_group": False}
    name = request.args.get("name", "")
    place = place_asked()
    kept: dict[str, Any] = {"name": name} if name else {}
    return {
        "own_group": True,
        "name": name,
        "team": queries.team(
            actor(), content().standard.decision.calibration, name=name, place=place
        ),
        "href": lambda **place: url_for("calibration.overview", **kept, **place),
    }


@bp.get("/calibration/agreement.csv")
@permit(Permission.CALIBRATION_READ)
def agreement_csv() -> ResponseReturnValue:
    """Send the table of agreement as a CSV file."""
    standard = content().standard
    dated = queries.calibration_figures(actor(), standard)
    parts = queries.agreements(dated.figures, standard, languages.current())
    rows = [
        [
            one.name or _("All criteria"),
            one.title,
            str(one.agreement.raters),
            str(one.agreement.units),
            shown(one.agreement, plain=True),
        ]
        for one in parts
    ]
    head = [_("Criterion"), _("Title"), _("People"), _("Scored items"), _("Agreement (alpha)")]
    about = [
        [_("As of"), filters.moment(dated.as_of or clock.now())],
        [_("Agreement (alpha)"), _("Krippendorff’s alpha for ordered levels: 1 is full agreement, 0 is chance. No figure is shown for fewer than three people.")],
    ]  # fmt: skip
    name = f"ciss-agreement-{clock.today():%Y-%m-%d}.csv"
    return Response(
        csv_of(head, rows, about),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def shown(found: Agreement, *, plain: bool = False) -> str:
    """Render the figure in the language of the page, or plainly for a file; or why there is none."""
    if found.too_few:
        return str(_("too few"))
    if found.alpha is None:
        return str(_("all identical"))
    return f"{found.alpha:.3f}" if plain else str(format_decimal(found.alpha, format="0.000"))


def width(found: Agreement) -> int:
    """Return the length of a figure's bar, of 120; 0 for a figure below 0."""
    if found.same:
        return BAR
    return round(BAR * min(max(found.alpha or 0.0, 0.0), 1.0))


def of_group(reviewer_id: UUID) -> User:
    """Find a reviewer."""
    return queries.reviewer(reviewer_id)


@bp.post("/calibration/people/<uuid:reviewer_id>/deal", endpoint="deal")
@permit(Permission.CALIBRATION_RELEASE, of=of_group)
def assign(person: User) -> ResponseReturnValue:
    """Assign two benchmarks to a person of the group."""
    with flash_refusals():
        services.assign_benchmarks(
            person, content=content(), store=files(), by=actor(), at=clock.now()
        )
        flash(_("The practice applications have been added to this person’s cases."), "success")
    return redirect(url_for("calibration.overview"))


@bp.route("/calibration/people/<uuid:reviewer_id>/release", methods=["GET", "POST"])
@permit(Permission.CALIBRATION_RELEASE, of=of_group)
def release(person: User) -> ResponseReturnValue:
    """Release a person after a talk, with the reason."""
    form = ReleaseForm()
    if form.validate_on_submit():
        with form.catch_refusals():
            services.release(person, reason=form.given(), by=actor(), at=clock.now())
            flash(_("This person may begin."), "success")
            return redirect(url_for("calibration.overview"))
    return answer("calibration/release.html", form, person=person, **_done_by(person))


def _done_by(person: User) -> dict[str, Any]:
    return {
        "done": queries.finished_copies(person.id),
        "rule": content().standard.decision.calibration,
    }
