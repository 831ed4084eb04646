"""Passwords that attackers try first: long ones, and short ones made long by digits or repetition."""

import gzip
from functools import lru_cache
from pathlib import Path

# The 30,000 most common of the list in zxcvbn 4.5.0, under the MIT licence (`known_passwords.LICENSE.txt`).
KNOWN = Path(__file__).with_name("known_passwords.gz")
FIGURES = "0123456789"
# Long ones, many of them in the languages of the programme.
COMMON = frozenset(
    [
        "passwordpassword",
        "password1234",
        "password12345",
        "password123456",
        "passw0rd1234",
        "qwertyuiop123",
        "qwerty123456",
        "qwertyuiop12",
        "1q2w3e4r5t6y",
        "1q2w3e4r5t6y7u",
        "123456789012",
        "1234567890123",
        "12345678901234",
        "123456789012345",
        "1234567890123456",
        "iloveyou1234",
        "letmein12345",
        "welcome12345",
        "welcome123456",
        "administrator",
        "administrator1",
        "administrator123",
        "adminadmin123",
        "abcdefghijkl",
        "abcdefghijklm",
        "abcdefghijklmno",
        "abc123456789",
        "qazwsxedcrfv",
        "qazwsxedcrfvtgb",
        "zaq12wsxcde3",
        "1qaz2wsx3edc",
        "1qaz2wsx3edc4rfv",
        "changeme1234",
        "changeme12345",
        "school123456",
        "schoolschool",
        "school1234567",
        "director1234",
        "teacher12345",
        "internet1234",
        "internet12345",
        "moldova12345",
        "ukraine12345",
        "belarus12345",
        "chisinau1234",
        "kyivkyivkyiv",
        "minskminsk12",
        "parola123456",
        "parolaparola",
        "parol1234567",
        "parolparol12",
        "пароль123456",
        "парольпароль",
        "йцукенгшщзхъ",
        "qwertyqwerty",
        "qwerty1234567",
        "asdfghjkl123",
        "zxcvbnm12345",
        "trustno1trustno1",
        "monkey123456",
        "dragon123456",
        "sunshine1234",
        "princess1234",
        "football1234",
        "baseball1234",
        "superman1234",
        "111111111111",
        "000000000000",
        "123123123123",
        "121212121212",
        "987654321098",
        "0987654321098",
        "aaaaaaaaaaaa",
        "correcthorsebatterystaple",
    ]
)


@lru_cache(maxsize=1)
def _known() -> frozenset[str]:
    return COMMON | frozenset(gzip.decompress(KNOWN.read_bytes()).decode().split())


def is_well_known(plain: str) -> bool:
    """Return whether a password (letters and digits) is common, even if repeated or with digits around it."""
    unit = _unit(plain)
    return not _known().isdisjoint({plain, unit, plain.strip(FIGURES), unit.strip(FIGURES)})


def _unit(text: str) -> str:
    """Return the unit that a text repeats, or the text itself if it repeats nothing."""
    width = (text + text).find(text, 1)
    return text[:width] if width > 0 else text
