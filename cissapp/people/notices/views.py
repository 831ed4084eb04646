"""Pages of the log of mails: those of a school, and all that did not arrive."""

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from cissapp.foundation.access.guard import actor, permit
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.core.pages import ListPage
from cissapp.people.notices import queries
from cissapp.people.notices.models import Mail
from cissapp.people.notices.phrases import MAIL_STATE_KINDS
from cissapp.people.notices.rules import MAIL_KIND_NAMES, MAIL_STATE_NAMES
from cissapp.people.schools.models import School
from cissapp.people.schools.queries import school as find_school

bp = Blueprint("notices", __name__, template_folder="templates")

WORDS = {
    "state_names": MAIL_STATE_NAMES,
    "state_kinds": MAIL_STATE_KINDS,
    "kind_names": MAIL_KIND_NAMES,
}


@bp.get("/schools/<uuid:school_id>/mails")
@permit(Permission.MAIL_READ, of=find_school)
def of_school(school: School) -> ResponseReturnValue:
    """Show which mails about a school went out, and what became of them."""
    found = queries.mails_of(school.id, _wanted())
    base = url_for("notices.of_school", school_id=school.id)
    return render_template("notices/mails.html", school=school, **_shown(found, base))


@bp.get("/mails")
@permit(Permission.MAIL_READ)
def failed() -> ResponseReturnValue:
    """Show the mails that did not arrive, as far as the person may see them."""
    found = queries.failed(actor(), _wanted())
    return render_template(
        "notices/failed.html",
        schools=queries.schools_of(found.rows),
        **_shown(found, url_for("notices.failed")),
    )


def _wanted() -> int:
    return request.args.get("page", 1, type=int)


def _shown(found: ListPage[Mail], base: str) -> dict[str, object]:
    """Return what a log shows: its rows, the addresses that are marked, the other pages."""
    return {
        "found": found,
        "bounced": queries.bounced(one.to for one in found.rows),
        "href": lambda number: f"{base}?page={number}",
        **WORDS,
    }
