"""Pages of certificates: the school's certificate, the group's decisions about it."""

from collections.abc import Callable
from datetime import date
from http import HTTPStatus
from io import BytesIO
from typing import Any

from flask import (
    Blueprint,
    Response,
    flash,
    redirect,
    render_template,
    send_file,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cissapp.certify.certificates import phrases, queries, services
from cissapp.certify.certificates.forms import CureForm, ReasonForm
from cissapp.certify.certificates.models import Certificate, Cure
from cissapp.certify.certificates.queries import register_checks
from cissapp.certify.certificates.queries.impartiality import reasons_not_to_judge
from cissapp.certify.certificates.services import cures
from cissapp.foundation.access.guard import actor, can, permit
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.content.installed import content
from cissapp.foundation.core import clock
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.db import release_transaction
from cissapp.foundation.core.errors import Missing, Problem
from cissapp.foundation.core.installation.settings import current_config
from cissapp.foundation.core.storage import files
from cissapp.foundation.intake import draw_page
from cissapp.foundation.web import errors, languages
from cissapp.foundation.web.forms import answer, shown
from cissapp.foundation.web.headers import SANDBOX
from cissapp.people.handover.queries import open_proposal_of
from cissapp.people.handover.rules.powers import SharedAct
from cissapp.people.handover.services import needs_second_person
from cissapp.people.schools.models import School
from cissapp.people.schools.queries import own_school
from cissapp.people.schools.rules import WITH_GROUP
from cissapp.prepare.documents.queries import expired_documents

PICTURE_SECONDS = 86_400

bp = Blueprint("certificates", __name__, template_folder="templates")


@bp.app_context_processor
def _offered_to_pages() -> dict[str, Callable[[School], object]]:
    """Offer other rooms the certificate that waits for its file, and what comes before the next one begins."""
    return {"certificate_in_preparation": _in_preparation, "before_next_certificate": _before_next}


def _in_preparation(school: School) -> Certificate | None:
    return queries.reserved_of_school(school.id)


def _before_next(school: School) -> tuple[date, str] | None:
    current = queries.followed(school.id, clock.today())
    return (current.valid_until_on, phrases.followed_text()) if current else None


# --- the school --------------------------------------------------------------------------------


def _shown(certificate: Certificate) -> phrases.ShownCertificate:
    return phrases.shown_certificate(
        certificate,
        content(),
        languages.current(),
        base_url=current_config().base_url,
        today=clock.today(),
    )


@bp.get("/school/certificate")
@permit(Permission.CERTIFICATE_READ, of=own_school)
def of_school(school: School) -> ResponseReturnValue:
    """Show the school its certificate, what it is worth and what to do next."""
    rows = queries.of_school(school.id)
    current = queries.in_use(school.id, clock.today()) or next(iter(rows), None)
    others = [_shown(row) for row in rows if row is not current]
    applied = school.progress in WITH_GROUP
    return render_template(
        "certificates/of_school.html",
        school=school,
        shown=phrases.with_next_step(_shown(current), others, applied=applied) if current else None,
        expired_evidence=expired_documents(school.id, clock.today()) if rows else [],
        others=others,
        clock=queries.cure_deadline(current.id) if current else None,
        waiting=queries.reserved_of_school(school.id),
    )


def _own_cure(actor: Actor) -> Cure | None:
    """Find the open cure of the person's school."""
    return queries.open_cure_of_school(actor.school_id) if actor.school_id else None


@bp.route("/school/certificate/cure", methods=["GET", "POST"])
@permit(Permission.CERTIFICATE_CURE, of=_own_cure)
def cure(found: Cure) -> ResponseReturnValue:
    """Record what the school has put right while its certificate is suspended."""
    form = CureForm(text=found.statement)
    if form.validate_on_submit():
        with form.catch_refusals():
            cures.record_statement(found, text=form.given(), by=actor(), at=clock.now())
            flash(
                _(
                    "The national group has your answer. It will decide whether the suspension ends."
                ),
                "success",
            )
            return redirect(url_for("certificates.of_school"))
    return answer("certificates/cure.html", form, cure=found)


@bp.get("/school/certificate/<uuid:certificate_id>/file")
@permit(Permission.CERTIFICATE_READ, of=queries.published)
def file_of_school(certificate: Certificate) -> ResponseReturnValue:
    """Fetch the signed file; only the bytes that were issued."""
    try:
        sent = register_checks.stored_file(certificate, files())
    except register_checks.DamagedCertificateFile as damage:
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


@bp.get("/school/certificate/<uuid:certificate_id>/picture")
@permit(Permission.CERTIFICATE_READ, of=queries.published)
def picture_of_school(certificate: Certificate) -> ResponseReturnValue:
    """Show the issued page as a picture; the file is what counts."""
    try:
        file = register_checks.stored_file(certificate, files())
    except register_checks.DamagedCertificateFile as damage:
        return errors.fault(HTTPStatus.INTERNAL_SERVER_ERROR, damage)
    release_transaction()
    drawn = draw_page(file, 1)
    if not drawn:
        raise Missing
    response = Response(drawn[0].content, mimetype="image/webp")
    # What was issued is never changed.
    response.headers["Cache-Control"] = f"private, max-age={PICTURE_SECONDS}, immutable"
    response.headers["Content-Security-Policy"] = SANDBOX
    return response


# --- the group and the secretariat -------------------------------------------------------------


@bp.get("/certificates/<uuid:certificate_id>")
@permit(Permission.CERTIFICATE_READ, of=queries.certificate)
def show(certificate: Certificate) -> ResponseReturnValue:
    """Show a certificate with all that happened to it."""
    return render_template(
        "certificates/show.html",
        shown=_shown(certificate),
        clock=queries.cure_deadline(certificate.id),
        proposed=open_proposal_of(SharedAct.WITHDRAW_CERTIFICATE, certificate.id),
        today=clock.today(),
        barred=[shown(one) for one in _barred(certificate)],
    )


def _barred(certificate: Certificate) -> list[Problem]:
    """List why a person whose right it is may not judge this certificate."""
    if not can(Permission.CERTIFICATE_SUSPEND, certificate):
        return []
    return reasons_not_to_judge(certificate, actor(), today=clock.today())


def _change(
    certificate: Certificate, template: str, act: Callable[..., None], done: str
) -> ResponseReturnValue:
    """Ask for the reason, act, and show the certificate."""
    form = ReasonForm()
    if form.validate_on_submit():
        with form.catch_refusals():
            act(certificate, reason=form.given(), by=actor(), at=clock.now())
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

    done = _("The certificate has been suspended. Everyone who checks it will now see this.")
    return _change(certificate, "certificates/suspend.html", act, done)


@bp.route("/certificates/<uuid:certificate_id>/reinstate", methods=["GET", "POST"])
@permit(Permission.CERTIFICATE_SUSPEND, of=queries.certificate)
def reinstate(certificate: Certificate) -> ResponseReturnValue:
    """End the suspension of a certificate."""
    done = _("The suspension has ended.")
    return _change(certificate, "certificates/reinstate.html", services.reinstate, done)


@bp.route("/certificates/<uuid:certificate_id>/withdraw", methods=["GET", "POST"])
@permit(Permission.CERTIFICATE_WITHDRAW, of=queries.certificate)
def withdraw(certificate: Certificate) -> ResponseReturnValue:
    """Withdraw a certificate for good, or propose it to a second person."""
    form = ReasonForm()
    if form.validate_on_submit():
        with form.catch_refusals():
            waits = services.withdraw(certificate, reason=form.given(), by=actor(), at=clock.now())
            if waits:
                flash(
                    _("Proposed. Another person in the secretariat will now confirm or refuse it."),
                    "success",
                )
                return redirect(url_for("handover.proposal", act_id=waits))
            flash(
                _("The certificate has been withdrawn. Everyone who checks it will now see this."),
                "success",
            )
            return redirect(url_for("certificates.show", certificate_id=certificate.id))
    waits_for_another = needs_second_person(actor(), clock.now())
    return answer(
        "certificates/withdraw.html", form, shown=_shown(certificate), shared=waits_for_another
    )
