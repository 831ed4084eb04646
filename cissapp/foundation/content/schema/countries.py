"""Shapes of a country pack: regions, helplines, duties."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Self

from pydantic import ConfigDict, Field, StringConstraints, model_validator

from cissapp.foundation.content.schema.parts import FactState, Id, Names, Strict, Text, Url
from cissapp.foundation.content.schema.retention import Authority, CountryRetention

Clock = Annotated[str, StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
RegionCode = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}(-[A-Z0-9]{1,3}){1,3}$")]


class Region(Strict):
    """A region below the country or another region.

    The code of a lower region is its parent's, a hyphen and one more part: UA-05-02 is below UA-05.
    `from` and `until` are its first and last dates; `into` lists the regions that took over its schools.
    At the top level the code is that of ISO 3166-2, and `tile` is row and column on the tile-grid map. `short`
    is the name that fits into a tile, and `short_in` the same in a language of another script.
    `register_code` is its code in the state register. With `out_of_reach` the programme cannot work there
    now, and nobody is asked to invite its schools.
    """

    model_config = ConfigDict(populate_by_name=True)

    code: RegionCode
    names: Names
    short: Annotated[str, StringConstraints(min_length=1, max_length=3)] | None = None
    short_in: dict[str, Annotated[str, StringConstraints(min_length=1, max_length=4)]] = {}
    tile: tuple[int, int] | None = None
    parent: RegionCode | None = None
    from_on: date | None = Field(default=None, alias="from")
    until_on: date | None = Field(default=None, alias="until")
    into: list[RegionCode] = []
    register_code: Text | None = None
    out_of_reach: bool = False

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.parent is None and (self.tile is None or self.short is None):
            raise ValueError("a top-level region needs 'short' and 'tile'")
        if self.from_on and self.until_on and self.until_on < self.from_on:
            raise ValueError("'until' is before 'from'")
        if bool(self.into) != bool(self.until_on):
            raise ValueError("'until' and 'into' must be given together")
        return self

    @property
    def first_on(self) -> date:
        """The first date on which the region is in force."""
        return self.from_on or date.min

    def is_in_force(self, on: date) -> bool:
        """Return whether the region is in force on a date."""
        return self.first_on <= on and (self.until_on is None or on <= self.until_on)


class SchoolStatistics(Strict):
    """The number of schools and pupils in official statistics, of a region or of the whole country."""

    region: RegionCode | None = None
    schools: int | None = Field(default=None, ge=0)
    pupils: int | None = Field(default=None, ge=0)
    counted_on: date
    source: Text
    state: FactState

    @model_validator(mode="after")
    def _counts(self) -> Self:
        if self.schools is None and self.pupils is None:
            raise ValueError("needs 'schools' or 'pupils'")
        return self


class Helpline(Strict):
    """A service that helps: number, address, and whether it was checked."""

    id: Id
    kind: Annotated[str, StringConstraints(pattern=r"^(helpline|hotline|police|other)$")]
    names: Names
    numbers: list[Text] = []
    dial: list[Annotated[str, StringConstraints(pattern=r"^\+?\d+$")]] = []
    web: Url | None = None
    about: Names
    state: FactState
    checked_on: date | None = None
    source: Url | None = None
    confirm: Names = {}

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if len(self.numbers) != len(self.dial):
            raise ValueError("'numbers' and 'dial' must have the same length")
        if self.state is FactState.CHECKED and (self.checked_on is None or self.source is None):
            raise ValueError("a 'checked' fact needs 'checked_on' and 'source'")
        if self.state is FactState.CONFIRM and not self.confirm:
            raise ValueError("an unconfirmed fact must say in 'confirm' what has to be confirmed")
        if not self.numbers and self.web is None:
            raise ValueError("needs a number or a web address")
        return self


class LegalDuty(Strict):
    """A legal duty of schools in the country."""

    id: Id
    text: Names
    state: FactState
    source: Url | None = None
    confirm: Names = {}


class Weekday(StrEnum):
    """A day of the week."""

    MONDAY = "monday"
    TUESDAY = "tuesday"
    WEDNESDAY = "wednesday"
    THURSDAY = "thursday"
    FRIDAY = "friday"
    SATURDAY = "saturday"
    SUNDAY = "sunday"

    @property
    def number(self) -> int:
        """The place in the week, Monday is 0."""
        return list(Weekday).index(self)


class Holidays(Strict):
    """Corrections to the public holidays: `add` makes a date a holiday, `drop` makes it a working day."""

    add: list[date] = []
    drop: list[date] = []

    @model_validator(mode="after")
    def _apart(self) -> Self:
        both = set(self.add) & set(self.drop)
        if both:
            raise ValueError(f"{min(both)} is in both 'add' and 'drop'")
        return self


class Hours(Strict):
    """The working hours of schools in local time; quoted, because YAML reads 17:00 as a number."""

    starts: Clock = Field(alias="from")
    ends: Clock = Field(alias="to")

    @model_validator(mode="after")
    def _some(self) -> Self:
        if self.starts >= self.ends:
            raise ValueError("'to' must be later than 'from'")
        return self


class CountryFile(Strict):
    """`countries/<CC>.yaml`: a country pack."""

    code: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
    names: Names
    languages: list[str] = Field(min_length=1)
    time_zone: Text
    regions: list[Region] = Field(min_length=1)
    statistics: list[SchoolStatistics] = []
    least_shown: int = Field(default=5, ge=2, le=50)
    helplines: list[Helpline] = Field(min_length=1)
    validity_months: int | None = Field(default=None, ge=1)
    renewal_opens_months: int | None = Field(default=None, ge=1, le=11)
    grace_days: int | None = Field(default=None, ge=0, le=365)
    trained_people: int | None = Field(default=None, ge=2, le=20)
    duties: list[LegalDuty] = []
    retention: CountryRetention | None = None
    authority: Authority | None = None
    holidays: Holidays = Holidays()
    working_hours: Hours = Hours.model_validate({"from": "08:00", "to": "17:00"})
    rest_days: list[Weekday] = Field(
        default=[Weekday.SATURDAY, Weekday.SUNDAY], min_length=1, max_length=6
    )


class HelplineWords(Strict):
    """A service in one language, and what must be found out about it."""

    name: Text
    about: Text
    confirm: Text | None = None


class DutyWords(Strict):
    """A legal duty in one language, and what must be found out about it."""

    text: Text
    confirm: Text | None = None


class CountryWords(Strict):
    """`countries/<language>/<CC>.yaml`: names of the country, its regions and services, its duties."""

    name: Text | None = None
    regions: dict[str, Text] = {}
    helplines: dict[Id, HelplineWords] = {}
    duties: dict[Id, DutyWords] = {}


class LowerRegionsFile(Strict):
    """`countries/<CC>-regions.yaml`: the regions below those of the pack, and the source of the list."""

    source: Text
    regions: list[Region] = Field(min_length=1)


class AnywhereFile(Strict):
    """`countries/anywhere.yaml`: services that help in every country."""

    helplines: list[Helpline] = Field(min_length=1)
