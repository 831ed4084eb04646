"""One form of Unicode for texts of strangers, in time that grows with their length alone; names in order, and found."""

import re
import unicodedata
from typing import Literal

# More marks than any writing puts on a letter; Unicode's own limit for a stream (UAX 15, D4).
MOST_MARKS = 30
# They count as letters of their own, and are written with marks alone once they are taken apart.
MARKS_IN_DISGUISE = frozenset("\u0f73\u0f75\u0f81\uff9e\uff9f")

Form = Literal["NFC", "NFKC", "NFKD"]


def normalised(form: Form, text: str) -> str:
    """Return a text in a form of Unicode, without the marks on a letter that are too many for any writing.

    The standard library sorts the marks on a letter by comparing each with each, and holds up every thread
    meanwhile: 128,000 of them on one letter took 16 seconds.
    """
    if text.isascii():
        return text
    return unicodedata.normalize(form, with_few_marks(text))


def with_few_marks(text: str) -> str:
    """Return a text without what stands behind the thirtieth mark on a letter."""
    kept: list[str] = []
    marks = 0
    for letter in text:
        is_mark = unicodedata.combining(letter) or letter in MARKS_IN_DISGUISE
        marks = marks + 1 if is_mark else 0
        if marks <= MOST_MARKS:
            kept.append(letter)
    return "".join(kept)


# --- names -------------------------------------------------------------------------------------

LONGEST = 400
# As wide as any number in the name of a school.
DIGITS = 9
# Letters that stand for themselves in an alphabet, behind the one they look like; not taken apart by Unicode.
AFTER = str.maketrans(
    {"ґ": "г\u04ff", "є": "е\u04ff", "і": "и\u04fb", "ї": "и\u04fd", "й": "и\u04ff"}
)
LATIN = str.maketrans(
    {
        **dict(zip("абвгґдезийклмнопрстуфыэі", "abvggdeziiklmnoprstufiei", strict=True)),
        "є": "e",
        "ё": "e",
        "ї": "i",
        "ў": "u",
        "ж": "zh",
        "х": "kh",
        "ц": "ts",
        "ч": "ch",
        "ш": "sh",
        "щ": "shch",
        "ю": "iu",
        "я": "ia",
        "ђ": "dj",
        "љ": "lj",
        "њ": "nj",
        "y": "i",
        "ß": "ss",
        "ø": "o",
        "ł": "l",
        "đ": "d",
        "ı": "i",
        "æ": "ae",
        "œ": "oe",
    }
)
SILENT = frozenset("ъь'`\u02bc\u2019")


def natural_key(name: str) -> str:
    """Return what names are ordered by, mark by mark: "School No. 2" stands before "School No. 10"."""
    bare = _without_accents(name[:LONGEST].casefold().translate(AFTER))
    counted = re.sub(r"\d+", lambda digits: digits[0].lstrip("0").zfill(DIGITS), bare)
    return " ".join(re.sub(r"[\W_]+", " ", counted).split())


def folded(text: str) -> str:
    """Return what names are searched by: small Latin letters and digits, without accents, one blank between words.

    "Școala" and "scoala" are one word, and so are "Харків" and "Kharkiv".
    """
    plain = "".join(mark for mark in text[:LONGEST].casefold() if mark not in SILENT)
    bare = _without_accents(plain).translate(LATIN)
    return " ".join(re.sub(r"[\W_]+", " ", bare).split())


def _without_accents(text: str) -> str:
    """Return a text without the marks on its letters."""
    apart = normalised("NFKD", text).casefold()
    return "".join(mark for mark in apart if not _is_accent(mark))


def _is_accent(mark: str) -> bool:
    return "\u0300" <= mark <= "\u036f"
