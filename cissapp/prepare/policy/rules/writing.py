"""Writes the policy as one text, for adults and for pupils of two ages, from the clauses that are printed."""

import re
from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct, field

from cissapp.foundation.content.schema.toolkit import ClauseState
from cissapp.foundation.content.toolkit import Toolkit
from cissapp.foundation.office.filling import Value, bullets, plain
from cissapp.prepare.policy.rules.clauses import (
    Audience,
    OwnParagraph,
    PlacedClause,
    paragraphs_of,
    words_for,
)


class WrittenPolicy(Struct, frozen=True):
    """A policy as Markdown, the facts of the school that it carries, and the text of each clause by its id."""

    text: str
    facts: Mapping[str, str] = field(default_factory=dict)
    passages: Mapping[str, str] = field(default_factory=dict)


def write_policy(
    library: Toolkit,
    placed: Sequence[PlacedClause],
    paragraphs: Iterable[OwnParagraph],
    values: Mapping[str, Value],
    *,
    audience: Audience,
    language: str,
) -> WrittenPolicy:
    """Write all sections with text; own paragraphs are for adults only, younger pupils get no headings."""
    own = list(paragraphs) if audience is Audience.ADULTS else []
    blocks: list[str] = []
    facts: dict[str, str] = {}
    passages: dict[str, str] = {}
    number = 0
    for section in library.sections:
        texts: list[str] = []
        for one in placed:
            if one.section != section:
                continue
            text, used = words_for(one, audience, values, language)
            if text:
                texts.append(_headed(one, text.strip(), audience))
                facts.update(used)
                passages[one.id] = text
        texts += [paragraphs_of(one.text) for one in own if one.section == section]
        if texts and audience is not Audience.YOUNGER:
            number += 1
            blocks.append(f"## {number}. {library.section(section, language)}")
        blocks += texts
    return WrittenPolicy("\n\n".join(blocks), facts, passages)


# A text that begins with a list, table or heading needs its title on a line of its own.
_BLOCK = re.compile(r"(?:[-*+#|]|\d+[.)])\s*(?!\*)")


def _headed(placed: PlacedClause, text: str, audience: Audience) -> str:
    """Prefix a clause for adults with its title, inline if possible; pupils' texts have no clause titles."""
    if audience is not Audience.ADULTS:
        return text
    title = plain(placed.title)
    if _BLOCK.match(text):
        return f"### {title}\n\n{text}"
    end = "" if placed.title.endswith((".", "?", "!", ":")) else "."
    return f"**{title}{end}** {text}"


def write_clauses(placed: Iterable[PlacedClause]) -> WrittenPolicy:
    """Write some clauses, each under its title: an annex to a policy that the school has already."""
    printed = [one for one in placed if one.is_printed]
    facts: dict[str, str] = {}
    for one in printed:
        facts.update(one.facts)
    text = "\n\n".join(f"## {plain(one.title)}\n\n{one.text.strip()}" for one in printed)
    return WrittenPolicy(text, facts, {one.id: one.text for one in printed})


def write_sources(placed: Iterable[PlacedClause]) -> str:
    """List the sources of the printed clauses on checked law, each once."""
    sources = {
        # The title of the source page is in the language of its country, that of the clause in the policy's.
        one.clause.key.source.url: one.title
        for one in placed
        if one.is_printed and one.clause.key.source and one.clause.key.state is ClauseState.CHECKED
    }
    return bullets(f"{plain(title)}: {plain(url)}" for url, title in sources.items())
