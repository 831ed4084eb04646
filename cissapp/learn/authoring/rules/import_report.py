"""The result of importing a file of questions: what was imported, left out and why, or lost."""

from msgspec import Struct

from cissapp.foundation.content.values import Question

LARGEST_BYTES = 2_000_000


class UnreadableFile(Exception):
    """A file is refused as a whole; the message says why, in one sentence."""


class LeftOutQuestion(Struct, frozen=True):
    """A question that was left out: where it stands, its name, and the reason."""

    place: str
    name: str
    reason: str

    def __str__(self) -> str:
        return _line(self.place, self.name, self.reason)


class ImportNote(Struct, frozen=True):
    """What an imported question lost, or how it was changed."""

    place: str
    name: str
    what: str

    def __str__(self) -> str:
        return _line(self.place, self.name, self.what)


class ImportReport(Struct, frozen=True):
    """Every question of a file is in `imported` or in `dropped`; `notes` are about the imported."""

    imported: tuple[Question, ...]
    dropped: tuple[LeftOutQuestion, ...]
    notes: tuple[ImportNote, ...] = ()

    @property
    def found(self) -> int:
        """How many questions the file has."""
        return len(self.imported) + len(self.dropped)


def _line(place: str, name: str, said: str) -> str:
    return f"{place}: {name}: {said}" if name else f"{place}: {said}"


def check_size(text: str) -> str:
    """Return the text; raise `UnreadableFile` if it is larger than any file of questions is (2 MB)."""
    if len(text.encode("utf-8", "surrogatepass")) > LARGEST_BYTES:
        raise UnreadableFile("The file is larger than 2 MB.")
    return text
