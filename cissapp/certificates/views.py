"""Pages of certificates: check, public list, the school's certificate, the group's decisions about it."""

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from io import BytesIO
from typing import Any

from flask import (
    Blueprint,
    current_app,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    send_file,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from cissapp.access.guard import actor, permit, public
from cissapp.access.permissions import Permission
from cissapp.certificates import cures, keys, phrases, queries, register, services, verification
from cissapp.certificates.forms import CodeForm, CureForm, FileForm, ReasonForm, SearchForm
from cissapp.certificates.models import Certificate, Cure
from cissapp.certificates.queries import Found
from cissapp.certificates.rules import in_groups, is_code, normalise_code
from cissapp.certificates.verification import Answer, Verdict
from cissapp.core import clock
from cissapp.core.actor import Actor
from cissapp.core.errors import Refused
from cissapp.core.storage import files
from cissapp.evidence.queries import lapsed as lapsed_evidence
from cissapp.schools.models import School
from cissapp.schools.queries import own_school
from cissapp.web import errors, languages
from cissapp.web.context import content
from cissapp.web.forms import answer
from cissapp.web.headers import SANDBOX
from cissapp.web.limits import limit
from config import Config

bp = Blueprint("certificates", __name__, template_folder="templates")


def _config() -> Config:
    config: Config = current_app.config["CISS"]
    return config


def _expiring_days() -> int:
    return content().standard.decision.validity.expiring_days


# --- check -------------------------------------------------------------------------------------


@bp.route("/verify", methods=["GET", "POST"])
@public
@limit("60 per minute")
def verify() -> ResponseReturnValue:
    """Check a certificate: by its code, or by the file."""
    code, file = CodeForm(), FileForm()
    if "file" in request.files:
        if file.validate():
            return _checked_file(file.given())
        code = CodeForm(formdata=None)
    elif code.validate_on_submit():
        address = url_for("certificates.verify_code", code=in_groups(code.given()))
        return redirect(address, HTTPStatus.SEE_OTHER)
    return answer("certificates/verify.html", code, file=file)


def _checked_file(sent: bytes) -> ResponseReturnValue:
    """Answer at once: the file is not kept, so there is nothing that one could be led to."""
    found = verification.check_file(
        sent, keys.load(_config().keys_dir), at=clock.now(), expiring_days=_expiring_days()
    )
    return _verdict(found, HTTPStatus.OK)


@bp.get("/verify/<code>")
@public
@limit("60 per minute")
def verify_code(code: str) -> ResponseReturnValue:
    """Say in public what the certificate of a code is worth today."""
    plain = normalise_code(code)
    if is_code(plain) and code != in_groups(plain):
        return redirect(url_for("certificates.verify_code", code=in_groups(plain)))
    found = verification.check_code(code, at=clock.now(), expiring_days=_expiring_days())
    unknown = found.answer is Answer.NOT_OURS
    return _verdict(found, HTTPStatus.NOT_FOUND if unknown else HTTPStatus.OK)


def _verdict(found: Verdict, status: HTTPStatus) -> ResponseReturnValue:
    shown = phrases.verdict(found, content(), languages.current())
    response = make_response(render_template("certificates/verdict.html", shown=shown), status)
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@dataclass(frozen=True)
class Page:
    """A page of the public list, with the way to the others."""

    page: int
    pages: int
    href: Callable[[int], str]


@bp.get("/register")
@public
@limit("60 per minute")
def public_register() -> ResponseReturnValue:
    """List the schools whose certificate is in force."""
    language = languages.current()
    packs = content().countries
    chosen = packs.get(request.args.get("country", ""))
    form = SearchForm(
        formdata=request.args,
        countries={code: pack.name(language) for code, pack in packs.items()},
        regions={code: chosen.region_name(code, language) for code in chosen.regions}
        if chosen
        else {},
    )
    number = request.args.get("page", "1")
    found = queries.in_force(form.given(), int(number) if number.isdecimal() else 1)
    return render_template(
        "certificates/public_register.html",
        form=form,
        number=ngettext("%(num)d school", "%(num)d schools", found.total),
        rows=phrases.listed(found, content(), language),
        page=_page(found),
    )


def _page(found: Found) -> Page:
    kept: dict[str, Any] = {
        name: request.args[name] for name in ("words", "country", "region") if name in request.args
    }
    return Page(
        found.page,
        found.pages,
        lambda number: url_for("certificates.public_register", **kept, page=number),
    )


# --- the school --------------------------------------------------------------------------------


def _shown(certificate: Certificate) -> phrases.ShownCertificate:
    return phrases.certificate(
        certificate,
        content(),
        languages.current(),
        base_url=_config().base_url,
        today=clock.today(),
    )


@bp.get("/school/certificate")
@permit(Permission.CERTIFICATE_READ, of=own_school)
def of_school(school: School) -> ResponseReturnValue:
    """Show the school its certificate, what it is worth and what to do next."""
    rows = queries.of_school(school.id)
    return render_template(
        "certificates/of_school.html",
        school=school,
        shown=_shown(rows[0]) if rows else None,
        lapsed=lapsed_evidence(school.id, clock.today()) if rows else [],
        earlier=[_shown(row) for row in rows[1:]],
        clock=cures.clock_of(rows[0].id) if rows else None,
    )


def _own_cure(actor: Actor) -> Cure | None:
    """Find the open time to mend of the person's school."""
    return cures.of_school(actor.school_id) if actor.school_id else None


@bp.route("/school/certificate/cure", methods=["GET", "POST"])
@permit(Permission.CERTIFICATE_CURE, of=_own_cure)
def cure(found: Cure) -> ResponseReturnValue:
    """Say what the school has mended while its certificate is suspended."""
    form = CureForm(text=found.statement)
    if form.validate_on_submit():
        try:
            cures.state(found, text=form.given(), by=actor(), at=clock.now())
        except Refused as refused:
            form.refuse(refused)
        else:
            flash(
                _("The national group has your answer. It decides whether the suspension ends."),
                "success",
            )
            return redirect(url_for("certificates.of_school"))
    return answer("certificates/cure.html", form, cure=found)


@bp.get("/school/certificate/<uuid:certificate_id>/file")
@permit(Permission.CERTIFICATE_READ, of=queries.certificate)
def file_of_school(certificate: Certificate) -> ResponseReturnValue:
    """Fetch the signed file; only the bytes that were issued."""
    try:
        sent = register.stored_file(certificate, files())
    except register.Damaged as damage:
        return errors.fault(HTTPStatus.INTERNAL_SERVER_ERROR, damage)
    response = send_file(
        BytesIO(sent),
        mimetype="application/pdf",
        as_attachment=True,
        download_name=f"{certificate.number}.pdf",
        conditional=False,
        etag=False,
    )
    response.headers["Content-Security-Policy"] = SANDBOX
    response.headers["Cache-Control"] = "no-store"
    return response


# --- the group and the secretariat -------------------------------------------------------------


@bp.get("/certificates/<uuid:certificate_id>")
@permit(Permission.CERTIFICATE_READ, of=queries.certificate)
def show(certificate: Certificate) -> ResponseReturnValue:
    """Show a certificate with all that happened to it."""
    return render_template(
        "certificates/show.html",
        shown=_shown(certificate),
        clock=cures.clock_of(certificate.id),
        today=clock.today(),
    )


def _change(
    certificate: Certificate, template: str, act: Callable[..., None], done: str
) -> ResponseReturnValue:
    """Ask for the reason, act, and show the certificate."""
    form = ReasonForm()
    if form.validate_on_submit():
        try:
            act(certificate, reason=form.given(), by=actor(), at=clock.now())
        except Refused as refused:
            form.refuse(refused)
        else:
            flash(done, "success")
            return redirect(url_for("certificates.show", certificate_id=certificate.id))
    return answer(template, form, shown=_shown(certificate))


@bp.route("/certificates/<uuid:certificate_id>/suspend", methods=["GET", "POST"])
@permit(Permission.CERTIFICATE_SUSPEND, of=queries.certificate)
def suspend(certificate: Certificate) -> ResponseReturnValue:
    """Suspend a certificate."""

    def act(certificate: Certificate, **values: Any) -> None:
        days = content().standard.decision.suspension.cure_days
        services.suspend(certificate, cure_days=days, **values)

    done = _("The certificate is suspended. Everybody who checks it sees that from now on.")
    return _change(certificate, "certificates/suspend.html", act, done)


@bp.route("/certificates/<uuid:certificate_id>/reinstate", methods=["GET", "POST"])
@permit(Permission.CERTIFICATE_SUSPEND, of=queries.certificate)
def reinstate(certificate: Certificate) -> ResponseReturnValue:
    """End the suspension of a certificate."""

    def act(certificate: Certificate, **values: Any) -> None:
        services.reinstate(certificate, expiring_days=_expiring_days(), **values)

    done = _("The suspension has ended.")
    return _change(certificate, "certificates/reinstate.html", act, done)


@bp.route("/certificates/<uuid:certificate_id>/withdraw", methods=["GET", "POST"])
@permit(Permission.CERTIFICATE_WITHDRAW, of=queries.certificate)
def withdraw(certificate: Certificate) -> ResponseReturnValue:
    """Withdraw a certificate for good."""
    done = _("The certificate is withdrawn. Everybody who checks it sees that from now on.")
    return _change(certificate, "certificates/withdraw.html", services.withdraw, done)
