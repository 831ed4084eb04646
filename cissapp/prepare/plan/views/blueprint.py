"""The blueprint, and what the pages share."""

from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cissapp.foundation.core import clock
from cissapp.foundation.core.errors import N_
from cissapp.foundation.web import filters, languages
from cissapp.foundation.web.filters import clock_time
from cissapp.people.schools.models import School
from cissapp.prepare.documents import queries as document_queries
from cissapp.prepare.mechanism import queries as mechanism_queries
from cissapp.prepare.mechanism.rules import MechanismPart
from cissapp.prepare.plan.phrases import office_name
from cissapp.prepare.plan.phrases.lines import YearPlan, year_plan
from cissapp.prepare.plan.rules import Office, SchoolYear
from cissapp.prepare.plan.rules.dates import YEARS_AHEAD, YEARS_BACK

# The evidence code of a plan.
PLAN = "PLAN"

bp = Blueprint("plan", "cissapp.prepare.plan", template_folder="templates")


def present_year() -> SchoolYear:
    """Return the school year of today."""
    return SchoolYear.of(filters.today())


def asked_year() -> SchoolYear:
    """Return the school year in the query string; the current one if it has none or no plan exists for it."""
    present = present_year().first
    first = request.args.get("year", type=int)
    known = first is not None and present - YEARS_BACK <= first <= present + YEARS_AHEAD
    return SchoolYear(first) if first is not None and known else SchoolYear(present)


def plan_of(school: School, year: SchoolYear) -> YearPlan:
    """Return the plan of a school year in the language of the page."""
    return year_plan(school, year, document_queries.documents(school.id), filters.today())


def offices_of(school_id: UUID) -> list[str]:
    """List the job titles that a form suggests: people who take reports, then the usual ones."""
    people = mechanism_queries.entries(school_id, MechanismPart.PERSONS)
    usual = [office_name(one) for one in Office]
    return list(dict.fromkeys([*(one.office for one in people), *usual]))


def saved(year: SchoolYear | None = None) -> ResponseReturnValue:
    """Flash that the change was saved, and redirect to the plan."""
    flash(_("Saved, %(time)s.", time=clock_time(clock.now())), "success")
    return redirect(url_for("plan.plan", year=year.first if year else request.args.get("year")))


def is_plan(title: str, code: str) -> bool:
    """Check whether a document is the plan as added here, in any language and under its former title too."""
    return code == PLAN and title in plan_titles()


def plan_titles() -> set[str]:
    """Return every title that a plan added here may have."""
    titles = (N_("Year plan"), N_("Action plan"))
    return set().union(*(languages.in_every_language(one) for one in titles))
