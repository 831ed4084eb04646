"""Names of the themes, and a line of the trail in words."""

from cissapp.foundation.core.errors import N_
from cissapp.oversee.trail.rules.lines import Theme

THEME_NAMES = {
    Theme.ACCOUNTS: N_("Accounts and sign-in"),
    Theme.READINGS: N_("Who read what"),
    Theme.SCHOOLS: N_("Schools and messages"),
    Theme.LEARNING: N_("Learning"),
    Theme.PREPARATION: N_("Preparing an application"),
    Theme.REVIEW: N_("Review and decision"),
    Theme.CERTIFICATES: N_("Certificates and complaints"),
    Theme.PROGRAMME: N_("Programme and groups"),
}
