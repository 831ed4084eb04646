"""Identity numbers of people, told from other numbers by their check digits."""

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import cycle

from msgspec import Struct

# Digits may stand apart: "2 002 001.234 567" is as much a number as "2002001234567".
GAP = r"[ \u00a0.\-/]{0,2}"
EARLIEST, LATEST_YEAR = date(1930, 1, 1), 2035
FIRST_DAY = date(1899, 12, 31)


def _digits(count: int) -> str:
    return r"(?<![\d+])" + GAP.join([r"\d"] * count) + r"(?!\d)"


def moldova(number: str) -> bool:
    """Return whether 13 digits are an IDNP of Moldova: first 2 or 0, the last the sum by 7-3-1 modulo 10.

    Format: Government Decision 333 of 2002, annex 2, as described at
    https://lookuptax.com/docs/tax-identification-number/moldova-tax-id-guide; the check digit:
    https://github.com/alexeybondarenko/idnp.js. The first digit is followed by three digits of the year.
    """
    if number[0] not in "02" or LATEST_YEAR - 2000 < int(number[1:4]) < 900:
        return False
    return _sum_by_7_3_1(number[:12]) % 10 == int(number[12])


def ukraine(number: str) -> bool:
    """Return whether 10 digits are a RNOKPP of Ukraine: days since 31 December 1899, and a check digit.

    Weights -1, 5, 7, 9, 4, 6, 10, 5, 7, modulo 11, modulo 10, as described at
    https://www.geratools.com/ukraine-rnokpp-validator. The date of birth must be 1930 or later, which
    excludes the telephone numbers of Ukraine: they begin with 0.
    """
    born = FIRST_DAY + timedelta(days=int(number[:5]))
    if not EARLIEST <= born <= date(LATEST_YEAR, 1, 1):
        return False
    weights = (-1, 5, 7, 9, 4, 6, 10, 5, 7)
    total = sum(int(digit) * weight for digit, weight in zip(number, weights, strict=False))
    return total % 11 % 10 == int(number[9])


def ukraine_record(number: str) -> bool:
    """Return whether 13 digits are a UNZR of Ukraine: a date of birth as YYYYMMDD, then five digits.

    Format: Law of Ukraine 5492-VI on the demographic register; article and format to be confirmed.
    """
    return number[0] in "12" and _is_day(number[:4], number[4:6], number[6:8])


def belarus(number: str) -> bool:
    """Return whether 14 characters are an identification number of Belarus, by its date and check digit.

    1-6, day, month, year, a letter, three digits, two letters, check digit by 7-3-1 where A is 10, as in
    https://github.com/kirit0s/belarus-passport-personal-number-validator ("0000000A000PB2").
    """
    day, month = int(number[1:3]), int(number[3:5])
    if not (1 <= day <= 31 and 1 <= month <= 12):
        return False
    return _sum_by_7_3_1(number[:13]) % 10 == int(number[13])


def russia(number: str) -> bool:
    """Return whether 11 digits are a SNILS of Russia: weights 9 to 1, modulo 101, 100 counts as 0.

    As described at https://github.com/vasiunov/SNILS_CheckAndCount, which cites the pension fund's order.
    """
    number = number[-11:]
    total = sum(int(digit) * (9 - place) for place, digit in enumerate(number[:9]))
    return int(number[:9]) > 1_001_998 and total % 101 % 100 == int(number[9:])


def anything(_number: str) -> bool:
    """Accept a number by its look alone."""
    return True


def _sum_by_7_3_1(signs: str) -> int:
    return sum(
        int(sign, 36) * weight for sign, weight in zip(signs, cycle((7, 3, 1)), strict=False)
    )


def _is_day(year: str, month: str, day: str) -> bool:
    try:
        return EARLIEST <= date(int(year), int(month), int(day)) <= date(LATEST_YEAR, 1, 1)
    except ValueError:
        return False


class IdentityNumber(Struct, frozen=True):
    """A kind of number: how it looks in a folded text, and whether it adds up."""

    country: str | None
    look: re.Pattern[str]
    adds_up: Callable[[str], bool]


# Series of a birth certificate: a Roman numeral, a dash, two Cyrillic letters, six digits; the usual format
# in all four countries. Not checked against the text of a law: to be confirmed.
CERTIFICATE = r"(?<!\w)[ivxіх1]{1,6}\s?-\s?[а-яіїєґў]{2}\s{0,2}(?:№|n|no\.?)?\s{0,2}\d{6}(?!\d)"
# The letters of a number of Belarus are Latin; many type Cyrillic ones that look the same.
ALIKE = str.maketrans("авсенкмрі", "abcehkmpi")
BELARUS = rf"(?<!\w)[1-6]{GAP}(?:\d{GAP}){{6}}[abcehkmавсенкм]{GAP}(?:\d{GAP}){{3}}[pbр][abiваі]{GAP}\d(?!\w)"
NOT_A_SIGN = re.compile(r"[^0-9a-zа-яі]")
# A date beside a time, written with dots, has as many digits as a number.
DAY = re.compile(r"\d{1,2}[./-]\d{1,2}[./-]\d{4}|\d{4}[-.]\d{2}[-.]\d{2}(?!\d)")

IDENTITY_NUMBERS = (
    IdentityNumber("MD", re.compile(_digits(13)), moldova),
    IdentityNumber("UA", re.compile(_digits(10)), ukraine),
    IdentityNumber("UA", re.compile(r"(?<![\d+])\d{8}-?\d{5}(?!\d)"), ukraine_record),
    IdentityNumber("BY", re.compile(BELARUS), belarus),
    IdentityNumber("RU", re.compile(r"(?<!\d)\d{3}-\d{3}-\d{3}[ -]\d{2}(?!\d)"), russia),
    IdentityNumber("RU", re.compile(r"(?<=снилс)\D{0,20}\d{11}(?!\d)"), russia),
    IdentityNumber("RU", re.compile(r"(?<=страхово[ий] номер)\D{0,20}\d{11}(?!\d)"), russia),
    IdentityNumber(None, re.compile(CERTIFICATE), anything),
)


def numbers(text: str) -> Iterator[tuple[int, int]]:
    """Return the places of identity numbers in a folded text.

    The numbers of all countries are looked for everywhere: children cross borders with their papers.
    """
    for kind in IDENTITY_NUMBERS:
        for found in kind.look.finditer(text):
            signs = NOT_A_SIGN.sub("", found[0]).translate(ALIKE)
            if not DAY.search(found[0]) and kind.adds_up(signs):
                yield found.span()
