"""Finds the numbers and mail addresses in a contact, to make links of them."""

import re

from cissapp.foundation.core.unicode import normalised
from cissapp.prepare.facts.rules.searching import MAIL, NUMBER, SERVICE_NUMBER, TIME

Piece = tuple[str, str | None]


def linked(contact: str) -> list[Piece]:
    """Split a contact into pieces, each with its link if it is a number or a mail address."""
    found = sorted([*_mails(contact), *_numbers(contact)])
    pieces: list[Piece] = []
    done = 0
    for start, end, address in found:
        if start < done:
            continue
        if contact[done:start]:
            pieces.append((contact[done:start], None))
        pieces.append((contact[start:end], address))
        done = end
    if contact[done:]:
        pieces.append((contact[done:], None))
    return pieces


def _mails(contact: str) -> list[tuple[int, int, str]]:
    return [(*one.span(), f"mailto:{one[0]}") for one in MAIL.finditer(contact)]


def _numbers(contact: str) -> list[tuple[int, int, str]]:
    """List the numbers that can be dialled, without times and room numbers."""
    hidden = TIME.sub(lambda one: "·" * len(one[0]), normalised("NFC", contact))
    if len(hidden) != len(contact):
        return []
    found = []
    for one in NUMBER.finditer(hidden):
        digits = re.sub(r"\D", "", one[0])
        together = one[0].isdigit() and len(digits) >= SERVICE_NUMBER
        if together or len(digits) > SERVICE_NUMBER + 1:
            plus = "+" if one[0].startswith("+") else ""
            found.append((*one.span(), f"tel:{plus}{digits}"))
    return found
