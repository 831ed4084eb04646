"""Nobody finds the right option by its length."""

from collections.abc import Iterator

import pytest
from click.testing import CliRunner
from msgspec.structs import replace

from cissapp.foundation.content import commands
from cissapp.foundation.content.lengths import length_warnings
from cissapp.foundation.content.packed import Texts
from cissapp.foundation.content.schema.questions import ChoiceKey, QuestionText, ScenarioKey
from cissapp.foundation.content.values import Content, Question
from tests.shipped import SHIPPED

MORE_WORDS = ", and a few words more than any other option of this question has" * 3


def lengthened(question: Question, *, right: bool) -> Question:
    """Return a question in English whose right or wrong options are the longest."""
    text = question.texts["en"].model_dump()
    for option, is_right in options_of(question, text):
        if is_right is right:
            option["text"] += MORE_WORDS
    return replace(question, texts=Texts({"en": QuestionText.model_validate(text)}))


def options_of(question: Question, text: dict) -> Iterator[tuple[dict, bool]]:
    if isinstance(question.key, ChoiceKey):
        for name, option in text["options"].items():
            yield option, name in question.key.key
    if isinstance(question.key, ScenarioKey):
        for step, name, decision in question.key.decisions():
            most = max(one.points for one in question.key.steps[step].values())
            yield text["steps"][step]["options"][name], decision.points == most


def content_with(*, right: bool) -> Content:
    modules = tuple(
        replace(module, questions=tuple(lengthened(one, right=right) for one in module.questions))
        for module in SHIPPED.modules
    )
    return replace(SHIPPED, modules=modules)


def test_in_no_language_the_longest_option_gives_itself_away():
    assert length_warnings(SHIPPED) == []


@pytest.mark.parametrize("right", [True, False])
def test_it_is_told_where_the_longest_option_is_always_or_never_right(right):
    questions, decisions = length_warnings(content_with(right=right))

    share = "100%" if right else "0%"
    assert questions.startswith("en: in ")
    assert f"questions the longest option is right in {share}" in questions
    assert f"decisions in stories the longest option is right in {share}" in decisions


def test_the_check_tells_it_and_passes(monkeypatch):
    monkeypatch.setattr(commands, "load", lambda _root: content_with(right=True))
    monkeypatch.setattr(commands, "promise_faults", lambda _content, _root: [])

    result = CliRunner().invoke(commands.content, ["check"])

    assert "even out the lengths" in result.stderr
    assert result.exit_code == 0
