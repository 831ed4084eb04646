"""Grades answers, from the key and the answer alone.

An answer is a list of strings, as stored: the ids of the chosen options; for an ordering all of them in
order; for a matching `option=match`; for a scenario `step=option` along the way; for a short text the
text itself. Points are hundredths: 100 is a full answer.
"""

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import assert_never

from cissapp.foundation.content.schema import (
    ChoiceKey,
    MatchingKey,
    OrderingKey,
    QuestionKey,
    QuestionKind,
    ScenarioKey,
    ShortTextKey,
)
from cissapp.foundation.core.errors import N_, Problem
from cissapp.foundation.core.unicode import normalised

FULL = 100
LONGEST_TEXT = 120

# The rule of each kind in the learner's words, shown before answering.
CREDIT_RULES = {
    QuestionKind.SINGLE: N_("One answer is right."),
    QuestionKind.TRUE_FALSE: N_("One answer is right."),
    QuestionKind.MULTIPLE: N_(
        "Several answers may be right. Each right answer earns a share of the point and each wrong answer takes a share away. You cannot score below zero."
    ),
    QuestionKind.MATCHING: N_(
        "Each right pair earns its share of the point. Nothing is taken away."
    ),
    QuestionKind.ORDERING: N_(
        "Each pair of steps in the right order earns a share of the point, and each pair in the wrong order takes a share away. You cannot score below zero."
    ),
    QuestionKind.SHORT_TEXT: N_(
        "Enter a few words or a number. Capital letters, spaces and accents do not matter."
    ),
    QuestionKind.SCENARIO: N_(
        "Each decision earns points, and a good decision later can make up for an earlier one. You cannot change a decision once you have moved on."
    ),
}


def points(key: QuestionKey, chosen: Sequence[str] | None) -> int:
    """Grade an answer in hundredths of a point, from 0 to 100, never rounded up."""
    return _points(key, chosen) if chosen else 0


def _points(key: QuestionKey, chosen: Sequence[str]) -> int:
    match key:
        case ChoiceKey():
            return _points_of_choice(key, chosen)
        case MatchingKey():
            right = sum(f"{option}={match}" in chosen for option, match in key.pairs.items())
            return right * FULL // len(key.options)
        case OrderingKey():
            return _points_of_order(key, chosen)
        case ShortTextKey():
            return _points_of_text(key, chosen)
        case ScenarioKey():
            return _points_of_scenario(key, chosen)
        case _:
            assert_never(key)


def _points_of_choice(key: ChoiceKey, chosen: Sequence[str]) -> int:
    if key.kind is not QuestionKind.MULTIPLE:
        return FULL if set(chosen) == set(key.key) else 0
    right = len(set(chosen) & set(key.key))
    wrong = len(set(chosen) - set(key.key))
    return max(0, (right - wrong) * FULL // len(key.key))


def _points_of_order(key: OrderingKey, chosen: Sequence[str]) -> int:
    if sorted(chosen) != sorted(key.key):
        return 0
    place = {option: number for number, option in enumerate(key.key)}
    signs = [1 if place[a] < place[b] else -1 for a, b in combinations(chosen, 2)]
    return max(0, sum(signs) * FULL // len(signs))


def _points_of_text(key: ShortTextKey, chosen: Sequence[str]) -> int:
    forms = {letters_and_digits(form) for forms in key.accepted.values() for form in forms}
    return FULL if letters_and_digits(chosen[0]) in forms else 0


def _points_of_scenario(key: ScenarioKey, chosen: Sequence[str]) -> int:
    decisions = follow_decisions(key, chosen)
    return sum(key.steps[step][option].points for step, option in decisions) * FULL // key.best


def letters_and_digits(text: str) -> str:
    """Reduce a short text to its letters and digits, without case and accents."""
    parts = normalised("NFKD", text.casefold())
    return "".join(mark for mark in parts if mark.isalnum())


def follow_decisions(key: ScenarioKey, chosen: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Follow the decisions of an answer from the first step, as far as they lead."""
    by_step = dict(one.split("=", 1) for one in chosen if "=" in one)
    step: str | None = key.first
    while step is not None and by_step.get(step) in key.steps[step]:
        yield step, by_step[step]
        step = key.steps[step][by_step[step]].next


def next_step(key: ScenarioKey, chosen: Sequence[str] | None) -> str | None:
    """Return the step of a scenario that comes next; None once the story has ended."""
    step: str | None = key.first
    for at, option in follow_decisions(key, chosen or ()):
        step = key.steps[at][option].next
    return step


def is_complete(key: QuestionKey, chosen: Sequence[str] | None) -> bool:
    """Check whether the answer is complete: only a scenario can be half finished."""
    if not chosen:
        return False
    return not isinstance(key, ScenarioKey) or next_step(key, chosen) is None


_NOT_OFFERED = Problem("chosen", N_("Choose from the answers offered."))


def answer_problem(key: QuestionKey, chosen: Sequence[str]) -> Problem | None:
    """Return what is wrong with an answer: nothing chosen, something not offered, or not all placed."""
    if not any(one.strip() for one in chosen):
        return Problem("chosen", N_("Choose an answer."))
    return _problem_of_kind(key, chosen)


def _problem_of_kind(key: QuestionKey, chosen: Sequence[str]) -> Problem | None:
    match key:
        case ChoiceKey():
            return _choice_problem(key, chosen)
        case MatchingKey():
            return _matching_problem(key, chosen)
        case OrderingKey():
            return _order_problem(key, chosen)
        case ShortTextKey():
            return _text_problem(chosen)
        case ScenarioKey():
            led_to = list(follow_decisions(key, chosen))
            return None if len(led_to) == len(chosen) else _NOT_OFFERED
        case _:
            assert_never(key)


def _text_problem(chosen: Sequence[str]) -> Problem | None:
    if len(chosen) != 1 or len(chosen[0]) > LONGEST_TEXT:
        return Problem("chosen", N_("Enter a few words, at most 120 characters."))
    return None


def _choice_problem(key: ChoiceKey, chosen: Sequence[str]) -> Problem | None:
    if not set(chosen) <= set(key.options):
        return _NOT_OFFERED
    if key.kind is not QuestionKind.MULTIPLE and len(set(chosen)) > 1:
        return Problem("chosen", N_("Choose one answer."))
    return None


def _matching_problem(key: MatchingKey, chosen: Sequence[str]) -> Problem | None:
    pairs = [one.partition("=") for one in chosen]
    if not all(option in key.options and match in key.matches for option, _, match in pairs):
        return _NOT_OFFERED
    if sorted(option for option, _, _ in pairs) != sorted(key.options):
        return Problem("chosen", N_("Choose an option for each line."))
    return None


def _order_problem(key: OrderingKey, chosen: Sequence[str]) -> Problem | None:
    if not set(chosen) <= set(key.options):
        return _NOT_OFFERED
    if sorted(chosen) != sorted(key.options):
        return Problem("chosen", N_("Give each step a different place."))
    return None


def normalise_answer(key: QuestionKey, chosen: Sequence[str]) -> list[str]:
    """Return an answer in its stored form, so that equal answers are stored alike."""
    if isinstance(key, ChoiceKey):
        return [option for option in key.options if option in chosen]
    if isinstance(key, ShortTextKey):
        return [" ".join(chosen[0].split())]
    return list(chosen) if isinstance(key, OrderingKey | ScenarioKey) else sorted(chosen)


def full_answer(key: QuestionKey) -> list[str]:
    """Return an answer that earns all points: for demonstrations and tests."""
    match key:
        case ChoiceKey():
            return [option for option in key.options if option in key.key]
        case MatchingKey():
            return sorted(f"{option}={match}" for option, match in key.pairs.items())
        case OrderingKey():
            return list(key.key)
        case ShortTextKey():
            return [next(form for forms in key.accepted.values() for form in forms)]
        case ScenarioKey():
            return _best_decisions(key)
        case _:
            assert_never(key)


def _best_decisions(key: ScenarioKey) -> list[str]:
    worth: dict[str | None, int] = {None: 0}
    choices: dict[str, str] = {}
    for step in reversed(key.steps):
        options = key.steps[step]
        choices[step] = max(options, key=lambda one: options[one].points + worth[options[one].next])
        best = options[choices[step]]
        worth[step] = best.points + worth[best.next]
    found: list[str] = []
    at: str | None = key.first
    while at is not None:
        found.append(f"{at}={choices[at]}")
        at = key.steps[at][choices[at]].next
    return found


def worthless_answer(key: QuestionKey) -> list[str]:
    """Return an allowed answer that earns nothing, or as little as possible: for demonstrations."""
    match key:
        case MatchingKey():
            matches = [key.pairs[one] for one in key.options]
            turned = zip(key.options, [*matches[1:], matches[0]], strict=True)
            return sorted(f"{option}={match}" for option, match in turned)
        case OrderingKey():
            return key.key[::-1]
        case ShortTextKey():
            return ["?"]
        case ScenarioKey():
            return _worst_decisions(key)
        case ChoiceKey():
            return [next(option for option in key.options if option not in key.key)]
        case _:
            assert_never(key)


def _worst_decisions(key: ScenarioKey) -> list[str]:
    found: list[str] = []
    at: str | None = key.first
    while at is not None:
        options = key.steps[at]
        found.append(f"{at}={min(options, key=lambda one: options[one].points)}")
        at = next_step(key, found)
    return found
