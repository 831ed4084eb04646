"""Word's fields: the codes in a text that Word carries out, however they are cut into pieces."""

import re

from cissapp.foundation.intake import links
from cissapp.foundation.intake.reasons import FileRejected, RejectionReason

FORBIDDEN = {
    "DDE", "DDEAUTO", "INCLUDE", "INCLUDETEXT", "INCLUDEPICTURE", "IMPORT", "LINK", "EMBED", "RD", "DATABASE",
    "CONTROL", "HTMLCONTROL", "PRINT", "MACRO", "OCX",
}  # fmt: skip
DEEPEST = 40  # fields within fields: what the inner one says is read again in each around it
HARMLESS_MACROS = {"NOMACRO", "NONAME", "ACCEPTALLCHANGESSHOWN"}
FIRST_WORD = re.compile(r"[\s\"“”\\=]*([^\W\d_]+)")
TOKEN = re.compile(r'"([^"]*)"|(\S+)')
SWITCHES_WITH_WORD = {"\\l", "\\o", "\\t", "\\s"}
MACRO_BUTTON = re.compile(r"\s*MACROBUTTON\s+(\S+)", re.IGNORECASE)
SPELLED = re.compile(r"\s*QUOTE((?:\s+\d{1,5})+)\s*$", re.IGNORECASE)
INNER = re.compile(r"\b(DDEAUTO|DDE)\b", re.IGNORECASE)
SPACES = re.compile(r"[\t\r\n\v\f\u00a0]+")
INVISIBLE = re.compile(r"[\x00-\x1f\u00ad\u200b-\u200f\u2060\ufeff]+")


def check(code: str) -> None:
    """Refuse a field that fetches external content, starts something, or links to a forbidden target."""
    found = FIRST_WORD.match(code)
    first = found[1].upper() if found else ""
    if first in FORBIDDEN:
        raise FileRejected(RejectionReason.FIELD)
    if first != "ADDIN" and INNER.search(re.sub(r'"[^"]*"', "", code)):
        raise FileRejected(RejectionReason.FIELD)
    button = MACRO_BUTTON.match(code)
    if button and button[1].upper() not in HARMLESS_MACROS:
        raise FileRejected(RejectionReason.FIELD)
    if first == "HYPERLINK" and not links.is_allowed(_target(code)):
        raise FileRejected(RejectionReason.LINK)


class FieldCodes:
    """Joins the pieces of each field's code, including nested fields."""

    def __init__(self) -> None:
        self.open: list[list[str]] = []
        self.loose: list[str] = []

    def begin(self) -> None:
        """Begin a field; refuse deeper nesting than any real document has."""
        if len(self.open) >= DEEPEST:
            raise FileRejected(RejectionReason.NESTED_TOO_DEEP)
        self.open.append([])

    def add(self, piece: str) -> None:
        """Add a piece of code to the innermost field."""
        (self.open[-1] if self.open else self.loose).append(piece)

    def close(self) -> None:
        """End the innermost field, and check its code."""
        if self.open:
            code = _cleaned("".join(self.open.pop()))
            check(code)
            if self.open:
                self.add(_spelled_out(code))

    def finish(self) -> None:
        """Check any fields left open and any code outside of fields."""
        while self.open:
            self.close()
        check(_cleaned("".join(self.loose)))


def _cleaned(code: str) -> str:
    return INVISIBLE.sub("", SPACES.sub(" ", code))


def _spelled_out(code: str) -> str:
    """Return what a nested field inserts; QUOTE may spell a word by its character codes."""
    spelled = SPELLED.match(code)
    if not spelled:
        return f' "{code.replace(chr(34), "")}" '
    return "".join(chr(int(number)) for number in spelled[1].split())


def _target(code: str) -> str:
    """Return where a HYPERLINK field leads; empty for a place in the document itself."""
    tokens: list[str] = [quoted or bare for quoted, bare in TOKEN.findall(code)][1:]
    skip = False
    for token in tokens:
        if skip:
            skip = False
        elif token.startswith("\\") and len(token) == 2:
            skip = token.lower() in SWITCHES_WITH_WORD
        else:
            return token
    return ""
