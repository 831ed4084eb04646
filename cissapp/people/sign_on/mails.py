"""The mails about signing in with the account of an organisation."""

from datetime import datetime

from flask_babel import gettext as _

from cissapp.foundation.core.actor import Actor
from cissapp.people.accounts.models import User
from cissapp.people.accounts.queries import secretariat
from cissapp.people.notices.mails import MailText, greeting, link_to, mail_people, paragraphs
from cissapp.people.sign_on.models import IdentityProvider


def tell_linked(user: User, provider: IdentityProvider, *, at: datetime) -> None:
    """Tell a person that an account of their organisation opens their account here from now on."""

    def text_for(user: User) -> MailText:
        return MailText(
            _("Another account opens your CISS account"),
            paragraphs(
                greeting(user),
                _(
                    "from now on you can sign in with your account of “%(name)s”.",
                    name=provider.name,
                ),
                _(
                    "Was it not you? Then somebody is signed in as you. End the link and set a new password:\n%(link)s",
                    link=link_to("/account/sign-on"),
                ),
            ),
            path="/account/sign-on",
        )

    mail_people([user], "sign_on", text_for, at=at, school_id=user.school_id)


def tell_switched(provider: IdentityProvider, *, by: Actor, at: datetime) -> None:
    """Tell the others of the secretariat that people can sign in with an organisation, or cannot any more."""

    def text_for(user: User) -> MailText:
        said = (
            _("people can now sign in with accounts of “%(name)s”.", name=provider.name)
            if provider.on_since
            else _("nobody can sign in with accounts of “%(name)s” any more.", name=provider.name)
        )
        return MailText(
            _("Signing in with an organisation was changed"),
            paragraphs(
                greeting(user),
                said,
                _("Look whether this is right:\n%(link)s", link=link_to("/admin/sign-on")),
            ),
            path="/admin/sign-on",
        )

    others = [one for one in secretariat() if one.id != by.id]
    mail_people(others, "sign_on", text_for, at=at)
