"""Where the text of each page comes from: the file itself, or a machine that read its picture."""

from collections.abc import Sequence

from cissapp.prepare.documents.rules.states import TextSource

# Pages beyond this one are not read by machine, just as they are not drawn.
MOST_READ = 200


def sources_of(texts: Sequence[str]) -> list[TextSource] | None:
    """Return the source of each page of a PDF by its text; None, where no page waits to be read."""
    sources = [
        TextSource.FILE if text.strip() or number > MOST_READ else TextSource.WAITING
        for number, text in enumerate(texts, 1)
    ]
    return sources if TextSource.WAITING in sources else None


def pages_with(sources: Sequence[str] | None, *kinds: TextSource) -> list[int]:
    """List the pages whose text has one of these sources, counted from 1."""
    return [number for number, source in enumerate(sources or (), 1) if source in kinds]
