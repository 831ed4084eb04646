"""Names of files in a bag: safe on every system, and never outside the bag."""

import re

from cissapp.foundation.core.unicode import normalised

STEM_BYTES = 80
RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)
NAMELESS = "file"


def safe_name(raw: str) -> str:
    """Return `raw` as one part of a path: NFC letters, digits and `.-_`, with a stem of at most 80 bytes."""
    flat = normalised("NFC", raw)
    kept = "".join(one if one.isalnum() or one in ".-_" else "_" for one in flat)
    kept = re.sub(r"_{2,}", "_", re.sub(r"\.{2,}", ".", kept)).strip("._")
    stem, dot, ending = kept.rpartition(".")
    if not dot or not re.fullmatch(r"[A-Za-z0-9]{1,8}", ending):
        stem, dot, ending = kept, "", ""
    cut = stem.encode()[:STEM_BYTES].decode("utf-8", "ignore").strip("._") or NAMELESS
    name = normalised("NFC", f"{cut}{dot}{ending}")
    return f"_{name}" if RESERVED.match(name) else name
