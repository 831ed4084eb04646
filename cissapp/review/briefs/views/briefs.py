"""Pages of the briefs: one page for reviewers, an archive for record keepers."""

from flask import Blueprint, Response, current_app, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cissapp.foundation.access.guard import actor, permit
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.content.installed import content
from cissapp.foundation.core import clock
from cissapp.foundation.core.storage import files
from cissapp.foundation.web import languages
from cissapp.foundation.web.filters import day
from cissapp.foundation.web.limits import limit
from cissapp.people.schools.models import School
from cissapp.people.schools.queries import own_school
from cissapp.prepare.applications.models import Application
from cissapp.review.briefs import queries
from cissapp.review.briefs.archive import contents
from cissapp.review.briefs.archive.bags import BagContents, stream_bag
from cissapp.review.briefs.views import page
from cissapp.review.independence.access.conflicts import requires_no_conflict

bp = Blueprint("briefs", __name__, template_folder="../templates")


def _brief(application: Application) -> page.Brief:
    known = queries.brief_facts(application, actor(), content(), today=clock.today())
    return page.written_brief(known, content())


@bp.get("/reviews/<uuid:application_id>/brief")
@permit(Permission.APPLICATION_READ, of=queries.application)
@requires_no_conflict
def brief(application: Application) -> ResponseReturnValue:
    """Show an application on one page."""
    return render_template("briefs/show.html", application=application, brief=_brief(application))


@bp.get("/reviews/<uuid:application_id>/brief.pdf")
@permit(Permission.APPLICATION_READ, of=queries.application)
@limit("300 per hour")
@requires_no_conflict
def brief_pdf(application: Application) -> ResponseReturnValue:
    """Send the brief as a PDF of one A4 page."""
    from cissapp.review.briefs.views import pdf  # noqa: PLC0415 -- slow import

    base = current_app.config["BASE_URL"]
    address = url_for("briefs.brief", application_id=application.id)
    printed = pdf.PrintedBrief(
        brief=_brief(application),
        heading=_("CISS – the application on one page"),
        points_heading=_("Look at these first"),
        nothing=_("Nothing stands out. Read the application as usual."),
        foot=_(
            "Created on %(day)s. For the national group only. %(address)s",
            day=day(clock.now()),
            address=f"{base}{address}",
        ),
        base=base,
        language=languages.current(),
    )
    answer = Response(pdf.draw_brief(printed), mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="brief-{application.id}.pdf"'
    return answer


@bp.get("/reviews/<uuid:application_id>/bag")
@permit(Permission.APPLICATION_READ, of=queries.application)
@limit("60 per hour")
@requires_no_conflict
def bag(application: Application) -> ResponseReturnValue:
    """Send a submission as an archive."""
    return _sent(contents.of_submission(application, store=files(), at=clock.now()))


@bp.get("/school/export")
@permit(Permission.DOSSIER_READ, of=own_school)
@limit("60 per hour")
def export(school: School) -> ResponseReturnValue:
    """Send a school everything that is stored about it, as an archive."""
    return _sent(contents.of_school(school, store=files(), at=clock.now()))


def _sent(packed: BagContents) -> Response:
    answer = Response(stream_bag(packed), mimetype="application/zip")
    answer.headers["Content-Disposition"] = (
        f"attachment; filename*=UTF-8''{_quoted(packed.name)}.zip"
    )
    return answer


def _quoted(name: str) -> str:
    return "".join(
        one if one.isascii() else f"%{byte:02X}" for one in name for byte in one.encode()
    )
