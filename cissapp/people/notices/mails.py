"""Mails to people, each in the person's own language.

Only here is the language of a mail chosen, and the address of this installation added. The `mails.py`
of a room holds its texts, and decides who gets them.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import partial
from typing import Protocol, TypeVar
from uuid import UUID

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _

from cissapp.foundation.web import filters
from cissapp.foundation.web.context import zone_of
from cissapp.foundation.web.help_lines import country_of
from cissapp.people.notices import services
from cissapp.people.notices.rules import MAIL_ONLY, MailText, first_path

__all__ = ["MailRecipient", "MailText", "greeting", "link_to", "mail_people", "paragraphs"]


class MailRecipient(Protocol):
    """A person a mail goes to."""

    @property
    def id(self) -> UUID | None:
        """The account; None for a person who is only invited."""

    @property
    def name(self) -> str:
        """The name by which the person is greeted."""

    @property
    def email(self) -> str:
        """The address that the mail goes to."""

    @property
    def language(self) -> str:
        """The language that the person reads."""

    @property
    def country_code(self) -> str | None:
        """The country of the person; None for people of a group, who have its countries."""


Person = TypeVar("Person", bound=MailRecipient)


def mail_people(
    people: Iterable[Person],
    kind: str,
    text_for: Callable[[Person], MailText],
    *,
    at: datetime,
    school_id: UUID | None = None,
) -> int:
    """Queue a mail for each of the people, and return how many mails there are.

    People with an account get a notification as well: the subject, and the page that the mail links to.
    `text_for` is called for one person at a time, with that person's language and time zone active. With `school_id`,
    the mails appear in the log of that school.
    """
    count = 0
    for person in people:
        zone = partial(_zone_of, person)
        with force_locale(person.language), filters.read_in(zone):
            text = text_for(person)
        mail = services.queue(
            kind, text, to=person.email, at=at, school_id=school_id, user_id=person.id
        )
        if person.id is not None and kind not in MAIL_ONLY:
            path = first_path(text, current_app.config["BASE_URL"])
            services.notify(person.id, kind, text.subject, path, at=at)
        count += mail is not None
    return count


def _zone_of(person: MailRecipient) -> str:
    return zone_of(country_of(person))


def greeting(person: MailRecipient) -> str:
    """Return the first line of a mail that is made of paragraphs."""
    return str(_("Hello %(name)s,", name=person.name))


def paragraphs(*texts: str) -> str:
    """Return a body of paragraphs; an empty one is left out."""
    return "\n\n".join(filter(None, texts))


def link_to(path: str) -> str:
    """Return the full address of a page of this installation."""
    return f"{current_app.config['BASE_URL']}{path}"
