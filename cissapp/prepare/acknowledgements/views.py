"""Pages for asking the staff to read a policy, and for the staff to acknowledge it."""

from typing import Any

from flask import Blueprint, Response, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from itsdangerous import BadSignature, URLSafeSerializer

from cissapp.foundation.access.guard import actor, permit, public
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.content.installed import content, day_in
from cissapp.foundation.core import clock
from cissapp.foundation.core.errors import Missing
from cissapp.foundation.core.installation import secret_keys
from cissapp.foundation.paper import qr
from cissapp.foundation.web import languages
from cissapp.foundation.web.forms import Form, answer
from cissapp.foundation.web.help_lines import show_help_of
from cissapp.foundation.web.limits import limit
from cissapp.prepare.acknowledgements import queries as readings
from cissapp.prepare.acknowledgements import rules, services
from cissapp.prepare.acknowledgements.forms import StaffReadingForm
from cissapp.prepare.acknowledgements.models import StaffReading
from cissapp.prepare.acknowledgements.queries import LinkedReading
from cissapp.prepare.documents import queries as document_queries
from cissapp.prepare.documents.models import Document

bp = Blueprint("acknowledgements", "cissapp.prepare.acknowledgements", template_folder="templates")

COOKIE = "ciss-read"
COOKIE_SECONDS = 3 * 365 * 24 * 3600


@bp.route("/school/documents/<uuid:document_id>/staff", methods=["GET", "POST"])
@permit(Permission.DOSSIER_EDIT, of=document_queries.document)
def staff(document: Document) -> ResponseReturnValue:
    """Ask the staff to read the newest version of a policy, and show how many have."""
    if document.evidence_code not in rules.READ_BY_STAFF:
        raise Missing
    last = readings.newest_reading(document.id)
    newest = document.versions[-1]
    later = last is not None and last.version_id != newest.id
    form = StaffReadingForm(later=later, staff=last.staff if last else None)
    if form.validate_on_submit():
        with form.catch_refusals():
            services.ask_staff(document, form.given(), by=actor(), at=clock.now())
            return redirect(url_for("acknowledgements.staff", document_id=document.id))
    return answer("acknowledgements/staff.html", form, **_shown(document, last, later=later))


def _shown(document: Document, last: StaffReading | None, *, later: bool) -> dict[str, Any]:
    counts = {one.document_id: one for one in readings.count_by_document(document.school_id)}
    return {
        "document": document,
        "version": document.versions[-1],
        "later": later,
        "count": counts.get(document.id),
        "link": _link(last) if last else None,
    }


def _link(reading: StaffReading) -> str:
    base: str = current_app.config["BASE_URL"]
    return base + url_for("acknowledgements.acknowledge", token=reading.token)


@bp.get("/school/documents/<uuid:document_id>/staff/qr.svg")
@permit(Permission.DOSSIER_EDIT, of=document_queries.document)
def staff_qr(document: Document) -> ResponseReturnValue:
    """Render the link to the newest version that the staff is asked to read as a QR code."""
    last = readings.newest_reading(document.id)
    if last is None:
        raise Missing
    return Response(qr.as_svg(_link(last)), mimetype="image/svg+xml")


@bp.route("/staff/<token>", methods=["GET", "POST"])
@public
@limit("300 per hour", methods=["POST"])
def acknowledge(token: str) -> ResponseReturnValue:
    """Record that a member of staff has read this version, as a count without account or name."""
    given = readings.find_linked_reading(token)
    show_help_of(given.school.country_code)
    before = _remembered()
    form, series = Form(), given.reading.series_id.hex
    if form.validate_on_submit() and series not in before:
        with form.catch_refusals():
            today = day_in(given.school.country_code, clock.now())
            services.acknowledge(given.reading, on=today)
            before = rules.remember_series(before, series)
            return _keep(redirect(url_for("acknowledgements.acknowledge", token=token)), before)
    elif form.is_submitted():
        return redirect(url_for("acknowledgements.acknowledge", token=token))
    return _page(given, form, done=series in before)


def _page(given: LinkedReading, form: Form, *, done: bool) -> ResponseReturnValue:
    """Show the page in the language that was chosen, else in that of the school."""
    offered = content().countries[given.school.country_code].file.languages
    offered = list(dict.fromkeys([given.school.language, *offered]))
    chosen = request.args.get("in", given.school.language)
    language = chosen if chosen in offered else given.school.language
    with force_locale(language):
        html = render_template(
            "acknowledgements/acknowledge.html",
            form=form,
            given=given,
            done=done,
            language=language,
            offered={one: languages.NAMES[one] for one in offered if one in languages.NAMES},
            count=readings.count_of_series(given.reading.series_id),
        )
    return html, 422 if form.problems else 200


def _signer() -> URLSafeSerializer:
    return secret_keys.signer("acknowledged")


def _cookie() -> str:
    """Return the cookie's name; under https one that no insecure page can set (`__Secure-`)."""
    return f"__Secure-{COOKIE}" if current_app.config["SESSION_COOKIE_SECURE"] else COOKIE


def _remembered() -> list[str]:
    """List the series that this browser acknowledged; its cookie holds nothing else."""
    try:
        return [str(one) for one in _signer().loads(request.cookies.get(_cookie(), ""))]
    except BadSignature:
        return []


def _keep(response: Any, series: list[str]) -> Response:
    answered: Response = response
    answered.set_cookie(
        _cookie(),
        str(_signer().dumps(series)),
        max_age=COOKIE_SECONDS,
        path="/staff",
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Lax",
    )
    return answered
