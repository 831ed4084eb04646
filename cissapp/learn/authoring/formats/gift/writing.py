"""Writes GIFT, and reports what the format cannot carry."""

from collections.abc import Iterable

from cissapp.foundation.content.schema import (
    ChoiceKey,
    MatchingKey,
    QuestionKind,
    QuestionText,
    ShortTextKey,
)
from cissapp.foundation.content.values import Question
from cissapp.learn.authoring.formats.exportable import is_plain_true_false, split_exportable
from cissapp.learn.authoring.formats.gift.marks import escaped
from cissapp.learn.authoring.formats.plain_text import without_controls
from cissapp.learn.authoring.formats.weights import share_text
from cissapp.learn.authoring.rules.import_report import LeftOutQuestion

CARRIED = (
    QuestionKind.SINGLE,
    QuestionKind.MULTIPLE,
    QuestionKind.TRUE_FALSE,
    QuestionKind.MATCHING,
    QuestionKind.SHORT_TEXT,
)
ARROW = "->"


def write_gift(
    questions: Iterable[Question], language: str
) -> tuple[str, tuple[LeftOutQuestion, ...]]:
    """Write questions in a language; return the text of the file, and the questions left out.

    Points stay the same: each right option earns its share, each wrong one deducts a share.
    """
    kept, dropped = split_exportable(questions, language, CARRIED)
    blocks = []
    for number, question in kept:
        words, key = question.texts[language], question.key
        if isinstance(key, ShortTextKey) and any(ARROW in one for one in _forms(key)):
            reason = f"an accepted answer contains {ARROW}, which means a pair in GIFT"
            dropped.append(LeftOutQuestion(f"question {number}", question.id, reason))
            continue
        answers = "\n".join((*_answers(question, words), f"####{_text(words.fact)}"))
        blocks.append(f"::{escaped(question.id)}::[plain]{_line(words.text)}{{\n{answers}\n}}\n")
    return "\n".join(blocks), tuple(dropped)


def _line(text: str) -> str:
    return escaped(without_controls(text).strip())


def _text(text: str) -> str:
    """Prefix a text with `[plain]` if it begins like a format or a weight."""
    line = _line(text)
    return f"[plain]{line}" if line.startswith(("[", "%")) else line


def _bare(text: str) -> str:
    """Replace the arrows in a text: none can be escaped, and each would make a pair."""
    return text.replace(ARROW, "→")


def _forms(key: ShortTextKey) -> list[str]:
    """List the accepted answers of all languages: each counts, whatever the page speaks."""
    return list(dict.fromkeys(form for forms in key.accepted.values() for form in forms))


def _answers(question: Question, words: QuestionText) -> list[str]:
    key = question.key
    if isinstance(key, MatchingKey):
        return _pairs(key, words)
    if isinstance(key, ShortTextKey):
        # In Moodle `*` matches anything; with a backslash before it, it matches itself.
        return ["=" + _text(form.replace("*", r"\*")) for form in _forms(key)]
    assert isinstance(key, ChoiceKey)  # noqa: S101 -- CARRIED has no other kind
    if is_plain_true_false(key, words):
        return [_truth(key, words)]
    share = share_text(len(key.key))
    earns, loses = (
        ("=", "~") if key.kind is not QuestionKind.MULTIPLE else (f"~%{share}%", f"~%-{share}%")
    )
    return [
        f"{earns if one in key.key else loses}{_text(_bare(option.text))}#{_text(option.why)}"
        for one in key.options
        for option in [words.options[one]]
    ]


def _pairs(key: MatchingKey, words: QuestionText) -> list[str]:
    """Write pairs, then the matches that are left over."""
    spare = [one for one in key.matches if one not in key.pairs.values()]
    sides = [(words.options[one].text, words.matches[key.pairs[one]]) for one in key.options]
    sides += [("", words.matches[one]) for one in spare]
    return [f"={_text(_bare(left))} {ARROW} {_line(_bare(right))}" for left, right in sides]


def _truth(key: ChoiceKey, words: QuestionText) -> str:
    """Write `TRUE` or `FALSE`, then the feedback for a wrong answer, then for a right one."""
    right = key.key[0]
    wrong = next(one for one in key.options if one != right)
    sign = "TRUE" if right == key.options[0] else "FALSE"
    return f"{sign}#{_text(words.options[wrong].why)}#{_text(words.options[right].why)}"
