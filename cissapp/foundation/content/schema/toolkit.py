"""Shapes of `modules/toolkit/`: the library of clauses with its questions, and the thirty products."""

from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, field_validator, model_validator

from cissapp.foundation.content.schema.parts import (
    CitedSource,
    CountryCode,
    CriterionId,
    Id,
    Strict,
    Text,
)

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)]
ElementId = Annotated[str, StringConstraints(pattern=r"^[AB]([1-9]|1[0-6])\.[a-z][a-z0-9_]*$")]


class FieldKind(StrEnum):
    """How a question of the toolkit is answered."""

    CHOICE = "choice"
    CHOICES = "choices"
    YES_NO = "yes_no"
    TEXT = "text"
    NUMBER = "number"
    DATE = "date"


class ClauseState(StrEnum):
    """How certain a clause is: written by the programme, checked against its source, or not confirmed."""

    OURS = "ours"
    CHECKED = "checked"
    CONFIRM = "confirm"


class ToolkitField(Strict):
    """A plain question; `most` is the longest text in characters or the largest number."""

    id: Name
    kind: FieldKind
    options: tuple[Name, ...] = ()
    least: int = 0
    most: int = 200
    needed: bool = False

    @model_validator(mode="after")
    def _options_with_choice(self) -> Self:
        chosen = self.kind in {FieldKind.CHOICE, FieldKind.CHOICES}
        if chosen != bool(self.options):
            raise ValueError("a choice must have 'options', and nothing else may have them")
        return self


class PolicyQuestionKey(ToolkitField):
    """A question of the policy studio, and the section in which it is asked."""

    section: Name


class ClauseKey(Strict):
    """A clause: the elements it covers, who is offered it, and the values it cannot be printed without."""

    id: Id
    section: Name
    version: int = Field(ge=1)
    elements: tuple[ElementId, ...] = ()
    countries: tuple[CountryCode, ...] = ()
    when: dict[Name, tuple[Name, ...]] = {}
    needs: tuple[Name, ...] = ()
    source: CitedSource | None = None
    state: ClauseState = ClauseState.OURS


class PolicyLibraryFile(Strict):
    """`policy.yaml`: the keys of the studio."""

    version: Text
    sections: tuple[Name, ...]
    questions: tuple[PolicyQuestionKey, ...]
    elements: dict[CriterionId, tuple[Name, ...]]
    clauses: tuple[ClauseKey, ...]

    @property
    def element_ids(self) -> list[str]:
        """The full names of all elements, such as `A3.deputy`."""
        return [f"{criterion}.{one}" for criterion, names in self.elements.items() for one in names]


class FieldWords(Strict):
    """The words of a policy question."""

    text: Text
    hint: Text | None = None
    options: dict[Name, Text] = {}


class ElementWords(Strict):
    """The name of an element, and the word stems by which a text can be recognised as covering it."""

    name: Text
    signs: tuple[Text, ...] = Field(min_length=1)


class ClauseWords(Strict):
    """A clause for adults, and versions for younger and older pupils where it concerns them."""

    title: Text
    text: Text
    younger: Text | None = None
    older: Text | None = None


class SheetKey(Strict):
    """The table of a product: its columns, formulas by column, and what its rows come from."""

    columns: tuple[Name, ...]
    rows: int = Field(ge=1, le=60)
    formulas: dict[Name, Text] = {}
    totals: dict[Name, Literal["SUM", "MAX", "AVERAGE", "COUNTA"]] = {}
    limits: dict[Name, tuple[int, int]] = {}
    fill: Name | None = None


class ProductKey(Strict):
    """A product of a lesson: its kind of file, and the evidence it provides."""

    id: Id
    module: Id
    lesson: Id
    kind: Literal["text", "table"]
    evidence: Text | None = None
    criteria: tuple[CriterionId, ...] = ()
    minutes: int = Field(ge=1, le=60)
    fields: tuple[ToolkitField, ...] = ()
    needs: tuple[Name, ...] = ()
    sheet: SheetKey | None = None

    @field_validator("evidence")
    @classmethod
    def _none_is_said(cls, value: str | None) -> str | None:
        """Turn `none` into None: editors write it rather than leave the line out."""
        return None if value == "none" else value

    @model_validator(mode="after")
    def _sheet_with_table(self) -> Self:
        if (self.kind == "table") != (self.sheet is not None):
            raise ValueError("a table must have 'sheet', and nothing else may have it")
        return self


class ProductsFile(Strict):
    """`products.yaml`: the keys of all products."""

    products: tuple[ProductKey, ...]


class ProductFieldWords(Strict):
    """The words of a field of a product."""

    label: Text
    hint: Text | None = None
    options: dict[Name, Text] = {}


class ProductWords(Strict):
    """The words of a product; `specimen` fills its fields for an invented school."""

    title: Text
    use: Text
    fields: dict[Name, ProductFieldWords] = {}
    text: Text
    columns: dict[Name, Text] = {}
    examples: tuple[tuple[str, ...], ...] = ()
    specimen: dict[Name, str] = {}
