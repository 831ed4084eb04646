"""Texts about people and roles for the pages of independence."""

from collections.abc import Iterable

from cissapp.foundation.core.errors import Problem
from cissapp.foundation.web.forms import shown


def problems_as_text(problems: Iterable[Problem]) -> str:
    """Render problems one after the other."""
    return " ".join(shown(one).text for one in problems)
