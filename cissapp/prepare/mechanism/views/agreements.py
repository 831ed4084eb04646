"""Pages for the agreements of the reporting mechanism: cover, reports about adults, limits, rules."""

from collections.abc import Sequence

from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cissapp.foundation.access.guard import actor, permit
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.core import clock
from cissapp.foundation.web.forms import answer
from cissapp.people.schools.models import School
from cissapp.people.schools.queries import own_school
from cissapp.prepare.mechanism import queries, services
from cissapp.prepare.mechanism.forms.agreements import (
    AboutAdultsForm,
    CoverageForm,
    LimitsForm,
    RulesForm,
)
from cissapp.prepare.mechanism.models import ReportingChannel, ReportingMechanism, ReportingPerson
from cissapp.prepare.mechanism.rules import CHANNEL_NAMES, MechanismPart
from cissapp.prepare.mechanism.rules.advice import goes_past_head
from cissapp.prepare.mechanism.rules.parts import USUAL_LIMITS
from cissapp.prepare.mechanism.views.blueprint import bp
from cissapp.prepare.mechanism.views.reporting import asked, closing, saved

AgreedForm = LimitsForm | RulesForm | CoverageForm | AboutAdultsForm

# The criterion of each rule.
RULE_CRITERIA = {
    "confidentiality": "B4",
    "no_retaliation": "B5",
    "about_staff": "B10",
    "evidence_rule": "B9",
}


@bp.route("/school/reporting/cover", methods=["GET", "POST"])
@permit(Permission.DOSSIER_EDIT, of=own_school)
def cover(school: School) -> ResponseReturnValue:
    """Save which languages pupils read, who answers when the school is closed, whom parents reach."""
    row = queries.mechanism(school.id)
    return _mechanism_page("mechanism/cover.html", school, CoverageForm(obj=row), row, asked("B2"))


@bp.route("/school/reporting/about-adults", methods=["GET", "POST"])
@permit(Permission.DOSSIER_EDIT, of=own_school)
def about_adults(school: School) -> ResponseReturnValue:
    """Choose where reports about the head, and about those who take reports, go."""
    row = queries.mechanism(school.id)
    persons = queries.entries(school.id, MechanismPart.PERSONS)
    channels = queries.entries(school.id, MechanismPart.CHANNELS)
    form = AboutAdultsForm(obj=row)
    form.offer(_ways(persons, channels, past_head=True), _ways(persons, channels, past_head=False))
    return _mechanism_page("mechanism/about_adults.html", school, form, row, asked("B10"))


def _ways(
    persons: Sequence[ReportingPerson], channels: Sequence[ReportingChannel], *, past_head: bool
) -> list[tuple[str, str]]:
    offices = [(str(one.id), one.office) for one in persons if not (past_head and one.is_head)]
    return offices + [
        (str(one.id), f"{_(CHANNEL_NAMES[one.kind])}: {one.description}")
        for one in channels
        if not past_head or goes_past_head(one)
    ]


@bp.route("/school/reporting/time-limits", methods=["GET", "POST"])
@permit(Permission.DOSSIER_EDIT, of=own_school)
def time_limits(school: School) -> ResponseReturnValue:
    """Set the time limits."""
    row = queries.mechanism(school.id)
    form = LimitsForm(obj=row if row and row.crime_hours else USUAL_LIMITS)
    return _mechanism_page("mechanism/time_limits.html", school, form, row, asked("B7"))


@bp.route("/school/reporting/rules", methods=["GET", "POST"])
@permit(Permission.DOSSIER_EDIT, of=own_school)
def rules(school: School) -> ResponseReturnValue:
    """Write the rules that protect those who report."""
    row = queries.mechanism(school.id)
    wanted = {field: asked(criterion_id) for field, criterion_id in RULE_CRITERIA.items()}
    form = RulesForm(obj=row)
    return _mechanism_page("mechanism/rules.html", school, form, row, wanted)


def _mechanism_page(
    template: str,
    school: School,
    form: AgreedForm,
    row: ReportingMechanism | None,
    wanted: object,
) -> ResponseReturnValue:
    if form.validate_on_submit():
        with form.catch_refusals():
            services.save_mechanism(school, form.given(), by=actor(), at=clock.now())
            return saved("mechanism.reporting")
    return answer(template, form, row=row, asked=wanted, **closing(school.id))
