"""The mails of drills: the message itself, the announcement, and the result."""

from collections.abc import Sequence
from datetime import datetime

from flask_babel import gettext as _

from cissapp.people.accounts.models import User
from cissapp.people.accounts.queries import people_of_school
from cissapp.people.notices import services as notices
from cissapp.people.notices.mails import MailText, link_to, mail_people
from cissapp.prepare.drills.models import Drill
from cissapp.prepare.drills.rules.messages import write_message
from cissapp.prepare.drills.rules.results import DrillResult, to_mend, went_well

PAGE = "/school/drills"


def send_message(drill: Drill, *, at: datetime) -> None:
    """Send the message of a drill to the declared address that was copied into it, and to no other."""
    said = write_message(drill.template, drill.language, drill.code)
    notices.queue("drill", MailText(drill.code, said), to=drill.address, at=at)


def announce(drill: Drill, *, at: datetime) -> None:
    """Mail the people of the school that a drill is coming; not when, not how."""

    def text_for(person: User) -> MailText:
        return MailText(
            _("A drill of your ways to report is coming"),
            _(
                "Hello %(name)s,\n\n%(group)s will test one of your ways to report in the next few days. A message will come that begins with DRILL and four characters. It is not about a real person. Treat it as you would treat a report, and enter its code here:\n%(link)s",
                name=person.name,
                group=drill.school.group.name,
                link=link_to(PAGE),
            ),
        )

    people = people_of_school(drill.school_id)
    mail_people(people, "drill_announced", text_for, at=at, school_id=drill.school_id)


def disclose(drill: Drill, result: DrillResult, *, at: datetime) -> None:
    """Mail the people of the school that it was a drill, with thanks and its result."""

    def text_for(person: User) -> MailText:
        opening = _(
            "Hello %(name)s,\n\nThe message %(code)s was a drill. It did not involve a child. Thank you for taking part.",
            name=person.name,
            code=drill.code,
        )
        parts = [
            opening,
            *_listed(_("What went well"), went_well(result)),
            *_listed(_("What to improve"), to_mend(result)),
            _("See the full result:\n%(link)s", link=link_to(PAGE)),
        ]
        return MailText(_("It was a drill: %(code)s", code=drill.code), "\n\n".join(parts))

    people = people_of_school(drill.school_id)
    mail_people(people, "drill_result", text_for, at=at, school_id=drill.school_id)


def _listed(heading: str, sentences: Sequence[str]) -> list[str]:
    """Return a heading with its list, or nothing where there is nothing to list."""
    lines = [f"- {_(one)}" for one in sentences]
    return ["\n".join([f"{heading}:", *lines])] if lines else []
