"""The words of the checks of the reporting mechanism."""

from dataclasses import replace

from cissapp.evidence.rules.checks import Check
from cissapp.web import languages
from cissapp.web.forms import Shown, shown


def shown_check(check: Check) -> Shown:
    """Write a check down, with the way to where it is mended; a language is named."""
    values = {**check.values}
    if "language" in values:
        values["language"] = languages.NAMES.get(values["language"], values["language"])
    return shown(replace(check.problem, values=values))
