"""Finds what is wrong with a mistyped code, and roughly where; pure functions."""

import re
from collections.abc import Iterator
from typing import Any

from msgspec import Struct, field

from cissapp.certify.certificates.rules import (
    CODE_MARKS,
    GROUP,
    is_code,
    normalise_code,
)
from cissapp.foundation.core.errors import N_
from cissapp.foundation.core.unicode import CODE_LETTERS

NUMBER = re.compile(r"[A-Z]{2}[\s-]*+20\d\d[\s-]*+\d{1,6}", re.IGNORECASE)
# Pairs misread on paper, apart from those already treated as equal, such as O and 0.
LOOK_ALIKES = ("8B", "5S", "2Z", "6G", "17", "0D", "VY", "MN")


class CodeSlip(Struct, frozen=True):
    """What is wrong with a typed code: a sentence with its values."""

    sentence: str
    values: dict[str, Any] = field(default_factory=dict)


def slip_in(raw: str) -> CodeSlip | None:
    """Find what is wrong with a typed code and roughly where, or return None if it is valid.

    The check character cannot tell which character is wrong: those that are easily confused are suggested
    first.
    """
    code = normalise_code(raw)
    if is_code(code):
        return None
    if NUMBER.fullmatch(raw[:500].strip()):
        return CodeSlip(
            N_(
                "This is the certificate number. The code is longer: five groups of four characters, beside the square."
            )
        )
    strange = next((place for place, mark in enumerate(code) if mark not in CODE_LETTERS), None)
    if strange is not None and strange < CODE_MARKS:
        values = {"sign": code[strange], "group": strange // GROUP + 1}
        return CodeSlip(
            N_("There is a mistake in group %(group)s of this code: codes never contain %(sign)s."),
            values,
        )
    if len(code) != CODE_MARKS:
        return _wrong_length(raw, code)
    return _misread(code)


def _wrong_length(raw: str, code: str) -> CodeSlip:
    groups = [group for group in re.split(r"[\W_]+", raw.strip()) if group]
    wrong = [place for place, group in enumerate(groups, 1) if len(group) != GROUP]
    if len(groups) == CODE_MARKS // GROUP and len(wrong) == 1:
        return CodeSlip(
            N_(
                "There is a mistake in group %(group)s of this code: each group has four characters."
            ),
            {"group": wrong[0]},
        )
    values = {"typed": len(code), "whole": CODE_MARKS}
    return CodeSlip(
        N_(
            "There is a mistake in this code: it has %(typed)s of %(whole)s characters. Compare it with the certificate, group by group."
        ),
        values,
    )


def _misread(code: str) -> CodeSlip:
    """Point out characters that are easily confused, or else two that were swapped."""
    hints = [*_look_alikes(code)] or [*_swaps(code)]
    names = ("group", "typed", "meant"), ("group2", "typed2", "meant2")
    values = {
        name: value
        for named, hint in zip(names, hints, strict=False)
        for name, value in zip(named, hint, strict=True)
    }
    if len(hints) == 1:
        return CodeSlip(
            N_(
                "There is a mistake in this code. Look at group %(group)s first: it may be %(meant)s instead of %(typed)s."
            ),
            values,
        )
    if len(hints) == len(names):
        return CodeSlip(
            N_(
                "There is a mistake in this code. Look here first: in group %(group)s it may be %(meant)s instead of %(typed)s, or in group %(group2)s %(meant2)s instead of %(typed2)s."
            ),
            values,
        )
    return CodeSlip(
        N_(
            "There is a mistake in this code. Compare it with the certificate, character by character: 8 and B, 5 and S, 2 and Z look alike."
        )
    )


def corrected(code: str) -> list[str]:
    """List the valid codes that result from replacing one character with a look-alike."""
    if len(code) != CODE_MARKS or not set(code) <= set(CODE_LETTERS):
        return []
    return [
        changed
        for place, mark in enumerate(code)
        for pair in LOOK_ALIKES
        if mark in pair
        and is_code(changed := code[:place] + pair.replace(mark, "") + code[place + 1 :])
    ]


def _look_alikes(code: str) -> Iterator[tuple[int, str, str]]:
    """Yield the group, a character, and the look-alike that would make the code valid."""
    for place, mark in enumerate(code):
        for pair in LOOK_ALIKES:
            meant = pair.replace(mark, "")
            if mark in pair and is_code(code[:place] + meant + code[place + 1 :]):
                yield place // GROUP + 1, mark, meant


def _swaps(code: str) -> Iterator[tuple[int, str, str]]:
    """Yield the group, two neighbouring characters, and their swap where that makes the code valid."""
    for place in range(len(code) - 1):
        two = code[place : place + 2]
        if is_code(code[:place] + two[::-1] + code[place + 2 :]):
            yield place // GROUP + 1, two, two[::-1]
