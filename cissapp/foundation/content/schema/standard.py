"""Shapes of the standard: rubric, decision rule, words of the certificate."""

from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from cissapp.foundation.content.schema.parts import CriterionId, Id, Strict, Text


class CriterionKey(Strict):
    """A criterion of the rubric, without its words."""

    id: CriterionId
    part: str
    critical: bool
    evidence: list[Text] = Field(min_length=1)
    module: Id
    ground: list[Text] = []
    not_applicable: bool = False

    @model_validator(mode="after")
    def _critical_applies(self) -> Self:
        if self.critical and self.not_applicable:
            raise ValueError("a critical criterion must apply to every school")
        return self


class PartKey(Strict):
    """A part of the rubric."""

    id: Annotated[str, StringConstraints(pattern=r"^[ABC]$")]


class RubricFile(Strict):
    """`standard/rubric.yaml`."""

    version: Text
    parts: list[PartKey] = Field(min_length=1)
    criteria: list[CriterionKey] = Field(min_length=1)


class PartText(Strict):
    """Title and summary of a part."""

    title: Text
    summary: Text


class CriterionText(Strict):
    """A criterion in one language: the question, and one sentence for each level 0-3."""

    title: Text
    question: Text
    levels: dict[str, Text]
    evidence_hint: Text
    mistakes: list[Text] = []
    not_applicable: Text | None = None

    @model_validator(mode="after")
    def _four_levels(self) -> Self:
        if sorted(self.levels) != ["0", "1", "2", "3"]:
            raise ValueError("'levels' must be exactly 0, 1, 2 and 3")
        return self


class RubricText(Strict):
    """`standard/<language>/rubric.yaml`, the words around its criteria."""

    title: Text
    parts: dict[str, PartText]
    evidence: dict[str, Text]


class DocumentGate(Strict):
    """Gate D of the decision rule: what parts A and B must reach."""

    critical_parts: list[str]
    critical_at_least: int
    no_zero_in: list[str]
    mean_at_least: dict[str, float]


class LevelRule(Strict):
    """What a level asks beyond the one below it."""

    level: int = Field(ge=1, le=3)
    name: Id
    at_least: dict[CriterionId, int] = {}
    critical_parts: list[str] = []
    critical_at_least: int = 0
    mean_at_least: dict[str, float] = {}
    no_criterion_below: int = 0
    no_zero_in: list[str] = []
    needs: list[str] = []


class NotApplicableRule(Strict):
    """When 'not applicable, with reason' is allowed.

    Version 1.0 of the standard allowed it for any non-critical criterion; `only_where_said` came with 2.0.
    """

    only_non_critical: bool
    only_where_said: bool = False
    at_most_per_part: int

    def allows(self, criterion: CriterionKey) -> bool:
        """Return whether a school may mark this criterion as not applicable at all."""
        if self.only_where_said and not criterion.not_applicable:
            return False
        return not (self.only_non_critical and criterion.critical)


class Validity(Strict):
    """How long a certificate is valid, in months and days; a country may vary it within the bounds."""

    months: int
    months_min: int = Field(ge=1)
    months_max: int
    renewal_opens_months_before: int
    grace_days: int
    expiring_days: int

    @model_validator(mode="after")
    def _within_bounds(self) -> Self:
        if not self.months_min <= self.months <= self.months_max:
            raise ValueError("'months' must lie between 'months_min' and 'months_max'")
        return self


class AppealLimits(Strict):
    """Time limits of an appeal, in days."""

    file_days: int
    decide_days: int


class ConflictGround(Strict):
    """A ground of conflict of interest."""

    id: str


class MinorGaps(Strict):
    """Days a school has to close minor gaps."""

    days: int


class Outcomes(Strict):
    """What follows an outcome."""

    minor_gaps: MinorGaps


class Process(Strict):
    """The time allowed for each step, in working days, and the maximum number of rounds."""

    sift_days: int = Field(ge=1)
    review_days: int = Field(ge=1)
    answer_days: int = Field(ge=1)
    decide_days: int = Field(ge=1)
    rounds: int = Field(ge=2)

    @property
    def days_to_decision(self) -> int:
        """The time from a first submission to its decision, without questions to the school."""
        return self.sift_days + self.review_days + self.decide_days


class SecondReview(Strict):
    """Which applications get a second review: a random share, and those aiming for a level or above."""

    percent: int = Field(ge=0, le=100)
    seed: Text
    from_level: int = Field(ge=1, le=3)


class Difference(Strict):
    """How far two reviews must differ before a third person looks at a criterion."""

    levels: int = Field(ge=1, le=3)
    critical_at_least: int = Field(ge=1, le=3)


class Suspension(Strict):
    """The days a school has to fix the cause of a suspension."""

    cure_days: int = Field(ge=1)


class Upkeep(Strict):
    """The duties of a school while its certificate lasts: trained people, and limits in calendar days."""

    trained: int = Field(ge=2)
    quorum_days: int = Field(ge=1)
    confirm_days: int = Field(ge=2, le=90)
    remind_days: list[Annotated[int, Field(ge=1)]] = Field(min_length=1)
    drill_months: int = Field(ge=1)


class Calibration(Strict):
    """How many invented applications everyone assesses first, how close to the model, and if every year."""

    dossiers: int = Field(ge=1)
    mean_difference: float = Field(ge=0, le=3)
    yearly: bool


class DecisionFile(Strict):
    """`standard/decision.yaml`: the decision rule."""

    version: Text
    pass_percent: int = Field(ge=1, le=100)
    gate_duties: list[list[str]] = Field(min_length=1)
    documents: DocumentGate
    levels: list[LevelRule] = Field(min_length=1)
    not_applicable: NotApplicableRule
    outcomes: Outcomes
    validity: Validity
    appeal: AppealLimits
    suspension: Suspension
    upkeep: Upkeep
    process: Process
    second_review: SecondReview
    difference: Difference
    calibration: Calibration
    conflicts: list[ConflictGround] = Field(min_length=1)


class NamedMeaning(Strict):
    """A name and what it means in one sentence."""

    name: Text
    meaning: Text


class CertificateText(Strict):
    """`standard/<language>/certificate.yaml`: the words printed on a certificate."""

    title: Text
    finding: Text
    level_names: dict[str, Text]
    module_titles: dict[Id, Text]
    labels: dict[str, Text]
    not_meaning: Text
    worried: Text


class DecisionText(Strict):
    """`standard/<language>/decision.yaml`: the words of the decision rule."""

    levels: dict[Id, NamedMeaning]
    needs: dict[str, NamedMeaning]
    conflicts: dict[str, Text]
    outcomes: dict[str, NamedMeaning]
