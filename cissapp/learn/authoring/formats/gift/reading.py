"""Parses GIFT as Moodle does: questions are separated by empty lines, answers are in braces."""

import re
from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from cissapp.foundation.content.schema import QuestionKind
from cissapp.learn.authoring.formats.gift.answers import ParsedAnswers, read_answers
from cissapp.learn.authoring.formats.gift.marks import masked, unmasked
from cissapp.learn.authoring.formats.gift.texts import GiftTexts
from cissapp.learn.authoring.formats.plain_text import (
    LONGEST,
    LONGEST_NAME,
    TOO_LONG,
    without_controls,
)
from cissapp.learn.authoring.rules.drafts import (
    DraftDefaults,
    ImportedAnswer,
    ImportedQuestion,
    convert_questions,
    words_of_truth,
)
from cissapp.learn.authoring.rules.import_report import (
    ImportNote,
    ImportReport,
    LeftOutQuestion,
    UnreadableFile,
    check_size,
)

BLANK = "_____"
NOT_GIFT = (
    "This is not a GIFT file: it contains no question with answers between { and } or"
    " with a name between :: and ::."
)


class _Block(Struct, frozen=True):
    """The lines of one question, and where the first stands."""

    line: int
    text: str

    @property
    def place(self) -> str:
        return f"line {self.line}"


def read_gift(text: str, filling: DraftDefaults) -> ImportReport:
    """Read a GIFT file; every question is imported or reported.

    Raises `UnreadableFile` if the file is larger than 2 MB, or is no GIFT at all.
    """
    text = check_size(text).replace("\r\n", "\n").replace("\r", "\n")
    if text.lstrip("\ufeff \n\t").startswith(("<?xml", "<quiz")):
        raise UnreadableFile("This is an XML file, not GIFT. Import it with --format moodle-xml.")
    if "\0" in text:
        raise UnreadableFile(NOT_GIFT)
    blocks = list(_blocks(masked(without_controls(text))))
    asked = [block for block in blocks if not _is_category(block)]
    if not any(_looks_like_a_question(block) for block in asked):
        raise UnreadableFile(NOT_GIFT)
    report = convert_questions([_question(block, filling.language) for block in asked], filling)
    categories = (
        ImportNote(block.place, "", f"not kept: the category {_category(block)}")
        for block in blocks
        if _is_category(block)
    )
    return replace(report, notes=(*categories, *report.notes))


def _blocks(text: str) -> Iterator[_Block]:
    """Part the file at empty lines; also where a name begins after answers that are closed."""
    lines: list[str] = []
    first, closed = 0, False
    for number, line in enumerate(text.split("\n"), start=1):
        bare = line.strip()
        if bare.startswith("//"):
            continue
        begins = closed and bare.startswith("::")
        if lines and (not bare or begins or lines[0].startswith("$CATEGORY:")):
            yield _Block(first, "\n".join(lines))
            lines, closed = [], False
        if bare:
            first = first if lines else number
            closed = closed or "}" in bare
            lines.append(bare)
    if lines:
        yield _Block(first, "\n".join(lines))


def _is_category(block: _Block) -> bool:
    return block.text.startswith("$CATEGORY:")


def _category(block: _Block) -> str:
    return unmasked(block.text.removeprefix("$CATEGORY:").strip())


def _looks_like_a_question(block: _Block) -> bool:
    named = block.text.startswith("::") and "::" in block.text[2:]
    opened = block.text.find("{")
    return named or 0 < opened < block.text.find("}", opened)


def _question(block: _Block, language: str) -> ImportedQuestion | LeftOutQuestion:
    name, rest = _name(block.text)
    start, end = rest.find("{"), rest.find("}")
    reason = _unreadable(rest, start, end)
    if reason:
        return LeftOutQuestion(block.place, name, reason)
    head, body, tail = rest[:start], rest[start + 1 : end].strip(), rest[end + 1 :]
    texts = GiftTexts()
    asked = texts.question(f"{head}{BLANK}{tail}" if tail.strip() else head)
    body, _, general = body.rpartition("####") if "####" in body else (body, "", "")
    parsed = read_answers(body.strip(), texts)
    if isinstance(parsed, str):
        return LeftOutQuestion(block.place, name, parsed)
    return ImportedQuestion(
        block.place,
        name,
        parsed.kind,
        asked,
        _named_truth(parsed, language),
        parsed.spare,
        texts.plain(general),
        (*parsed.losses, *texts.losses),
    )


def _unreadable(rest: str, start: int, end: int) -> str | None:
    """Return what keeps a block from being read, given where its braces stand."""
    reasons = {
        TOO_LONG: len(rest) > LONGEST,
        "a description: it asks nothing": start == end,
        "a brace is missing: answers must be between { and }": start == -1 or end < start,
        "has two groups of answers: put an empty line between two questions": (
            "{" in rest[end + 1 :] or "}" in rest[end + 1 :]
        ),
    }
    return next((reason for reason, holds in reasons.items() if holds), None)


def _name(text: str) -> tuple[str, str]:
    """Part the name, which stands between two pairs of colons, from the rest."""
    found = re.match(r"::(.*?)::", text, re.DOTALL)
    if found is None:
        return "", text
    return " ".join(unmasked(found[1]).split())[:LONGEST_NAME], text[found.end() :]


def _named_truth(parsed: ParsedAnswers, language: str) -> tuple[ImportedAnswer, ...]:
    """Write "true" and "false" in the language: GIFT leaves them to the system that asks."""
    if parsed.kind is not QuestionKind.TRUE_FALSE:
        return parsed.answers
    words = words_of_truth(language)
    return tuple(
        replace(answer, text=word) for answer, word in zip(parsed.answers, words, strict=True)
    )
