"""The file name given by a sender: made safe to show, and the extension it has."""

import re
import unicodedata

from cissapp.foundation.core.unicode import normalised

LONGEST = 120
# A file system allows 255 bytes; an archive's prefix to the name needs some of them.
MOST_BYTES = 200
LONGEST_ENDING = 12
NAMELESS = "document"
RESERVED = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|com\d|lpt\d)(\.|$)", re.IGNORECASE)


def display_name(raw: str) -> str:
    """Return a name that is safe to show and to save under: no path, no invisible characters, never empty."""
    flat = raw.replace("\\", "/").rsplit("/", 1)[-1]
    flat = "".join(" " if character.isspace() else character for character in flat)
    flat = "".join(character for character in flat if _is_visible(character))
    flat = "".join(character if _is_itself(character) else "_" for character in flat)
    flat = re.sub(r'[<>:"|?*]', "_", normalised("NFC", flat))
    flat = re.sub(r"\.{2,}", ".", re.sub(r" +", " ", flat)).strip(" .")
    if not flat or set(flat) <= {"_"}:
        return NAMELESS
    if RESERVED.match(flat):
        flat = f"_{flat}"
    return _shortened(flat)


def ending(raw: str) -> str:
    """Return the extension of the name in lower case, without the dot; empty if there is none."""
    shown = display_name(raw)
    return shown.rpartition(".")[2].lower() if "." in shown else ""


def _is_visible(character: str) -> bool:
    return unicodedata.category(character) not in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def _is_itself(character: str) -> bool:
    """Return whether no system takes this for a dot, a slash or the like, as with full-width forms."""
    folded = normalised("NFKC", character)
    return folded == character or not set(folded) & set('./\\<>:"|?*')


def _shortened(name: str) -> str:
    if _fits(name):
        return name
    stem, dot, tail = name.rpartition(".")
    if not dot or len(tail) > LONGEST_ENDING or not _fits(f"x.{tail}"):
        stem, dot, tail = name, "", ""
    while not _fits(f"{stem}{dot}{tail}"):
        over = len(f"{stem}{dot}{tail}".encode()) - MOST_BYTES
        # A character has at most four bytes, so at least this many are too many.
        stem = stem[: min(LONGEST - len(dot + tail), len(stem) - max(1, over // 4))]
    return f"{stem.rstrip(' .')}{dot}{tail}".strip(" .")


def _fits(name: str) -> bool:
    return len(name) <= LONGEST and len(name.encode()) <= MOST_BYTES
