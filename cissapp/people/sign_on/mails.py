"""The mails about signing in with the account of an organisation."""

from datetime import datetime

from flask_babel import gettext as _

from cissapp.people.accounts.models import User
from cissapp.people.notices.mails import MailText, greeting, link_to, mail_people, paragraphs
from cissapp.people.sign_on.models import IdentityProvider


def tell_linked(user: User, provider: IdentityProvider, *, at: datetime) -> None:
    """Mail a person that an account at their organisation now opens their account here."""

    def text_for(user: User) -> MailText:
        return MailText(
            _("Another account can now open your CISS account"),
            paragraphs(
                greeting(user),
                _(
                    "You can now sign in with your account at “%(name)s”.",
                    name=provider.name,
                ),
                _(
                    "If this was not you, someone is signed in as you. Remove the link and set a new password:\n%(link)s",
                    link=link_to("/account/sign-on"),
                ),
            ),
            path="/account/sign-on",
        )

    mail_people([user], "sign_on", text_for, at=at, school_id=user.school_id)
