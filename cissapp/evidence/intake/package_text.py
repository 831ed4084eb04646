"""The text of a DOCX or ODT: a line for each paragraph; not what was deleted, nor what is said beside."""

from cissapp.evidence.intake.markup import Attributes, Watcher, read

LONGEST = 500_000
PARAGRAPHS = {"p", "h"}
SKIPPED = {
    "Fallback", "tracked-changes", "annotation", "instrText", "delText", "delInstrText", "pPr", "rPr",
    "sequence-decls", "forms", "automatic-styles", "font-face-decls",
}  # fmt: skip
SIGNS = {"tab": "\t", "br": "\n", "cr": "\n", "line-break": "\n", "noBreakHyphen": "-"}
MOST_SPACES = 100


class _Collector(Watcher):
    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.size = self.skipping = self.paragraphs = 0

    def start(self, name: str, attributes: Attributes) -> None:
        if name in SKIPPED or self.skipping:
            self.skipping += 1
        elif name in PARAGRAPHS:
            self.paragraphs += 1
        elif name in SIGNS:
            self._add(SIGNS[name])
        elif name == "s":
            self._add(" " * _count(attributes.get("c", "1")))

    def end(self, name: str) -> None:
        if self.skipping:
            self.skipping -= 1
        elif name in PARAGRAPHS:
            self.paragraphs -= 1
            self._add("\n")

    def text(self, text: str) -> None:
        if self.paragraphs and not self.skipping:
            self._add(text)

    def _add(self, piece: str) -> None:
        if self.size < LONGEST:
            self.pieces.append(piece)
            self.size += len(piece)


def of(data: bytes) -> str:
    """Read the text of the main part."""
    collector = _Collector()
    read(data, collector)
    return "".join(collector.pieces)


def _count(raw: str) -> int:
    return min(int(raw), MOST_SPACES) if raw.isdecimal() else 1
