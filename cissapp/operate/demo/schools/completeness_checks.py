"""Completeness checks of the demonstration."""

from datetime import datetime

from cissapp.foundation.content.values import Content
from cissapp.foundation.core.errors import N_
from cissapp.operate.demo.schools.wording import in_language
from cissapp.people.accounts.models import User
from cissapp.people.schools.models import School
from cissapp.prepare.applications import queries as applications
from cissapp.prepare.applications.models import Application
from cissapp.review.independence import services as independence
from cissapp.review.independence.queries import declaration_of
from cissapp.review.reviews import services as reviews

REMARKS = {
    "all": N_("The list of annexes names an order that is not among the documents. Please add it."),
    "A2": N_("The page with the signature and the date cannot be read. Please scan it once more."),
    "B2": N_("The phone number of the second way to report is missing. Please add it."),
}


def declare_once(application: Application, person: User, at: datetime) -> None:
    """Record that a person has no conflict of interest, unless they declared before."""
    if declaration_of(application, person.id) is None:
        independence.declare(application, grounds=[], note="", by=person, at=at)


def check(
    school: School, coordinator: User, *, content: Content, at: datetime, back: bool = False
) -> None:
    """Check whether an application is complete: it passes, or goes back with remarks."""
    application = applications.open_application(school.id)
    if application is None:
        raise LookupError(school.id)
    declare_once(application, coordinator, at)
    said = {key: in_language(one, school.language) for key, one in REMARKS.items()}
    remarks = said if back else {}
    reviews.check_completeness(application, remarks=remarks, content=content, by=coordinator, at=at)
