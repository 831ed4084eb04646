"""The mails about a visit, in the language and the time zone of each person."""

from collections.abc import Callable, Iterable
from datetime import datetime

from flask_babel import gettext as _

from cissapp.foundation.content.installed import content
from cissapp.foundation.web import filters
from cissapp.people.accounts.models import User
from cissapp.people.accounts.queries import coordinators_of_group, people_of_school
from cissapp.people.notices.mails import link_to, mail_people
from cissapp.people.notices.rules import MailText
from cissapp.prepare.applications.queries import content_of
from cissapp.review.visits import phrases as agenda
from cissapp.review.visits import queries
from cissapp.review.visits.models import Visit, VisitSignature
from cissapp.review.visits.rules import KIND_NAMES

OF_SCHOOL = "/school/application/visit"


def tell_school(visit: Visit, *, at: datetime) -> None:
    """Send the school the proposed dates, with the agenda."""

    def text(person: User) -> str:
        said: str = _(
            "The national group proposes these dates. Choose the one that suits you, or propose others. It does not matter which one you choose.\n%(dates)s\n\n%(agenda)s",
            dates=_dates(visit, by_school=False),
            agenda=_agenda(visit, person),
        )
        return said

    _tell(people_of_school(visit.school_id), visit, text, OF_SCHOOL, at)


def tell_organisers(visit: Visit, *, at: datetime) -> None:
    """Notify those who organise the visit, or else the coordinators, that the school proposes other dates."""

    def text(_person: User) -> str:
        dates = _dates(visit, by_school=True)
        return str(_("The school proposes other dates:\n%(dates)s", dates=dates))

    _tell(_people_of_group(visit), visit, text, _of_group(visit), at)


def tell_agreed(visit: Visit, *, at: datetime) -> None:
    """Send both sides the date, with the agenda and the address of the calendar entry."""
    for people, path in (
        (people_of_school(visit.school_id), OF_SCHOOL),
        (_people_of_group(visit), _of_group(visit)),
    ):
        _tell(people, visit, _agreed(visit, path, at), path, at)


def _agreed(visit: Visit, path: str, at: datetime) -> Callable[[User], str]:
    def text(person: User) -> str:
        said: str = _(
            "The date is agreed: %(date)s.\n\nFor your calendar: %(calendar)s\n\n%(agenda)s",
            date=_when(visit, visit.starts_at or at),
            calendar=link_to(f"{path}.ics"),
            agenda=_agenda(visit, person),
        )
        return said

    return text


def ask_to_sign(
    visit: Visit, signer: VisitSignature, people: Iterable[User], *, at: datetime
) -> None:
    """Ask those who can give the second signature for it."""

    def text(_person: User) -> str:
        return str(
            _(
                "%(signer)s has signed the record. Please read it and sign it too.",
                signer=signer.person.name,
            )
        )

    _tell(people, visit, text, f"{_of_group(visit)}/sign", at)


def tell_cancelled(visit: Visit, *, at: datetime) -> None:
    """Notify the school that the visit is called off."""

    def text(_person: User) -> str:
        return str(
            _(
                "The national group has called this off. It will write to you if there is a new date."
            )
        )

    _tell(people_of_school(visit.school_id), visit, text, OF_SCHOOL, at)


def tell_closed(visit: Visit, *, at: datetime) -> None:
    """Tell both sides that an agreed visit does not take place, as the case is closed."""

    def text(_person: User) -> str:
        return str(
            _(
                "The application is closed, so what was agreed for %(date)s no longer takes place. You do not need to do anything.",
                date=_when(visit, visit.starts_at or at),
            )
        )

    for people, path in (
        (people_of_school(visit.school_id), OF_SCHOOL),
        (_people_of_group(visit), f"/reviews/{visit.application_id}"),
    ):
        _tell(people, visit, text, path, at)


def _people_of_group(visit: Visit) -> list[User]:
    return queries.organisers(visit) or coordinators_of_group(visit.group_id)


def _of_group(visit: Visit) -> str:
    return f"/reviews/{visit.application_id}/visit"


def _agenda(visit: Visit, person: User) -> str:
    standard = content_of(visit.application, content()).standard
    return agenda.agenda_as_text(standard, person.language)


def _when(visit: Visit, moment: datetime) -> str:
    """Render a time in the school's time zone, with the name of the zone."""
    return filters.offered_moment(
        moment, content().time_zone(visit.application.school.country_code)
    )


def _dates(visit: Visit, *, by_school: bool) -> str:
    return "\n".join(
        f"- {_when(visit, one.starts_at)}" for one in visit.offered_dates(by_school=by_school)
    )


def _tell(
    people: Iterable[User], visit: Visit, text: Callable[[User], str], path: str, at: datetime
) -> None:
    def text_for(person: User) -> MailText:
        said = text(person)
        school, kind = visit.application.school.name, _(KIND_NAMES[visit.kind])
        return MailText(
            _("%(kind)s: %(school)s", kind=kind, school=school),
            _(
                "Hello %(name)s,\n\n%(text)s\n\nSee all the details here:\n%(link)s",
                name=person.name,
                text=said,
                link=link_to(path),
            ),
            path=path,  # and not the calendar entry that may stand before it
        )

    mail_people(people, "visit", text_for, at=at, school_id=visit.application.school_id)
