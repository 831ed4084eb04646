"""Reads all of `modules/`, and reports every fault at once with its file and key."""

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml
from pydantic import TypeAdapter

from cissapp.foundation.content import schema
from cissapp.foundation.content.benchmarks import benchmarks, earlier_benchmarks
from cissapp.foundation.content.countries import checked_of, read_countries
from cissapp.foundation.content.crosswalks import read_crosswalk
from cissapp.foundation.content.faults import BrokenContent, ContentFault
from cissapp.foundation.content.kept import KeptContent, files_in, name_of
from cissapp.foundation.content.languages import ENGLISH, Language, read_languages
from cissapp.foundation.content.languages import FILE as LANGUAGES_FILE
from cissapp.foundation.content.lessons import lesson_parts, word_count
from cissapp.foundation.content.packed import Rare, Texts
from cissapp.foundation.content.packs import CountryPack
from cissapp.foundation.content.pools import check_orphans, pool
from cissapp.foundation.content.reader import ContentReader
from cissapp.foundation.content.standards import read_earlier, read_standard
from cissapp.foundation.content.toolkits import read_toolkit
from cissapp.foundation.content.translations import FOLDER as RECORDS_FOLDER
from cissapp.foundation.content.translations import (
    RECORDS,
    TranslationRecord,
    Translations,
    digests_of,
)
from cissapp.foundation.content.values import Content, Lesson, Module, Standard
from cissapp.foundation.core.errors import counted

LESSON_TEXT = TypeAdapter(schema.LessonText)
LESSON_WORDS = (400, 800)


def load(root: Path, kept: KeptContent | None = None) -> Content:
    """Read and check everything; raise `BrokenContent` with every fault.

    The result stays in this process until a file of the folder changes; with a `kept` cache, the next
    process can use it too.
    """
    stamp = _stamp(root)
    known = _LOADED.pop(root, None)
    if known is None or known[0] != stamp:
        known = (stamp, _read_kept(root, kept) if kept else _load(root))
    _LOADED[root] = known
    while len(_LOADED) > FOLDERS_KEPT:
        del _LOADED[next(iter(_LOADED))]
    return known[1]


def _read_kept(root: Path, kept: KeptContent) -> Content:
    name = name_of(root)
    found = kept.read(name)
    if found is None:
        found = _load(root)
        kept.write(name, found)
        # As the next start will have it: packed, so that it takes a third of the memory.
        found = kept.read(name) or found
    return found


# The most recently requested ones: one in an installation, more where content is compared.
FOLDERS_KEPT = 2
_LOADED: dict[Path, tuple[frozenset[tuple[str, int, int]], Content]] = {}


def _stamp(root: Path) -> frozenset[tuple[str, int, int]]:
    """Return the name, time and size of every file, so that any new or changed file changes the stamp."""
    found = ((entry.path, entry.stat()) for entry in files_in(root))
    return frozenset((name, stat.st_mtime_ns, stat.st_size) for name, stat in found)


def _load(root: Path) -> Content:
    reader = ContentReader(root, _languages(root))
    standard = read_standard(reader, root / "standard")
    earlier = read_earlier(reader, standard)
    modules = [module for folder in _module_folders(reader) if (module := _module(reader, folder))]
    countries, anywhere = read_countries(reader)
    # A rubric without readable words has already been reported as a fault; benchmarks are read using its words.
    has_words = standard is not None and ENGLISH in standard.rubric_texts
    invented = benchmarks(reader, standard) if standard and has_words else ()
    readable = {version: one for version, one in earlier.items() if ENGLISH in one.rubric_texts}
    invented_before = earlier_benchmarks(reader, readable, invented)
    crosswalk = read_crosswalk(reader, standard, countries)
    toolkit = read_toolkit(reader, standard if has_words else None, modules)
    if standard:
        _check_across(reader, standard, modules)
        _check_bounds(reader, standard.decision, modules, countries.values())
    if reader.faults or standard is None or anywhere is None:
        raise BrokenContent(sorted(reader.faults, key=str))
    return Content(
        modules=tuple(sorted(modules, key=lambda module: module.number)),
        standard=standard,
        countries=countries,
        anywhere=checked_of(anywhere.helplines),
        earlier=earlier,
        benchmarks=invented,
        earlier_benchmarks=invented_before,
        toolkit=toolkit,
        crosswalk=crosswalk,
        languages={one.code: one for one in reader.languages_known},
        translations=_translations(reader),
        noted=tuple(sorted(reader.noted, key=str)),
    )


def _languages(root: Path) -> tuple[Language, ...]:
    try:
        return read_languages(root)
    except FileNotFoundError:
        message = "the file is missing"
    except (yaml.YAMLError, UnicodeDecodeError, ValueError) as error:
        message = " ".join(str(error).split())
    raise BrokenContent([ContentFault(LANGUAGES_FILE, "", message)])


def _translations(reader: ContentReader) -> Translations:
    # Earlier versions are never changed, so nobody is asked to translate them.
    words = {key: one for key, one in reader.entries.items() if "-earlier/" not in key}
    digests = {key: digests_of(texts.get(ENGLISH, {})) for key, texts in words.items()}
    whole = {key: frozenset(codes) for key, codes in reader.shown.items()}
    alike = {shown: shown for shown in whole.values()}
    return Translations(
        Rare(words),
        {key: alike[shown] for key, shown in whole.items()},
        Rare(
            {language: _sharing(of_all, digests) for language, of_all in _records(reader).items()}
        ),
        Rare(digests),
    )


def _sharing(
    records: dict[str, TranslationRecord], digests: dict[str, dict[str, str]]
) -> dict[str, TranslationRecord]:
    """Return records with equal digests replaced by the current ones, shared by all languages."""
    return {
        key: one.model_copy(update={"of": digests[key]}) if one.of == digests.get(key) else one
        for key, one in records.items()
    }


def _records(reader: ContentReader) -> dict[str, dict[str, TranslationRecord]]:
    """Read the translation records; a broken file is reported and makes its translations stale."""
    found = {}
    for language in reader.codes[1:]:
        path = reader.root / RECORDS_FOLDER / f"{language}.json"
        if path.exists():
            found[language] = _records_of(reader, path)
            for key in sorted(set(found[language]) - set(reader.entries)):
                reader.fault(path, key, "is no longer a text of the programme")
    return found


def _records_of(reader: ContentReader, path: Path) -> dict[str, TranslationRecord]:
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        reader.fault(path, "", f"is not valid JSON: {error}")
        return {}
    return reader.shaped(path, RECORDS, raw) or {}


# --- modules ---------------------------------------------------------------------------------


def _module_folders(reader: ContentReader) -> list[Path]:
    folders = [path for path in sorted(reader.root.iterdir()) if re.match(r"^\d-", path.name)]
    numbers = [int(path.name[0]) for path in folders]
    if numbers != [1, 2, 3, 4, 5]:
        reader.fault("modules", "", f"must contain modules 1-5, but contains {numbers}")
    return folders


def _module(reader: ContentReader, folder: Path) -> Module | None:
    file = reader.read(folder / "module.yaml", schema.ModuleFile)
    if file is None:
        return None
    if folder.name != f"{file.number}-{file.id}":
        reader.fault(
            folder / "module.yaml", "id", f"the folder must be called {file.number}-{file.id}"
        )
    languages = reader.languages(folder)
    texts = reader.words(folder, "module.yaml", schema.ModuleText)
    lessons = tuple(
        Lesson(
            plan,
            file.id,
            number,
            Texts(_lesson_texts(reader, folder, plan.id, languages)),
            f"{folder.name}/{plan.id}.md",
        )
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
                reader.fault(path, "", "module.yaml has no lesson with this id")


def _lesson_texts(
    reader: ContentReader, folder: Path, lesson_id: str, languages: list[str]
) -> dict[str, schema.LessonText]:
    texts: dict[str, schema.LessonText] = {}
    for language in languages:
        path = folder / language / f"{lesson_id}.md"
        if language != ENGLISH and not path.exists():
            continue
        raw = _lesson_raw(reader, path)
        text = reader.shaped(path, LESSON_TEXT, raw)
        if text and reader.take(path, raw):
            texts[language] = text
            words = word_count(text)
            if language == ENGLISH and not LESSON_WORDS[0] <= words <= LESSON_WORDS[1]:
                reader.fault(
                    path, "", f"has {counted(words, 'word')}; a lesson must have 400 to 800"
                )
    return texts


def _lesson_raw(reader: ContentReader, path: Path) -> dict[str, Any] | None:
    try:
        return lesson_parts(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        reader.fault(path, "", "the file is missing")
    except UnicodeDecodeError as error:
        reader.fault(path, "", f"is not valid UTF-8: {error.reason}")
    except yaml.YAMLError as error:
        message = f"the front matter is not valid YAML: {' '.join(str(error).split())}"
        reader.fault(path, "", message)
    except ValueError as error:
        reader.fault(path, "", str(error))
    return None


def _check_across(reader: ContentReader, standard: Standard, modules: list[Module]) -> None:
    known = {criterion.id for criterion in standard.criteria}
    ids = {module.id for module in modules}
    for criterion in standard.criteria:
        if criterion.key.module not in ids:
            reader.fault(
                "standard/rubric.yaml", criterion.id, f"there is no module {criterion.key.module}"
            )
    for module in modules:
        named = set(module.file.criteria)
        for lesson in module.lessons:
            named |= set(lesson.plan.criteria)
        for question in module.questions:
            named |= set(question.key.criteria)
        for one in sorted(named - known):
            reader.fault(f"{module.number}-{module.id}", one, "is not a criterion of the rubric")
    if {criterion.key.module for criterion in standard.criteria} <= ids:
        check_orphans(reader, standard, modules)


def _check_bounds(
    reader: ContentReader,
    decision: schema.DecisionFile,
    modules: list[Module],
    countries: Iterable[CountryPack],
) -> None:
    """Check that quizzes demand the required pass mark and countries keep within the programme's bounds."""
    for module in modules:
        if module.file.quiz.pass_percent < decision.pass_percent:
            reader.fault(
                f"{module.number}-{module.id}/module.yaml",
                "quiz.pass_percent",
                f"is below {decision.pass_percent}, the pass mark in standard/decision.yaml",
            )
    least, most = decision.validity.months_min, decision.validity.months_max
    for country in countries:
        months = country.file.validity_months
        if months is not None and not least <= months <= most:
            reader.fault(
                f"countries/{country.file.code}.yaml",
                "validity_months",
                f"must be between {least} and {most} (standard/decision.yaml)",
            )
