"""The action plan as a document."""

from msgspec import Struct


class PrintedPlan(Struct, frozen=True):
    """The text of a plan: its title, the lines above the table, the table's header and its rows."""

    title: str
    lines: tuple[str, ...]
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    language: str


def draw_plan(plan: PrintedPlan) -> bytes:
    """Return the plan as a PDF."""
    from cissapp.prepare.plan.papers import drawing  # noqa: PLC0415 -- slow import

    return drawing.draw_plan(plan)
