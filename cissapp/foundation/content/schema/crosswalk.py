"""Shape of `standard/crosswalk.yaml`: which criteria serve duties and aspects elsewhere."""

from enum import StrEnum
from typing import Self

from pydantic import Field, model_validator

from cissapp.foundation.content.schema.parts import CountryCode, CriterionId, Id, Strict, Text, Url


class MappingState(StrEnum):
    """Whose reading a mapping is: our own, or one that the national group has confirmed."""

    OURS = "ours"
    CONFIRMED = "confirmed"


class AspectKey(Strict):
    """A part of a framework, and the criteria that serve it."""

    id: Id
    criteria: list[CriterionId] = Field(min_length=1)


class FrameworkKey(Strict):
    """A duty or framework without its words; `duty` names one in the country pack, with source and state."""

    id: Id
    country: CountryCode | None = None
    duty: Id | None = None
    source: Url | None = None
    state: MappingState
    aspects: list[AspectKey] = Field(min_length=1)

    @model_validator(mode="after")
    def _said_somewhere(self) -> Self:
        if (self.duty is None) == (self.source is None):
            raise ValueError("needs either 'duty' or 'source'")
        if self.duty is not None and self.country is None:
            raise ValueError("a 'duty' needs its 'country'")
        return self


class CrosswalkFile(Strict):
    """`standard/crosswalk.yaml`."""

    frameworks: list[FrameworkKey] = Field(min_length=1)


class FrameworkWords(Strict):
    """A framework in one language: its name, its aspects, and a description if no country pack has one."""

    name: Text
    about: Text | None = None
    aspects: dict[Id, Text]
