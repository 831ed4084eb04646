"""Pages for the upkeep of a certificate: the yearly confirmation, the people, the group's view."""

from datetime import date, datetime
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cissapp.certify.certificates import phrases as certificate_phrases
from cissapp.certify.certificates import queries as certificates
from cissapp.certify.certificates import services as certificate_services
from cissapp.certify.certificates.forms import ReasonForm
from cissapp.certify.certificates.models import Certificate
from cissapp.certify.certificates.queries.impartiality import reasons_not_to_judge
from cissapp.certify.upkeep import phrases, queries, services
from cissapp.certify.upkeep.forms import ConfirmationForm
from cissapp.certify.upkeep.models import QuorumGap
from cissapp.certify.upkeep.queries import overdue
from cissapp.certify.upkeep.rules.days import window_to_confirm
from cissapp.certify.upkeep.rules.quorum import quorum_lack
from cissapp.foundation.access.guard import actor, can, permit
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.content.installed import content, day_in
from cissapp.foundation.core import clock
from cissapp.foundation.core.errors import Missing
from cissapp.foundation.core.installation.settings import current_config
from cissapp.foundation.core.roles import Role
from cissapp.foundation.web import languages
from cissapp.foundation.web.forms import answer
from cissapp.learn.learning.queries import training_left
from cissapp.people.accounts.models import User
from cissapp.people.schools.models import School
from cissapp.people.schools.queries import own_school
from cissapp.people.schools.queries import school as find_school
from cissapp.people.schools.queries.standings import standing_today
from cissapp.people.schools.rules import IN_FORCE

bp = Blueprint("upkeep", __name__, template_folder="templates")


@bp.app_template_global()
def living_facts(school: School) -> list[phrases.ShownFact]:
    """List the living facts behind a school's certificate, for the pages of rooms below."""
    found = queries.living_facts_of(school, content(), clock.today())
    return phrases.shown_facts(found, for_school=actor().role is Role.SCHOOL_MANAGER)


# --- the school --------------------------------------------------------------------------------


@bp.route("/school/certificate/confirmation", methods=["GET", "POST"])
@permit(Permission.CONFIRMATION_GIVE, of=own_school)
def confirmation(school: School) -> ResponseReturnValue:
    """Confirm a year of the certificate, when its time has come."""
    certificate = certificates.in_use(school.id, clock.today())
    form = ConfirmationForm()
    if certificate and form.validate_on_submit():
        with form.catch_refusals():
            services.confirm_year(
                certificate, form.given(), content=content(), by=_person(), at=clock.now()
            )
            flash(_("The yearly confirmation has been saved. Thank you."), "success")
            return redirect(url_for("certificates.of_school"))
    given = queries.confirmations(certificate.id) if certificate else []
    all_ = queries.windows_of(certificate, content()) if certificate else []
    years = {one.year for one in given}
    return answer(
        "upkeep/confirmation.html",
        form,
        window=window_to_confirm(all_, years, clock.today()),
        ahead=next((one for one in all_ if one.opens_on > clock.today()), None),
        given=given,
    )


def _person() -> User:
    person = actor()
    if not isinstance(person, User):
        raise Missing
    return person


@bp.get("/school/certificate/people")
@permit(Permission.CERTIFICATE_READ, of=own_school)
def people(school: School) -> ResponseReturnValue:
    """Show whether there are enough trained people, what is missing, and how to hand over a duty."""
    gap = queries.open_gap(school.id)
    return render_template(
        "upkeep/people.html",
        missing=_missing(school, clock.now()),
        clock=queries.gap_deadline(gap) if gap else None,
        handover=[_(one) for one in phrases.HANDOVER],
    )


def _missing(school: School, at: datetime) -> list[phrases.ShownLack]:
    known = content()
    members = queries.members_of([school.id], known.module_by_id)
    found = quorum_lack(members[school.id], queries.quorum_of(school.country_code, known), at)
    gaps = training_left(school.id, known.modules, known.standard.decision.gate_duties)
    return phrases.shown_lacks(found, gaps, languages.current())


# --- the group ---------------------------------------------------------------------------------


@bp.get("/upkeep")
@permit(Permission.FOLLOWUP_READ)
def of_group() -> ResponseReturnValue:
    """List the certified schools of the group where something is due."""
    return render_template(
        "upkeep/of_group.html",
        gaps=overdue.gaps_of_group(actor()),
        unconfirmed=overdue.unconfirmed_of_group(actor(), content(), clock.today()),
        most=overdue.SHOWN,
    )


@bp.get("/schools/<uuid:school_id>/upkeep")
@permit(Permission.CERTIFICATE_READ, of=find_school)
def of_school(school: School) -> ResponseReturnValue:
    """Show what stands behind the certificate of a school, its people and its confirmations."""
    today, gap = clock.today(), queries.open_gap(school.id)
    certificate = certificates.in_use(school.id, today)
    return render_template(
        "upkeep/of_school.html",
        school=school,
        certificate=certificate,
        may_suspend=gap is not None and gap.asked_at and _may_suspend(certificate, school, today),
        facts=living_facts(school),
        gap=gap,
        clock=queries.gap_deadline(gap) if gap else None,
        given=queries.confirmations(certificate.id) if certificate else [],
    )


def _may_suspend(certificate: Certificate | None, school: School, today: date) -> bool:
    """Return whether there is something to suspend, and the person may and has not helped the school."""
    return (
        certificate is not None
        and standing_today(school, today) in IN_FORCE
        and can(Permission.CERTIFICATE_SUSPEND, certificate)
        and not reasons_not_to_judge(certificate, actor(), today=today)
    )


def _with_gap(certificate_id: UUID) -> Certificate | None:
    """Find a certificate whose school has had too few trained people for too long."""
    found = certificates.certificate(certificate_id)
    gap = queries.open_gap(found.school_id) if found else None
    return found if gap and gap.asked_at else None


@bp.route("/certificates/<uuid:certificate_id>/suspend-for-people", methods=["GET", "POST"])
@permit(Permission.CERTIFICATE_SUSPEND, of=_with_gap)
def suspend(certificate: Certificate) -> ResponseReturnValue:
    """Suspend a certificate because the quorum is missing; the reason is offered, a person decides."""
    gap = queries.open_gap(certificate.school_id)
    form = ReasonForm(reason=_reason(gap) if gap else "")
    if form.validate_on_submit():
        with form.catch_refusals():
            days = content().standard.decision.suspension.cure_days
            certificate_services.suspend(
                certificate, reason=form.given(), cure_days=days, by=actor(), at=clock.now()
            )
            flash(
                _("The certificate has been suspended. The school has time to put things right."),
                "success",
            )
            return redirect(url_for("upkeep.of_school", school_id=certificate.school_id))
    return answer("certificates/suspend.html", form, shown=_shown(certificate))


def _reason(gap: QuorumGap) -> str:
    today, lost_on = (day_in(gap.school.country_code, at) for at in (clock.now(), gap.lost_at))
    return phrases.suspension_reason(lost_on, (today - lost_on).days)


def _shown(certificate: Certificate) -> certificate_phrases.ShownCertificate:
    return certificate_phrases.shown_certificate(
        certificate,
        content(),
        languages.current(),
        base_url=current_config().base_url,
        today=clock.today(),
    )
