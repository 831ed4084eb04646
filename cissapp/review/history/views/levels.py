"""The page of a school's levels: a radar, what rose and fell, and the history over the rounds."""

from collections.abc import Mapping, Sequence

from flask import render_template
from flask.typing import ResponseReturnValue
from msgspec import Struct

from cissapp.foundation.access.guard import permit
from cissapp.foundation.access.permissions import Permission
from cissapp.foundation.content.installed import content
from cissapp.foundation.content.values import Criterion
from cissapp.foundation.core import clock
from cissapp.foundation.web import languages
from cissapp.people.schools.models import School
from cissapp.people.schools.queries import own_school
from cissapp.review.history import phrases
from cissapp.review.history.queries.levels import LevelHistory, level_history
from cissapp.review.history.rules.levels import (
    Measurement,
    MeasurementKind,
    changes,
    lowest_critical,
)
from cissapp.review.history.views import drawing
from cissapp.review.history.views.blueprint import bp

# This many measurements fit side by side on a phone; the table has all of them.
DRAWN = 8


class Column(Struct, frozen=True):
    """A measurement as a page shows it: its name, its figures by module, a note on gaps, its line."""

    label: str
    head: tuple[str, str]
    figures: list[str]
    note: str
    line: drawing.Curve


class ModuleTrend(Struct, frozen=True):
    """The levels of a module over the measurements that are drawn, and the module's number."""

    title: str
    number: int
    chart: drawing.Chart
    spoken: str


@bp.get("/school/levels")
@permit(Permission.DOSSIER_READ, of=own_school)
def levels(school: School) -> ResponseReturnValue:
    """Show the levels of the five modules, today's and those of each round, and the next thing to do."""
    found, titles = level_history(school.id, content(), at=clock.now()), module_titles()
    newest, whole = newest_of_each(found.measurements), found.measurements
    named = drawn_moments(whole)
    return render_template(
        "history/levels.html",
        school=school,
        has_levels=any(one.modules for one in whole),
        titles=titles,
        charts=drawing.charts_of(newest, titles),
        spoken=phrases.spoken(newest, titles),
        newest=[column_of(one, titles) for one in newest],
        changes=[phrases.told_change(one, titles) for one in changes(whole, list(titles))],
        trends=trends_of(named, titles) if len(named) > 1 else [],
        history=[column_of(one, titles) for one in whole],
        first_drawn=len(whole) - len(named),
        lines={
            "decided": drawing.sample(MeasurementKind.DECIDED),
            "own": drawing.sample(MeasurementKind.SUBMITTED),
        },
        next_step=next_step(found),
        decided=any(one.kind is MeasurementKind.DECIDED for one in whole),
    )


def module_titles() -> dict[str, str]:
    """Map the modules to their titles, in their order, in the language of the page."""
    language = languages.current()
    return {one.id: one.text(language).title for one in content().modules}


def newest_of_each(history: Sequence[Measurement]) -> list[Measurement]:
    """List the newest decision, the newest round and today's levels: what one radar can show."""
    order = (MeasurementKind.DECIDED, MeasurementKind.SUBMITTED, MeasurementKind.TODAY)
    newest = {one.kind: one for one in history if one.modules}
    return [newest[kind] for kind in order if kind in newest]


def drawn_moments(history: Sequence[Measurement]) -> list[Measurement]:
    """List the measurements that are drawn: the newest ones."""
    return list(history[-DRAWN:])


def column_of(one: Measurement, titles: Mapping[str, str]) -> Column:
    """Return a measurement as a page shows it."""
    figures = [phrases.figure_of(one, name) for name in titles]
    return Column(
        phrases.label_of(one),
        phrases.short_label(one),
        figures,
        phrases.note_of(one),
        drawing.sample(one.kind),
    )


def trends_of(history: Sequence[Measurement], titles: Mapping[str, str]) -> list[ModuleTrend]:
    """Draw the levels of each module over the measurements."""
    return [
        ModuleTrend(
            title, number, drawing.trend(history, name), phrases.spoken(history, {name: title})
        )
        for number, (name, title) in enumerate(titles.items(), start=1)
    ]


def next_step(found: LevelHistory) -> tuple[Criterion, str, int | None] | None:
    """Find the critical criterion to work on next, with its title and its level."""
    lowest = lowest_critical(found.standard.criteria, found.levels)
    if lowest is None:
        return None
    criterion, level = lowest
    return criterion, criterion.text(languages.current()).title, level
