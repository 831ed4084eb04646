"""Shapes of the brief of a country or region, and of the months whose figures are kept."""

from datetime import date, datetime
from typing import Annotated

from pydantic import Field
from pydantic.json_schema import SkipJsonSchema

from cissapp.oversee.api.rules.shapes.common_parts import CountryCode, Month, RegionCode, Shape
from cissapp.oversee.api.rules.shapes.figures import FigureCell, FigureRow


class MonthValues(Shape):
    """Which months to list."""

    month: Annotated[
        Month | SkipJsonSchema[None],
        Field(description="Every version of this month; else the newest version of each."),
    ] = None


class FrozenMonth(Shape):
    """A month whose figures are kept; a later version corrects an earlier one, with its reason."""

    month: Month
    frozen_at: datetime
    version: Annotated[int, Field(ge=1)]
    reason: Annotated[
        str | None,
        Field(
            description="Empty for the first version; `null` for who sees a region only, since it is written about the whole country."
        ),
    ]


class MonthList(Shape):
    """The months of a country whose figures are kept, the newest first."""

    items: list[FrozenMonth]


class BriefValues(Shape):
    """Which month to show, and which to compare it with."""

    month: Annotated[
        Month | SkipJsonSchema[None], Field(description="A frozen month; now, if it is not said.")
    ] = None
    against: Annotated[
        Month | SkipJsonSchema[None],
        Field(description="The month it is set against; the end of the last quarter, if not said."),
    ] = None


class FunnelStep(Shape):
    """A step towards a certificate: schools that ever reached it, days since the previous step, schools waiting."""

    step: str
    reached: FigureCell
    median_days: int | None
    waiting: FigureCell


class BriefShare(Shape):
    """A share of all schools or pupils in the state's own statistics, and the source of these."""

    part: int
    whole: int | None
    counted_on: date | None
    source: str | None
    state: Annotated[str | None, Field(description="`confirm`: still to be confirmed.")]


class CertifiedMonth(Shape):
    """Schools with a certificate in force at the end of a month, by level."""

    month: Month
    certified: int
    levels: Annotated[list[int], Field(min_length=3, max_length=3)]


class EndingMonth(Shape):
    """How many certificates end in a month."""

    month: Month
    ending: int


OfCountry = Annotated[
    FigureCell | None, Field(description="`null` in a region: told of countries only.")
]


OfRegion = Annotated[
    BriefShare | None,
    Field(
        description="Of the whole country, to compare a region with; `null` for a country, and while the total is not confirmed."
    ),
]


class BriefRenewals(Shape):
    """Certificates that end within 90 days, and how many of these schools have started renewing."""

    expiring: FigureCell
    begun: OfCountry
    by_month: list[EndingMonth]


class BriefLoad(Shape):
    """Work of the reviewers, now and ahead."""

    open_cases: FigureCell
    reviewers: int
    due_in_30_days: OfCountry
    expected_in_90_days: OfCountry


class BriefReason(Shape):
    """Why the certified schools changed since the month compared with, and by how many."""

    why: Annotated[
        str,
        Field(
            description="`lost` is told instead of `expired`, `ended` and `left` where these are hidden. `other` is not explained yet."
        ),
    ]
    number: int


class BriefRegion(Shape):
    """A region to help, and why; no ranking."""

    region: RegionCode
    need: str
    number: int | None
    days: int | None
    certified: FigureCell
    schools: int


class WeakCriterion(Shape):
    """A criterion, and the share of reviewed schools in which it is below level 2."""

    criterion: str
    percent: int
    schools: int


class BriefAnswer(Shape):
    """The brief of a country or region: what its page shows."""

    country: CountryCode
    region: RegionCode | None
    month: Month | None
    counted_at: datetime
    measured_at: Annotated[
        datetime | None,
        Field(
            description="When steps, renewals, work, pupils and criteria were counted, which is done at night; `null` before the first time: then they are empty or 0."
        ),
    ]
    against: FrozenMonth | None
    figures: FigureRow
    before: FigureRow | None
    months: list[CertifiedMonth]
    funnel: list[FunnelStep]
    longest: str | None
    schools_share: BriefShare
    pupils_share: BriefShare
    country_schools_share: OfRegion
    renewals: BriefRenewals
    load: BriefLoad
    reasons: list[BriefReason]
    to_help: list[BriefRegion]
    weak: list[WeakCriterion]
