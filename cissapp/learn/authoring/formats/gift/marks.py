"""The signs that mean something in GIFT, and how a text that holds them is written and read."""

import re

# While a file is read, an escaped sign is a control mark; real ones were taken out of the file before.
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
    r"""Put control marks in the place of `\~ \= \# \{ \} \: \\ \n`, so that no sign is taken for a mark."""
    return re.sub(r"\\([~=#{}:n\\])", lambda found: _MASKS[found[1]], text)


def unmasked(text: str) -> str:
    """Put the signs back."""
    return text.translate(_UNMASKED)


def escaped(text: str) -> str:
    """Write a text so that none of its signs is taken for a mark."""
    return re.sub(r"([~=#{}:\\])", r"\\\1", text).replace("\n", r"\n")
