"""Converts questions of another system into drafts of ours; what is missing is marked as to be written."""

import re
from collections.abc import Iterable, Sequence
from string import ascii_lowercase
from typing import Any

from msgspec import Struct, field
from pydantic import TypeAdapter, ValidationError

from cissapp.foundation.content.reader import TO_WRITE, URL_TO_WRITE
from cissapp.foundation.content.schema import (
    CitedSource,
    Difficulty,
    QuestionKey,
    QuestionKind,
    QuestionText,
)
from cissapp.foundation.content.values import Question
from cissapp.foundation.core.unicode import normalised
from cissapp.learn.authoring.rules.import_report import ImportNote, ImportReport, LeftOutQuestion

KEY: TypeAdapter[QuestionKey] = TypeAdapter(QuestionKey)
WORDS_OF_TRUTH = {
    "en": ("True", "False"),
    "ro": ("Adevărat", "Fals"),
    "uk": ("Правда", "Неправда"),
    "ru": ("Верно", "Неверно"),
    "be": ("Праўда", "Няпраўда"),
}
LONGEST_ID = 54


def words_of_truth(language: str) -> tuple[str, str]:
    """Return what true and false are called in a language; in English, where nobody has said it."""
    return WORDS_OF_TRUTH.get(language, WORDS_OF_TRUTH["en"])


class ImportedAnswer(Struct, frozen=True):
    """An answer as the file gives it: for a matching with its match, for an ordering in its place."""

    text: str
    right: bool = False
    why: str = ""
    match: str = ""


class ImportedQuestion(Struct, frozen=True):
    """A question as the file asks it, in plain text; `losses` names what could not be taken along."""

    place: str
    name: str
    kind: QuestionKind
    text: str
    answers: tuple[ImportedAnswer, ...]
    spare: tuple[str, ...] = ()
    fact: str = ""
    losses: tuple[str, ...] = ()
    scale: bool = False


class DraftDefaults(Struct, frozen=True):
    """Required values that other systems' files lack; `used_ids` are those that already exist."""

    topic: int
    lesson: str
    language: str = "en"
    difficulty: Difficulty = Difficulty.MEDIUM
    criteria: tuple[str, ...] = ()
    source: CitedSource | None = None
    used_ids: frozenset[str] = frozenset()


class _Ids(Struct):
    """Makes ids from names, none twice; a name without Latin letters gets a number."""

    used_ids: set[str]
    again: dict[str, int] = field(default_factory=dict)

    def free(self, name: str, number: int) -> str:
        latin = normalised("NFKD", name).encode("ascii", "ignore").decode().lower()
        stem = re.sub(r"[^a-z0-9]+", "-", latin)[:LONGEST_ID].strip("-") or f"imported-{number}"
        found = stem
        while found in self.used_ids:
            self.again[stem] = self.again.get(stem, 1) + 1
            found = f"{stem}-{self.again[stem]}"
        return found


def convert_questions(
    items: Iterable[ImportedQuestion | LeftOutQuestion], filling: DraftDefaults
) -> ImportReport:
    """Convert each item to a question or report why not; every loss is noted."""
    ids, imported = _Ids(set(filling.used_ids)), []
    dropped: list[LeftOutQuestion] = []
    notes: list[ImportNote] = []
    for number, item in enumerate(items, start=1):
        if isinstance(item, LeftOutQuestion):
            dropped.append(item)
            continue
        made = _made(item, filling, ids.free(item.name, number))
        if isinstance(made, LeftOutQuestion):
            dropped.append(made)
            continue
        ids.used_ids.add(made.id)
        imported.append(made)
        losses = dict.fromkeys(item.losses)
        if losses:
            notes.append(ImportNote(item.place, item.name, f"not kept: {', '.join(losses)}"))
    return ImportReport(tuple(imported), tuple(dropped), tuple(notes))


def _made(
    asked: ImportedQuestion, filling: DraftDefaults, question_id: str
) -> Question | LeftOutQuestion:
    reason = _unfit(asked)
    if reason:
        return LeftOutQuestion(asked.place, asked.name, reason)
    ids = list(ascii_lowercase[: len(asked.answers)])
    try:
        key = KEY.validate_python(_key(asked, filling, question_id, ids))
        words = QuestionText.model_validate(_words(asked, ids))
    except ValidationError as error:
        reason = "; ".join(_said(one) for one in error.errors())
        return LeftOutQuestion(asked.place, asked.name, reason)
    return Question(key, {filling.language: words})


def _unfit(asked: ImportedQuestion) -> str | None:
    """Return why a question is left out, where the schema would not say so in plain words."""
    texts = [answer.text for answer in asked.answers]
    right = sum(answer.right for answer in asked.answers)
    matches = [answer.match for answer in asked.answers if answer.match]
    reasons = {
        "has no text": not asked.text,
        "has an answer without text": not all(texts),
        "has more than 26 answers": len(texts) > len(ascii_lowercase),
        "has two answers with the same text": len(set(texts)) != len(texts),
        "gives two of its lines the same match; ours need one for each": (
            len(set(matches)) != len(matches)
        ),
        "has no answer that earns all points and is written in full": (
            asked.kind is QuestionKind.SHORT_TEXT and not texts
        ),
        "allows one choice, but does not have exactly one fully right answer": (
            asked.kind is QuestionKind.SINGLE and right != 1
        ),
    }
    return next((reason for reason, holds in reasons.items() if holds), None)


def _said(error: Any) -> str:
    """Describe a schema error: the field, and what is wrong with it."""
    place = ".".join(str(part) for part in error["loc"] if part not in set(QuestionKind))
    message = str(error["msg"]).removeprefix("Value error, ")
    return f"{place}: {message}" if place else message


def _key(
    asked: ImportedQuestion, filling: DraftDefaults, question_id: str, ids: list[str]
) -> dict[str, Any]:
    source = filling.source
    whole: dict[str, Any] = {
        "id": question_id,
        "topic": filling.topic,
        "kind": asked.kind,
        "difficulty": filling.difficulty,
        "lesson": filling.lesson,
        "criteria": list(filling.criteria),
        "source": {
            "title": source.title if source else f"{TO_WRITE}: where this is said.",
            "url": source.url if source else URL_TO_WRITE,
        },
    }
    return whole | _right(asked, filling.language, ids)


def _right(asked: ImportedQuestion, language: str, ids: list[str]) -> dict[str, Any]:
    """Return the right answer in the key format of the question's kind."""
    if asked.kind is QuestionKind.SHORT_TEXT:
        return {"accepted": _accepted([answer.text for answer in asked.answers], language)}
    if asked.kind is QuestionKind.MATCHING:
        matches = _matches(asked)
        pairs = {one: matches[answer.match] for one, answer in zip(ids, asked.answers, strict=True)}
        return {"options": ids, "matches": list(matches.values()), "pairs": pairs}
    if asked.kind is QuestionKind.ORDERING:
        # The file lists the items in their right order, which must not be the order that is shown.
        by_text = sorted(ids, key=lambda one: asked.answers[ids.index(one)].text)
        return {"options": by_text if by_text != ids else by_text[::-1], "key": ids}
    right = [one for one, answer in zip(ids, asked.answers, strict=True) if answer.right]
    return {"options": ids, "key": right, "scale": asked.scale}


def _accepted(forms: Sequence[str], language: str) -> dict[str, list[str]]:
    """Assign forms to their language, numbers to any; if English is missing, mark it TO WRITE."""
    if all(form.isdigit() for form in forms):
        return {"any": list(forms)}
    missing = {} if language == "en" else {"en": [f"{TO_WRITE}: the forms in English."]}
    return {language: list(forms)} | missing


def _matches(asked: ImportedQuestion) -> dict[str, str]:
    """Assign ids to the matches in the order of the alphabet, so that the order gives nothing away."""
    texts = {answer.match for answer in asked.answers} | set(asked.spare)
    return {text: f"m{number}" for number, text in enumerate(sorted(texts), start=1)}


def _words(asked: ImportedQuestion, ids: list[str]) -> dict[str, Any]:
    words: dict[str, Any] = {
        "text": asked.text,
        "fact": asked.fact or f"{TO_WRITE}: the fact behind the question.",
    }
    if asked.kind is QuestionKind.SHORT_TEXT:
        return words
    words["options"] = {
        one: {"text": answer.text, "why": answer.why or _why(asked.kind, right=answer.right)}
        for one, answer in zip(ids, asked.answers, strict=True)
    }
    if asked.kind is QuestionKind.MATCHING:
        words["matches"] = {one: text for text, one in _matches(asked).items()}
    return words


def _why(kind: QuestionKind, *, right: bool) -> str:
    if kind is QuestionKind.ORDERING:
        return f"{TO_WRITE}: why it stands there."
    if kind is QuestionKind.MATCHING:
        return f"{TO_WRITE}: why these two belong together."
    return f"{TO_WRITE}: why this is {'right' if right else 'not right'}."
