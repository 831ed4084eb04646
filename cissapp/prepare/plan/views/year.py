"""The plan of a school year: by month, and as a file for a calendar."""

from datetime import date

from flask import Response, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_date
from flask_babel import gettext as _

from cissapp.foundation.access.guard import permit
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.content.installed import content
from cissapp.foundation.web import filters, languages
from cissapp.foundation.web.forms import answer
from cissapp.people.deadlines.calendar_files.writing import calendar_file
from cissapp.people.schools.models import School
from cissapp.people.schools.queries import own_school
from cissapp.prepare.assessment import queries as assessment_queries
from cissapp.prepare.documents import queries as document_queries
from cissapp.prepare.documents.rules import is_open
from cissapp.prepare.plan import queries
from cissapp.prepare.plan.forms import EmptyForm
from cissapp.prepare.plan.phrases.calendar_entries import entries_of_school
from cissapp.prepare.plan.phrases.lines import PlanLine, year_plan
from cissapp.prepare.plan.rules import TARGET_LEVEL, SchoolYear, below_target
from cissapp.prepare.plan.rules.dates import YEARS_AHEAD, YEARS_BACK
from cissapp.prepare.plan.views.blueprint import asked_year, bp, is_plan, present_year


@bp.get("/school/plan")
@permit(Permission.DOSSIER_READ, of=own_school)
def plan(school: School) -> ResponseReturnValue:
    """Show what is planned in a school year, what is done, and what has no action yet."""
    return plan_page(school, EmptyForm())


def plan_page(school: School, form: EmptyForm) -> ResponseReturnValue:
    """Render the page of a plan, with the errors of the form."""
    year, today = asked_year(), filters.today()
    documents = document_queries.documents(school.id)
    found = year_plan(school, year, documents, today)
    return answer(
        "plan/plan.html",
        form,
        plan=found,
        late=found.late(today),
        months=_named(found.months(today, earlier=False)),
        earlier=_named(found.months(today, earlier=True)),
        today=today,
        years=_years(),
        present=present_year(),
        without=_without_action(school),
        target=TARGET_LEVEL,
        address_of=_address_of,
        document=next((one for one in documents if is_plan(one.title, one.evidence_code)), None),
        can_document=is_open(document_queries.open_criteria(school.id)),
    )


def _named(months: list[tuple[date, list[PlanLine]]]) -> list[tuple[str, list[PlanLine]]]:
    return [(str(format_date(month, "LLLL y")), lines) for month, lines in months]


def _years() -> list[SchoolYear]:
    present = present_year().first
    return [SchoolYear(one) for one in range(present - YEARS_BACK, present + YEARS_AHEAD + 1)]


def _without_action(school: School) -> list[tuple[str, str, bool]]:
    """List the criteria below the target without an open action: id, title, and whether critical."""
    standard = assessment_queries.standard_to_answer(school.id, content())
    low = below_target(standard, assessment_queries.scores(school.id))
    planned = {one.criterion_id for one in queries.actions(school.id) if one.done_on is None}
    language = languages.current()
    return [
        (one.id, one.text(language).title, one.critical) for one in low if one.id not in planned
    ]


def _address_of(line: PlanLine) -> str | None:
    """Return the address of the page where a date's task is done; None if it has none."""
    return url_for(line.link[0], **line.link[1]) if line.link else None


@bp.get("/school/plan.ics")
@permit(Permission.DOSSIER_READ, of=own_school)
def calendar(school: School) -> ResponseReturnValue:
    """Return the open steps of a school year as a file for a calendar."""
    year = asked_year()
    name = _("CISS year plan %(year)s", year=year.name)
    file = calendar_file(entries_of_school(school, year), name)
    headers = {"Content-Disposition": 'attachment; filename="year-plan.ics"'}
    return Response(file, content_type="text/calendar; charset=utf-8", headers=headers)
