"""Cells that official registers fill in their own way: a sign for nothing, several addresses in one."""

import re
from itertools import takewhile

from cissapp.foundation.core.unicode import folded
from cissapp.people.school_lists.rules.columns import ADDRESSES, ListColumn

# Cells that may stay empty: here a dash or “none” means nothing; in a name it could be the name.
MAY_BE_EMPTY = frozenset({ListColumn.CODE, ListColumn.PUPILS, *ADDRESSES, *ADDRESSES.values()})
NOTHING = frozenset(
    map(
        folded,
        (
            "none", "null", "no", "n/a", "no data", "nu", "nu are", "nu există", "lipsește", "немає", "нема",
            "відсутня", "відсутній", "відсутнє", "нет", "отсутствует", "не имеется", "няма", "адсутнічае",
            "н/д", "б/н", "немає даних", "нет данных", "няма даных", "nu sunt date",
        ),
    )
)  # fmt: skip
# What stands for a letter of UTF-8 that was cut in two.
BROKEN_LETTER = "\ufffd"
# Longer cells are addresses and names, and there are many.
LONGEST_PLACEHOLDER = 20
DASHES = frozenset({"-", "–", "—", "−", "--", "---", "/"})
# Registers write “Директор Іваненко Ганна Петрівна”.
OFFICES = frozenset(
    map(
        folded,
        (
            "виконувач", "обов'язків", "директор", "директорка", "директора", "керівник", "завідувач", "завідувачка", "руководитель",
            "заведующий", "заведующая", "дырэктар", "кіраўнік", "director", "directoare", "directorul",
        ),
    )
)  # fmt: skip
# Who acts for another: “в. о. директора”. Without an office after them, these are initials and names.
ACTING = frozenset(map(folded, ("в.о.", "т.в.о.", "и.о.", "в", "т", "и", "о", "во", "тво", "ио")))
FEWEST_NAMES = 2
BETWEEN_ADDRESSES = re.compile(r"[\s;,/|]+")
WORD, LATIN, CYRILLIC = (
    re.compile(r"[^@.\s]+"),
    re.compile("[a-zA-Z]"),
    re.compile("[\u0400-\u04ff]"),
)
# What stands around an address that was copied from a letter, a link or a sentence.
AROUND_ADDRESS = "<>().:'\"«»„“”‚‘’"
LINK = re.compile("mailto:", re.IGNORECASE)


def without_placeholder(column: ListColumn, text: str) -> str:
    """Return the text of a cell; empty where the cell may be empty and only says that there is nothing."""
    if column not in MAY_BE_EMPTY or len(text) > LONGEST_PLACEHOLDER:
        return text
    return "" if text in DASHES or folded(text) in NOTHING else text


def addresses_in(text: str) -> list[str]:
    """List the addresses in a cell; the whole text, unless each part looks like an address."""
    parts = BETWEEN_ADDRESSES.split("@".join(part.strip() for part in text.split("@")))
    addresses = [bare for part in parts if (bare := _bare(part))]
    return addresses if addresses and all("@" in one for one in addresses) else [text]


def _bare(part: str) -> str:
    """Return an address without the signs around it, and without those of a link within them."""
    said = part.strip(AROUND_ADDRESS)
    link = LINK.match(said)
    return said[link.end() :].strip(AROUND_ADDRESS) if link else said


def has_two_alphabets(address: str) -> bool:
    """Check whether a word of an address has Latin and Cyrillic letters, of which some look alike."""
    return any(LATIN.search(word) and CYRILLIC.search(word) for word in WORD.findall(address))


def without_office(name: str) -> str:
    """Return the name of a person without the office before it; as it is, if too few names would be left."""
    words = name.split()
    before = list(takewhile(lambda word: folded(word) in OFFICES | ACTING, words))
    while before and folded(before[-1]) in ACTING:
        before.pop()
    names = words[len(before) :]
    return " ".join(names if len(names) >= FEWEST_NAMES else words)
