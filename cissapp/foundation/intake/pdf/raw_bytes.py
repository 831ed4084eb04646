"""A PDF as bytes, before any parser sees it: its ends, its nesting, and data hidden between its parts."""

import re
from collections.abc import Iterator

from cissapp.foundation.intake.kinds import EICAR, MARKUP
from cissapp.foundation.intake.pdf.filters import Budget, inflated_leniently
from cissapp.foundation.intake.reasons import FileRejected, RejectionReason

WHITE = b"\0\t\n\f\r "
HEADER = re.compile(rb"%PDF-(1\.[0-7]|2\.0)[\0\t\n\f\r %]")
ENDING = re.compile(rb"startxref[\0\t\n\f\r ]+\d+[\0\t\n\f\r ]+%%EOF\Z")
END_OF_ZIP = b"PK\x05\x06"
LONGEST_ZIP_TAIL = 65_557
DEEPEST = 100
TABLES_UNPACKED = 64_000_000

STREAM = re.compile(rb"\bstream\r?\n")
STRING = re.compile(
    rb"\((?:[^()\\]|\\.|\((?:[^()\\]|\\.|\((?:[^()\\]|\\.)*+\))*+\))*+\)", re.DOTALL
)
HEX_STRING = re.compile(rb"<[0-9A-Fa-f\s]*+>")
IN_STRING = re.compile(rb"\\.|[()]", re.DOTALL)
BRACKET = re.compile(rb"<<|>>|\[|\]|\bendobj\b")
LONG_NAME = re.compile(rb"/[^\0\t\n\f\r /<>\[\](){}%]{2000}")
HEX_IN_NAME = re.compile(rb"#([0-9A-Fa-f]{2})")
FOREIGN = (
    b"Rar!\x1a\x07",
    b"7z\xbc\xaf\x27\x1c",
    b"__HALT_COMPILER();",
    b"ustar\x0000",
    b"ustar  \0",
)
AT_PLACES = ((257, b"ustar"), (32_769, b"CD001"), (128, b"DICM"))
ACTIVE_NAME = re.compile(
    rb"/(JavaScript|JS|Launch|SubmitForm|ImportData|GoToR|GoToE|Rendition|RichMedia|EmbeddedFiles?|XFA)"
    rb"(?=[\0\t\n\f\r /<>\[\](%])"
)
REASON_OF_NAME = {
    b"JavaScript": RejectionReason.PDF_SCRIPT,
    b"JS": RejectionReason.PDF_SCRIPT,
    b"Launch": RejectionReason.PDF_PROGRAM_START,
    b"SubmitForm": RejectionReason.PDF_SENDS_FORM,
    b"ImportData": RejectionReason.PDF_IMPORTS_DATA,
    b"GoToR": RejectionReason.PDF_OTHER_FILE,
    b"GoToE": RejectionReason.PDF_EMBEDDED,
    b"Rendition": RejectionReason.PDF_FILM,
    b"RichMedia": RejectionReason.PDF_FILM,
    b"EmbeddedFile": RejectionReason.PDF_EMBEDDED,
    b"EmbeddedFiles": RejectionReason.PDF_EMBEDDED,
    b"XFA": RejectionReason.PDF_XFA,
}


def check(content: bytes) -> None:
    """Refuse a PDF whose bytes alone show that it is truncated, two files in one, or a trap for parsers."""
    _check_ends(content)
    _check_other_kinds(content)
    budget = Budget(TABLES_UNPACKED)
    for plain, packed in _regions(content):
        bare = without_strings(plain)
        _check_plain(bare)
        if packed and re.search(rb"/(ObjStm|XRef)\b", _names_decoded(bare[-4_096:])):
            table = inflated_leniently(packed, budget)
            if b"/XRef" not in _names_decoded(bare[-4_096:]):
                _check_plain(without_strings(table))


def count_versions(content: bytes) -> int:
    """Count the revisions: each save adds an end marker, but so do linearising and signing."""
    ends = len(re.findall(rb"startxref[\0\t\n\f\r ]+\d+[\0\t\n\f\r ]+%%EOF", content))
    return ends - (b"/Linearized" in content[:2_048]) - content.count(b"/ByteRange")


def _check_ends(content: bytes) -> None:
    if not HEADER.match(content):
        raise FileRejected(RejectionReason.PDF_DAMAGED)
    body = content.rstrip(WHITE)
    if ENDING.search(body[-256:]):
        return
    if b"%%EOF" not in body:
        raise FileRejected(RejectionReason.PDF_CUT_OFF)
    raise FileRejected(
        RejectionReason.PDF_DAMAGED if body.endswith(b"%%EOF") else RejectionReason.PDF_JUNK_AFTER
    )


def _check_other_kinds(content: bytes) -> None:
    if EICAR in content:
        raise FileRejected(RejectionReason.VIRUS)
    two = END_OF_ZIP in content[-LONGEST_ZIP_TAIL:]
    two = two or any(signature in content for signature in FOREIGN)
    two = two or any(content.startswith(mark, place) for place, mark in AT_PLACES)
    if two or MARKUP.search(content[:1_024]):
        raise FileRejected(RejectionReason.TWO_KINDS)


def _regions(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Split the file into the text outside of streams, each with the stream that follows it."""
    at = 0
    while found := STREAM.search(content, at):
        end = content.find(b"endstream", found.end())
        if end < 0:
            break
        yield content[at : found.start()], content[found.end() : end]
        at = end + len(b"endstream")
    yield content[at:], b""


def without_strings(plain: bytes) -> bytes:
    """Return text with each string emptied; from an unterminated string on, it stays as it is."""
    pieces: list[bytes] = []
    at = 0
    while (start := plain.find(b"(", at)) >= 0:
        pieces.append(HEX_STRING.sub(b"()", plain[at:start]))
        at = start
        end = _end_of_string(plain, start)
        if end < 0:
            break
        pieces.append(b"()")
        at = end
    return b"".join([*pieces, HEX_STRING.sub(b"()", plain[at:])])


def _end_of_string(plain: bytes, start: int) -> int:
    """Return the end of a string, matched in one step at usual nesting depths; -1 if it has none."""
    if usual := STRING.match(plain, start):
        return usual.end()
    depth = 0
    for sign in IN_STRING.finditer(plain, start):
        depth += {b"(": 1, b")": -1}.get(sign[0], 0)
        if depth == 0:
            return sign.end()
    return -1


def _check_plain(bare: bytes) -> None:
    """Check text without its strings: nesting, foreign markup between objects, active names."""
    if LONG_NAME.search(bare):
        raise FileRejected(RejectionReason.PDF_DAMAGED)
    depth = 0
    for bracket in BRACKET.finditer(bare):
        sign = bracket[0]
        depth = 0 if sign == b"endobj" else depth + 1 if sign in b"<<[" else max(0, depth - 1)
        if depth > DEEPEST:
            raise FileRejected(RejectionReason.NESTED_TOO_DEEP)
    if MARKUP.search(bare) or b"PK\x03\x04" in bare:
        raise FileRejected(RejectionReason.TWO_KINDS)
    if found := ACTIVE_NAME.search(_names_decoded(bare)):
        raise FileRejected(REASON_OF_NAME[found[1]])


def _names_decoded(text: bytes) -> bytes:
    return HEX_IN_NAME.sub(lambda found: bytes((int(found[1], 16),)), text)
