"""Shapes of the public register and of what a certificate is worth."""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field
from pydantic.json_schema import SkipJsonSchema

from cissapp.oversee.api.rules.shapes.common_parts import (
    PAGE_ROWS,
    CountryCode,
    Cursor,
    Limit,
    Moment,
    PlainText,
    RegionCode,
    Shape,
)

SearchedStatus = Literal["valid", "expiring"]


class RegisterValues(Shape):
    """Which certified schools to list."""

    words: Annotated[
        PlainText | SkipJsonSchema[None],
        Field(max_length=200, description="Words of the name, the place or the region's name."),
    ] = ""
    country: CountryCode | SkipJsonSchema[None] = None
    region: RegionCode | SkipJsonSchema[None] = None
    level: Annotated[Literal["1", "2", "3"] | SkipJsonSchema[None], Field()] = None
    status: Annotated[SearchedStatus | SkipJsonSchema[None], Field()] = None
    changed_since: Annotated[
        Moment | SkipJsonSchema[None],
        Field(
            description="Only those whose certificate was issued or changed since then, or took over from an earlier one. Next time, pass the `as_of` of the first page of your last complete reading, minus one day: a change bears the moment at which its work began, and is saved later. A school that left the register is in no such answer: webhooks tell of it. A new name, place or region is only told by the whole list."
        ),
    ] = None
    limit: Limit = PAGE_ROWS
    cursor: Cursor = None


class CertifiedSchool(Shape):
    """A school whose certificate is in force, as the public list has it."""

    name: str
    locality: str
    country: CountryCode
    region: RegionCode
    level: Annotated[int, Field(ge=1, le=3)]
    status: SearchedStatus
    valid_from: date
    valid_until: date
    number: Annotated[str, Field(description="The number of the certificate.")]
    code: Annotated[str, Field(description="The code by which anybody checks it.")]
    verify: Annotated[str, Field(description="The page that checks it.")]
    changed_at: datetime


class RegisterPage(Shape):
    """A page of certified schools, in a fixed order."""

    as_of: datetime
    items: list[CertifiedSchool]
    next_cursor: str | None


class SchoolStatus(Shape):
    """What the public register says of the school with this number in the state's register."""

    as_of: datetime
    country: CountryCode
    register_number: str
    school: CertifiedSchool


class CertifiedFacts(Shape):
    """What the certificate says."""

    number: str
    school: str
    locality: str
    country: CountryCode
    region: RegionCode
    level: Annotated[int, Field(ge=1, le=3)]
    valid_from: date
    valid_until: date


class CertificateCheck(Shape):
    """One thing that was checked."""

    what: str
    outcome: Literal["yes", "no", "unknown"]
    sentence: str


class CertificateAnswer(Shape):
    """The validity of a certificate today; `reliable` is true only for `valid` and `expiring`."""

    as_of: datetime
    code: str
    answer: Literal[
        "valid", "expiring", "expired", "suspended", "withdrawn", "replaced", "upcoming", "unknown"
    ]
    reliable: bool
    facts: CertifiedFacts | None
    checks: list[CertificateCheck]
    newer_code: Annotated[
        str | None, Field(description="That of the certificate that replaced it.")
    ]
