"""The content as the application uses it: frozen values, looked up by id and language."""

import hashlib
import json
from collections.abc import Mapping
from functools import cached_property
from math import ceil
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace
from pydantic import TypeAdapter

from cissapp.foundation.content import schema
from cissapp.foundation.content.crosswalk import Framework
from cissapp.foundation.content.faults import ContentFault
from cissapp.foundation.content.languages import Language, Translated
from cissapp.foundation.content.packs import CertificateTerms, CountryPack, certificate_terms
from cissapp.foundation.content.schema.benchmarks import BenchmarkFile, BenchmarkText
from cissapp.foundation.content.toolkit import Toolkit
from cissapp.foundation.content.translations import Translations
from cissapp.foundation.core.unicode import folded

QUESTION_KEY: TypeAdapter[schema.QuestionKey] = TypeAdapter(schema.QuestionKey)


class Lesson(Translated[schema.LessonText], Struct, frozen=True):
    """A lesson: its plan, and its text by language."""

    plan: schema.LessonPlan
    module_id: str
    number: int
    texts: Mapping[str, schema.LessonText]
    entry: str = ""

    @property
    def id(self) -> str:
        """The permanent id."""
        return self.plan.id

    def open_points(self, country_code: str, language: str) -> list[schema.OpenPoint]:
        """List what the national groups of a country must still confirm."""
        points = self.text(language).confirm
        return [one for one in points if not one.countries or country_code in one.countries]


class Question(Translated[schema.QuestionText], Struct, frozen=True, dict=True):
    """A question of a pool: key and texts apart."""

    key: schema.QuestionKey
    texts: Mapping[str, schema.QuestionText]
    entry: str = ""

    @property
    def id(self) -> str:
        """The permanent id."""
        return self.key.id

    @cached_property
    def document(self) -> dict[str, Any]:
        """Key and all texts as plain values for storage."""
        return {
            "key": self.key.model_dump(mode="json"),
            "texts": {name: text.model_dump(mode="json") for name, text in self.texts.items()},
        }

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the document in hex; it changes with any key or word."""
        text = json.dumps(self.document, sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()

    @classmethod
    def of_document(cls, document: dict[str, Any]) -> "Question":
        """Rebuild a question from a stored document."""
        key: schema.QuestionKey = QUESTION_KEY.validate_python(document["key"])
        texts = {
            name: schema.QuestionText.model_validate(text)
            for name, text in document["texts"].items()
        }
        return cls(key, texts)


class Module(Translated[schema.ModuleText], Struct, frozen=True, dict=True):
    """One of the five modules."""

    file: schema.ModuleFile
    texts: dict[str, schema.ModuleText]
    lessons: tuple[Lesson, ...]
    questions: tuple[Question, ...]

    @property
    def id(self) -> str:
        """The permanent id."""
        return self.file.id

    @property
    def number(self) -> int:
        """The place among the modules, from 1."""
        return self.file.number

    @cached_property
    def minutes(self) -> int:
        """Total minutes of reading for all lessons."""
        return sum(lesson.plan.minutes for lesson in self.lessons)

    @cached_property
    def by_question_id(self) -> dict[str, Question]:
        """The questions of the pool by id."""
        return {question.id: question for question in self.questions}

    @cached_property
    def doing(self) -> int:
        """Minutes of the activities that make parts of the application; the others are not needed for it."""
        return sum(lesson.plan.doing for lesson in self.lessons if lesson.plan.piece)

    def questions_for(self, country_code: str | None) -> list[Question]:
        """List the questions that people of a country may be asked, without those with open points."""
        return [one for one in self.questions if one.key.is_asked_in(country_code)]

    def lesson(self, lesson_id: str) -> Lesson | None:
        """Find a lesson by id."""
        return next((lesson for lesson in self.lessons if lesson.id == lesson_id), None)

    def next_lesson(self, lesson: Lesson) -> Lesson | None:
        """Return the lesson after this one; None after the last."""
        return self.lessons[lesson.number] if lesson.number < len(self.lessons) else None


class Criterion(Translated[schema.CriterionText], Struct, frozen=True):
    """A criterion of the rubric."""

    key: schema.CriterionKey
    texts: Mapping[str, schema.CriterionText]

    @property
    def id(self) -> str:
        """The id: A1 to C12."""
        return self.key.id

    @property
    def part(self) -> str:
        """The part: A, B or C."""
        return self.key.part

    @property
    def critical(self) -> bool:
        """Whether it must reach level 2."""
        return self.key.critical


class Standard(Struct, frozen=True, dict=True):
    """The rubric and the decision rule, with all their words."""

    rubric: schema.RubricFile
    decision: schema.DecisionFile
    criteria: tuple[Criterion, ...]
    rubric_texts: dict[str, schema.RubricText]
    decision_texts: dict[str, schema.DecisionText]
    certificate_texts: dict[str, schema.CertificateText]

    @cached_property
    def by_id(self) -> dict[str, Criterion]:
        """The criteria by id."""
        return {criterion.id: criterion for criterion in self.criteria}

    def rubric_text(self, language: str) -> schema.RubricText:
        """Return titles of parts and evidence codes in the language, or in English."""
        return self.rubric_texts.get(language) or self.rubric_texts["en"]

    def decision_text(self, language: str) -> schema.DecisionText:
        """Return the words of the decision rule in the language, or in English."""
        return self.decision_texts.get(language) or self.decision_texts["en"]

    def of_module(self, module_id: str) -> list[Criterion]:
        """List the criteria that a module serves."""
        return [criterion for criterion in self.criteria if criterion.key.module == module_id]


class Benchmark(Translated[BenchmarkText], Struct, frozen=True):
    """An invented application for calibration, and its key: the model's levels with their reasons.

    `version` is that of the rubric the model was made for.
    """

    file: BenchmarkFile
    texts: Mapping[str, BenchmarkText]
    model: dict[str, int]
    reasons: dict[str, dict[str, str]]
    version: str

    @property
    def id(self) -> str:
        """The permanent id."""
        return self.file.id

    def reasons_in(self, language: str) -> dict[str, str]:
        """Return the reasons for the model's levels in the language, or in English."""
        return self.reasons.get(language) or self.reasons["en"]


class Content(Struct, frozen=True, dict=True):
    """All content, checked."""

    modules: tuple[Module, ...]
    standard: Standard
    countries: dict[str, CountryPack]
    anywhere: list[schema.Helpline] = field(default_factory=list)
    earlier: dict[str, Standard] = field(default_factory=dict)
    benchmarks: tuple[Benchmark, ...] = ()
    earlier_benchmarks: tuple[Benchmark, ...] = ()
    toolkit: Toolkit = field(default_factory=Toolkit)
    crosswalk: tuple[Framework, ...] = ()
    languages: dict[str, Language] = field(default_factory=dict)
    translations: Translations = field(default_factory=Translations)
    noted: tuple[ContentFault, ...] = ()

    @cached_property
    def training_hours(self) -> int:
        """The hours of all modules; rounded up, because the quizzes take extra time."""
        return ceil(sum(module.minutes for module in self.modules) / 60)

    def standard_of(self, version: str) -> Standard | None:
        """Return the standard with this version of the rubric; None if it is no longer available."""
        if version == self.standard.rubric.version:
            return self.standard
        return self.earlier.get(version)

    def under(self, version: str | None) -> "Content":
        """Return this content with the standard of a version in place of the current one.

        Without a version, or if its standard is no longer available, the current one stays.
        """
        found = self.standard_of(version) if version else None
        if found is None or found is self.standard:
            return self
        known = {**self.earlier, self.standard.rubric.version: self.standard}
        return replace(self, standard=found, earlier=known)

    def certificate_terms(self, country_code: str) -> CertificateTerms:
        """Return a country's terms after a certificate is issued."""
        country = self.countries.get(country_code)
        return certificate_terms(country.file if country else None, self.standard.decision)

    @cached_property
    def benchmark_by_id(self) -> dict[str, Benchmark]:
        """The benchmarks by id, including those of earlier versions of the standard."""
        return {one.id: one for one in (*self.earlier_benchmarks, *self.benchmarks)}

    @cached_property
    def module_by_id(self) -> dict[str, Module]:
        """The modules by id."""
        return {module.id: module for module in self.modules}

    def time_zone(self, country_code: str) -> str:
        """Return the name of the time zone of a country; UTC for one without a pack."""
        country = self.countries.get(country_code)
        return country.file.time_zone if country else "UTC"

    def regions_within(self, code: str) -> frozenset[str]:
        """Return a region of any country and all below it; the code alone if no pack has it."""
        country = self.countries.get(code[:2])
        return country.within(code) if country else frozenset({code})

    def region_path(self, code: str) -> tuple[str, ...]:
        """Return the regions of any country from the top down to this one, itself included."""
        country = self.countries.get(code[:2])
        return country.path(code) if country else (code,)

    def region_place(self, code: str, language: str) -> str:
        """Return the name of a region with those above it, the nearest first."""
        return ", ".join(self.region_names(code, language))

    def region_names(self, code: str, language: str) -> list[str]:
        """List the names of a region and of those above it, the nearest first; the code itself if no pack has it."""
        return [self.region_name(one, language) for one in reversed(self.region_path(code))]

    @cached_property
    def region_search_names(self) -> tuple[tuple[str, str], ...]:
        """The folded names of every region in every language, each with its code."""
        named = {
            (code, folded(name))
            for country in self.countries.values()
            for code, region in country.regions.items()
            for name in region.names.values()
        }
        return tuple(sorted(named))

    def region_name(self, code: str, language: str) -> str:
        """Return the name of a region of any country; the code itself if no pack has it."""
        country = self.countries.get(code[:2])
        return country.region_name(code, language) if country and code in country.regions else code
