"""Streaming XML, event by event: no tree in memory, no document type, no entities, two character sets."""

import re
from collections import Counter
from collections.abc import Iterator
from xml.parsers import expat

from cissapp.foundation.intake.reasons import FileRejected, RejectionReason

DEEPEST = 256
MOST_ELEMENTS = 2_000_000
MOST_ATTRIBUTES = 1_000
PIECE = 262_144
# An incomplete tag or comment is scanned again with each piece.
LONGEST_TAG = 10_000_000
CHARACTER_SETS = {"utf-8", "utf8", "utf-16", "us-ascii", "ascii"}
WIDE = ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-7")
DECLARATION = re.compile(r"<!\s*(doctype|entity)", re.IGNORECASE)
DECLARED_SET = re.compile(rb"""^<\?xml[^>]{0,200}encoding\s*=\s*["']([^"']{1,40})["']""")
BAD_SET = {
    expat.errors.codes[expat.errors.XML_ERROR_UNKNOWN_ENCODING],
    expat.errors.codes[expat.errors.XML_ERROR_INCORRECT_ENCODING],
}

Attributes = dict[str, str]


class XmlWatcher:
    """Receives the events of an XML part. Names come without their namespace, which is in `space`."""

    space = ""

    def start(self, name: str, attributes: Attributes) -> None:
        """Handle the start of an element."""

    def end(self, name: str) -> None:
        """Handle the end of an element."""

    def text(self, text: str) -> None:
        """Handle text."""


def read(data: bytes, watcher: XmlWatcher) -> None:
    """Read XML to its end, passing events to the watcher; refuse damaged XML and any DTD or entity."""
    for _ in steps(data, watcher):
        pass


def steps(data: bytes, watcher: XmlWatcher) -> Iterator[None]:
    """Read XML and pause after each piece, so that intermediate results can be collected."""
    _check_character_set(data)
    reader = _Reader(watcher)
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = watcher.text
    parser.ProcessingInstructionHandler = _instruction
    parser.StartDoctypeDeclHandler = _refuse_dtd
    parser.EntityDeclHandler = _refuse_dtd
    parser.UnparsedEntityDeclHandler = _refuse_dtd
    parser.ExternalEntityRefHandler = _refuse_dtd
    for at in range(0, len(data) + 1, PIECE):
        piece = data[at : at + PIECE]
        _parse(parser, piece, is_last=at + PIECE > len(data))
        if at + len(piece) - parser.CurrentByteIndex > LONGEST_TAG:
            raise FileRejected(RejectionReason.UNPACKS_HUGE)
        yield


def mentions_dtd(data: bytes) -> bool:
    """Return whether text, not necessarily valid XML, declares a document type or entity, in any encoding."""
    if DECLARATION.search(data.decode("latin-1")):
        return True
    return any(DECLARATION.search(data.decode(name, "ignore")) for name in WIDE)


def local_values(attributes: Attributes, name: str) -> Iterator[str]:
    """Yield the values of all attributes of this name, whatever their namespaces."""
    for key, value in attributes.items():
        if key.rstrip("'") == name:
            yield value


class _Reader:
    """Counts elements and removes the namespaces from names."""

    def __init__(self, watcher: XmlWatcher) -> None:
        self.watcher = watcher
        self.depth = self.elements = 0

    def start(self, name: str, attributes: Attributes) -> None:
        self.depth += 1
        self.elements += 1
        if self.depth > DEEPEST:
            raise FileRejected(RejectionReason.NESTED_TOO_DEEP)
        if self.elements > MOST_ELEMENTS or len(attributes) > MOST_ATTRIBUTES:
            raise FileRejected(RejectionReason.TOO_MANY_PARTS)
        self.watcher.space, _, local = name.rpartition(" ")
        self.watcher.start(local, _shown(attributes))

    def end(self, name: str) -> None:
        self.depth -= 1
        self.watcher.end(_local(name))


def _parse(parser: expat.XMLParserType, piece: bytes, *, is_last: bool) -> None:
    try:
        parser.Parse(piece, is_last)
    except expat.ExpatError as error:
        reason = (
            RejectionReason.XML_ENCODING if error.code in BAD_SET else RejectionReason.XML_DAMAGED
        )
        raise FileRejected(reason) from error
    except (LookupError, ValueError) as error:
        raise FileRejected(RejectionReason.XML_ENCODING) from error


def _check_character_set(data: bytes) -> None:
    if data.startswith((b"\xff\xfe\0\0", b"\0\0\xfe\xff", b"+/v", b"\x4c\x6f\xa7\x94")):
        raise FileRejected(RejectionReason.XML_ENCODING)
    plain = data[:600].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe")
    declared = DECLARED_SET.match(plain)
    if declared and declared[1].decode("latin-1").lower() not in CHARACTER_SETS:
        raise FileRejected(RejectionReason.XML_ENCODING)


def _shown(attributes: Attributes) -> Attributes:
    """Mark attributes with equal local names by primes, so that none hides another."""
    shown: Attributes = {}
    seen: Counter[str] = Counter()
    for key, value in attributes.items():
        name = _local(key)
        shown[name + "'" * seen[name]] = value
        seen[name] += 1
    return shown


def _local(name: str) -> str:
    return name.rpartition(" ")[2]


def _instruction(target: str, _: str) -> None:
    if target.rpartition(":")[2].lower() == "xml-stylesheet":
        raise FileRejected(RejectionReason.STYLESHEET)


def _refuse_dtd(*_: object) -> int:
    raise FileRejected(RejectionReason.DTD)
