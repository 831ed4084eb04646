"""Tells from the headings of a list what its columns hold."""

import re
from collections.abc import Iterable

from cissapp.foundation.core.unicode import folded
from cissapp.people.school_lists.rules import vocabulary
from cissapp.people.school_lists.rules.columns import ADDRESSES, IN_ADDRESS, ListColumn
from cissapp.people.school_lists.rules.columns import ListColumn as C

OF_SCHOOL = frozenset(map(folded, vocabulary.OF_SCHOOL))
# Separates a heading that spans several columns from the one below it: “Director: E-mail”.
BELOW = ": "
# Columns below the heading of a person, which belong to that person.
OF_PERSON = {
    C.HEAD_NAME: (C.HEAD_EMAIL, C.HEAD_NAME),
    C.DEPUTY_NAME: (C.DEPUTY_EMAIL, C.DEPUTY_NAME),
    C.DESIGNATED_NAME: (C.DESIGNATED_EMAIL, C.DESIGNATED_NAME),
}
NAMES_OF_PEOPLE = frozenset({C.NAME, C.PERSON_NAME})
# Headings below “Pupils” that mean the total.
TOTALS = frozenset(map(folded, vocabulary.HOW_MANY))
# The day or the school year that numbers are of: “01.09.2025”, “2025/2026”.
DAY_OR_YEAR = re.compile(r"\b(?:\d\d?\.){0,2}20\d\d(?:[/–-](?:20)?\d\d)?\b")
# A heading without one tells the numbers of today.
TODAY = ["9999"]
IN_BRACKETS = re.compile(r"\(([^()]*)\)")
REMARKS = TOTALS | frozenset(map(folded, vocabulary.REMARKS))


def _bare(text: str) -> str:
    """Return a folded heading without the words that say no more than that it is about the school."""
    return " ".join(word for word in text.split() if word not in OF_SCHOOL)


def _places(*groups: Iterable[str]) -> dict[str, int]:
    return {folded(text): rank for rank, texts in enumerate(groups) for text in texts}


# Headings that name where a school is, the one that tells the region best first.
PLACES = _places(
    vocabulary.SAID[C.REGION], vocabulary.KATOTTH, vocabulary.KOATUU, vocabulary.DISTRICTS
)
OF_DISTRICT = frozenset(map(folded, (*vocabulary.KATOTTH, *vocabulary.DISTRICTS)))
WHOLE = {folded(text): column for column, texts in vocabulary.SAID.items() for text in texts}
WHOLE |= {folded(column.value.replace("_", " ")): column for column in ListColumn}
WHOLE |= dict.fromkeys(PLACES, C.REGION)
OF_BARE = {bare: column for text, column in WHOLE.items() if (bare := _bare(text))}
# What a heading means that has words of the first set, and besides them only words of the second.
OF_WORDS = [
    (frozenset(map(folded, core)), frozenset(map(folded, (*core, *beside))), column)
    for core, beside, column in (
        (vocabulary.PUPILS, vocabulary.HOW_MANY, C.PUPILS),
        (vocabulary.OF_HEAD, vocabulary.NAME_OF_PERSON, C.HEAD_NAME),
        (vocabulary.OF_HEAD, vocabulary.EMAIL_OF_PERSON, C.HEAD_EMAIL),
    )
]


def column_of(heading: str) -> ListColumn | None:
    """Return what a heading means in any of the five languages; None if it is not known."""
    if found := _said(heading):
        return found
    upper, is_below, lower = heading.partition(BELOW)
    return _below(upper, lower) if is_below else _said_by_all(heading)


def _said(text: str) -> ListColumn | None:
    whole = folded(text)
    bare = _bare(whole)
    return WHOLE.get(whole) or OF_BARE.get(bare) or _of_words(frozenset(bare.split()))


def _of_words(words: frozenset[str]) -> ListColumn | None:
    fitting = (column for core, possible, column in OF_WORDS if words & core and words <= possible)
    return next(fitting, None)


def _below(upper: str, lower: str) -> ListColumn | None:
    """Return what a column below a shared heading holds."""
    over, own = _said_by_all(upper), _said_by_all(lower)
    if over in OF_PERSON:
        email, name = OF_PERSON[over]
        return email if own is C.EMAIL else name if own in NAMES_OF_PEOPLE else None
    return over if over is C.PUPILS and folded(lower) in TOTALS else own


def _said_by_all(heading: str) -> ListColumn | None:
    """Return what all parts of a heading such as “District/municipality (code)” mean; None if they differ."""
    dateless = DAY_OR_YEAR.sub(" ", heading)
    if found := _said(dateless):
        return found
    beside = [text for text in IN_BRACKETS.findall(dateless) if not _is_only_remark(text)]
    parts = "/".join((IN_BRACKETS.sub(" ", dateless), *beside)).split("/")
    meanings = set(map(_said, parts))
    return meanings.pop() if len(meanings) == 1 else None


def _is_only_remark(text: str) -> bool:
    """Check whether a text in brackets leaves the meaning of its heading as it is."""
    return set(folded(text).split()) <= REMARKS


def is_known(heading: str) -> bool:
    """Check whether a heading says what its column holds."""
    return column_of(heading) is not None


def guess_columns(head: Iterable[str]) -> dict[str, ListColumn]:
    """Map the headings to what they seem to hold; for each thing, the first one of the latest year wins."""
    means = {heading: column for heading in head if (column := column_of(heading))}
    guessed = _for_places([heading for heading, column in means.items() if column is C.REGION])
    for heading, column in sorted(means.items(), key=lambda item: _day(item[0]), reverse=True):
        if column not in guessed.values():
            guessed[heading] = column
    in_order = {heading: guessed[heading] for heading in means if heading in guessed}
    return _with_addresses(_for_heads(_without_needless(in_order)))


def _day(heading: str) -> list[str]:
    """Return year, month and day of a heading, as far as it tells them, for sorting."""
    days = [found[0].split(".")[::-1] for found in DAY_OR_YEAR.finditer(heading)]
    return max(([part.zfill(2) for part in day] for day in days), default=TODAY)


def _for_places(headings: list[str]) -> dict[str, ListColumn]:
    """Choose the column of the region and, from the others, one that may name a district of it."""
    bare = {heading: _bare(folded(_lowest(heading))) for heading in headings}
    ranked = sorted(headings, key=lambda heading: PLACES.get(bare[heading], 0))
    guessed = dict.fromkeys(ranked[:1], C.REGION)
    districts = [heading for heading in ranked[1:] if bare[heading] in OF_DISTRICT]
    return guessed | dict.fromkeys(districts[:1], C.DISTRICT)


def _lowest(heading: str) -> str:
    """Return the part of a heading that tells its column from others below the same one, without remarks."""
    dateless = DAY_OR_YEAR.sub(" ", heading)
    return IN_BRACKETS.sub(" ", dateless.partition(BELOW)[2] or dateless)


def _without_needless(guessed: dict[str, ListColumn]) -> dict[str, ListColumn]:
    """Leave the address unread in a list of people, and where other columns hold all that is needed of it."""
    found = set(guessed.values())
    if C.NAME in found and not found >= set(IN_ADDRESS):
        return guessed
    return {heading: column for heading, column in guessed.items() if column is not C.ADDRESS}


def _for_heads(guessed: dict[str, ListColumn]) -> dict[str, ListColumn]:
    """Treat a single address column in a list of schools as the head's, and a single name column likewise."""
    found = set(guessed.values())
    if C.NAME not in found or C.EMAIL not in found or found & {C.DUTY, C.HEAD_EMAIL}:
        return guessed
    means = {C.EMAIL: C.HEAD_EMAIL}
    if C.HEAD_NAME not in found:
        means[C.PERSON_NAME] = C.HEAD_NAME
    return {heading: means.get(column, column) for heading, column in guessed.items()}


def _with_addresses(guessed: dict[str, ListColumn]) -> dict[str, ListColumn]:
    """Drop names of people without an address column: they cannot be invited, and names are not stored."""
    found = set(guessed.values())
    alone = {name for email, name in ADDRESSES.items() if email not in found}
    return {heading: column for heading, column in guessed.items() if column not in alone}
