"""The queue of the group."""

from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from cissapp.foundation.access.guard import actor, permit
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.core import clock
from cissapp.foundation.web.list_pages import place_asked
from cissapp.review.reviews import queries
from cissapp.review.reviews.forms.queue_filter import QueueFilterForm
from cissapp.review.reviews.views import queue_page
from cissapp.review.reviews.views.blueprint import bp

MINE_SHOWN = 25


@bp.get("/reviews")
@permit(Permission.APPLICATION_READ)
def queue() -> ResponseReturnValue:
    """Show what the person does next, what waits, what others do, and the load of each person."""
    regions = queue_page.region_choices(actor(), request.args.get("region"))
    form = QueueFilterForm(request.args, regions=regions)
    wanted = form.given(request.args.get("after", ""), request.args.get("behind", ""))
    found = queries.queue(actor(), now=clock.now(), wanted=wanted)
    listed, next_case = found.listed(wanted), queue_page.next_case(found)
    return render_template(
        "reviews/queue.html",
        handed_back=queue_page.handed_back(actor()),
        next=next_case,
        no_schools=next_case is None and queue_page.registers_first_school(actor()),
        states=queue_page.state_counts(found),
        waiting=queue_page.waiting_counts(found),
        loads=found.loads,
        to_assess=queue_page.queue_lines(found.to_assess[:MINE_SHOWN]),
        to_decide=queue_page.queue_lines(found.to_decide[:MINE_SHOWN]),
        form=form,
        searched=wanted.narrows,
        most=queries.MOST if found.is_cut else None,
        listed=listed,
        under_way=queue_page.queue_lines(listed.rows),
        **_pages(form.search(), wanted, listed, found),
        to_confirm=queue_page.points_to_confirm(actor()),
    )


def _pages(
    search: dict[str, str],
    wanted: queries.QueueFilter,
    listed: queries.QueuePage,
    found: queries.Queue,
) -> dict[str, Any]:
    """Return the URLs of the list's other pages, and of the cases after those that were read."""
    here = {**search, "behind": str(wanted.behind)} if wanted.behind else search
    return {
        "first": queue_page.href(search) if wanted.after or wanted.behind else None,
        "following": queue_page.href(here, listed.following) if listed.following else None,
        "is_further": wanted.behind is not None,
        "further": queue_page.href({**search, "behind": str(found.last)}) if found.last else None,
    }


@bp.get("/reviews/decided")
@permit(Permission.APPLICATION_READ)
def decided() -> ResponseReturnValue:
    """List the cases that were decided last, optionally narrowed by the name of a school."""
    form = QueueFilterForm(request.args, regions=[])
    wanted = form.given("")
    search: dict[str, Any] = {**form.search()}
    place = place_asked()
    found = queries.decided_cases(actor(), wanted, now=clock.now(), place=place)
    return render_template(
        "reviews/decided.html",
        form=form,
        searched=wanted.narrows,
        cases=queue_page.queue_lines(found.rows),
        found=found,
        href=lambda **place: url_for("reviews.decided", **search, **place),
    )
