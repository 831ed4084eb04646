"""Reads all of `modules/`, and reports every fault at once with its file and key."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TypeVar

import yaml
from pydantic import BaseModel, TypeAdapter

from cissapp.foundation.content import schema
from cissapp.foundation.content.benchmarks import benchmarks
from cissapp.foundation.content.pools import check_orphans, pool
from cissapp.foundation.content.reader import BrokenContent, ContentReader
from cissapp.foundation.content.values import (
    Content,
    CountryPack,
    Criterion,
    Lesson,
    Module,
    Standard,
)

M = TypeVar("M", bound=BaseModel)

LESSON_WORDS = (400, 800)
EARLIER = "standard-earlier"


def load(root: Path) -> Content:
    """Read and check everything; raise `BrokenContent` with every fault."""
    reader = ContentReader(root)
    standard = _standard(reader, root / "standard")
    earlier = _earlier(reader, standard)
    modules = [module for folder in _module_folders(reader) if (module := _module(reader, folder))]
    countries = _countries(reader)
    anywhere = reader.read(root / "countries" / "anywhere.yaml", schema.AnywhereFile)
    # A rubric without words that can be read is a fault that is noted already; benchmarks are read by its words.
    has_words = standard is not None and "en" in standard.rubric_texts
    invented = benchmarks(reader, standard) if standard and has_words else ()
    if standard:
        _check_across(reader, standard, modules)
        _check_bounds(reader, standard.decision, modules, countries.values())
    if reader.faults or standard is None or anywhere is None:
        raise BrokenContent(sorted(reader.faults, key=str))
    checked = [line for line in anywhere.helplines if line.state is schema.FactState.CHECKED]
    return Content(
        tuple(sorted(modules, key=lambda module: module.number)),
        standard,
        countries,
        checked,
        earlier,
        invented,
    )


# --- modules ---------------------------------------------------------------------------------


def _module_folders(reader: ContentReader) -> list[Path]:
    folders = [path for path in sorted(reader.root.iterdir()) if re.match(r"^\d-", path.name)]
    numbers = [int(path.name[0]) for path in folders]
    if numbers != [1, 2, 3, 4, 5]:
        reader.fault("modules", "", f"expected the modules 1-5, found {numbers}")
    return folders


def _module(reader: ContentReader, folder: Path) -> Module | None:
    file = reader.read(folder / "module.yaml", schema.ModuleFile)
    if file is None:
        return None
    if folder.name != f"{file.number}-{file.id}":
        reader.fault(
            folder / "module.yaml", "id", f"the folder must be named {file.number}-{file.id}"
        )
    languages = reader.languages(folder)
    texts = {
        language: text
        for language in languages
        if (text := reader.read(folder / language / "module.yaml", schema.ModuleText))
    }
    lessons = tuple(
        Lesson(plan, file.id, number, _lesson_texts(reader, folder, plan.id, languages))
        for number, plan in enumerate(file.lessons, start=1)
    )
    _check_lesson_files(reader, folder, languages, [plan.id for plan in file.lessons])
    return Module(file, texts, lessons, pool(reader, folder, file, languages))


def _check_lesson_files(
    reader: ContentReader, folder: Path, languages: list[str], ids: list[str]
) -> None:
    reader.unique(folder / "module.yaml", "lessons", ids)
    for language in languages:
        for path in sorted((folder / language).glob("*.md")):
            if path.stem not in ids:
                reader.fault(path, "", "no lesson of this id in module.yaml")


def _lesson_texts(
    reader: ContentReader, folder: Path, lesson_id: str, languages: list[str]
) -> dict[str, schema.LessonText]:
    texts: dict[str, schema.LessonText] = {}
    for language in languages:
        path = folder / language / f"{lesson_id}.md"
        text = _lesson_text(reader, path)
        if text:
            texts[language] = text
            words = word_count(text)
            if language == "en" and not LESSON_WORDS[0] <= words <= LESSON_WORDS[1]:
                reader.fault(path, "", f"has {words} words; a lesson has 400-800")
    return texts


def _lesson_text(reader: ContentReader, path: Path) -> schema.LessonText | None:
    try:
        whole = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        reader.fault(path, "", "the file is missing")
        return None
    match = re.match(r"\A---\n(.*?)\n---\n(.*)\Z", whole, re.DOTALL)
    if match is None:
        reader.fault(path, "", "must begin with front matter between two lines of ---")
        return None
    try:
        front = yaml.safe_load(match[1])
    except yaml.YAMLError as error:
        reader.fault(
            path, "", f"front matter is not readable as YAML: {' '.join(str(error).split())}"
        )
        return None
    if not isinstance(front, dict):
        reader.fault(path, "", "front matter must be keys and values")
        return None
    if re.search(r"<[a-zA-Z/!]", match[2]):
        reader.fault(path, "body", "raw HTML is not allowed")
    return reader.shaped(path, TypeAdapter(schema.LessonText), {**front, "body": match[2]})


def word_count(text: schema.LessonText) -> int:
    """Count the words of a lesson, its sources left out."""
    pieces = [
        text.case,
        *text.key_messages,
        text.activity.title,
        text.activity.text,
        text.product.title,
        text.product.text,
        *(check.question + " " + check.answer for check in text.self_check),
        text.body,
    ]
    return sum(len(re.findall(r"\w[\w’'-]*", piece)) for piece in pieces)


# --- the standard ----------------------------------------------------------------------------


def _earlier(reader: ContentReader, now: Standard | None) -> dict[str, Standard]:
    """Read the standards before this one: dossiers under review stay on the version they were handed in by."""
    found: dict[str, Standard] = {}
    above = reader.root / EARLIER
    for folder in sorted(above.iterdir()) if above.is_dir() else []:
        one = _standard(reader, folder) if folder.is_dir() else None
        if one is None:
            continue
        version = one.rubric.version
        if version != folder.name:
            reader.fault(folder / "rubric.yaml", "version", f"is {version}, not the folder's name")
        elif now is not None and version == now.rubric.version:
            reader.fault(folder / "rubric.yaml", "version", "is that of the present standard")
        found[version] = one
    return found


def _standard(reader: ContentReader, folder: Path) -> Standard | None:
    rubric = reader.read(folder / "rubric.yaml", schema.RubricFile)
    decision = reader.read(folder / "decision.yaml", schema.DecisionFile)
    if rubric is None or decision is None:
        return None
    rubric_texts = dict(_in_languages(reader, folder, "rubric.yaml", schema.RubricText))
    decision_texts = dict(_in_languages(reader, folder, "decision.yaml", schema.DecisionText))
    certificates = dict(_in_languages(reader, folder, "certificate.yaml", schema.CertificateText))
    ids = [criterion.id for criterion in rubric.criteria]
    reader.unique(folder / "rubric.yaml", "criteria", ids)
    for language, text in rubric_texts.items():
        _check_rubric_text(reader, folder / language / "rubric.yaml", rubric, text)
    for language, words in decision_texts.items():
        _check_decision_text(reader, folder / language / "decision.yaml", decision, words)
    criteria = tuple(
        Criterion(
            key,
            {
                language: text.criteria[key.id]
                for language, text in rubric_texts.items()
                if key.id in text.criteria
            },
        )
        for key in rubric.criteria
    )
    return Standard(rubric, decision, criteria, rubric_texts, decision_texts, certificates)


def _in_languages(
    reader: ContentReader, folder: Path, name: str, model: type[M]
) -> Iterator[tuple[str, M]]:
    for language in reader.languages(folder):
        path = folder / language / name
        if language == "en" or path.exists():
            value = reader.read(path, model)
            if value is not None:
                yield language, value


def _check_rubric_text(
    reader: ContentReader, path: Path, rubric: schema.RubricFile, text: schema.RubricText
) -> None:
    reader.same_ids(path, text.criteria, [criterion.id for criterion in rubric.criteria])
    reader.same_ids(path, text.parts, [part.id for part in rubric.parts])
    used = {code for criterion in rubric.criteria for code in criterion.evidence}
    for code in sorted(used - set(text.evidence)):
        reader.fault(path, f"evidence.{code}", "is missing")


def _check_decision_text(
    reader: ContentReader, path: Path, decision: schema.DecisionFile, words: schema.DecisionText
) -> None:
    reader.same_ids(path, words.levels, [level.name for level in decision.levels])
    reader.same_ids(path, words.conflicts, [conflict.id for conflict in decision.conflicts])
    reader.same_ids(path, words.needs, {need for level in decision.levels for need in level.needs})
    reader.same_ids(path, words.outcomes, ["certified", "minor_gaps", "major_gaps"])


def _check_across(reader: ContentReader, standard: Standard, modules: list[Module]) -> None:
    known = {criterion.id for criterion in standard.criteria}
    ids = {module.id for module in modules}
    for criterion in standard.criteria:
        if criterion.key.module not in ids:
            reader.fault("standard/rubric.yaml", criterion.id, f"no module {criterion.key.module}")
    for module in modules:
        named = set(module.file.criteria)
        for lesson in module.lessons:
            named |= set(lesson.plan.criteria)
        for question in module.questions:
            named |= set(question.key.criteria)
        for one in sorted(named - known):
            reader.fault(f"{module.number}-{module.id}", one, "is no criterion of the rubric")
    if {criterion.key.module for criterion in standard.criteria} <= ids:
        check_orphans(reader, standard, modules)


def _check_bounds(
    reader: ContentReader,
    decision: schema.DecisionFile,
    modules: list[Module],
    countries: Iterable[CountryPack],
) -> None:
    """Check what a module asks for at least, and that a country keeps between the bounds of the programme."""
    for module in modules:
        if module.file.quiz.pass_percent < decision.pass_percent:
            reader.fault(
                f"{module.number}-{module.id}/module.yaml",
                "quiz.pass_percent",
                f"is below the {decision.pass_percent} of standard/decision.yaml",
            )
    least, most = decision.validity.months_min, decision.validity.months_max
    for country in countries:
        months = country.file.validity_months
        if months is not None and not least <= months <= most:
            reader.fault(
                f"countries/{country.file.code}.yaml",
                "validity_months",
                f"must lie between {least} and {most}, as standard/decision.yaml says",
            )


# --- countries -------------------------------------------------------------------------------


def _countries(reader: ContentReader) -> dict[str, CountryPack]:
    countries: dict[str, CountryPack] = {}
    for path in sorted((reader.root / "countries").glob("[A-Z][A-Z].yaml")):
        file = reader.read(path, schema.CountryFile)
        if file:
            _check_country(reader, path, file)
            countries[file.code] = CountryPack(file)
    if not countries:
        reader.fault("countries", "", "no country pack found")
    return countries


def _check_country(reader: ContentReader, path: Path, file: schema.CountryFile) -> None:
    if path.stem != file.code:
        reader.fault(path, "code", f"the file must be named {file.code}.yaml")
    reader.unique(path, "regions.code", [region.code for region in file.regions])
    reader.unique(path, "regions.tile", [region.tile for region in file.regions])
    for region in file.regions:
        if not region.code.startswith(f"{file.code}-"):
            reader.fault(path, f"regions.{region.code}", "belongs to another country")
    named = [("names", file.names), *((f"regions.{r.code}", r.names) for r in file.regions)]
    for key, names in named:
        if "en" not in names:
            reader.fault(path, key, "the English name is missing")
    for language in file.languages:
        if language not in schema.LANGUAGES:
            reader.fault(path, "languages", f"{language} is not a language of the programme")
