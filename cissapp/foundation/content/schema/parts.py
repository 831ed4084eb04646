"""Common building blocks of the content shapes."""

from enum import StrEnum
from functools import cache
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, StringConstraints

Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Url = Annotated[str, StringConstraints(pattern=r"^https?://\S+$")]
CriterionId = Annotated[str, StringConstraints(pattern=r"^[ABC]([1-9]|1[0-6])$")]
CountryCode = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
Names = dict[str, Text]


class Strict(BaseModel):
    """A value that refuses unknown keys and cannot be changed."""

    # When the content is cached (see `kept`), a start needs none of the shapes: each is built on first use.
    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    def __getstate__(self) -> dict[Any, Any]:
        # A separate set for each value took a fifth of the memory of all content.
        fields_set = _one_set(frozenset(self.model_fields_set))
        return {**super().__getstate__(), "__pydantic_fields_set__": fields_set}


@cache
def _one_set(names: frozenset[str]) -> set[str]:
    """Return one shared set of these names for all values built from them, since none of them can change."""
    return set(names)


class CitedSource(Strict):
    """The source of a fact."""

    title: Text
    url: Url


class FactState(StrEnum):
    """Whether a fact of a country pack has been checked; one still to be confirmed is never printed."""

    CHECKED = "checked"
    CONFIRM = "confirm"
