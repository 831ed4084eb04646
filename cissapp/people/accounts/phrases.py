"""What pages and mails about accounts both say: a kind of device, what follows an invitation, and one place."""

from flask_babel import gettext as _
from flask_babel import ngettext

from cissapp.foundation.content.installed import content
from cissapp.foundation.core.errors import N_
from cissapp.people.accounts.rules import BETWEEN, OTHER

ONE_PLACE = N_(
    "You already have an account with this email address. An account can belong to only one place, so yours stays as it is. If you work at both places, ask for an invitation to another work address. If you want to move to the new place, tell the person who invited you."
)


def device_name(device: str) -> str:
    """Render a kind of device in the reader's language, with words for unknown parts."""
    browser, _between, system = device.partition(BETWEEN)
    if browser in {"", OTHER} and system in {"", OTHER}:
        return str(_("A device we do not recognise"))
    if system in {"", OTHER}:
        return browser
    if browser == OTHER:
        return str(_("Another browser on %(system)s", system=system))
    return str(_("%(browser)s on %(system)s", browser=browser, system=system))


def training_ahead() -> str:
    """Write what a person of a school does after accepting an invitation, and how long it takes."""
    return str(
        ngettext(
            "After you open your account, you pass five modules in your own time: about %(num)d hour in all.",
            "After you open your account, you pass five modules in your own time: about %(num)d hours in all.",
            content().training_hours,
        )
    )
