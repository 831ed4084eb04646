"""The words of the states of a text."""

from cissapp.foundation.content.translations import TextState
from cissapp.foundation.core.errors import N_

STATE_NAMES = {
    TextState.READ: N_("Read by a native editor"),
    TextState.DRAFT: N_("Draft"),
    TextState.STALE: N_("The English has changed since"),
    TextState.MISSING: N_("Not translated"),
}
STATE_KINDS = {
    TextState.READ: "ok",
    TextState.DRAFT: "info",
    TextState.STALE: "warn",
    TextState.MISSING: "none",
}
