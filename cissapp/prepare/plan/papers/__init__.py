"""The action plan on paper."""

from msgspec import Struct


class PrintedPlan(Struct, frozen=True):
    """The words of a plan: its title, its lines above the table, the head of the table and its rows."""

    title: str
    lines: tuple[str, ...]
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    language: str


def draw_plan(plan: PrintedPlan) -> bytes:
    """Return the file of a plan."""
    from cissapp.prepare.plan.papers import drawing  # noqa: PLC0415 -- slow import

    return drawing.draw_plan(plan)
