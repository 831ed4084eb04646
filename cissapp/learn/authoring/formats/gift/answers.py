"""Parses the text between the braces of a GIFT question; the symbols identify the kind."""

import re
from collections.abc import Callable

from msgspec import Struct

from cissapp.foundation.content.schema import QuestionKind
from cissapp.learn.authoring.formats.gift.texts import GiftTexts
from cissapp.learn.authoring.formats.weights import (
    ALL,
    accepted_forms,
    is_our_rule,
    right_options,
    whole_number,
)
from cissapp.learn.authoring.rules.drafts import ImportedAnswer

_WEIGHT = re.compile(r"\s*%(-?\d{1,3}(?:\.\d{1,9})?)%")
TRUTHS = {"T": True, "TRUE": True, "F": False, "FALSE": False}


class ParsedAnswers(Struct, frozen=True):
    """The answers, and the kind that their symbols identify."""

    kind: QuestionKind
    answers: tuple[ImportedAnswer, ...]
    spare: tuple[str, ...] = ()
    losses: tuple[str, ...] = ()


class _Raw(Struct, frozen=True):
    """An answer as written: its symbol, its weight in percent, its feedback."""

    sign: str
    weight: float
    text: str
    feedback: str


def read_answers(body: str, texts: GiftTexts) -> ParsedAnswers | str:
    """Read the answers; a string is the reason why they cannot become ours."""
    if not body:
        return "an essay: people would have to mark it"
    if body.startswith(">"):
        return "an ordering question: GIFT has no common form for it, but Moodle XML does"
    return _reader_of(body)(body, texts)


def _reader_of(body: str) -> Callable[[str, GiftTexts], ParsedAnswers | str]:
    """Choose the parser by the symbols, in the order in which Moodle checks for them."""
    signs = (
        (_number, body.startswith("#")),
        (_choice, "~" in body),
        (_matching, "=" in body and "->" in body),
        (_truth, body.split("#", 1)[0].strip() in TRUTHS),
    )
    return next((reader for reader, there in signs if there), _short)


def _raw(body: str) -> list[_Raw] | None:
    """Split the answers at their symbols; return None if there is text before the first."""
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


def _choice(body: str, texts: GiftTexts) -> ParsedAnswers | str:
    raw = _raw(body)
    if raw is None:
        return "a sign is missing: each answer must begin with = or ~"
    single = any(one.sign == "=" for one in raw)
    weights = [one.weight for one in raw]
    losses = () if is_our_rule(weights, single=single) else ("the weights of its answers",)
    answers = tuple(
        ImportedAnswer(texts.plain(one.text), right, texts.plain(one.feedback))
        for one, right in zip(raw, right_options(weights, single=single), strict=True)
    )
    return ParsedAnswers(
        QuestionKind.SINGLE if single else QuestionKind.MULTIPLE, answers, losses=losses
    )


def _matching(body: str, texts: GiftTexts) -> ParsedAnswers | str:
    pairs = [one.partition("->") for one in body.split("=") if one.strip()]
    if not all(arrow for _, arrow, _ in pairs):
        return "a pair has no arrow: each line must be = this -> that"
    sides = [(texts.plain(left), texts.match(right)) for left, _, right in pairs]
    answers = tuple(ImportedAnswer(left, match=right) for left, right in sides if left)
    return ParsedAnswers(
        QuestionKind.MATCHING, answers, tuple(right for left, right in sides if not left)
    )


def _truth(body: str, texts: GiftTexts) -> ParsedAnswers:
    """Read `{T#said when wrong#said when right}`."""
    said, wrong, right = (*body.split("#", 2), "", "")[:3]
    is_true = TRUTHS[said.strip()]
    reasons = texts.plain(right), texts.plain(wrong)
    of_true, of_false = reasons if is_true else reasons[::-1]
    answers = (
        ImportedAnswer("True", is_true, of_true),
        ImportedAnswer("False", not is_true, of_false),
    )
    return ParsedAnswers(QuestionKind.TRUE_FALSE, answers)


def _short(body: str, texts: GiftTexts) -> ParsedAnswers | str:
    raw = _raw(body if body.lstrip().startswith("=") else f"={body}")
    if raw is None:
        return "a sign is missing: each answer must begin with ="
    forms, losses = accepted_forms([(texts.plain(one.text), one.weight) for one in raw])
    if any(one.feedback.strip() for one in raw):
        losses += ("the feedback of its answers",)
    return ParsedAnswers(
        QuestionKind.SHORT_TEXT,
        tuple(ImportedAnswer(one, right=True) for one in forms),
        losses=losses,
    )


def _number(body: str, texts: GiftTexts) -> ParsedAnswers | str:
    said, _, feedback = body[1:].strip().removeprefix("=").partition("#")
    number, _, tolerance = said.partition(":")
    value = whole_number(number, tolerance)
    if value is None or "~" in feedback or "=" in feedback:
        return "a number with decimals, a range or several answers: ours must be whole and exact"
    losses: tuple[str, ...] = ("its kind (a number is now a short text)",)
    if texts.plain(feedback):
        losses += ("the feedback of its answers",)
    return ParsedAnswers(
        QuestionKind.SHORT_TEXT, (ImportedAnswer(value, right=True),), losses=losses
    )
