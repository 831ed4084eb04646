"""Tells people something by mail, each in the person's own language.

Here alone a mail learns which language it is written in, and under which address this installation is
found. The `mails.py` of a room holds its sentences, and whom they go to.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar
from uuid import UUID

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _

from cissapp.people.notices import services


class MailRecipient(Protocol):
    """Somebody who is told something."""

    @property
    def id(self) -> UUID | None:
        """The account; None for somebody who is only invited to have one."""

    @property
    def name(self) -> str:
        """By which the person is greeted."""

    @property
    def email(self) -> str:
        """The address that the mail goes to."""

    @property
    def language(self) -> str:
        """The language that the person reads."""


Person = TypeVar("Person", bound=MailRecipient)


@dataclass(frozen=True)
class MailText:
    """What a mail says; `unsubscribe_url` as in `services.queue`."""

    subject: str
    body: str
    unsubscribe_url: str | None = None


def mail_people(
    people: Iterable[Person],
    kind: str,
    text_for: Callable[[Person], MailText],
    *,
    at: datetime,
    school_id: UUID | None = None,
) -> int:
    """Queue a mail for each of the people, and return how many it were.

    `text_for` is called for one person after the other, while the person's language is spoken. With
    `school_id` the mails stand in the log of that school.
    """
    count = 0
    for person in people:
        with force_locale(person.language):
            text = text_for(person)
        services.queue(
            kind,
            to=person.email,
            subject=text.subject,
            body=text.body,
            at=at,
            school_id=school_id,
            user_id=person.id,
            unsubscribe_url=text.unsubscribe_url,
        )
        count += 1
    return count


def greeting(person: MailRecipient) -> str:
    """Return the first line of a mail that is put together of paragraphs."""
    return str(_("Good day %(name)s,", name=person.name))


def paragraphs(*texts: str) -> str:
    """Return a body of paragraphs; an empty one is left out."""
    return "\n\n".join(filter(None, texts))


def link_to(path: str) -> str:
    """Return the full address of a page of this installation."""
    return f"{current_app.config['BASE_URL']}{path}"
