"""Shapes of the retention periods, and of the authority that supervises them."""

from pydantic import Field

from cissapp.foundation.content.schema.parts import FactState, Strict, Text, Url


class RetentionFile(Strict):
    """`retention.yaml`: the retention periods of every country that sets no others."""

    unused_months: int = Field(default=24, ge=6, le=120)
    decided_months: int = Field(default=12, ge=1, le=120)
    closed_account_months: int = Field(default=12, ge=1, le=60)
    mail_months: int = Field(default=12, ge=1, le=60)
    session_days: int = Field(default=90, ge=1, le=365)
    link_days: int = Field(default=180, ge=1, le=730)


class CountryRetention(Strict):
    """The retention periods in which a country differs from the programme, once its law has been checked."""

    state: FactState
    source: Url | None = None
    unused_months: int | None = Field(default=None, ge=6, le=120)
    decided_months: int | None = Field(default=None, ge=1, le=120)
    closed_account_months: int | None = Field(default=None, ge=1, le=60)


class Authority(Strict):
    """The data-protection authority of a country, by its own name; it is shown once it was checked."""

    name: Text
    web: Url
    state: FactState
    source: Url | None = None
