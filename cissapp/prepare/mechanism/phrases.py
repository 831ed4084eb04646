"""The words of the checks of the reporting mechanism."""

from msgspec.structs import replace

from cissapp.foundation.web import languages
from cissapp.foundation.web.forms import ShownProblem, shown
from cissapp.prepare.mechanism.rules.checks import MechanismCheck


def shown_check(check: MechanismCheck) -> ShownProblem:
    """Render a check with a link to where it is fixed and the name of its language, if any."""
    values = {**check.values}
    if "language" in values:
        values["language"] = languages.NAMES.get(values["language"], values["language"])
    return shown(replace(check.problem, values=values))
