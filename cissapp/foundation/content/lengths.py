"""Finds the languages in which a learner could choose an option by its length."""

from collections.abc import Iterator

from cissapp.foundation.content.schema.questions import ChoiceKey, ScenarioKey
from cissapp.foundation.content.values import Content, Question

# How far the share of right guesses may lie from chance; with a hundred choices it moves by four points on its own.
MARGIN = 0.1
# Fewer choices than these tell nothing.
CHOICES_AT_LEAST = 50

# The length of each option that one can choose from, and the options that are best.
Lengths = tuple[dict[str, int], set[str]]


def length_warnings(content: Content) -> list[str]:
    """List the languages in which the longest option is the right one far more or less often than by chance."""
    questions = [one for module in content.modules for one in module.questions]
    found = []
    for language in content.languages:
        asked = [one for one in questions if language in one.texts]
        for name, lengths in (("questions", _options), ("decisions in stories", _decisions)):
            choices = [one for question in asked for one in lengths(question, language)]
            if warning := _warning(choices):
                found.append(f"{language}: in {len(choices)} {name} {warning}")
    return found


def _options(question: Question, language: str) -> Iterator[Lengths]:
    """Yield the options of a question; steps of a scale have the lengths that they have."""
    key = question.key
    if isinstance(key, ChoiceKey) and not key.scale:
        options = question.texts[language].options
        yield {name: len(options[name].text) for name in key.options}, set(key.key)


def _decisions(question: Question, language: str) -> Iterator[Lengths]:
    if not isinstance(question.key, ScenarioKey):
        return
    for name, decisions in question.key.steps.items():
        options = question.texts[language].steps[name].options
        most = max(one.points for one in decisions.values())
        best = {option for option, one in decisions.items() if one.points == most}
        yield {option: len(options[option].text) for option in decisions}, best


def _warning(choices: list[Lengths]) -> str | None:
    if len(choices) < CHOICES_AT_LEAST:
        return None
    right = sum(_longest_is_best(lengths, best) for lengths, best in choices) / len(choices)
    chance = sum(len(best) / len(lengths) for lengths, best in choices) / len(choices)
    if abs(right - chance) <= MARGIN:
        return None
    return f"the longest option is right in {right:.0%} (by chance: {chance:.0%}); even out the lengths"


def _longest_is_best(lengths: dict[str, int], best: set[str]) -> float:
    most = max(lengths.values())
    longest = {option for option, length in lengths.items() if length == most}
    return len(longest & best) / len(longest)
