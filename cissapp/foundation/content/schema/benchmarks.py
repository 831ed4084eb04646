"""Shapes of the invented applications that every reviewer assesses for calibration."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from cissapp.foundation.content.schema.parts import CriterionId, Id, Strict, Text

Level = Annotated[int, Field(ge=0, le=3)]
Explanation = Annotated[
    str, StringConstraints(min_length=40, max_length=5000, strip_whitespace=True)
]
Pages = Annotated[str, StringConstraints(pattern=r"^\d+(-\d+)?(, \d+(-\d+)?)*$")]
Hour = Annotated[str, StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]


class BenchmarkDocument(Strict):
    """A document of the invented application, and its kind of evidence."""

    id: Id
    evidence: Text


class BenchmarkScore(Strict):
    """The school's own level, and the pages of the documents that it points to."""

    level: Level
    shown_in: dict[Id, Pages] = Field(min_length=1)


class BenchmarkFile(Strict):
    """`benchmarks/<id>/benchmark.yaml`: names by country, documents, the school's own levels."""

    id: Id
    names: dict[str, list[Text]] = Field(min_length=1)
    pupils: int = Field(ge=10)
    documents: list[BenchmarkDocument] = Field(min_length=1)
    scores: dict[CriterionId, BenchmarkScore]


class BenchmarkPaper(Strict):
    """The title of a document, and the text of each page, paragraph by paragraph."""

    title: Text
    pages: list[list[Text]] = Field(min_length=1)


class BenchmarkPerson(Strict):
    """An adult who takes reports."""

    office: Text
    contact: Text
    hours: Text
    trained: bool = False
    alternate: bool = False


class BenchmarkChannel(Strict):
    """A way to report."""

    kind: Literal["in_person", "written", "digital", "outside"]
    medium: Text | None = None
    description: Text
    contact: Text
    hours: Text
    in_holidays: bool = False
    anonymous: bool = False
    opens: Hour | None = None
    closes: Hour | None = None
    for_adults: bool = False
    past_head: bool = False


class BenchmarkStep(Strict):
    """An outside body that the school calls."""

    body: Text
    when_called: Text
    contact: Text


class BenchmarkRecipient(Strict):
    """The job title of a person who is informed of a report, and what they learn."""

    place: int = Field(ge=1)
    office: Text
    learns: Text


class BenchmarkCover(Strict):
    """Who answers out of hours and in holidays, and whom parents can contact."""

    out_of_hours: Text
    holiday_cover: Text
    parents_contact: Text


class BenchmarkRules(Strict):
    """The rules that protect, in the school's words."""

    confidentiality: Text
    no_retaliation: Text
    about_staff: Text
    evidence_rule: Text


class BenchmarkMechanism(Strict):
    """The reporting mechanism as the school describes it."""

    crime_hours: int
    answer_days: int
    plan_days: int
    never_handles_images: bool
    persons: list[BenchmarkPerson] = Field(min_length=2)
    channels: list[BenchmarkChannel] = Field(min_length=3)
    steps: list[BenchmarkStep] = Field(min_length=1)
    told: list[BenchmarkRecipient] = Field(min_length=1)
    cover: BenchmarkCover
    rules: BenchmarkRules


class BenchmarkText(Strict):
    """`benchmarks/<id>/<language>/benchmark.yaml`: the text that reviewers read."""

    documents: dict[Id, BenchmarkPaper]
    mechanism: BenchmarkMechanism
    scores: dict[CriterionId, Explanation]
