"""Rules for the public page: its parts, its code, and the links in contacts."""

import re
import secrets
from collections.abc import Iterable
from enum import StrEnum

from cissapp.foundation.core.errors import N_
from cissapp.foundation.core.unicode import normalised
from cissapp.prepare.facts.rules.searching import MAIL, NUMBER, SERVICE_NUMBER, TIME

# The signs and the length of a code: without the lookalikes 0 and o, and 1, l and i.
SIGNS = "23456789abcdefghjkmnpqrstuvwxyz"
LENGTH = 8
# A part of a contact, with its link if it is a number or a mail address.
Piece = tuple[str, str | None]


class PagePart(StrEnum):
    """A part of the page."""

    PUPILS = "pupils"
    PARENTS = "parents"
    STAFF = "staff"


PART_NAMES = {
    PagePart.PUPILS: N_("For pupils"),
    PagePart.PARENTS: N_("For parents and carers"),
    PagePart.STAFF: N_("For staff"),
}


def shown_parts(names: Iterable[str]) -> tuple[PagePart, ...]:
    """Return the parts that these names stand for, in the order of the page."""
    wanted = set(names)
    return tuple(part for part in PagePart if part.value in wanted)


def new_code() -> str:
    """Return a new random code, one of 850 thousand million."""
    return "".join(secrets.choice(SIGNS) for _ in range(LENGTH))


def fold_code(typed: str) -> str:
    """Return a code as it is kept, however it was typed."""
    return "".join(sign for sign in typed.lower() if sign.isalnum())


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
