"""The action plan as a tagged PDF, which a school can add to its evidence."""

from collections.abc import Iterator

from cissapp.foundation.paper.canvas import A4
from cissapp.foundation.paper.markdown import inline
from cissapp.foundation.paper.pages import Leaf, Pages, set_pages
from cissapp.foundation.paper.pieces import Flowing, Piece, step, table_of
from cissapp.foundation.paper.styles import BODY, CELL, HEAD_CELL, TITLE
from cissapp.foundation.paper.text import drawn, legible
from cissapp.prepare.plan.papers import PrintedPlan

SIDE, TOP, BOTTOM = 50.0, 56.0, 56.0
# Date, action, person, criteria, status: shares of the width.
WIDTHS = (0.16, 0.4, 0.18, 0.1, 0.16)


def draw_plan(plan: PrintedPlan) -> bytes:
    """Return the plan as a PDF."""
    pages = Pages(
        size=A4,
        side=SIDE,
        top=TOP,
        bottom=BOTTOM,
        title=legible(drawn(plan.title)),
        subject=legible(drawn(plan.lines[0])),
        language=plan.language,
        foot=_no_foot,
    )
    return set_pages(pages, lambda: _story(plan, pages.column))


def _no_foot(_leaf: Leaf, _total: int) -> None:
    """Leave the foot of a page empty."""


def _story(plan: PrintedPlan, width: float) -> Iterator[Flowing]:
    yield Piece(inline(plan.title), TITLE, role="H1")
    for line in plan.lines:
        yield Piece(inline(line), BODY)
    path = (step("Table"),)
    rows = []
    for number, cells in enumerate((plan.head, *plan.rows)):
        inside = (*path, step("TR"))
        style, role = (CELL, "TD") if number else (HEAD_CELL, "TH")
        rows.append([Piece(inline(cell), style, path=inside, role=role) for cell in cells])
    yield table_of(rows, [share * width for share in WIDTHS])
