"""Reads what can be stated about a person."""

from datetime import datetime

from cissapp.foundation.content.values import Content
from cissapp.learn.learning import queries as learning
from cissapp.learn.statements.document.facts import StatedModule, stated_modules
from cissapp.people.accounts.models import User


def modules_to_state(
    person: User, content: Content, language: str, at: datetime
) -> tuple[StatedModule, ...]:
    """List the modules that the person has begun to read or has passed."""
    overview = learning.overview(person.id, content.modules, at)
    titles = {module.id: module.text(language).title for module in content.modules}
    return stated_modules(overview.parts, titles)
