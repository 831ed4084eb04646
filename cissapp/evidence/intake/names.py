"""The name that a sender gave a file: made safe to show, and what its ending says."""

import re
import unicodedata

LONGEST = 120
LONGEST_ENDING = 12
NAMELESS = "document"
RESERVED = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|com\d|lpt\d)(\.|$)", re.IGNORECASE)


def display_name(raw: str) -> str:
    """Make a name safe to show and to save under: no path, no invisible characters, never empty."""
    flat = raw.replace("\\", "/").rsplit("/", 1)[-1]
    flat = "".join(" " if character.isspace() else character for character in flat)
    flat = "".join(character for character in flat if _is_visible(character))
    flat = re.sub(r'[<>:"|?*]', "_", unicodedata.normalize("NFC", flat))
    flat = re.sub(r"\.{2,}", ".", re.sub(r" +", " ", flat)).strip(" .")
    if not flat or set(flat) <= {"_"}:
        return NAMELESS
    if RESERVED.match(flat):
        flat = f"_{flat}"
    return _shortened(flat)


def ending(raw: str) -> str:
    """Give the ending of the name in small letters, without the dot; empty if there is none."""
    shown = display_name(raw)
    return shown.rpartition(".")[2].lower() if "." in shown else ""


def _is_visible(character: str) -> bool:
    return unicodedata.category(character) not in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def _shortened(name: str) -> str:
    if len(name) <= LONGEST:
        return name
    stem, dot, tail = name.rpartition(".")
    if not dot or len(tail) > LONGEST_ENDING:
        return name[:LONGEST].strip(" .")
    return f"{stem[: LONGEST - len(tail) - 1].rstrip(' .')}.{tail}"
