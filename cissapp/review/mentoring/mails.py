"""The mails about a mentoring, in the language of each person. Never the text of a message."""

from datetime import datetime

from flask_babel import gettext as _

from cissapp.foundation.content.installed import content
from cissapp.foundation.web import filters
from cissapp.people.accounts.models import User
from cissapp.people.accounts.queries import people_of_school
from cissapp.people.notices.mails import MailText, link_to, mail_people
from cissapp.people.schools.models import School
from cissapp.review.independence.models import Mentoring
from cissapp.review.mentoring.models import MentorMeeting
from cissapp.review.mentoring.rules import MentorSide


def path_of(mentoring: Mentoring) -> str:
    """Return the path of the page of a mentoring."""
    return f"/mentoring/{mentoring.id}"


def zone_of(school: School) -> str:
    """Return the time zone of a school, in which dates are entered and shown."""
    return content().time_zone(school.country_code)


def tell_school(mentoring: Mentoring, *, at: datetime) -> int:
    """Notify the people of the school that there is something new from the mentor."""

    def text_for(person: User) -> MailText:
        return MailText(
            _("Your mentor has written to you"),
            _(
                "Hello %(name)s,\n\nThere is something new from %(mentor)s, your school’s mentor. Read it and answer here:\n%(link)s",
                name=person.name,
                mentor=mentoring.person.name,
                link=link_to(path_of(mentoring)),
            ),
        )

    people = people_of_school(mentoring.school_id)
    return mail_people(people, "mentoring", text_for, at=at, school_id=mentoring.school_id)


def tell_mentor(mentoring: Mentoring, *, at: datetime) -> int:
    """Notify the mentor that there is something new from the school."""

    def text_for(person: User) -> MailText:
        return MailText(
            _("A school you mentor has written to you: %(school)s", school=mentoring.school.name),
            _(
                "Hello %(name)s,\n\nThere is something new from %(school)s. Read it and answer here:\n%(link)s",
                name=person.name,
                school=mentoring.school.name,
                link=link_to(path_of(mentoring)),
            ),
        )

    return mail_people(
        _mentor(mentoring), "mentoring", text_for, at=at, school_id=mentoring.school_id
    )


def _mentor(mentoring: Mentoring) -> list[User]:
    """Return the mentor in a list, or an empty list if the account is closed."""
    return [mentoring.person] if mentoring.person.is_active else []


def tell_agreed(meeting: MentorMeeting, *, at: datetime) -> int:
    """Send both sides the date of a meeting, with the address of the calendar entry."""
    mentoring = meeting.mentoring

    def text_for(person: User) -> MailText:
        starts_at = filters.moment(meeting.starts_at or at, zone_of(mentoring.school))
        return MailText(
            _("Meeting about %(school)s", school=mentoring.school.name),
            _(
                "Hello %(name)s,\n\nThe date of the meeting is agreed: %(date)s.\n\nFor your calendar: %(calendar)s\n\nEverything about the meeting:\n%(link)s",
                name=person.name,
                date=starts_at,
                calendar=link_to(f"{path_of(mentoring)}/meetings/{meeting.id}.ics"),
                link=link_to(path_of(mentoring)),
            ),
            path=path_of(mentoring),  # and not the calendar entry that stands before it
        )

    people = [*people_of_school(mentoring.school_id), *_mentor(mentoring)]
    return mail_people(people, "mentoring", text_for, at=at, school_id=mentoring.school_id)


def tell_cancelled(meeting: MentorMeeting, by: MentorSide, *, at: datetime) -> int:
    """Notify the other side that a meeting was cancelled, since it is no longer on the page."""
    mentoring = meeting.mentoring

    def text_for(person: User) -> MailText:
        link = link_to(path_of(mentoring))
        return MailText(
            _("Meeting cancelled: %(school)s", school=mentoring.school.name),
            _(
                "Hello %(name)s,\n\nThe meeting on %(date)s has been cancelled.\n\nYou can propose other dates here:\n%(link)s",
                name=person.name,
                date=filters.moment(meeting.starts_at, zone_of(mentoring.school)),
                link=link,
            )
            if meeting.starts_at
            else _(
                "Hello %(name)s,\n\nThe meeting has been cancelled. No date had been agreed yet.\n\nYou can propose other dates here:\n%(link)s",
                name=person.name,
                link=link,
            ),
        )

    of_school = by is MentorSide.MENTOR
    people = people_of_school(mentoring.school_id) if of_school else _mentor(mentoring)
    return mail_people(people, "mentoring", text_for, at=at, school_id=mentoring.school_id)
