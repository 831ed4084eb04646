"""Splits a lesson's body into parts, so that links can lead to each and the picture has its place."""

import re
from collections.abc import Collection, Mapping

from msgspec import Struct

HEADING = re.compile(r"^## +(.+?) *#*$", re.MULTILINE)
STRESS = re.compile(r"[*_`]|\[([^\[\]]*)\]\([^()]*\)")


class BodyPart(Struct, frozen=True):
    """A part of the body: its Markdown with its heading, and the heading as plain words."""

    number: int
    heading: str
    text: str


def body_parts(body: str) -> list[BodyPart]:
    """Split a body before each of its `##` headings; what stands before the first is a part without one."""
    starts = [found.start() for found in HEADING.finditer(body)]
    if not starts or body[: starts[0]].strip():
        starts = [0, *starts]
    texts = [body[at:end].strip() for at, end in zip(starts, [*starts[1:], None], strict=True)]
    return [BodyPart(number, _heading(text), text) for number, text in enumerate(texts, start=1)]


def _heading(text: str) -> str:
    found = HEADING.match(text)
    return STRESS.sub(lambda mark: mark[1] or "", found[1]) if found else ""


class CountryTexts(Struct, frozen=True):
    """A lesson's country texts for one reader: those of their own countries, or all of them, collapsed."""

    texts: Mapping[str, str]
    folded: bool


def country_texts(by_country: Mapping[str, str], own: Collection[str]) -> CountryTexts:
    """Choose the country texts that a reader sees; a reader without countries sees all."""
    if not own:
        return CountryTexts(dict(by_country), folded=True)
    return CountryTexts(
        {code: by_country[code] for code in own if code in by_country}, folded=False
    )
