"""The mails about documents, in the language of each person."""

from datetime import date, datetime

from flask_babel import gettext as _

from cissapp.foundation.web.filters import day
from cissapp.people.accounts.models import User
from cissapp.people.notices.mails import MailText, link_to, mail_people
from cissapp.prepare.documents.models import Document


def warn_of_expiry(person: User, document: Document, *, until: date, at: datetime) -> None:
    """Mail a person of the school that a document soon expires."""

    def text_for(person: User) -> MailText:
        values = {"title": document.title, "day": day(until)}
        return MailText(
            _("“%(title)s” is valid until %(day)s", **values),
            _(
                "Hello %(name)s,\n\nYour school named “%(title)s” as evidence and said that it is valid until %(day)s. After that day it no longer counts as evidence.\n\nIf there is a newer one, upload it as a new version:\n%(link)s",
                name=person.name,
                link=link_to(f"/school/documents/{document.id}"),
                **values,
            ),
        )

    mail_people([person], "evidence", text_for, at=at, school_id=document.school_id)
