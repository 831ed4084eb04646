"""What the page of the public log says, in the page's language."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext
from msgspec import Struct

from cissapp.certify.transparency import queries
from cissapp.certify.transparency.rules.integrity import TrustedKeys
from cissapp.certify.transparency.rules.notes import Verifier
from cissapp.foundation.web import filters


class LogLine(Struct, frozen=True):
    """A label and its value."""

    label: str
    value: Any


class ShownLog(Struct, frozen=True):
    """The log as its page shows it."""

    state: list[LogLine]
    witnesses: list[tuple[str, str, str]]
    vkey: str | None
    host: str


def shown_log(log: Verifier | None, trusted: TrustedKeys, base_url: str) -> ShownLog:
    """Describe the log, its last checkpoint and its witnesses for the page."""
    size, signed = queries.size(), queries.checkpoint()
    state = [LogLine(_("Entries"), ngettext("%(num)d entry", "%(num)d entries", size))]
    if signed:
        state += [
            LogLine(_("Last signed"), filters.moment(signed.at)),
            LogLine(
                _("Entries covered"), ngettext("%(num)d entry", "%(num)d entries", signed.size)
            ),
            LogLine(_("Root"), signed.root),
        ]
    else:
        state.append(LogLine(_("Last signed"), _("The log is not signed yet.")))
    if log:
        state.append(LogLine(_("Name of the log"), log.name))
    return ShownLog(state, _witnesses(trusted), log.vkey if log else None, base_url)


def _witnesses(trusted: TrustedKeys) -> list[tuple[str, str, str]]:
    rows = []
    for one in queries.witnesses(trusted.witnesses):
        if one.last is None:
            rows.append((one.name, _("Nothing yet"), ""))
        else:
            over = ngettext("%(num)d entry", "%(num)d entries", one.last.size)
            rows.append((one.name, over, filters.moment(one.last.signed_at)))
    return rows
