"""The page of one's own data: what is kept, a file of it, and the erasure."""

from io import BytesIO

from flask import flash, redirect, render_template, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cissapp.foundation.access.guard import permit
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.core import clock
from cissapp.foundation.web.forms import answer, shown
from cissapp.foundation.web.help_lines import country_of
from cissapp.foundation.web.limits import limit
from cissapp.oversee.personal_data.forms import DownloadForm, EraseOwnForm
from cissapp.oversee.personal_data.phrases import kept_rows
from cissapp.oversee.personal_data.queries import exports
from cissapp.oversee.personal_data.queries.duties import is_only_head, open_duties
from cissapp.oversee.personal_data.queries.requests import open_request
from cissapp.oversee.personal_data.rules.columns import KEPT_NAMES, PURPOSE_NAMES
from cissapp.oversee.personal_data.rules.retention import ERASURE_WAITS
from cissapp.oversee.personal_data.services import exporting, requests
from cissapp.oversee.personal_data.views.blueprint import bp
from cissapp.people.accounts.sessions import signed_in_person, validate_with_proof


def _page(form: DownloadForm | EraseOwnForm) -> ResponseReturnValue:
    """Show the page with the submitted form, and an empty one for the other."""
    person = signed_in_person()
    return answer(
        "personal_data/own.html",
        form,
        person=person,
        download=form if isinstance(form, DownloadForm) else DownloadForm(formdata=None),
        erase=form if isinstance(form, EraseOwnForm) else EraseOwnForm(formdata=None),
        kept=[
            [what, how_long]
            for what, _why, how_long in kept_rows(country_of(person), with_others=False)
        ],
        stays=[_(name) for name in KEPT_NAMES.values()],
        duties=[shown(problem) for problem in open_duties(person)],
        only_head=is_only_head(person),
        waiting=open_request(person.id),
        waits=ERASURE_WAITS.days,
    )


@bp.get("/account/data")
@permit(Permission.ACCOUNT_USE)
def own() -> ResponseReturnValue:
    """Show what is kept about the person, and what they can do about it."""
    return _page(DownloadForm(formdata=None))


@bp.post("/account/data/download")
@permit(Permission.ACCOUNT_USE)
@limit("20 per hour")
def download() -> ResponseReturnValue:
    """Send everything kept about the person as a file, once they have shown again that it is they."""
    form = DownloadForm()
    if not validate_with_proof(form, "download_password"):
        return _page(form)
    person, at = signed_in_person(), clock.now()
    held = exports.held_of(person)
    page = render_template(
        "personal_data/_export.html", held=held, purposes=PURPOSE_NAMES, person=person, at=at
    )
    packed = exporting.pack(held, page, at=at)
    exporting.record_export(person, at=at)
    response = send_file(
        BytesIO(packed),
        mimetype="application/zip",
        as_attachment=True,
        download_name=f"ciss-my-data-{at:%Y-%m-%d}.zip",
    )
    # Nothing of it stays in a browser that others use.
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.post("/account/data/erasure")
@permit(Permission.ACCOUNT_USE)
@limit("20 per hour")
def ask_erasure() -> ResponseReturnValue:
    """Ask for one's own erasure, once the person has shown again that it is they."""
    form = EraseOwnForm()
    if not validate_with_proof(form, "erase_password"):
        return _page(form)
    person = signed_in_person()
    requests.ask_erasure(person, by=person, at=clock.now())
    flash(_("Your request has been saved. You can stop it below until it is done."), "success")
    return redirect(url_for("personal_data.own"))


@bp.post("/account/data/erasure/stop")
@permit(Permission.ACCOUNT_USE)
def stop_erasure() -> ResponseReturnValue:
    """Stop one's own erasure."""
    person = signed_in_person()
    requests.stop_erasure(person, by=person, at=clock.now())
    flash(_("Nothing will be erased. Your account stays as it is."), "success")
    return redirect(url_for("personal_data.own"))
