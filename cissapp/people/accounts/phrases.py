"""How a kind of device is written on pages and in mails."""

from flask_babel import gettext as _

from cissapp.people.accounts.rules import BETWEEN, OTHER


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
