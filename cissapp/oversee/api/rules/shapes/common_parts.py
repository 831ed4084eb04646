"""What all shapes share: query values, times, problems."""

import re
from datetime import UTC, date, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic.json_schema import SkipJsonSchema

PAGE_ROWS = 100
MOST_ROWS = 500

_DIGITS = re.compile(r"[0-9]{1,6}")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_MOMENT = re.compile(
    r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,6})?(Z|[+-]\d{2}:\d{2})", re.ASCII
)


class Shape(BaseModel):
    """A value as it is sent, without any fields beyond those declared."""

    # Built with the first request that needs it, because pages and commands do not.
    model_config = ConfigDict(extra="forbid", frozen=True, use_enum_values=True, defer_build=True)


def _only(pattern: re.Pattern[str], what: str) -> BeforeValidator:
    """Accept a text in only one notation; parsers of numbers and dates would accept several."""

    def check(value: Any) -> Any:
        if isinstance(value, str) and not pattern.fullmatch(value):
            raise ValueError(what)
        return value

    return BeforeValidator(check)


def _plain(value: str) -> str:
    """Replace unprintable characters by spaces, as nobody searches for them."""
    return "".join(mark if mark.isprintable() else " " for mark in value)


def _in_utc(value: datetime) -> datetime:
    """Convert a time to UTC; raise ValueError if it is out of range there."""
    try:
        return value.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("must be a moment between the years 1 and 9999 in UTC") from error


PlainText = Annotated[str, AfterValidator(_plain)]
Day = Annotated[date, _only(_DAY, "must be a day such as 2026-11-28")]
Moment = Annotated[
    datetime,
    _only(_MOMENT, "must be a moment such as 2026-11-28T00:00:00Z"),
    AfterValidator(_in_utc),
]
Month = Annotated[
    str, Field(pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])$", description="A month, such as 2026-10.")
]
CountryCode = Annotated[str, Field(pattern=r"^[A-Z]{2}$", description="ISO 3166-1, such as MD.")]
REGION = r"^[A-Z]{2}(-[A-Z0-9]{1,3}){1,3}$"
RegionCode = Annotated[
    str, Field(pattern=REGION, description="The code of a region, such as MD-CU.")
]
# An optional value cannot be null in an address.
Cursor = (
    Annotated[
        str,
        Field(
            max_length=400,
            pattern=r"^[A-Za-z0-9_-]+$",
            description="`next_cursor` of the page before. Opaque: do not build one.",
        ),
    ]
    | SkipJsonSchema[None]
)
Limit = Annotated[
    int,
    Field(ge=1, le=MOST_ROWS, description=f"At most so many rows; {PAGE_ROWS} unless said."),
    _only(_DIGITS, "must be a whole number"),
]


class NoValues(Shape):
    """No values in the address."""


class ProblemError(Shape):
    """One thing that is wrong: where, and what."""

    where: Annotated[str, Field(description="Such as `limit`, or `schools.3.code` in a body.")]
    message: str


class ProblemDetails(BaseModel):
    """What went wrong (RFC 9457)."""

    model_config = ConfigDict(extra="allow")

    type: Annotated[str, Field(description="An address that explains the kind.")]
    title: str
    status: int
    code: Annotated[str, Field(description="The kind; the names stay.")]
    detail: str
    errors: list[ProblemError] = []
    reference: Annotated[str, Field(description="What the operator finds it by.")] = ""
