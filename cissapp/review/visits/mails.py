"""The mails about a visit, in the language and the time zone of each person."""

from datetime import datetime

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _

from cissapp.foundation.web import filters
from cissapp.foundation.web.context import content
from cissapp.people.accounts.models import User
from cissapp.people.accounts.queries import people_of_school
from cissapp.people.notices import services as notices
from cissapp.review.visits import agenda, queries
from cissapp.review.visits.models import Visit
from cissapp.review.visits.rules import KIND_NAMES

OF_SCHOOL = "/school/application/visit"


def tell_school(visit: Visit, *, at: datetime) -> None:
    """Propose dates to the school, with the agenda."""
    for person in people_of_school(visit.school_id):
        with force_locale(person.language):
            _send(
                person,
                visit,
                _(
                    "The national group proposes these dates. Choose the one that suits you, or propose "
                    "others; nothing depends on which one it is.\n%(dates)s\n\n%(agenda)s",
                    dates=_dates(visit, by_school=False),
                    agenda=_agenda(person),
                ),
                OF_SCHOOL,
                at,
            )


def tell_planner(visit: Visit, *, at: datetime) -> None:
    """Tell who planned the visit that the school proposes other dates."""
    person = queries.planner(visit)
    if person is not None:
        with force_locale(person.language):
            text = _(
                "The school proposes other dates:\n%(dates)s", dates=_dates(visit, by_school=True)
            )
            _send(person, visit, text, _of_group(visit), at)


def tell_agreed(visit: Visit, *, at: datetime) -> None:
    """Tell both sides the date, with the agenda and the address of the calendar entry."""
    for person, path in _both(visit):
        with force_locale(person.language):
            text = _(
                "The date is agreed: %(date)s.\n\nFor your calendar: %(calendar)s\n\n%(agenda)s",
                date=_when(visit, visit.starts_at or at),
                calendar=f"{current_app.config['BASE_URL']}{path}.ics",
                agenda=_agenda(person),
            )
            _send(person, visit, text, path, at)


def tell_cancelled(visit: Visit, *, at: datetime) -> None:
    """Tell the school that the visit is called off."""
    for person in people_of_school(visit.school_id):
        with force_locale(person.language):
            text = _("The national group called this off. It writes to you if there is a new date.")
            _send(person, visit, text, OF_SCHOOL, at)


def _of_group(visit: Visit) -> str:
    return f"/reviews/{visit.application_id}/visit"


def _both(visit: Visit) -> list[tuple[User, str]]:
    planner = queries.planner(visit)
    of_group = [(planner, _of_group(visit))] if planner else []
    return [*((one, OF_SCHOOL) for one in people_of_school(visit.school_id)), *of_group]


def _agenda(person: User) -> str:
    return agenda.as_text(content().standard, person.language)


def _when(visit: Visit, moment: datetime) -> str:
    """Write a moment by the clock on the school's wall, and say which clock that is."""
    country = content().countries.get(visit.application.school.country_code)
    return filters.moment(moment, country.file.time_zone if country else "UTC")


def _dates(visit: Visit, *, by_school: bool) -> str:
    return "\n".join(
        f"- {_when(visit, one.starts_at)}" for one in visit.dates if one.by_school is by_school
    )


def _send(person: User, visit: Visit, text: str, path: str, at: datetime) -> None:
    school, kind = visit.application.school.name, _(KIND_NAMES[visit.kind])
    notices.queue(
        "visit",
        to=person.email,
        subject=_("%(kind)s: %(school)s", kind=kind, school=school),
        body=_(
            "Good day %(name)s,\n\n%(text)s\n\nHere is everything about it:\n%(link)s",
            name=person.name,
            text=text,
            link=f"{current_app.config['BASE_URL']}{path}",
        ),
        at=at,
        school_id=visit.application.school_id,
        user_id=person.id,
    )
