"""Reads what stands between the braces of a GIFT question; the signs tell the kind."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from cissapp.foundation.content.schema import QuestionKind
from cissapp.learn.authoring.drafts import Answer
from cissapp.learn.authoring.gift.texts import Texts
from cissapp.learn.authoring.weighing import ALL, chosen_from, is_our_rule, short_forms, whole

_WEIGHT = re.compile(r"\s*%(-?\d{1,3}(?:\.\d{1,9})?)%")
TRUTHS = {"T": True, "TRUE": True, "F": False, "FALSE": False}


@dataclass(frozen=True)
class Parsed:
    """The answers, and the kind that their signs tell."""

    kind: QuestionKind
    answers: tuple[Answer, ...]
    spare: tuple[str, ...] = ()
    losses: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Raw:
    """An answer as it is written: its sign, its weight in hundredths, its feedback."""

    sign: str
    weight: float
    text: str
    feedback: str


def answers_of(body: str, texts: Texts) -> Parsed | str:
    """Read the answers; a string is the reason why they cannot become ours."""
    if not body:
        return "an essay: people would have to mark it"
    if body.startswith(">"):
        return "an ordering question: GIFT carries it in no common form, Moodle XML does"
    return _reader_of(body)(body, texts)


def _reader_of(body: str) -> Callable[[str, Texts], Parsed | str]:
    """Tell the kind by the signs, in the order in which Moodle looks for them."""
    signs = (
        (_number, body.startswith("#")),
        (_choice, "~" in body),
        (_matching, "=" in body and "->" in body),
        (_truth, body.split("#", 1)[0].strip() in TRUTHS),
    )
    return next((reader for reader, there in signs if there), _short)


def _raw(body: str) -> list[_Raw] | None:
    """Part the answers at their signs; None, if something stands before the first."""
    first, *pieces = re.split(r"([~=])", body)
    if first.strip():
        return None
    found = []
    for sign, piece in zip(pieces[::2], pieces[1::2], strict=True):
        weighed = _WEIGHT.match(piece)
        weight = float(weighed[1]) if weighed else (float(ALL) if sign == "=" else 0.0)
        text, _, feedback = piece[weighed.end() if weighed else 0 :].partition("#")
        if text.strip() or weighed:
            found.append(_Raw(sign, weight, text, feedback))
    return found


def _choice(body: str, texts: Texts) -> Parsed | str:
    raw = _raw(body)
    if raw is None:
        return "a sign is missing: each answer begins with = or ~"
    single = any(one.sign == "=" for one in raw)
    weights = [one.weight for one in raw]
    losses = () if is_our_rule(weights, single=single) else ("the weights of its answers",)
    answers = tuple(
        Answer(texts.plain(one.text), right, texts.plain(one.feedback))
        for one, right in zip(raw, chosen_from(weights, single=single), strict=True)
    )
    return Parsed(QuestionKind.SINGLE if single else QuestionKind.MULTIPLE, answers, losses=losses)


def _matching(body: str, texts: Texts) -> Parsed | str:
    pairs = [one.partition("->") for one in body.split("=") if one.strip()]
    if not all(arrow for _, arrow, _ in pairs):
        return "a pair has no arrow: each line is = this -> that"
    sides = [(texts.plain(left), texts.match(right)) for left, _, right in pairs]
    answers = tuple(Answer(left, match=right) for left, right in sides if left)
    return Parsed(QuestionKind.MATCHING, answers, tuple(right for left, right in sides if not left))


def _truth(body: str, texts: Texts) -> Parsed:
    """Read `{T#said when wrong#said when right}`."""
    said, wrong, right = (*body.split("#", 2), "", "")[:3]
    is_true = TRUTHS[said.strip()]
    reasons = texts.plain(right), texts.plain(wrong)
    of_true, of_false = reasons if is_true else reasons[::-1]
    answers = (Answer("True", is_true, of_true), Answer("False", not is_true, of_false))
    return Parsed(QuestionKind.TRUE_FALSE, answers)


def _short(body: str, texts: Texts) -> Parsed | str:
    raw = _raw(body if body.lstrip().startswith("=") else f"={body}")
    if raw is None:
        return "a sign is missing: each answer begins with ="
    forms, losses = short_forms([(texts.plain(one.text), one.weight) for one in raw])
    if any(one.feedback.strip() for one in raw):
        losses += ("the feedback of its answers",)
    return Parsed(
        QuestionKind.SHORT_TEXT, tuple(Answer(one, right=True) for one in forms), losses=losses
    )


def _number(body: str, texts: Texts) -> Parsed | str:
    said, _, feedback = body[1:].strip().removeprefix("=").partition("#")
    number, _, tolerance = said.partition(":")
    value = whole(number, tolerance)
    if value is None or "~" in feedback or "=" in feedback:
        return "a number with decimals, a range or several answers: ours are whole and exact"
    losses: tuple[str, ...] = ("its kind (a number is now a short text)",)
    if texts.plain(feedback):
        losses += ("the feedback of its answers",)
    return Parsed(QuestionKind.SHORT_TEXT, (Answer(value, right=True),), losses=losses)
