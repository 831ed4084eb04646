"""The text of a DOCX or ODT, one line per paragraph; without deleted text and comments."""

from collections.abc import Iterator

from cissapp.foundation.intake.markup import Attributes, XmlWatcher, steps

PARAGRAPHS = {"p", "h"}
SKIPPED = {
    "Fallback", "tracked-changes", "annotation", "sequence-decls", "forms", "automatic-styles", "title", "desc",
}  # fmt: skip
SIGNS = {"tab": "\t", "br": "\n", "cr": "\n", "line-break": "\n", "noBreakHyphen": "-"}
MOST_SPACES = 100


class _Collector(XmlWatcher):
    """Collects the text inside certain elements."""

    def __init__(self, holders: set[str]) -> None:
        self.holders = holders
        self.pieces: list[str] = []
        self.skipping = self.paragraphs = self.holding = 0

    def start(self, name: str, attributes: Attributes) -> None:
        if name in SKIPPED or self.skipping:
            self.skipping += 1
            return
        self.paragraphs += name in PARAGRAPHS
        self.holding += name in self.holders
        if not self.paragraphs:
            return
        if name in SIGNS:
            self.pieces.append(SIGNS[name])
        elif name == "s":
            self.pieces.append(" " * _count(attributes.get("c", "1")))

    def end(self, name: str) -> None:
        if self.skipping:
            self.skipping -= 1
            return
        self.holding -= name in self.holders
        if name in PARAGRAPHS:
            self.paragraphs -= 1
            self.pieces.append("\n")

    def text(self, text: str) -> None:
        if self.holding and not self.skipping:
            self.pieces.append(text)


def of_word(data: bytes) -> Iterator[str]:
    """Read the text of a DOCX's main part."""
    yield from _collected(data, {"t"})


def of_opendocument(data: bytes) -> Iterator[str]:
    """Read the text of an ODT's content."""
    yield from _collected(data, PARAGRAPHS)


def _collected(data: bytes, holders: set[str]) -> Iterator[str]:
    collector = _Collector(holders)
    for _ in steps(data, collector):
        yield "".join(collector.pieces)
        collector.pieces.clear()


def _count(raw: str) -> int:
    return min(int(raw), MOST_SPACES) if raw.isdecimal() else 1
