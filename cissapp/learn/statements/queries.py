"""Reads what there is to state of a person."""

from cissapp.foundation.content.values import Content
from cissapp.learn.learning import queries as learning
from cissapp.learn.statements.document.facts import StatedModule, stated
from cissapp.people.accounts.models import User


def learned(person: User, content: Content, language: str) -> tuple[StatedModule, ...]:
    """List the modules that the person has begun to read or has passed; nothing, if there is nothing."""
    overview = learning.overview(person.id, content.modules)
    titles = {module.id: module.text(language).title for module in content.modules}
    return stated(overview.parts, titles)
