"""Sentences about levels: whose they are, and what rose or fell."""

from collections.abc import Mapping, Sequence

from flask_babel import format_date, format_decimal, to_user_timezone
from flask_babel import gettext as _
from msgspec import Struct

from cissapp.foundation.web.filters import day, decimal
from cissapp.review.history.rules.levels import (
    LevelChange,
    Measurement,
    MeasurementKind,
    ModuleChange,
)
from cissapp.review.history.rules.toolkit_use import FEW, shown_count

NO_FIGURE = "–"


def label_of(one: Measurement) -> str:
    """Name a measurement: whose levels, of which date."""
    if one.kind is MeasurementKind.TODAY:
        return str(_("Your levels today"))
    if one.kind is MeasurementKind.SUBMITTED:
        return str(_("Your levels, submitted on %(day)s", day=day(one.at)))
    return str(_("Decision of %(day)s", day=day(one.at)))


def short_label(one: Measurement) -> tuple[str, str]:
    """Name a measurement at the head of a narrow column: whose levels, and a short date."""
    if one.kind is MeasurementKind.TODAY:
        return str(_("Today")), ""
    name = _("Decision") if one.kind is MeasurementKind.DECIDED else _("Submitted")
    return str(name), format_date(to_user_timezone(one.at).date(), "d MMM y")


def figure_of(one: Measurement, module_id: str) -> str:
    """Render the level of a module, or a dash where nothing was scored."""
    level = one.modules.get(module_id)
    return NO_FIGURE if level is None else decimal(level)


def note_of(one: Measurement) -> str:
    """Return what is missing in the figures of a measurement; empty if they are complete."""
    if not one.total:
        message = _(
            "Not measured, because version %(version)s of the criteria is no longer available.",
            version=one.version,
        )
        return str(message)
    if one.is_whole:
        return ""
    return str(_("%(done)s of %(total)s criteria scored", done=one.scored, total=one.total))


class ToldChange(Struct, frozen=True):
    """What rose and fell between two measurements, as a page shows it."""

    heading: str
    between: str
    rose: list[str]
    fell: list[str]
    same: str
    note: str


def told_change(change: LevelChange, titles: Mapping[str, str]) -> ToldChange:
    """Render what rose, fell or stayed."""
    if change.after.kind is MeasurementKind.DECIDED:
        heading = _("Between the last two decisions")
    elif change.after.kind is MeasurementKind.TODAY:
        heading = _("Since you last submitted")
    else:
        heading = _("Between the last two rounds")
    note = (
        ""
        if change.same_criteria
        else _(
            "The criteria changed in between, from version %(before)s to %(after)s. Compare with care.",
            before=change.before.version,
            after=change.after.version,
        )
    )
    same = "; ".join(titles[one.module_id] for one in change.same)
    return ToldChange(
        str(heading),
        f"{label_of(change.before)} → {label_of(change.after)}",
        _from_to(change.rose, titles),
        _from_to(change.fell, titles),
        same if change.rose or change.fell else "",
        str(note),
    )


def _from_to(found: Sequence[ModuleChange], titles: Mapping[str, str]) -> list[str]:
    return [
        str(
            _(
                "%(module)s: from %(before)s to %(after)s",
                module=titles[one.module_id],
                before=decimal(one.before),
                after=decimal(one.after),
            )
        )
        for one in found
    ]


def count_of(number: int) -> str:
    """Render a count; one that is too small to be shown only as "fewer than"."""
    if shown_count(number) is None:
        return str(_("fewer than %(few)s", few=FEW))
    return str(format_decimal(number))


def spoken(series: Sequence[Measurement], titles: Mapping[str, str]) -> str:
    """Describe in words what a radar shows, for those who do not see it."""
    return " ".join(
        f"{label_of(one)}: "
        + ", ".join(f"{title} {figure_of(one, name)}" for name, title in titles.items())
        + "."
        for one in series
    )
