"""People are told one by one, each in the own language; one who is only invited has no account."""

from dataclasses import dataclass
from uuid import UUID, uuid4

import pytest
from flask_babel import gettext as _
from sqlalchemy import select

from cissapp.foundation.core.db import session, unit_of_work
from cissapp.people.notices.mails import MailText, greeting, link_to, mail_people, paragraphs
from cissapp.people.notices.models import Mail
from tests import factories as make
from tests.factories import NOW


@dataclass
class Person:
    name: str
    language: str
    id: UUID | None = None

    @property
    def email(self) -> str:
        return f"{self.name.lower()}@school.example"


INVITED = Person("Sam", "en")


def text_for(person: Person) -> MailText:
    return MailText(_("Decision"), greeting(person))


@pytest.fixture
def mails(app):
    def found():
        columns = (Mail.kind, Mail.to, Mail.subject, Mail.school_id, Mail.user_id)
        with app.app_context():
            return [tuple(row) for row in session.execute(select(*columns).order_by(Mail.to))]

    return found


def test_each_is_told_in_the_own_language(app, mails):
    school_id = uuid4()
    ana = Person("Ana", "ro", make.user().id)
    olena = Person("Olena", "uk", make.user().id)
    with app.app_context(), unit_of_work():
        count = mail_people(
            [ana, olena, INVITED], "decision", text_for, at=NOW, school_id=school_id
        )

    assert count == 3
    assert mails() == [
        ("decision", "ana@school.example", "Decizie", school_id, ana.id),
        ("decision", "olena@school.example", "Рішення", school_id, olena.id),
        ("decision", "sam@school.example", "Decision", school_id, None),
    ]


def test_nobody_is_told_nothing(app, mails):
    with app.app_context(), unit_of_work():
        assert mail_people([], "decision", text_for, at=NOW) == 0

    assert mails() == []


def test_a_body_is_made_of_paragraphs_and_a_mail_program_learns_how_to_stop(app):
    def reminder(person: Person) -> MailText:
        body = paragraphs(greeting(person), "", link_to("/here"))
        return MailText("Subject", body, unsubscribe_url=link_to("/stop"))

    with app.app_context(), unit_of_work():
        mail_people([INVITED], "learning_reminder", reminder, at=NOW)
        mail = session.scalars(select(Mail)).one()

        assert mail.body == "Hello Sam,\n\nhttp://ciss.example/here"
        assert mail.unsubscribe_url == "http://ciss.example/stop"
