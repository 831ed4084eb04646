"""The mails of drills: the message itself, that one is coming, and what came of it."""

from datetime import datetime

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _

from cissapp.people.accounts.queries import people_of_school
from cissapp.people.notices import services as notices
from cissapp.prepare.drills.models import Drill
from cissapp.prepare.drills.rules.messages import message
from cissapp.prepare.drills.rules.results import DrillResult, to_mend, went_well

PAGE = "/school/drills"


def send_message(drill: Drill, *, at: datetime) -> None:
    """Send the message of a drill to the declared address that was copied into it, and to no other."""
    said = message(drill.template, drill.language, drill.code)
    notices.queue("drill", to=drill.address, subject=drill.code, body=said, at=at)


def announce(drill: Drill, *, at: datetime) -> None:
    """Tell the people of the school that a drill is coming; not when, not how."""
    for person in people_of_school(drill.school_id):
        with force_locale(person.language):
            notices.queue(
                "drill_announced",
                to=person.email,
                subject=_("A drill of your ways to report is coming"),
                body=_(
                    "Good day %(name)s,\n\n"
                    "%(group)s tries one of your ways to report in the next days. A message will come that "
                    "begins with DRILL and four characters. It is about nobody. Treat it as you would treat a "
                    "report, and type its code here:\n%(link)s",
                    name=person.name,
                    group=drill.school.group.name,
                    link=_page(),
                ),
                at=at,
                school_id=drill.school_id,
                user_id=person.id,
            )


def disclose(drill: Drill, result: DrillResult, *, at: datetime) -> None:
    """Tell the people of the school that it was a drill, thank them, and say what came of it."""
    for person in people_of_school(drill.school_id):
        with force_locale(person.language):
            good = [_(one) for one in went_well(result)]
            mend = [_(one) for one in to_mend(result)]
            notices.queue(
                "drill_result",
                to=person.email,
                subject=_("It was a drill: %(code)s", code=drill.code),
                body=_(
                    "Good day %(name)s,\n\n"
                    "the message %(code)s was a drill. No child was in it. Thank you for taking part.\n\n"
                    "What went well:\n%(good)s\n\n"
                    "What to mend:\n%(mend)s\n\n"
                    "Everything is here:\n%(link)s",
                    name=person.name,
                    code=drill.code,
                    good=_listed(good),
                    mend=_listed(mend),
                    link=_page(),
                ),
                at=at,
                school_id=drill.school_id,
                user_id=person.id,
            )


def _listed(sentences: list[str]) -> str:
    return "\n".join(f"- {one}" for one in sentences) or "-"


def _page() -> str:
    return f"{current_app.config['BASE_URL']}{PAGE}"
