"""Shapes of the content files in `modules/`; `modules/README.md` shows one of each."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Url = Annotated[str, StringConstraints(pattern=r"^https?://\S+$")]
CriterionId = Annotated[str, StringConstraints(pattern=r"^[ABC]([1-9]|1[0-6])$")]
Names = dict[str, Text]

LANGUAGES = ("en", "ro", "uk", "ru", "be")


class Strict(BaseModel):
    """A value that refuses unknown keys and cannot be changed."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Kind(StrEnum):
    """How a question is answered."""

    SINGLE = "single"
    MULTIPLE = "multiple"
    TRUE_FALSE = "true_false"


class Difficulty(StrEnum):
    """How hard a question is meant to be."""

    EASY = "easy"
    MEDIUM = "medium"
    HARD = "hard"


class State(StrEnum):
    """Whether a fact of a country pack was checked; what is to be confirmed is never printed."""

    CHECKED = "checked"
    CONFIRM = "confirm"


class Source(Strict):
    """Where a fact is said."""

    title: Text
    url: Url


# --- modules ---------------------------------------------------------------------------------


class QuizSettings(Strict):
    """How the quiz of a module is drawn and passed."""

    draw: int = Field(ge=1, le=50)
    pass_percent: int = Field(ge=1, le=100)
    retake_after_hours: int = Field(ge=0)


class LessonPlan(Strict):
    """What of a lesson is the same in every language."""

    id: Id
    minutes: int = Field(ge=5, le=30)
    criteria: list[CriterionId] = []


class ModuleFile(Strict):
    """`module.yaml` of a module."""

    id: Id
    number: int = Field(ge=1, le=5)
    version: int = Field(ge=1)
    criteria: list[CriterionId] = Field(min_length=1)
    quiz: QuizSettings
    lessons: list[LessonPlan] = Field(min_length=1)


class ModuleText(Strict):
    """`<language>/module.yaml`."""

    title: Text
    summary: Text
    notice: Text
    outcomes: list[Text] = Field(min_length=1)


class Activity(Strict):
    """What the reader does with the own school."""

    title: Text
    text: Text


class SelfCheck(Strict):
    """A question to oneself, with its answer."""

    question: Text
    answer: Text


class LessonText(Strict):
    """A lesson in one language: the front matter, and the body under it."""

    title: Text
    case: Text
    key_messages: list[Text] = Field(min_length=3, max_length=3)
    activity: Activity
    product: Activity
    self_check: list[SelfCheck] = Field(min_length=2, max_length=2)
    sources: list[Source] = Field(min_length=1)
    confirm: list[Text] = []
    body: Text


class QuestionKey(Strict):
    """What of a question is the same in every language, the right options included."""

    id: Id
    topic: int = Field(ge=1)
    kind: Kind
    difficulty: Difficulty
    lesson: Id
    criteria: list[CriterionId] = []
    options: list[Id] = Field(min_length=2, max_length=6)
    key: list[Id] = Field(min_length=1)
    source: Source
    confirm: Text | None = None

    @model_validator(mode="after")
    def _key_fits(self) -> Self:
        if len(set(self.options)) != len(self.options):
            raise ValueError("'options' names an option twice")
        if not set(self.key) <= set(self.options):
            raise ValueError("'key' names an option that is not in 'options'")
        if self.kind is not Kind.MULTIPLE and len(self.key) != 1:
            raise ValueError(f"a '{self.kind}' question has exactly one right option")
        if self.kind is Kind.TRUE_FALSE and len(self.options) != 2:
            raise ValueError("a 'true_false' question has exactly two options")
        if len(self.key) == len(self.options):
            raise ValueError("every option is right: nothing is asked")
        return self


class OptionText(Strict):
    """An option in one language, and why it is right or not."""

    text: Text
    why: Text


class QuestionText(Strict):
    """A question in one language."""

    text: Text
    fact: Text
    options: dict[Id, OptionText]


# --- the standard ----------------------------------------------------------------------------


class CriterionKey(Strict):
    """A criterion of the rubric, without its words."""

    id: CriterionId
    part: str
    critical: bool
    evidence: list[Text] = Field(min_length=1)
    module: Id
    ground: list[Text] = []


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

    @model_validator(mode="after")
    def _four_levels(self) -> Self:
        if sorted(self.levels) != ["0", "1", "2", "3"]:
            raise ValueError("'levels' must be exactly 0, 1, 2 and 3")
        return self


class RubricText(Strict):
    """`standard/<language>/rubric.yaml`."""

    title: Text
    parts: dict[str, PartText]
    criteria: dict[CriterionId, CriterionText]
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
    needs: list[str] = []


class NotApplicableRule(Strict):
    """When 'not applicable, with reason' is allowed."""

    only_non_critical: bool
    at_most_per_part: int


class Validity(Strict):
    """How long a certificate lasts, in months and days."""

    months: int
    months_min: int
    months_max: int
    renewal_opens_months_before: int
    grace_days: int
    expiring_days: int


class Appeal(Strict):
    """Time limits of an appeal, in days."""

    file_days: int
    decide_days: int


class Conflict(Strict):
    """A ground of conflict of interest."""

    id: str


class MinorGaps(Strict):
    """Days a school has to close minor gaps."""

    days: int


class Outcomes(Strict):
    """What follows an outcome."""

    minor_gaps: MinorGaps


class DecisionFile(Strict):
    """`standard/decision.yaml`: the decision rule."""

    version: Text
    pass_percent: int
    gate_duties: list[list[str]] = Field(min_length=1)
    documents: DocumentGate
    levels: list[LevelRule] = Field(min_length=1)
    not_applicable: NotApplicableRule
    outcomes: Outcomes
    validity: Validity
    appeal: Appeal
    conflicts: list[Conflict] = Field(min_length=1)


class Named(Strict):
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
    confirm: Text | None = None


class DecisionText(Strict):
    """`standard/<language>/decision.yaml`: the words of the decision rule."""

    levels: dict[Id, Named]
    needs: dict[str, Named]
    conflicts: dict[str, Text]
    outcomes: dict[str, Named]
    certificate_text: Text


# --- countries -------------------------------------------------------------------------------


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
    state: State
    checked_on: date | None = None
    source: Url | None = None
    confirm: Text | None = None

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if len(self.numbers) != len(self.dial):
            raise ValueError("'numbers' and 'dial' must be as many")
        if self.state is State.CHECKED and (self.checked_on is None or self.source is None):
            raise ValueError("what is 'checked' needs 'checked_on' and 'source'")
        if self.state is State.CONFIRM and self.confirm is None:
            raise ValueError("what is to be confirmed says so in 'confirm'")
        if not self.numbers and self.web is None:
            raise ValueError("needs a number or a web address")
        return self


class Duty(Strict):
    """A legal duty of schools in the country."""

    id: Id
    text: Names
    state: State
    source: Url | None = None
    confirm: Text | None = None


class CountryFile(Strict):
    """`countries/<CC>.yaml`: a country pack."""

    code: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
    names: Names
    languages: list[str] = Field(min_length=1)
    time_zone: Text
    regions: list[Region] = Field(min_length=1)
    helplines: list[Helpline] = Field(min_length=1)
    validity_months: int = Field(ge=12, le=36)
    duties: list[Duty] = []


class AnywhereFile(Strict):
    """`countries/anywhere.yaml`: services that help in every country."""

    helplines: list[Helpline] = Field(min_length=1)
