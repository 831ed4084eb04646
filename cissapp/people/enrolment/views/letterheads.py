"""Pages of a group's letterhead: who signs its certificates, its address for letters, its logo."""

from http import HTTPStatus

from flask import Response, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cissapp.foundation.access.guard import actor, permit, public
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.core import clock
from cissapp.foundation.core.errors import Busy, Missing, Refused
from cissapp.foundation.core.storage import files
from cissapp.foundation.web import errors
from cissapp.foundation.web.forms import answer
from cissapp.foundation.web.headers import SANDBOX, STATIC_SECONDS
from cissapp.foundation.web.limits import limit
from cissapp.people.enrolment.forms.letterheads import LetterheadForm
from cissapp.people.enrolment.views.blueprint import bp
from cissapp.people.schools import queries, services
from cissapp.people.schools.models import Letterhead
from cissapp.people.schools.queries import OwnGroup
from cissapp.people.schools.rules import letterhead_problems


@bp.get("/group/letterhead")
@permit(Permission.LETTERHEAD_EDIT, of=queries.own_group)
def own_letterhead(own: OwnGroup) -> ResponseReturnValue:
    """Redirect to the letterhead of the person's own group."""
    return redirect(url_for("enrolment.letterhead", group_id=own.group_id))


@bp.route("/groups/<uuid:group_id>/letterhead", methods=["GET", "POST"])
@permit(Permission.LETTERHEAD_EDIT, of=queries.group_to_edit)
@limit("60 per hour", methods=["POST"])
def letterhead(found: OwnGroup) -> ResponseReturnValue:
    """Show who signs for a group, its address and its logo, and change them."""
    known = queries.letterhead(found.group_id)
    form = LetterheadForm(**_typed(known))
    if form.validate_on_submit():
        with form.catch_refusals():
            _save(found, form, known)
            flash(
                _("The letterhead has been saved. Certificates will show it from now on."),
                "success",
            )
            return redirect(url_for("enrolment.letterhead", group_id=found.group_id))
    return answer("enrolment/letterhead.html", form, group=found.group, letterhead=known)


def _typed(known: Letterhead | None) -> dict[str, str]:
    """Return the texts of a letterhead by the names of their form fields."""
    names = ("signatory_name", "signatory_office", "address")
    return {name: getattr(known, name) for name in names} if known else {}


def _save(found: OwnGroup, form: LetterheadForm, known: Letterhead | None) -> None:
    """Check a new logo, if one was sent, then store everything together; report all problems at once."""
    text, sent = form.given(), form.sent_logo()
    there = known.logo if known and not form.remove_logo.data else None
    try:
        logo = there if sent is None else services.examine_logo(sent)
    except Busy:
        raise
    except Refused as refused:
        raise Refused(*letterhead_problems(text), *refused.problems) from refused
    services.save_letterhead(
        found.group,
        text,
        logo=logo,
        store=files(),
        by=actor(),
        at=clock.now(),
    )


@bp.get("/logos/<sha256>.png")
@public
def logo(sha256: str) -> ResponseReturnValue:
    """Return the logo of a group, which its certificates show to anybody; only the stored bytes."""
    row = queries.logo_in_use(sha256)
    if row is None:
        raise Missing
    try:
        content = services.read_logo(row.sha256, files())
    except services.DamagedLogo as damage:
        return errors.fault(HTTPStatus.INTERNAL_SERVER_ERROR, damage)
    response = Response(content, mimetype="image/png")
    response.headers["Content-Security-Policy"] = SANDBOX
    response.headers["Cache-Control"] = f"public, max-age={STATIC_SECONDS}, immutable"
    return response
