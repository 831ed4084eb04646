"""Pages of what the reporting mechanism agrees on: cover, reports about adults, limits, rules."""

from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cissapp.foundation.access.guard import actor, permit
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.core import clock
from cissapp.foundation.core.errors import Refused
from cissapp.foundation.web.forms import answer
from cissapp.people.schools.models import School
from cissapp.people.schools.queries import own_school
from cissapp.prepare.evidence import queries, services
from cissapp.prepare.evidence.dossier import Dossier
from cissapp.prepare.evidence.forms.agreed import AboutAdultsForm, CoverForm, LimitsForm, RulesForm
from cissapp.prepare.evidence.models import ReportingMechanism
from cissapp.prepare.evidence.rules import CHANNEL_NAMES
from cissapp.prepare.evidence.rules.advice import goes_past_head
from cissapp.prepare.evidence.rules.mechanism import USUAL_LIMITS
from cissapp.prepare.evidence.views.blueprint import bp
from cissapp.prepare.evidence.views.reporting import asked, closing, saved

AgreedForm = LimitsForm | RulesForm | CoverForm | AboutAdultsForm

# The criterion that each rule answers.
RULE_CRITERIA = {
    "confidentiality": "B4",
    "no_retaliation": "B5",
    "about_staff": "B10",
    "evidence_rule": "B9",
}


@bp.route("/school/reporting/cover", methods=["GET", "POST"])
@permit(Permission.DOSSIER_EDIT, of=own_school)
def cover(school: School) -> ResponseReturnValue:
    """Say which languages pupils read, who answers when the school is closed, whom parents reach."""
    row = queries.mechanism(school.id)
    return _mechanism_page("evidence/cover.html", school, CoverForm(obj=row), row, asked("B2"))


@bp.route("/school/reporting/about-adults", methods=["GET", "POST"])
@permit(Permission.DOSSIER_EDIT, of=own_school)
def about_adults(school: School) -> ResponseReturnValue:
    """Choose where reports about the head, and about those who take reports, go."""
    dossier = queries.dossier(school.id)
    form = AboutAdultsForm(obj=dossier.mechanism)
    form.offer(_ways(dossier, past_head=True), _ways(dossier, past_head=False))
    return _mechanism_page(
        "evidence/about_adults.html", school, form, dossier.mechanism, asked("B10")
    )


def _ways(dossier: Dossier, *, past_head: bool) -> list[tuple[str, str]]:
    persons = [
        (str(one.id), one.office) for one in dossier.persons if not (past_head and one.is_head)
    ]
    return persons + [
        (str(one.id), f"{_(CHANNEL_NAMES[one.kind])}: {one.description}")
        for one in dossier.channels
        if not past_head or goes_past_head(one)
    ]


@bp.route("/school/reporting/time-limits", methods=["GET", "POST"])
@permit(Permission.DOSSIER_EDIT, of=own_school)
def time_limits(school: School) -> ResponseReturnValue:
    """Set the time limits."""
    row = queries.mechanism(school.id)
    form = LimitsForm(obj=row if row and row.crime_hours else USUAL_LIMITS)
    return _mechanism_page("evidence/time_limits.html", school, form, row, asked("B7"))


@bp.route("/school/reporting/rules", methods=["GET", "POST"])
@permit(Permission.DOSSIER_EDIT, of=own_school)
def rules(school: School) -> ResponseReturnValue:
    """Write the rules that protect those who report."""
    row = queries.mechanism(school.id)
    wanted = {field: asked(criterion_id) for field, criterion_id in RULE_CRITERIA.items()}
    return _mechanism_page("evidence/rules.html", school, RulesForm(obj=row), row, wanted)


def _mechanism_page(
    template: str,
    school: School,
    form: AgreedForm,
    row: ReportingMechanism | None,
    wanted: object,
) -> ResponseReturnValue:
    if form.validate_on_submit():
        try:
            services.save_mechanism(school, form.given(), by=actor(), at=clock.now())
        except Refused as refused:
            form.refuse(refused)
        else:
            return saved("evidence.reporting")
    return answer(template, form, row=row, asked=wanted, **closing(school.id))
