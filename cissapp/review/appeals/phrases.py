"""How pages of appeals name levels, criteria and people."""

from cissapp.foundation.content.installed import content
from cissapp.foundation.web import languages
from cissapp.people.accounts.models import User


def certifiable_levels() -> list[tuple[int, str]]:
    """List the levels that a panel can certify: those that need nothing besides scores."""
    standard = content().standard
    words = standard.decision_text(languages.current()).levels
    return [
        (one.level, f"{one.level} – {words[one.name].name}")
        for one in standard.decision.levels
        if not one.needs
    ]


def criterion_titles() -> dict[str, str]:
    """Return the title of each criterion in the reader's language, by its id."""
    language = languages.current()
    return {one.id: f"{one.id} {one.text(language).title}" for one in content().standard.criteria}


def person_and_group(one: User) -> str:
    """Return a person's name with that of the group, if there is one."""
    return f"{one.name} – {one.group.name}" if one.group else one.name
