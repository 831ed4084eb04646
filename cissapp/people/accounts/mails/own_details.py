"""The mails about a changed name or address, in the language of the person they go to."""

from collections.abc import Callable, Sequence
from datetime import datetime

from flask_babel import gettext as _
from msgspec import Struct

from cissapp.foundation.core.roles import Role
from cissapp.foundation.web import filters
from cissapp.foundation.web.help_lines import country_of
from cissapp.people.accounts.mails import InvitedPerson, place_of
from cissapp.people.accounts.models import User
from cissapp.people.notices.mails import MailText, greeting, link_to, mail_people, paragraphs


class LinkBack(Struct, frozen=True):
    """The secret of the link that restores an old address, and until when it works."""

    token: str
    until_at: datetime


def send_new_address(user: User, address: str, token: str, *, at: datetime) -> None:
    """Mail the link that proves a new address, to this address."""

    def text_for(invited: InvitedPerson) -> MailText:
        opening = _(
            "Someone, probably you, asked to use this email address for their CISS account. Open this link within one day and confirm it:\n%(link)s",
            link=link_to(f"/account/email/{token}"),
        )
        not_you = _("If it was not you, you do not need to do anything. Nothing changes.")
        subject = _("Confirm your new email address")
        return MailText(subject, paragraphs(greeting(invited), opening, not_you))

    _mail_to_address(user, address, text_for, at=at)


def send_address_is_taken(user: User, address: str, *, at: datetime) -> None:
    """Mail an address that has an account already: it cannot be that of another account too."""

    def text_for(_invited: InvitedPerson) -> MailText:
        body = _(
            "Someone, probably you, asked to use this email address for another CISS account. There is already an account with this address, and two accounts cannot share one, so nothing changes.\n\nIf both accounts are yours, ask the person who invited you which one should be closed."
        )
        return MailText(_("This email address already has an account"), body)

    _mail_to_address(user, address, text_for, at=at)


def _mail_to_address(
    user: User, address: str, text_for: Callable[[InvitedPerson], MailText], *, at: datetime
) -> None:
    """Mail an address that is not that of the person's account, or no longer."""
    reader = InvitedPerson(user.name, address, user.language, country_of(user))
    mail_people([reader], "new_address", text_for, at=at, school_id=user.school_id)


def tell_renamed(user: User, was: str, others: Sequence[User], *, at: datetime) -> None:
    """Mail those who know who a person is that they changed their name."""

    def changed() -> str:
        values = {"was": was, "name": user.name}
        return str(_("%(was)s has changed their name. It is now: %(name)s", **values))

    _tell_others(user, others, changed, at=at)


def tell_new_address(
    user: User, was: str, others: Sequence[User], *, link: LinkBack | None = None, at: datetime
) -> None:
    """Mail the old address and those who know who a person is that the address has changed.

    The mail to the old address has the link that restores it.
    """

    def text_for(invited: InvitedPerson) -> MailText:
        body = _(
            "Your CISS account now has another email address: %(email)s\n\nEmails go there, and you sign in with it. If you did not change it, tell the person who invited you at once.",
            email=user.email,
        )
        subject = _("The email address of your account has changed")
        return MailText(subject, paragraphs(greeting(invited), body, _way_back(link)))

    _mail_to_address(user, was, text_for, at=at)

    def changed() -> str:
        values = {"name": user.name, "email": user.email}
        return str(_("%(name)s has changed their email address. It is now: %(email)s", **values))

    _tell_others(user, others, changed, at=at)


def _way_back(link: LinkBack | None) -> str:
    if link is None:
        return ""
    said = _(
        "If it was not you, also open this link by %(day)s. It restores your old address and signs everyone out, and you choose a new password:\n%(link)s",
        day=filters.moment(link.until_at),
        link=link_to(f"/account/email/restore/{link.token}"),
    )
    return str(said)


def tell_restored(user: User, was: str, others: Sequence[User], *, at: datetime) -> None:
    """Mail those who know who a person is that they undid a change of their address; also the undone address."""
    if was != user.email:
        tell_new_address(user, was, [], at=at)

    def text_for(reader: User) -> MailText:
        values = {"name": user.name, "email": user.email}
        what = _(
            "%(name)s has restored their earlier email address, %(email)s, and is choosing a new password. Someone else may have used the account. Check what was done with this account since then.",
            **values,
        )
        subject = _("A person restored their earlier email address")
        text = paragraphs(greeting(reader), what, place_of(user))
        return MailText(subject, text, path=_page_of(user, reader))

    mail_people(others, "own_details", text_for, at=at, school_id=user.school_id)


def _tell_others(
    user: User, others: Sequence[User], changed: Callable[[], str], *, at: datetime
) -> None:
    def text_for(reader: User) -> MailText:
        what = _(
            "If this is still the same person, you do not need to do anything. If someone else now uses the account, ask the secretariat to close it: what one person has passed does not count for another."
        )
        place = place_of(user)
        subject = _("A person changed their name or email address")
        text = paragraphs(greeting(reader), changed(), place, what)
        return MailText(subject, text, path=_page_of(user, reader))

    mail_people(others, "own_details", text_for, at=at, school_id=user.school_id)


def _page_of(user: User, reader: User) -> str:
    """Return the page on which a reader finds a person."""
    if reader.role is Role.SCHOOL_MANAGER:
        return "/school/people"
    if user.school_id:
        return f"/schools/{user.school_id}"
    return "/admin/people" if reader.role is Role.SECRETARIAT else "/account"
