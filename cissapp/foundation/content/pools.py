"""Reads and checks the question pools: keys and texts, blueprints, and which criteria the questions cover."""

from collections import Counter
from pathlib import Path

from pydantic import TypeAdapter

from cissapp.foundation.content import schema
from cissapp.foundation.content.languages import ENGLISH
from cissapp.foundation.content.packed import Texts
from cissapp.foundation.content.reader import ContentReader
from cissapp.foundation.content.schema.questions import ANY_LANGUAGE, words_given, words_wanted
from cissapp.foundation.content.values import Module, Question, Standard
from cissapp.foundation.core.errors import counted

POOL_AT_LEAST = 45
SCENARIOS_AT_LEAST = 3
QUESTIONS_PER_CRITERION = 3

QUESTION_KEYS = TypeAdapter(list[schema.QuestionKey])
QUESTION_TEXT = TypeAdapter(schema.QuestionText)


def pool(
    reader: ContentReader, folder: Path, file: schema.ModuleFile, languages: list[str]
) -> tuple[Question, ...]:
    """Read the questions of a module, keys and texts apart; note every fault."""
    path = folder / "questions.yaml"
    keys = reader.shaped(path, QUESTION_KEYS, reader.raw(path), set(schema.QuestionKind)) or []
    _check_pool(reader, path, file, keys)
    for key in keys:
        _check_accepted(reader, path, key)
    texts: dict[str, dict[str, schema.QuestionText]] = {key.id: {} for key in keys}
    for language in languages:
        text_path = folder / language / "questions.yaml"
        if language != ENGLISH and not text_path.exists():
            continue
        found = reader.pieces(text_path, QUESTION_TEXT, reader.raw(text_path), texts)
        for key in keys:
            if key.id in found and _check_words(reader, text_path, key, found[key.id]):
                texts[key.id][language] = found[key.id]
    return tuple(
        Question(key, Texts(texts[key.id]), f"{folder.name}/questions.yaml#{key.id}")
        for key in keys
    )


def _check_words(
    reader: ContentReader, path: Path, key: schema.QuestionKey, text: schema.QuestionText
) -> bool:
    wanted, given = words_wanted(key), words_given(text)
    for one in sorted(wanted - given):
        reader.fault(path, f"{key.id}.{one}", "is missing")
    for one in sorted(given - wanted):
        reader.fault(path, f"{key.id}.{one}", "is not in the file without texts")
    return wanted == given


def _check_pool(
    reader: ContentReader, path: Path, file: schema.ModuleFile, keys: list[schema.QuestionKey]
) -> None:
    reader.unique(path, "id", [key.id for key in keys])
    everywhere = [key for key in keys if key.is_asked_in(None)]
    if len(everywhere) < POOL_AT_LEAST:
        message = (
            f"has {counted(len(everywhere), 'question')} for everybody; a pool needs at least"
            f" {POOL_AT_LEAST}"
        )
        reader.fault(path, "", message)
    scenarios = sum(key.kind is schema.QuestionKind.SCENARIO for key in everywhere)
    if scenarios < SCENARIOS_AT_LEAST:
        reader.fault(path, "", f"has {counted(scenarios, 'scenario')}; a pool needs at least three")
    lessons = {plan.id for plan in file.lessons}
    for key in keys:
        if key.lesson not in lessons:
            reader.fault(path, f"{key.id}.lesson", f"this module has no lesson {key.lesson}")
    _check_blueprint(reader, path, "blueprint", file.quiz.blueprint, everywhere)
    in_short_tests = schema.keys_for_short_tests(everywhere)
    _check_blueprint(reader, path, "check", file.quiz.check, in_short_tests)


def _check_accepted(reader: ContentReader, path: Path, key: schema.QuestionKey) -> None:
    if isinstance(key, schema.ShortTextKey):
        for one in sorted(set(key.accepted) - {ANY_LANGUAGE, *reader.codes}):
            reader.fault(
                path, f"{key.id}.accepted", f"lists {one}, which is not a language of the programme"
            )


def _check_blueprint(
    reader: ContentReader,
    path: Path,
    name: str,
    blueprint: list[schema.Draw],
    keys: list[schema.QuestionKey],
) -> None:
    """Check that each part can draw a new topic, whatever the earlier parts took."""
    taken = 0
    for number, part in enumerate(blueprint, start=1):
        topics = len({key.topic for key in keys if part.takes(key)})
        if topics < taken + part.draw:
            reader.fault(
                path,
                f"quiz.{name}.{number}",
                f"draws {part.draw} after {taken} others without repeating a topic, but there are only"
                f" {counted(topics, 'topic')}",
            )
        taken += part.draw


def check_orphans(reader: ContentReader, standard: Standard, modules: list[Module]) -> None:
    """Check that each criterion is taught by a lesson and asked about by three questions."""
    taught = {one for module in modules for part in module.lessons for one in part.plan.criteria}
    asked = Counter(
        one
        for module in modules
        for question in module.questions_for(None)
        for one in question.key.criteria
    )
    for criterion in standard.criteria:
        if criterion.id not in taught:
            reader.fault("standard/rubric.yaml", criterion.id, "no lesson covers it")
        if asked[criterion.id] < QUESTIONS_PER_CRITERION:
            count = asked[criterion.id]
            reader.fault(
                "standard/rubric.yaml",
                criterion.id,
                f"{count} of the 3 required questions ask about it",
            )
