"""Names as they are heard: the same in two scripts, with and without accents, short and long."""

import re
import unicodedata
from functools import lru_cache

from cissapp.foundation.core.unicode import normalised

DOUBLED = re.compile(r"([^\W\d_])\1+")
# Letters of Ukrainian, Russian and Belarusian as they are heard, so that names in both scripts compare.
CYRILLIC = dict(
    zip(
        "абвгґдеєжзиіклмнопрстуфхцчшщыэюяьъ'’",
        [
            "a", "b", "v", "g", "g", "d", "e", "e", "z", "z", "i", "i", "k", "l", "m", "n", "o", "p", "r",
            "s", "t", "u", "f", "h", "c", "c", "s", "s", "i", "e", "u", "a", "", "", "", "",
        ],
        strict=True,
    )
)  # fmt: skip
LATIN = str.maketrans(CYRILLIC)
# Latin spellings of one sound, the longer ones first.
HEARD_ALIKE = {
    "shch": "s", "sch": "s", "kh": "h", "ch": "c", "sh": "s", "zh": "z", "ts": "c", "yu": "u", "ya": "a",
    "iu": "u", "ia": "a", "ie": "e", "ye": "e", "yi": "i", "ck": "k", "y": "i", "j": "i", "w": "v", "q": "k",
    "x": "ks",
}  # fmt: skip
SPELLINGS = re.compile("|".join(HEARD_ALIKE))


@lru_cache(maxsize=4096)
def folded_name(text: str) -> str:
    """Return a name as it is heard: without script, accents, capitals, doubled letters and punctuation."""
    parts = normalised("NFKD", text)
    bare = "".join(mark for mark in parts if not unicodedata.combining(mark)).casefold()
    plain = DOUBLED.sub(r"\1", bare.translate(LATIN))
    plain = SPELLINGS.sub(lambda found: HEARD_ALIKE[found[0]], plain)
    kept = "".join(mark if mark.isalnum() else " " for mark in DOUBLED.sub(r"\1", plain))
    return " ".join(kept.split())


# Said of almost every school, so that they tell none from another.
KINDS_OF_SCHOOL = frozenset(
    folded_name(word)
    for word in [
        "school",
        "lyceum",
        "gymnasium",
        "secondary",
        "general",
        "primary",
        "the",
        "of",
        "no",
        "nr",
        "named",
        "școala",
        "liceul",
        "liceu",
        "teoretic",
        "gimnaziul",
        "gimnaziu",
        "школа",
        "ліцей",
        "лицей",
        "гімназія",
        "гимназия",
        "заклад",
        "загальної",
        "середньої",
        "освіти",
        "імені",
        "имени",
        "ім",
        "общеобразовательная",
        "средняя",
        "сярэдняя",
        "гімназія",
        "ліцэй",
        "імя",
    ]
)


@lru_cache(maxsize=4096)
def telling_words(text: str) -> str:
    """Return the words of a folded name that tell schools apart; all of them, if none does."""
    words = folded_name(text).split()
    return " ".join(word for word in words if word not in KINDS_OF_SCHOOL) or " ".join(words)


# --- one school in two scripts -------------------------------------------------------------------

VOWELS = "aeiou"
VOWEL_RUN = re.compile(f"[{VOWELS}]*([{VOWELS}])")
NUMBER_SIGN = re.compile(r"№|\b[Nn][ro]\b\.?")
TO_ONE_LETTER = str.maketrans("ek", "ic")


def _heard(text: str) -> list[str]:
    """Return the words of a name as they sound, with one vowel where a script writes two."""
    plain = VOWEL_RUN.sub(r"\1", folded_name(text)).translate(TO_ONE_LETTER)
    return plain.split()


def _all_heard(*words: str) -> frozenset[str]:
    return frozenset(heard for word in words for heard in _heard(word))


LYCEUMS = _all_heard("lyceum", "liceul", "liceu", "ліцей", "лицей", "ліцэй")
GYMNASIUMS = _all_heard("gymnasium", "gimnaziul", "gimnaziu", "гімназія", "гимназия", "gimnaziya")
KINDS = frozenset(heard for word in KINDS_OF_SCHOOL for heard in _heard(word))
KINDS_OF_ALL = KINDS | LYCEUMS | GYMNASIUMS


def heard_key(name: str, locality: str) -> str:
    """Return what a school's name and place sound like; equal for one school written in two scripts.

    "Лицей № 3, Бельцы" and "Liceul nr. 3, Belcy" are one; a lyceum and a gymnasium of one number are two.
    """
    words = _heard(NUMBER_SIGN.sub(" ", name))
    kind = "l" if LYCEUMS & set(words) else "g" if GYMNASIUMS & set(words) else "s"
    told = sorted(word for word in words if word not in KINDS_OF_ALL)
    # Vowels of a place differ most between languages: Kyiv, Киев.
    place = " ".join(word.translate(WITHOUT_VOWELS) or word for word in _heard(locality))
    return f"{kind} {' '.join(told)}, {place}"


WITHOUT_VOWELS = str.maketrans("", "", VOWELS)
