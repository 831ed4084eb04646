"""Shapes of countries, regions and figures."""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field, create_model
from pydantic.json_schema import SkipJsonSchema

from cissapp.oversee.api.rules.shapes.common_parts import (
    PAGE_ROWS,
    CountryCode,
    Cursor,
    Day,
    Limit,
    Month,
    RegionCode,
    Shape,
)
from cissapp.oversee.figures.rules import DEFINITIONS, NAMES, Column


class Country(Shape):
    """A country of the programme."""

    code: CountryCode
    names: Annotated[dict[str, str], Field(description="By language (ISO 639).")]
    languages: list[str]
    time_zone: str


class CountryList(Shape):
    """The countries of the programme."""

    items: list[Country]


class Region(Shape):
    """A region of a country; `parent` is the region that it is part of, null directly below the country."""

    code: RegionCode
    parent: RegionCode | None
    names: dict[str, str]
    from_on: Annotated[
        date | None, Field(description="The day on which it began, if it is not old.")
    ]
    until_on: Annotated[date | None, Field(description="The day on which a reform ended it.")]
    into: Annotated[list[RegionCode], Field(description="The regions that it went into then.")]


class RegionPage(Shape):
    """Some of the regions of a country, by code."""

    items: list[Region]
    next_cursor: str | None


class RegionValues(Shape):
    """Which regions to list."""

    on: Annotated[
        Day | SkipJsonSchema[None], Field(description="Only those that there are on this day.")
    ] = None
    limit: Limit = PAGE_ROWS
    cursor: Cursor = None


class FigureCell(Shape):
    """A figure: its number, or why it is hidden."""

    count: Annotated[int | None, Field(ge=0)]
    hidden: Annotated[
        Literal["few", "held"] | None,
        Field(
            description="`held`: it is small, possibly zero, or would give such a number away. `few` is not used any more."
        ),
    ]


FigureRow = create_model(
    "FigureRow",
    __base__=Shape,
    __doc__="The figures of a country or region; the same as on the page, hidden by the same rule.",
    **{column.value: (FigureCell, Field(description=DEFINITIONS[column])) for column in Column},  # type: ignore[call-overload] # a field a column
)


class RegionFigures(Shape):
    """The figures of a region and of everything below it."""

    region: RegionCode
    figures: FigureRow


class FigureValues(Shape):
    """Which month the figures are of."""

    month: Annotated[
        Month | SkipJsonSchema[None],
        Field(description="A month that was frozen, such as 2026-10; now, if it is not said."),
    ] = None


class AreaFigures(Shape):
    """The figures of a country or region, and of each region below it."""

    country: CountryCode
    region: RegionCode | None
    month: Month | None
    counted_at: datetime
    least_shown: Annotated[
        int, Field(description="A number up to this one may be hidden, zero included.")
    ]
    whole: FigureRow
    regions: list[RegionFigures]


class FigureDefinition(Shape):
    """What a figure counts."""

    name: str
    label: str
    definition: str


class DefinitionList(Shape):
    """What each figure counts; the same words as on the page and in every export."""

    items: list[FigureDefinition]


def definitions() -> DefinitionList:
    """Return what each figure counts."""
    return DefinitionList(
        items=[
            FigureDefinition(name=column, label=NAMES[column], definition=DEFINITIONS[column])
            for column in Column
        ]
    )
