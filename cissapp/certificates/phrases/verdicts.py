"""The words of a verdict: the answer, whom it is about, each fact, each check."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from cissapp.certificates.facts import DrillFact, Facts
from cissapp.certificates.pdf.words import HARD_SPACE, Words, words_in
from cissapp.certificates.rules import (
    in_groups,
)
from cissapp.certificates.verification import ANSWER_NAMES, Answer, Check, Outcome, Verdict
from cissapp.content.values import Content
from cissapp.core.errors import N_
from cissapp.evidence.rules import MEDIUM_NAMES
from cissapp.web import filters

KINDS = {
    Answer.VALID: "ok",
    Answer.EXPIRING: "ok",
    Answer.EXPIRED: "bad",
    Answer.SUSPENDED: "warn",
    Answer.WITHDRAWN: "bad",
    Answer.REPLACED: "bad",
    Answer.ALTERED: "bad",
    Answer.NOT_OURS: "bad",
    Answer.UNKNOWN: "none",
}

SIGNS = {Outcome.YES: "✓", Outcome.NO: "✕", Outcome.UNKNOWN: "?"}
RINGS = 5


@dataclass(frozen=True)
class Row:
    """A label and what stands beside it."""

    label: str
    value: str
    href: str | None = None
    action: str | None = None


@dataclass(frozen=True)
class Ring:
    """The ring of a certificate: five shares, the level, and both in words."""

    parts: list[float]
    text: str
    label: str


@dataclass(frozen=True)
class ShownVerdict:
    """A verdict as a page shows it."""

    kind: str
    word: str
    title: str
    detail: str | None
    ring: Ring | None
    checks: list[Row]
    facts: list[Row] = field(default_factory=list)
    modules: list[tuple[str, str]] = field(default_factory=list)
    documents: list[tuple[str, str, str]] = field(default_factory=list)
    says: str | None = None
    says_not: str | None = None
    altered: bool = False
    complaint_code: str | None = None


# Whose promises stand today: somebody may say that one is not kept.
STANDING = frozenset({Answer.VALID, Answer.EXPIRING, Answer.SUSPENDED})

TITLES = {
    Answer.NOT_OURS: N_("The register does not know this certificate"),
    Answer.UNKNOWN: N_("No answer is possible at the moment"),
}


def verdict(found: Verdict, content: Content, language: str) -> ShownVerdict:
    """Write a verdict: the word, whom it is about, each fact, each check."""
    facts = found.facts
    checks = [_check(one) for one in found.checks]
    kind, word = KINDS[found.answer], _(ANSWER_NAMES[found.answer])
    if facts is None:
        title = _(TITLES.get(found.answer, TITLES[Answer.NOT_OURS]))
        if found.answer is Answer.ALTERED:
            title = _("This is not the file that was issued")
        return ShownVerdict(kind, word, title, None, None, checks)
    words = words_of(facts, content, language)
    altered = found.answer is Answer.ALTERED
    return ShownVerdict(
        kind,
        word,
        _("This is not the file that was issued") if altered else facts.school_name,
        None if altered else detail(facts, words),
        None if altered else ring(facts, words),
        checks,
        facts=fact_rows(facts, content, words),
        modules=_modules(facts, words),
        documents=_documents(facts, content, language),
        says=words.finding(facts) if found.good else None,
        says_not=f"{words.text.not_meaning} {words.worried()}" if found.good else None,
        altered=altered,
        complaint_code=facts.code if found.answer in STANDING else None,
    )


def _check(check: Check) -> Row:
    values = {name: _value(value) for name, value in check.values.items()}
    sign = SIGNS[check.outcome]
    if check.outcome is Outcome.UNKNOWN:
        sign = f"({_('could not be checked')})"
    # The sign stays with the last word.
    return Row(_(check.what), f"{_(check.sentence, **values)}{HARD_SPACE}{sign}")


def _value(value: Any) -> Any:
    if isinstance(value, datetime):
        return filters.moment(value)
    return filters.day(value) if isinstance(value, date) else value


def words_of(facts: Facts, content: Content, language: str) -> Words:
    """Give the programme's words for a certificate in the page's language."""
    country = content.countries[facts.country_code]
    return words_in((language,), content.standard, country, facts.base_url)[0]


def level(facts: Facts, words: Words) -> str:
    """Name the level."""
    return f"{words.label('level')} {facts.level} · {words.text.level_names[str(facts.level)]}"


def detail(facts: Facts, words: Words) -> str:
    """Say level and last day on one line."""
    until = _("until %(day)s", day=filters.day(facts.valid_until_on))
    return f"{level(facts, words)} · {until}"


def ring(facts: Facts, words: Words) -> Ring:
    """Give the ring: an arc a module, as far as its level goes."""
    parts = [min(mean / 3, 1.0) for _module, mean in facts.module_levels][:RINGS]
    parts += [0.0] * (RINGS - len(parts))
    return Ring(parts, str(facts.level), level(facts, words))


def fact_rows(facts: Facts, content: Content, words: Words) -> list[Row]:
    """List the certified facts, one a line."""
    rows = [
        Row(_("School"), facts.school_name),
        Row(_("Place"), place(facts.locality, facts.region_code, content, words.language)),
        Row(_("Level"), level(facts, words)),
        Row(words.label("valid_from"), filters.day(facts.valid_from_on)),
        Row(words.label("valid_until"), filters.day(facts.valid_until_on)),
        Row(words.label("number"), facts.number),
        Row(words.label("check_code"), in_groups(facts.code)),
        Row(words.label("issued_by"), facts.group_name),
        Row(words.label("criteria_version"), facts.criteria_version),
        *([Row(_("Drill of the ways to report"), drill_line(facts.drill))] if facts.drill else []),
        Row(_("Hash of these facts (SHA-256)"), facts.sha256),
    ]
    return [Row(_("Demonstration"), words.label("demo")), *rows] if facts.demo else rows


def drill_line(drill: DrillFact) -> str:
    """Write the fact about the newest drill on one line."""
    medium = next((name for one, name in MEDIUM_NAMES.items() if one.value == drill.medium), None)
    values = {"day": filters.day(drill.on), "way": _(medium) if medium else drill.medium}
    if drill.minutes is None:
        return str(_("%(day)s, %(way)s: the message was not acknowledged", **values))
    said = ngettext("%(num)d working minute", "%(num)d working minutes", drill.minutes)
    if drill.in_time:
        line = _("%(day)s, %(way)s: acknowledged after %(said)s, in time", said=said, **values)
    else:
        line = _("%(day)s, %(way)s: acknowledged after %(said)s, not in time", said=said, **values)
    return str(line)


def place(locality: str, region_code: str, content: Content, language: str) -> str:
    """Name place, region and country; what has the same name is said once."""
    country = content.countries.get(region_code[:2])
    names = [locality, content.region_name(region_code, language)]
    return ", ".join(dict.fromkeys([*names, *([country.name(language)] if country else [])]))


def _modules(facts: Facts, words: Words) -> list[tuple[str, str]]:
    titles = words.text.module_titles
    return [(titles.get(name, name), words.figure(mean)) for name, mean in facts.module_levels]


def _documents(facts: Facts, content: Content, language: str) -> list[tuple[str, str, str]]:
    names = content.standard.rubric_text(language).evidence
    return [
        (names.get(one.evidence_code, one.evidence_code), str(one.version), one.sha256)
        for one in facts.documents
    ]
