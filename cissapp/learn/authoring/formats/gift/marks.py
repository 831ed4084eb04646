"""The special characters of GIFT, and how they are escaped and unescaped in a text."""

import re

# While a file is read, an escaped character becomes a control character; real ones were removed before.
_SIGNS = {
    "~": "\x01",
    "=": "\x02",
    "#": "\x03",
    "{": "\x04",
    "}": "\x05",
    ":": "\x06",
    "\\": "\x07",
}
_MASKS = {**_SIGNS, "n": "\x08"}
_UNMASKED = {ord(mask): sign for sign, mask in _SIGNS.items()} | {ord("\x08"): "\n"}


def masked(text: str) -> str:
    r"""Replace `\~ \= \# \{ \} \: \\ \n` with control characters, so that none is taken for markup."""
    return re.sub(r"\\([~=#{}:n\\])", lambda found: _MASKS[found[1]], text)


def unmasked(text: str) -> str:
    """Restore the characters that `masked` replaced."""
    return text.translate(_UNMASKED)


def escaped(text: str) -> str:
    """Escape a text so that none of its characters is taken for markup."""
    return re.sub(r"([~=#{}:\\])", r"\\\1", text).replace("\n", r"\n")
