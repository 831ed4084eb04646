"""The mails about what will be erased or deleted, in the language of the person they go to."""

from collections.abc import Callable, Iterable
from datetime import datetime

from flask_babel import gettext as _

from cissapp.foundation.web import filters
from cissapp.oversee.personal_data.models import ErasureRequest
from cissapp.people.accounts.models import User
from cissapp.people.notices.mails import MailText, greeting, link_to, mail_people, paragraphs


def tell_erasure(person: User, asked: ErasureRequest, *, at: datetime) -> int:
    """Notify a person that their data will be erased, when, and how to stop it."""

    def text_for(person: User) -> MailText:
        return MailText(
            _("Your account will be erased"),
            paragraphs(
                greeting(person),
                _(
                    "Your data in the Certified Internet Safe School programme will be erased on %(day)s or soon after.",
                    day=filters.day(asked.due_at),
                ),
                _(
                    "If you did not ask for this, or have changed your mind, sign in before that day and stop it:\n%(link)s",
                    link=link_to("/account/data"),
                ),
            ),
        )

    text = text_for if person.is_active else _text_for_closed(asked.due_at)
    return mail_people([person], "erasure_asked", text, at=at)


def _text_for_closed(due_at: datetime) -> Callable[[User], MailText]:
    def text_for(person: User) -> MailText:
        return MailText(
            _("Your account will be erased"),
            paragraphs(
                greeting(person),
                _(
                    "Your account has been closed, and your data will be erased on %(day)s or soon after. If you have questions, ask your national group.",
                    day=filters.day(due_at),
                ),
            ),
        )

    return text_for


def tell_closed_account(person: User, due_at: datetime, *, at: datetime) -> int:
    """Notify a person whose account was closed long ago that it will be erased."""
    return mail_people([person], "erasure_soon", _text_for_closed(due_at), at=at)


def tell_documents(
    people: Iterable[User], school_name: str, due_at: datetime, *, at: datetime
) -> int:
    """Notify people of a school that its old documents will be deleted."""

    def text_for(person: User) -> MailText:
        return MailText(
            _("Old documents of your school will be deleted"),
            paragraphs(
                greeting(person),
                _(
                    "On %(day)s, documents of %(school)s will be deleted, because we are not allowed to keep them any longer. Decisions and the certificate stay.",
                    day=filters.day(due_at),
                    school=school_name,
                ),
                _(
                    "If you still need the files, download them before that day:\n%(link)s",
                    link=link_to("/school/documents"),
                ),
            ),
        )

    return mail_people(people, "documents_deleted_soon", text_for, at=at)


def tell_group(people: Iterable[User], *, number: int, first_due_at: datetime, at: datetime) -> int:
    """Notify coordinators, in one mail, of all schools in their group whose old documents will be deleted."""

    def text_for(person: User) -> MailText:
        return MailText(
            _("Old documents of schools in your group will be deleted"),
            paragraphs(
                greeting(person),
                _(
                    "From %(day)s, old documents of schools in your group will be deleted, because we are not allowed to keep them any longer. Decisions and certificates stay.",
                    day=filters.day(first_due_at),
                ),
                _("Number of these schools: %(number)s.", number=filters.amount(number)),
                _(
                    "See which schools they are, and hold back any documents that are still needed:\n%(link)s",
                    link=link_to("/group/retention"),
                ),
            ),
        )

    return mail_people(people, "documents_deleted_soon", text_for, at=at)
