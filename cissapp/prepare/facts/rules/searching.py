"""Finds old contacts, job titles and names in documents: whole numbers, addresses and words only."""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from msgspec import Struct

from cissapp.foundation.core.unicode import normalised

MAIL = re.compile(r"[^@\s,;<>()\"']{1,64}@[^@\s,;<>()\"']{1,190}\.[^@\s,;<>()\"'.]{2,}")
SITE = re.compile(r"(?:https?://|www\.)[^\s,;<>()\"']+")
# Times and dates consist of digits too, but nobody dials them.
TIME = re.compile(r"(?<![\d.:])\d{1,2}[:.]\d{2}(?![\d.:])")
NUMBER = re.compile(r"\+?\(?\d[\d\s().\-–/]*\d")
BETWEEN = r"[\s().\-–/]{0,3}"
# Prefixes of a country's numbers when dialled from abroad, and from within it.
PREFIX = re.compile(r"^(?:380|373|375|40|7|80|0)")
COUNTRY = r"(?:\+?\s?\(?(?:380|373|375|40|7|8)\)?" + BETWEEN + r")?\(?0?" + BETWEEN
# The digits of a number with its area code; a shorter one is a service number or local.
WHOLE_NUMBER = 8
SERVICE_NUMBER = 3
SAME_SIGNS = str.maketrans(
    {
        **dict.fromkeys("’ʼ`´‘", "'"),
        **dict.fromkeys("‐‑–—−", "-"),
        **dict.fromkeys("“”„«»", '"'),
        "\u00ad": "",
    }
)


def folded_text(text: str) -> str:
    """Return a text with spelling variants unified: lower case, one kind of dash, single spaces."""
    return " ".join(normalised("NFKC", text).casefold().translate(SAME_SIGNS).split())


def says_the_same(one: str, other: str) -> bool:
    """Check whether two values differ only in case, whitespace and the grouping of digits."""
    return one == other or _ungrouped(one) == _ungrouped(other)


def _ungrouped(value: str) -> str:
    return NUMBER.sub(_without_groups, folded_text(value))


def _without_groups(found: re.Match[str]) -> str:
    digits = re.sub(r"\D", "", found[0])
    return dialled(digits) if len(digits) > SERVICE_NUMBER + 1 else found[0]


def numbers_in(value: str) -> frozenset[str]:
    """Return the numbers in a contact, as dialled within the country."""
    rest = TIME.sub(" ", SITE.sub(" ", MAIL.sub(" ", normalised("NFKC", value))))
    found = set()
    for match in NUMBER.finditer(rest.translate(SAME_SIGNS)):
        digits = re.sub(r"\D", "", match[0])
        written_together = match[0].strip("()+").isdigit()
        if len(digits) > SERVICE_NUMBER + 1 or (written_together and len(digits) >= SERVICE_NUMBER):
            found.add(dialled(digits))
    return frozenset(found)


def dialled(digits: str) -> str:
    """Return a number without its country code or trunk prefix."""
    if len(digits) <= WHOLE_NUMBER:
        return digits
    short = PREFIX.sub("", digits)
    return short.removeprefix("0") if len(short) >= WHOLE_NUMBER else digits


def addresses_in(value: str) -> frozenset[str]:
    """Return the mail and web addresses that a contact names, folded."""
    found = [*MAIL.findall(value), *SITE.findall(value)]
    return frozenset(folded_text(one).rstrip("./") for one in found)


class Sought(Struct, frozen=True):
    """The parts of an old value to search for: its numbers and addresses, or else its words."""

    numbers: frozenset[str] = frozenset()
    addresses: frozenset[str] = frozenset()
    words: str = ""

    def __bool__(self) -> bool:
        return bool(self.numbers or self.addresses or self.words)


class PresentValues(Struct, frozen=True):
    """The current values as old ones are compared with them, prepared once for all that have changed."""

    ungrouped: frozenset[str]
    numbers: frozenset[str]
    addresses: frozenset[str]


def present_values(values: Iterable[str]) -> PresentValues:
    """Return the current values as old ones are compared with them."""
    said = list(values)
    return PresentValues(
        frozenset(map(_ungrouped, said)),
        _all(map(numbers_in, said)),
        _all(map(addresses_in, said)),
    )


def sought(old: str, present: PresentValues) -> Sought:
    """Return the parts of an old value that are no longer current; empty if all of it still is."""
    words = folded_text(old)
    if not words or _ungrouped(old) in present.ungrouped:
        return Sought()
    gone_numbers = numbers_in(old) - present.numbers
    gone_addresses = addresses_in(old) - present.addresses
    if gone_numbers or gone_addresses:
        return Sought(gone_numbers, gone_addresses)
    return Sought(words=words)


def _all(sets: Iterable[frozenset[str]]) -> frozenset[str]:
    return frozenset().union(*sets)


class FoldedPage(Struct, frozen=True):
    """The text of a page prepared for searching, and all its digits, to rule out numbers quickly."""

    text: str
    digits: str


def folded_page(text: str) -> FoldedPage:
    """Return a page as it is searched, once for everything that is sought."""
    folded = folded_text(text)
    return FoldedPage(folded, re.sub(r"\D", "", folded))


def pages_with(
    pages: Sequence[FoldedPage], wanted: Sought, present: Iterable[str] = ()
) -> list[int]:
    """List the numbers of the pages, from 1, that contain what is sought; present values are folded too.

    Words inside a longer present value are not the old ones: “psychologist” in “school psychologist”.
    """
    longer = [one for one in present if wanted.words and wanted.words in one != wanted.words]
    return [number for number, page in enumerate(pages, start=1) if _says(page, wanted, longer)]


def _says(page: FoldedPage, wanted: Sought, longer: Iterable[str]) -> bool:
    text = page.text
    if any(one in page.digits and _number(one).search(text) for one in wanted.numbers):
        return True
    if any(one in text and _address(one).search(text) for one in wanted.addresses):
        return True
    if not wanted.words or wanted.words not in text:
        return False
    for one in sorted(longer, key=len, reverse=True):
        text = _phrase(one).sub("\n", text)
    return bool(_phrase(wanted.words).search(text))


@lru_cache(maxsize=512)
def _phrase(words: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(words)}(?!\w)")


@lru_cache(maxsize=512)
def _address(address: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w.+-]){re.escape(address)}(?![\w-]|[./@]\w)")


@lru_cache(maxsize=512)
def _number(digits: str) -> re.Pattern[str]:
    """Return a pattern that finds a number in any grouping, but never inside a longer one.

    No digit may precede or follow a short number, even after a space: “116 111” is not in
    “116 111 222”. Times may follow: “102 8:00”.
    """
    apart = BETWEEN.join(digits)
    if len(digits) >= WHOLE_NUMBER:
        return re.compile(rf"(?<!\d){COUNTRY}{apart}(?!\d)")
    return re.compile(rf"(?<!\d)(?<!\d[ \-(]){apart}(?!\d)(?![ \-]\d+(?![\d:.]))")
