"""The names of the states of a text, and of the parts of the content."""

from flask_babel import gettext as _

from cissapp.foundation.content.translations import TextState
from cissapp.foundation.content.values import Content
from cissapp.foundation.core.errors import N_

STATE_NAMES = {
    TextState.READ: N_("Read by a native editor"),
    TextState.DRAFT: N_("Draft"),
    TextState.STALE: N_("The English has changed since then"),
    TextState.MISSING: N_("Not translated"),
}
PART_NAMES = {
    "standard": N_("Criteria, decision rule, certificate"),
    "benchmarks": N_("Practice applications"),
    "toolkit": N_("Toolkit: clauses and products"),
    "countries": N_("Countries: regions, helplines, duties"),
}
STATE_KINDS = {
    TextState.READ: "ok",
    TextState.DRAFT: "info",
    TextState.STALE: "warn",
    TextState.MISSING: "none",
}


def part_name(part: str, content: Content, language: str) -> str:
    """Return the name of a part of the content: the title of its module, or what it holds."""
    module = next((one for one in content.modules if f"{one.number}-{one.id}" == part), None)
    if module:
        number = _("Module %(number)s", number=module.number)
        return f"{number} · {module.text(language).title}"
    return str(_(PART_NAMES[part])) if part in PART_NAMES else part
