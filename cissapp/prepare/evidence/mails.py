"""The mails of the evidence, in the language of each person."""

from datetime import date, datetime

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _

from cissapp.foundation.web.filters import day
from cissapp.people.accounts.models import User
from cissapp.people.notices import services as notices
from cissapp.prepare.evidence.models import Document


def evidence_lapses(person: User, document: Document, *, until: date, at: datetime) -> None:
    """Tell a person of the school that a document soon shows nothing any more."""
    address = f"{current_app.config['BASE_URL']}/school/documents/{document.id}"
    with force_locale(person.language):
        values = {"title": document.title, "day": day(until)}
        notices.queue(
            "evidence",
            to=person.email,
            subject=_("“%(title)s” is valid until %(day)s", **values),
            body=_(
                "Good day %(name)s,\n\n"
                "Your school named “%(title)s” as evidence and said that it is valid until %(day)s. "
                "After that day it shows nothing any more.\n\n"
                "If there is a newer one, upload it as a new version:\n%(link)s",
                name=person.name,
                link=address,
                **values,
            ),
            at=at,
            school_id=document.school_id,
            user_id=person.id,
        )
