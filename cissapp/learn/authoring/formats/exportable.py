"""Which questions a format of another system can carry."""

from collections.abc import Collection, Iterable

from cissapp.foundation.content.schema import ChoiceKey, QuestionKind, QuestionText
from cissapp.foundation.content.values import Question
from cissapp.learn.authoring.rules.drafts import WORDS_OF_TRUTH
from cissapp.learn.authoring.rules.import_report import LeftOutQuestion

REASONS = {
    QuestionKind.SCENARIO: "a scenario: the format has no questions in steps",
    QuestionKind.ORDERING: "an ordering question: the format has none, but Moodle XML does",
}


def split_exportable(
    questions: Iterable[Question], language: str, kinds: Collection[QuestionKind]
) -> tuple[list[tuple[int, Question]], list[LeftOutQuestion]]:
    """Part the questions, numbered from 1, into those that can be written and those that cannot."""
    kept: list[tuple[int, Question]] = []
    dropped: list[LeftOutQuestion] = []
    for number, question in enumerate(questions, start=1):
        kind = question.key.kind
        if kind not in kinds:
            dropped.append(LeftOutQuestion(f"question {number}", question.id, REASONS[kind]))
        elif language not in question.texts:
            reason = f"has no text in the language {language}"
            dropped.append(LeftOutQuestion(f"question {number}", question.id, reason))
        else:
            kept.append((number, question))
    return kept, dropped


def is_plain_true_false(key: ChoiceKey, words: QuestionText) -> bool:
    """Check that the options are "true" and "false" and nothing more: other words would be lost."""
    said = tuple(words.options[one].text for one in key.options)
    return key.kind is QuestionKind.TRUE_FALSE and said in WORDS_OF_TRUTH.values()
