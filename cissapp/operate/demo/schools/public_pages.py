"""A school that is ready: its public page is on, and one contact changed after the page was copied."""

from datetime import datetime, timedelta

from msgspec.structs import replace

from cissapp.foundation.core.errors import N_
from cissapp.operate.demo.schools.preparation import PERSONS
from cissapp.operate.demo.schools.wording import facts_in_language
from cissapp.people.accounts.models import User
from cissapp.people.schools.models import School
from cissapp.prepare.facts import queries as facts
from cissapp.prepare.facts import services as papers
from cissapp.prepare.facts.rules import PaperKind, printed_facts
from cissapp.prepare.mechanism import queries, services
from cissapp.prepare.mechanism.rules import MechanismPart
from cissapp.prepare.reporting_page import services as pages
from cissapp.prepare.reporting_page.rules import PagePart

MOVED = replace(PERSONS[0], contact=N_("room 14, psychologist@school.example"))


def open_page(school: School, head: User, *, at: datetime) -> None:
    """Switch the page on, copy it to the school's own site, then change the psychologist's room."""
    pages.save_page(school, tuple(PagePart), is_on=True, by=head, at=at)
    said = printed_facts(facts.facts_of(school, at.date()), at.date())
    papers.record_paper(school, PaperKind.PAGE, "html", school.language, said, by=head, at=at)
    persons = queries.entries(school.id, MechanismPart.PERSONS)
    moved = facts_in_language(MOVED, school.language)
    psychologist = next(one for one in persons if one.office == moved.office)
    services.change_entry(psychologist, moved, by=head, at=at + timedelta(hours=2))
