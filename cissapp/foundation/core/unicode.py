"""Unicode normalisation of untrusted text in linear time; keys for sorting, searching and comparing names."""

import re
import unicodedata
from functools import lru_cache
from operator import itemgetter
from typing import Literal

# More marks than any writing puts on a letter; Unicode's own limit for a stream (UAX 15, D4).
MOST_MARKS = 30
# These count as letters but decompose into combining marks alone.
MARKS_IN_DISGUISE = frozenset("\u0f73\u0f75\u0f81\uff9e\uff9f")
# Invisible characters that come with a number or a name copied from a telephone's contacts or a document:
# no font draws them, and some reverse the direction of the text that follows.
INVISIBLE = frozenset(
    "\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"
)
# Control characters, halves of pairs, private ones, and those that no version of Unicode knows.
NO_TEXT = frozenset({"Cc", "Cs", "Co", "Cn"})
# Crockford's base 32: no I, L, O or U, so that a code can be read out and typed from paper.
CODE_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
# Look-alikes that people type instead, including those of a Cyrillic keyboard.
TYPED_AS = str.maketrans("OILОІАВСЕНКМРТХУЈ", "01101ABCEHKMPTXYJ")

Form = Literal["NFC", "NFKC", "NFKD"]


def normalised(form: Form, text: str) -> str:
    """Return a text in a Unicode normal form, without more marks on a letter than any script uses.

    The standard library sorts the marks on a letter by comparing each with each, and blocks every thread
    meanwhile: 128,000 of them on one letter took 16 seconds.
    """
    if text.isascii():
        return text
    return unicodedata.normalize(form, with_few_marks(text))


def with_few_marks(text: str) -> str:
    """Return a text without the marks that follow the thirtieth on a letter."""
    if MARKS_IN_DISGUISE.isdisjoint(text) and not any(map(unicodedata.combining, text)):
        return text
    kept: list[str] = []
    marks = 0
    for letter in text:
        is_mark = unicodedata.combining(letter) or letter in MARKS_IN_DISGUISE
        marks = marks + 1 if is_mark else 0
        if marks <= MOST_MARKS:
            kept.append(letter)
    return "".join(kept)


def is_unseen(mark: str) -> bool:
    """Return whether a character has no place in what people write: nobody sees it, or knows what it is."""
    return mark in INVISIBLE or unicodedata.category(mark) in NO_TEXT


# --- domains -----------------------------------------------------------------------------------

# Mail programs read it as the dot of a domain; NFKC turns its half-width form into it.
IDEOGRAPHIC_DOT = "\u3002"


def fold_domain(domain: str) -> str:
    """Return a domain in small letters of its own language, whichever of its two forms was typed.

    By IDNA 2008, which Python's own codec does not know: it takes `straße.de` for `strasse.de`, of another owner.
    """
    small = normalised("NFKC", normalised("NFKC", domain).lower()).replace(IDEOGRAPHIC_DOT, ".")
    if small.isascii() and "xn--" not in small:
        return small
    import idna  # noqa: PLC0415 -- slow import, and few domains need it

    try:
        return idna.decode(small)
    except UnicodeError:
        return small


def sendable_address(email: str) -> str:
    """Return an address with its domain in ASCII, which every mail server accepts."""
    if email.isascii():
        return email
    import idna  # noqa: PLC0415 -- slow import, and few domains need it

    local, at, domain = email.rpartition("@")
    try:
        return local + at + idna.encode(domain).decode()
    except UnicodeError:
        return email


# --- names -------------------------------------------------------------------------------------

LONGEST = 400
# Wide enough for any number in the name of a school.
DIGITS = 9
# Letters that follow their lookalike in the alphabet, replaced before Unicode decomposition can affect them.
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
SILENT = dict.fromkeys(map(ord, "ъь'`\u02bc\u2019"))
ACCENTS = re.compile("[\u0300-\u036f]+")


def natural_key(name: str) -> str:
    """Return the sort key of a name, to compare by character: "School No. 2" precedes "School No. 10"."""
    bare = _without_accents(name[:LONGEST].casefold().translate(AFTER))
    counted = re.sub(r"\d+", lambda digits: digits[0].lstrip("0").zfill(DIGITS), bare)
    return " ".join(re.sub(r"[\W_]+", " ", counted).split())


def folded(text: str) -> str:
    """Return the search key of a name: lower-case Latin letters and digits, no accents, single spaces.

    "Școala" and "scoala" are one word, and so are "Харків" and "Kharkiv".
    """
    plain = text[:LONGEST].casefold().translate(SILENT)
    bare = _without_accents(plain).translate(LATIN)
    return " ".join(re.sub(r"[\W_]+", " ", bare).split())


def _without_accents(text: str) -> str:
    """Return a text without the marks on its letters."""
    return ACCENTS.sub("", normalised("NFKD", text).casefold())


# --- names as they are heard -------------------------------------------------------------------

DOUBLED = re.compile(r"([^\W\d_])\1+")
# The letter that a pattern found, once; Python fills in a template much more slowly.
ONCE = itemgetter(1)
# Ukrainian, Russian and Belarusian letters by their sound, so that names in both scripts can be compared.
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
# One apostrophe, as keyboards and fonts write it: Кам'янець, Кам’янець, Камʼянець.
APOSTROPHES = dict.fromkeys("'`´ʹʼˈ‘’‛′", "")
HEARD_IN_LATIN = str.maketrans(CYRILLIC | APOSTROPHES)
# Latin spellings of one sound, the longer ones first.
HEARD_ALIKE = {
    "shch": "s", "sch": "s", "kh": "h", "ch": "c", "sh": "s", "zh": "z", "ts": "c", "yu": "u", "ya": "a",
    "iu": "u", "ia": "a", "ie": "e", "ye": "e", "yi": "i", "ck": "k", "y": "i", "j": "i", "w": "v", "q": "k",
    "x": "ks",
}  # fmt: skip
SPELLINGS = re.compile("|".join(HEARD_ALIKE))


@lru_cache(maxsize=4096)
def folded_name(text: str) -> str:
    """Return a name by its sound, ignoring script, accents, case, doubled letters and punctuation."""
    parts = normalised("NFKD", text)
    bare = "".join(mark for mark in parts if not unicodedata.combining(mark)).casefold()
    plain = DOUBLED.sub(ONCE, bare.translate(HEARD_IN_LATIN))
    plain = SPELLINGS.sub(lambda found: HEARD_ALIKE[found[0]], plain)
    kept = "".join(mark if mark.isalnum() else " " for mark in DOUBLED.sub(ONCE, plain))
    return " ".join(kept.split())


# Used for almost every school, so they do not tell one from another.
KINDS_OF_SCHOOL = frozenset(
    folded_name(word)
    for word in [
        "school", "lyceum", "gymnasium", "secondary", "general", "primary", "the", "of", "no", "nr",
        "named", "școala", "liceul", "liceu", "teoretic", "gimnaziul", "gimnaziu", "школа", "ліцей",
        "лицей", "гімназія", "гимназия", "заклад", "загальної", "середньої", "освіти", "імені", "имени",
        "ім", "общеобразовательная", "средняя", "сярэдняя", "гімназія", "ліцэй", "імя",
    ]
)  # fmt: skip


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
    """Return the words of a name by their sound, with one vowel where a script writes two."""
    return _with_few_vowels(folded_name(text)).split()


def _with_few_vowels(folded: str) -> str:
    return VOWEL_RUN.sub(ONCE, folded).translate(TO_ONE_LETTER)


def _all_heard(*words: str) -> frozenset[str]:
    return frozenset(heard for word in words for heard in _heard(word))


LYCEUMS = _all_heard("lyceum", "liceul", "liceu", "ліцей", "лицей", "ліцэй")
GYMNASIUMS = _all_heard("gymnasium", "gimnaziul", "gimnaziu", "гімназія", "гимназия", "gimnaziya")
KINDS = frozenset(heard for word in KINDS_OF_SCHOOL for heard in _heard(word))
KINDS_OF_ALL = KINDS | LYCEUMS | GYMNASIUMS


WITHOUT_VOWELS = str.maketrans("", "", VOWELS)
# Forms and older lists have “м. Вінниця”, other lists “Вінниця”.
KINDS_OF_TOWN = _all_heard(
    "м", "місто", "с", "село", "смт", "г", "город", "гп", "пгт", "п", "д", "деревня", "аг", "or", "oraș", "mun", "municipiul", "com",
)  # fmt: skip
# What an institution is by law, before its name: one list has it, another one not. With all its vowels: with one of
# each run, “УО” is any lone “О”.
LEGAL_FORMS = sorted(
    (
        tuple(folded_name(form).split())
        for form in [
            "IP", "I.P.", "instituția publică", "ПУ", "публичное учреждение", "КЗ", "КЗО", "КЗЗСО", "КУ", "ТОВ",
            "комунальний заклад", "комунальна установа", "опорний заклад", "приватний заклад", "державний заклад",
            "товариство з обмеженою відповідальністю", "ГУО", "УО", "государственное учреждение образования",
            "учреждение образования", "ДУА", "УА", "дзяржаўная ўстанова адукацыі", "установа адукацыі",
        ]
    ),
    key=len,
    reverse=True,
)  # fmt: skip
# Moldovan lists shorten the kind of school too, alone or in one word with the legal form. A lone “G.” is an initial.
SHORT_KINDS = {
    ("iplt",): "liceul",
    ("lt",): "liceul",
    ("l", "t"): "liceul",
    ("ipg",): "gimnaziul",
}
AFTER_TOWN = ", "
ANY_KIND = "s"


@lru_cache(maxsize=4096)
def heard_key(name: str, locality: str) -> str:
    """Return a key for the sound of a school's place and name; equal for one school in two scripts.

    "Лицей № 3, Бельцы" and "Liceul nr. 3, Belcy" match; a lyceum and a gymnasium of one number do not. The place
    comes first, so that the schools of a town are neighbours.
    """
    folded_words = _in_full(folded_name(NUMBER_SIGN.sub(" ", name)).split())
    words = _with_few_vowels(" ".join(folded_words)).split()
    kind = "l" if LYCEUMS & set(words) else "g" if GYMNASIUMS & set(words) else ANY_KIND
    told = sorted(word for word in words if word not in KINDS_OF_ALL)
    return f"{_heard_town(locality)}{AFTER_TOWN}{kind} {' '.join(told)}"


def _in_full(words: list[str]) -> list[str]:
    """Return the words of a name after its legal form, if any follow, with a short kind of school in full."""
    form = next((form for form in LEGAL_FORMS if tuple(words[: len(form)]) == form), ())
    words = words[len(form) :] or words
    for short, kind in SHORT_KINDS.items():
        if tuple(words[: len(short)]) == short and len(words) > len(short):
            return [kind, *words[len(short) :]]
    return words


# Schools share their towns.
@lru_cache(maxsize=4096)
def _heard_town(locality: str) -> str:
    """Return the sound of a town without its kind; its vowels differ most between languages: Kyiv, Киев."""
    words = _heard(locality)
    while len(words) > 1 and words[0] in KINDS_OF_TOWN:
        del words[0]
    return " ".join(word.translate(WITHOUT_VOWELS) or word for word in words)
