"""The figures of a round as a document: totals only, with an explanation."""

from flask_babel import gettext as _

from cissapp.foundation.core import clock
from cissapp.foundation.office.filling import bullets, plain, table
from cissapp.foundation.office.manuscripts import Manuscript
from cissapp.foundation.office.pdf_files import pdf_of
from cissapp.foundation.web import languages
from cissapp.foundation.web.filters import day
from cissapp.people.schools.models import School
from cissapp.prepare.awareness.figures.shown import Table, counts_table, sentences_of, shares_table
from cissapp.prepare.awareness.models import AwarenessRound
from cissapp.prepare.awareness.phrases import KINDS
from cissapp.prepare.awareness.queries import Comparison, Figures


def draw_figures(
    school: School, asked: AwarenessRound, figures: Figures, compared: Comparison | None
) -> bytes:
    """Render the figures of a round as a file."""
    said = bullets(plain(one) for one in sentences_of(asked, figures, compared))
    parts = [
        said,
        f"## {_('Shares')}",
        _written(shares_table(figures, compared)),
        f"## {_('Answers')}",
        _written(counts_table(figures)),
        f"## {_('How it was asked')}",
        _(
            "Pupils answered four questions by tapping, using a code for their class. They had no account and entered no name or text. Only totals are kept. Figures are shown once there are ten answers."
        ),
    ]
    return pdf_of(
        Manuscript(
            title=_("Survey of pupils: do you know who to tell?"),
            lines=(
                f"{school.name}, {school.locality}",
                f"{asked.label} · {_(KINDS[asked.kind])}",
                _("Opened on %(day)s", day=day(asked.opened_on)),
                _("As of %(day)s", day=day(clock.now())),
            ),
            text="\n\n".join(parts),
            language=languages.current(),
        )
    )


def _written(shown: Table) -> str:
    return table(
        [plain(one) for one in shown.head], [[plain(one) for one in row] for row in shown.rows]
    )
