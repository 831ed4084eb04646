"""The name of a copy of the page in lists of papers with old values."""

from flask_babel import gettext as _

from cissapp.foundation.core.errors import N_
from cissapp.prepare.facts.models import MadePaper
from cissapp.prepare.facts.queries.changes import PaperPage
from cissapp.prepare.facts.rules import PaperKind

COPY_NAMES = {
    "pdf": N_("The PDF of your page"),
    "html": N_("The single file on your own site or screen"),
}
SETTINGS = "/school/reporting/page"


def page_of_copy(paper: MadePaper) -> PaperPage | None:
    """Return the title of a copy of the page, and where a new one is made; None for other papers."""
    if paper.kind is not PaperKind.PAGE or paper.name not in COPY_NAMES:
        return None
    return PaperPage(str(_(COPY_NAMES[paper.name])), SETTINGS)
