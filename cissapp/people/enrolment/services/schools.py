"""Writes of schools that are registered by hand."""

from collections.abc import Mapping
from datetime import datetime

from cissapp.foundation.content.packs import CountryPack
from cissapp.foundation.core.actor import Actor
from cissapp.foundation.core.errors import N_, Problem, Refused
from cissapp.people.enrolment.rules import fact_problems
from cissapp.people.schools import services as schools
from cissapp.people.schools.models import NationalGroup, School
from cissapp.people.schools.rules import RegisterFacts


def register_school(
    facts: RegisterFacts,
    *,
    group: NationalGroup,
    countries: Mapping[str, CountryPack],
    by: Actor,
    at: datetime,
) -> School:
    """Put a school of the group into the register."""
    _refuse_wrong(facts, countries)
    return schools.register(facts, group=group, by=by, at=at)


def change_school(
    school: School,
    facts: RegisterFacts,
    *,
    countries: Mapping[str, CountryPack],
    by: Actor,
    at: datetime,
) -> None:
    """Change the facts of a school; its country stays."""
    _refuse_wrong(facts, countries, keeps=school.region_code)
    if facts.country_code != school.country_code:
        raise Refused(Problem("region_code", N_("You cannot move a school to another country.")))
    schools.change_facts(school, facts, by=by, at=at)


def _refuse_wrong(
    facts: RegisterFacts, countries: Mapping[str, CountryPack], keeps: str | None = None
) -> None:
    """Refuse wrong facts; a school may keep a region that a reform has ended until it is moved."""
    problems = [
        problem
        for problem in fact_problems(facts, countries)
        if problem.code != "region_code" or facts.region_code != keeps
    ]
    if problems:
        raise Refused(*problems)
