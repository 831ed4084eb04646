"""The page as Markdown, for the paper: the same words in the same order."""

from collections.abc import Iterable, Iterator

from cissapp.foundation.office.filling import plain
from cissapp.prepare.reporting_page.phrases.pages import WrittenPage
from cissapp.prepare.reporting_page.phrases.pieces import Block, Way
from cissapp.prepare.reporting_page.rules import Piece


def markdown_of(page: WrittenPage, numbers_title: str) -> str:
    """Return everything below the title as Markdown; `numbers_title` heads the numbers of the country."""
    pieces = [f"**{plain(line)}**" for line in page.lead]
    pieces.append(plain(page.danger))
    if page.numbers:
        pieces += [f"## {plain(numbers_title)}", _list(map(_way, page.numbers))]
    for part in page.parts:
        pieces.append(f"## {plain(part.title)}")
        for block in part.blocks:
            pieces += _block(block)
    return "\n\n".join(pieces)


def _block(block: Block) -> Iterator[str]:
    yield f"### {plain(block.title)}"
    yield from map(plain, block.paragraphs)
    if block.ways:
        yield _list(map(_way, block.ways))
    if block.points:
        yield _list(map(plain, block.points))
    if block.answers:
        yield _list(f"{plain(one.label)}: **{plain(text_of(one.text))}**" for one in block.answers)


def _list(lines: Iterable[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)


def _way(way: Way) -> str:
    said = [f"**{plain(way.title)}**"]
    said += [plain(one) for one in (text_of(way.contact), way.hours, *way.notes) if one]
    return " · ".join(said)


def text_of(pieces: Iterable[Piece]) -> str:
    """Return the text of pieces, without their links."""
    return "".join(text for text, _address in pieces)
