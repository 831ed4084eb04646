"""Messages to the people of a school about old values and unconfirmed contacts, in each person's language."""

from collections.abc import Sequence
from datetime import datetime

from flask_babel import force_locale, ngettext
from flask_babel import gettext as _

from cissapp.people.accounts.models import User
from cissapp.people.notices.mails import MailText, greeting, link_to, mail_people, paragraphs
from cissapp.people.notices.queries import with_unread
from cissapp.people.notices.services import notify
from cissapp.prepare.facts.rules import Fact

CHANGES, NUMBERS = "/school/toolkit/changes", "/school/toolkit/numbers"
OLD_VALUES, OLD_NUMBERS = "old_values", "old_numbers"
# The most contacts a mail lists; the page shows all of them.
MOST_NAMED = 12


def notify_of_old_values(people: Sequence[User], *, at: datetime) -> None:
    """Notify people that something states an old value, unless they have an unread notice of it."""
    know = with_unread(OLD_VALUES, [person.id for person in people])
    for person in people:
        if person.id not in know:
            with force_locale(person.language):
                title = str(_("Something you made or uploaded is out of date"))
            notify(person.id, OLD_VALUES, title, CHANGES, at=at)


def remind_of_numbers(
    person: User, own: Sequence[Fact], helplines: Sequence[Fact], *, at: datetime
) -> None:
    """Mail a person the contacts that nobody has confirmed for six months and that are no longer printed."""

    def text_for(person: User) -> MailText:
        return MailText(
            ngettext(
                "%(num)d number is no longer printed",
                "%(num)d numbers are no longer printed",
                len(own) + len(helplines),
            ),
            paragraphs(
                greeting(person),
                _of_school(own),
                _of_country(helplines),
                str(_("See them all:\n%(link)s", link=link_to(NUMBERS))),
            ),
        )

    mail_people([person], OLD_NUMBERS, text_for, at=at, school_id=person.school_id)


def _of_school(own: Sequence[Fact]) -> str:
    if not own:
        return ""
    text = _(
        "Nobody at your school has confirmed these contacts for six months. Until someone does, they are left out of posters, documents and your page on how to report. One click confirms them:"
    )
    return f"{text}\n{_listed(own)}"


def _of_country(helplines: Sequence[Fact]) -> str:
    if not helplines:
        return ""
    text = _(
        "The programme last checked these helplines more than six months ago. Until it checks them again, they are left out of your documents. You do not need to do anything:"
    )
    return f"{text}\n{_listed(helplines)}"


def _listed(facts: Sequence[Fact]) -> str:
    return "\n".join(f"- {fact.value}" for fact in facts[:MOST_NAMED])
