"""Shapes of a country pack: regions, helplines, duties."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from cissapp.foundation.content.schema.parts import Id, Names, Strict, Text, Url

Clock = Annotated[str, StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]


class FactState(StrEnum):
    """Whether a fact of a country pack was checked; what is to be confirmed is never printed."""

    CHECKED = "checked"
    CONFIRM = "confirm"


class Region(Strict):
    """A region by its ISO 3166-2 code; `tile` is row and column on the tile-grid map."""

    code: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}-[A-Z0-9]{1,3}$")]
    names: Names
    short: Annotated[str, StringConstraints(min_length=1, max_length=3)]
    tile: tuple[int, int]


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
            raise ValueError("'numbers' and 'dial' must be as many")
        if self.state is FactState.CHECKED and (self.checked_on is None or self.source is None):
            raise ValueError("what is 'checked' needs 'checked_on' and 'source'")
        if self.state is FactState.CONFIRM and not self.confirm:
            raise ValueError("what is to be confirmed says so in 'confirm'")
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
    """What corrects the public holidays: `add` is a day off, `drop` is a working day whatever it was."""

    add: list[date] = []
    drop: list[date] = []

    @model_validator(mode="after")
    def _apart(self) -> Self:
        both = set(self.add) & set(self.drop)
        if both:
            raise ValueError(f"{min(both)} stands in 'add' and in 'drop'")
        return self


class Hours(Strict):
    """The working hours of schools by the clock on the wall; quoted, as YAML takes 17:00 for a number."""

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
    helplines: list[Helpline] = Field(min_length=1)
    validity_months: int | None = Field(default=None, ge=1)
    renewal_opens_months: int | None = Field(default=None, ge=1, le=11)
    grace_days: int | None = Field(default=None, ge=0, le=365)
    trained_people: int | None = Field(default=None, ge=2, le=20)
    duties: list[LegalDuty] = []
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


class AnywhereFile(Strict):
    """`countries/anywhere.yaml`: services that help in every country."""

    helplines: list[Helpline] = Field(min_length=1)
