"""Mails to people about changes of their factors; others with that power hear by `handover.tell_others`."""

from datetime import datetime

from flask_babel import gettext as _

from cissapp.foundation.core.errors import N_
from cissapp.foundation.web import filters
from cissapp.people.accounts.models import User
from cissapp.people.factors.rules import FactorChange
from cissapp.people.notices.mails import MailText, greeting, link_to, mail_people, paragraphs

KIND = "factors_changed"
WHAT = {
    FactorChange.ADDED_APP: N_("An authenticator app was added to your account."),
    FactorChange.ADDED_PASSKEY: N_("A passkey was added to your account: %(name)s."),
    FactorChange.REMOVED_APP: N_("An authenticator app was removed from your account."),
    FactorChange.REMOVED_PASSKEY: N_("A passkey was removed from your account: %(name)s."),
    FactorChange.NEW_CODES: N_("New recovery codes were created. The old ones no longer work."),
    FactorChange.CODE_USED: N_("Someone signed in to your account with a recovery code."),
    FactorChange.RESET: N_(
        "%(by)s has reset your second factor. You will set up a new one when you next sign in."
    ),
}


def send_change(
    user: User, change: FactorChange, *, at: datetime, name: str = "", by: User | None = None
) -> None:
    """Tell a person what happened to their second factor, and what to do if it was not their doing."""

    def text_for(person: User) -> MailText:
        values = {"name": name, "by": by.name if by else ""}
        return MailText(
            _("The second factor of your CISS account has changed"),
            paragraphs(
                greeting(person),
                _(WHAT[change], **values),
                _("When: %(moment)s", moment=filters.moment(at)),
                _(
                    "If this was not you, set a new password now and tell the person who invited you:\n%(link)s",
                    link=link_to("/password-reset"),
                ),
            ),
            path="/account/factors",
        )

    mail_people([user], KIND, text_for, at=at, school_id=user.school_id)
