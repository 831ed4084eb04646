"""Pages of drills: the group's list, start and delivery; the school's code, steps and result."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cissapp.foundation.access.guard import actor, permit
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.content.installed import content
from cissapp.foundation.core import clock
from cissapp.foundation.web.forms import answer
from cissapp.foundation.web.limits import limit
from cissapp.foundation.web.list_pages import other_pages, place_asked
from cissapp.people.schools.models import School
from cissapp.people.schools.queries import group_of_school, own_school
from cissapp.people.schools.queries import school as school_by_id
from cissapp.prepare.drills import phrases, queries, services
from cissapp.prepare.drills.forms import DrillCodeForm, DrillStepForm, MomentForm, StartForm
from cissapp.prepare.drills.models import Drill
from cissapp.prepare.drills.rules import STEP_NAMES, YEARLY, DrillState, next_step
from cissapp.prepare.mechanism import queries as mechanism
from cissapp.prepare.mechanism.rules import MEDIUM_NAMES, ChannelKind, MechanismPart
from cissapp.prepare.mechanism.rules.channels import medium_of

bp = Blueprint("drills", __name__, template_folder="templates")


def _zone(school: School) -> str:
    return content().countries[school.country_code].file.time_zone


def _offices(school: School) -> dict[str, str]:
    return {str(one.id): one.office for one in mechanism.entries(school.id, MechanismPart.PERSONS)}


# --- the group ---------------------------------------------------------------------------------


@bp.get("/reviews/drills")
@permit(Permission.DRILL_RUN)
def of_group() -> ResponseReturnValue:
    """List the drills of the group's schools, running ones first."""
    live = queries.live_in_group(actor(), place_asked("live_"))
    ended = queries.ended_in_group(actor(), place_asked())
    return render_template(
        "drills/of_group.html",
        live=live,
        running=phrases.drill_lines(live.rows),
        live_href=other_pages("live_"),
        found=ended,
        ended=phrases.drill_lines(ended.rows),
        href=other_pages(),
    )


@bp.route("/schools/<uuid:school_id>/drills", methods=["GET", "POST"])
@permit(Permission.DRILL_RUN, of=school_by_id)
def of_one_school(school: School) -> ResponseReturnValue:
    """Show the drills of a school, and start one."""
    form = StartForm(channels=_ways(school))
    if form.validate_on_submit():
        with form.catch_refusals():
            drill = services.start(school, form.given(), by=actor(), at=clock.now())
            flash(_("The drill has started."), "success")
            return redirect(url_for("drills.show", drill_id=drill.id))
    return answer(
        "drills/start.html",
        form,
        school=school,
        rows=phrases.drill_lines(queries.listed_of_school(school.id)),
        open=queries.open_drill(school.id),
        left=YEARLY - queries.count_in_last_year(school.id, clock.now()),
    )


def _ways(school: School) -> list[tuple[str, str]]:
    """List the channels that a drill may use: all except those outside the school."""
    return [
        (str(one.id), f"{_(MEDIUM_NAMES[medium_of(one)])}: {one.description} ({one.contact})")
        for one in mechanism.entries(school.id, MechanismPart.CHANNELS)
        if one.kind is not ChannelKind.OUTSIDE
    ]


@bp.get("/drills/<uuid:drill_id>")
@permit(Permission.DRILL_RUN, of=queries.drill)
def show(drill: Drill) -> ResponseReturnValue:
    """Show a drill to the group."""
    return _shown(drill, MomentForm(zone=_zone(drill.school), now=clock.now()))


def _shown(drill: Drill, form: MomentForm) -> ResponseReturnValue:
    shown = phrases.shown_drill(drill, _offices(drill.school))
    return answer(
        "drills/show.html", form, shown=shown, to_deliver=drill.state is DrillState.PREPARED
    )


@bp.post("/drills/<uuid:drill_id>/deliver")
@permit(Permission.DRILL_RUN, of=queries.drill)
def deliver(drill: Drill) -> ResponseReturnValue:
    """Record when the message was put into the channel."""
    form = MomentForm(zone=_zone(drill.school), now=clock.now())
    if form.validate_on_submit():
        with form.catch_refusals():
            services.deliver(drill, moment=form.when(), by=actor(), at=clock.now())
            flash(_("Recorded. The time limit is now running."), "success")
            return redirect(url_for("drills.show", drill_id=drill.id))
    return _shown(drill, form)


@bp.post("/drills/<uuid:drill_id>/call-off")
@permit(Permission.DRILL_RUN, of=queries.drill)
def call_off(drill: Drill) -> ResponseReturnValue:
    """Cancel a drill that has not been delivered."""
    form = MomentForm(zone=_zone(drill.school), now=clock.now())
    with form.catch_refusals():
        services.call_off(drill, by=actor(), at=clock.now())
        flash(_("The drill has been cancelled. It does not count."), "success")
        return redirect(url_for("drills.show", drill_id=drill.id))
    return _shown(drill, form)


# --- the school --------------------------------------------------------------------------------


@bp.route("/school/drills", methods=["GET", "POST"])
@permit(Permission.DRILL_ANSWER, of=own_school)
@limit("30 per minute")
def of_school(school: School) -> ResponseReturnValue:
    """Show the school its drills and accept the code of a message, without revealing a running drill."""
    form = DrillCodeForm()
    if form.validate_on_submit():
        with form.catch_refusals():
            found = services.open_by_code(school, form.code.data or "", by=actor(), at=clock.now())
            return redirect(url_for("drills.of_own_school", drill_id=found.id))
    live = queries.open_drill(school.id)
    results = queries.ended_of_school(school.id, place_asked())
    offices = _offices(school)
    return answer(
        "drills/of_school.html",
        form,
        announced=live is not None and live.announced,
        running=live if live and queries.is_known(live) else None,
        found=results,
        ended=[phrases.shown_drill(one, offices) for one in results.rows if one.result],
        href=other_pages(),
        group=group_of_school(school.id),
    )


@bp.route("/school/drills/<uuid:drill_id>", methods=["GET", "POST"])
@permit(Permission.DRILL_ANSWER, of=queries.known_drill)
def of_own_school(drill: Drill) -> ResponseReturnValue:
    """Record the steps of a drill one after the other, and disclose it at the end."""
    step = next_step([one.step for one in drill.steps])
    offices = _offices(drill.school)
    if drill.state is not DrillState.RUNNING or step is None:
        return render_template("drills/disclosed.html", shown=phrases.shown_drill(drill, offices))
    form = DrillStepForm(
        step=step, persons=list(offices.items()), zone=_zone(drill.school), now=clock.now()
    )
    if form.validate_on_submit():
        with form.catch_refusals():
            services.record_step(drill, form.given(), by=actor(), at=clock.now())
            return redirect(url_for("drills.of_own_school", drill_id=drill.id))
    shown = phrases.shown_drill(drill, offices)
    return answer("drills/record.html", form, shown=shown, asked=_(STEP_NAMES[step]))
