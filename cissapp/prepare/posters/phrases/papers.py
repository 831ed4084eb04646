"""The name of a poster in lists of papers, and the address where a new file is made."""

from urllib.parse import urlencode

from flask import url_for
from flask_babel import gettext as _

from cissapp.foundation.web.languages import NAMES as LANGUAGES
from cissapp.prepare.facts.models import MadePaper
from cissapp.prepare.facts.queries.changes import PaperPage
from cissapp.prepare.facts.rules import PaperKind
from cissapp.prepare.posters.rules.choices import (
    FORMAT_NAMES,
    READERS_NAMES,
    PosterChoice,
    choice_of,
)


def arguments_of(choice: PosterChoice) -> dict[str, str]:
    """Return a choice as query arguments."""
    names = zip(("first", "second", "third"), choice.languages, strict=False)
    chosen = {"format": str(choice.format), "readers": str(choice.readers), **dict(names)}
    return {**chosen, "large": "y"} if choice.large else chosen


def page_of_poster(paper: MadePaper) -> PaperPage | None:
    """Return the title of a poster and the page that makes it again; None for other papers."""
    choice = choice_of(paper.name, paper.language) if paper.kind is PaperKind.POSTER else None
    if choice is None:
        return None
    spoken = ", ".join(LANGUAGES.get(one, one) for one in choice.languages)
    title = f"{_(FORMAT_NAMES[choice.format])} · {_(READERS_NAMES[choice.readers])} · {spoken}"
    return PaperPage(title, f"{url_for('posters.posters')}?{urlencode(arguments_of(choice))}")
