"""The sentences about what is held, what for, and how long."""

from flask_babel import gettext as _

from cissapp.foundation.content.installed import content
from cissapp.foundation.content.packs import retention_in
from cissapp.foundation.content.schema import RetentionFile
from cissapp.oversee.personal_data.rules.columns import PURPOSE_NAMES, Keep
from cissapp.oversee.personal_data.rules.summaries import KINDS


def how_long(keep: Keep, times: RetentionFile) -> str:
    """Write how long something is held, with the numbers of a country."""
    return str(
        {
            Keep.ACCOUNT: _(
                "While your account is open and for %(months)d months after that. Then your data is erased.",
                months=times.closed_account_months,
            ),
            Keep.SESSION: _("%(days)d days after it ended", days=times.session_days),
            Keep.LINK: _("%(days)d days after it ended", days=times.link_days),
            Keep.DRAFT: _("Until you send or discard it, for up to 60 days"),
            Keep.MAIL: _(
                "The text until it is sent, the address for %(months)d months",
                months=times.mail_months,
            ),
            Keep.NOTICE: _("90 days after you read it, or a year if you do not"),
            Keep.JOIN: _("Seven days if nobody confirms it, otherwise 180 days after the answer"),
            Keep.LIST: _("30 days"),
            Keep.SHORT: _("Up to seven days"),
            Keep.SCHOOL: _("While the school is in the programme"),
            Keep.CASE: _(
                "Until the decision and the time for an appeal, and for %(months)d months after that",
                months=times.decided_months,
            ),
            Keep.REGISTER: _("Permanently, because decisions and certificates depend on it"),
            Keep.TRAIL: _("Permanently. After your data is erased, a number replaces your name."),
            Keep.CHANGED: _("Until it is changed"),
        }[keep]
    )


def kept_rows(country_code: str | None, *, with_others: bool = True) -> list[list[str]]:
    """List what is kept in a country, what for and how long, optionally for people without an account."""
    times = retention_in(content().countries, country_code)
    return [
        [str(_(kind.name)), str(_(PURPOSE_NAMES[kind.purpose])), how_long(kind.keep, times)]
        for kind in KINDS
        if with_others or kind.has_account
    ]
