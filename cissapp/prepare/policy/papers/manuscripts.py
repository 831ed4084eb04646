"""A school's policy, or an annex to its existing one, as manuscripts: one text for DOCX, PDF and page."""

from collections.abc import Iterable
from datetime import date

from msgspec.structs import replace

from cissapp.foundation.office.manuscripts import Manuscript
from cissapp.prepare.policy.phrases import (
    CoverFacts,
    annex_title,
    cover_lines,
    sources_title,
    title_in,
)
from cissapp.prepare.policy.queries import PolicyState
from cissapp.prepare.policy.rules.answers import written_day
from cissapp.prepare.policy.rules.clauses import Audience, PlacedClause
from cissapp.prepare.policy.rules.writing import (
    WrittenPolicy,
    write_clauses,
    write_sources,
)


def policy_manuscript(
    state: PolicyState, audience: Audience, today: date
) -> tuple[Manuscript, WrittenPolicy]:
    """Return the policy for an audience, and the written policy behind it."""
    written = state.written(audience)
    language, title = state.language, title_in(state.language, audience)
    name = state.school.name
    text = written.text
    lines: tuple[str, ...] = (name,)
    if audience is Audience.ADULTS:
        lines = cover_lines(language, _cover(state, today))
        text = _with_sources(text, write_sources(state.printed), language)
    # The first line and the foot of each page name the school, whatever the clauses say.
    named = {"school.name": name, "school.locality": state.school.locality}
    written = replace(written, facts={**named, **written.facts})
    return Manuscript(title, lines, text, language, foot=f"{name} · {title}"), written


def annex_manuscript(
    state: PolicyState, clauses: Iterable[PlacedClause], today: date
) -> tuple[Manuscript, WrittenPolicy]:
    """Return some clauses as an annex, and the written text behind it."""
    chosen = list(clauses)
    written = write_clauses(chosen)
    language, name = state.language, state.school.name
    title = annex_title(language)
    text = _with_sources(written.text, write_sources(chosen), language)
    lines = (name, written_day(today, language))
    return Manuscript(title, lines, text, language, foot=f"{name} · {title}"), written


def _with_sources(text: str, sources: str, language: str) -> str:
    return f"{text}\n\n## {sources_title(language)}\n\n{sources}" if sources else text


def _cover(state: PolicyState, today: date) -> CoverFacts:
    def said(name: str) -> str:
        value = state.values.get(name)
        return value.text if value else ""

    return CoverFacts(
        school=f"{state.school.name}, {state.school.locality}",
        number=said("version_number"),
        adopted_by=said("adopted_by"),
        adopted_on=said("adopted_on"),
        next_review=said("next_review"),
        today=written_day(today, state.language),
    )
