"""The certified facts as labelled rows, in the page's language."""

from flask_babel import gettext as _
from flask_babel import ngettext
from msgspec import Struct

from cissapp.certify.certificates.document.facts import CertificateFacts, DrillFact
from cissapp.certify.certificates.document.pdf.words import CertificateWords, certificate_words
from cissapp.certify.certificates.rules import in_groups
from cissapp.foundation.content.values import Content
from cissapp.foundation.web import filters
from cissapp.prepare.mechanism.rules import MEDIUM_NAMES

RINGS = 5


class LabelledRow(Struct, frozen=True):
    """A label and its value, optionally with a link."""

    label: str
    value: str
    href: str | None = None
    action: str | None = None


class LevelRing(Struct, frozen=True):
    """The ring of a certificate: five shares, the level, and a label in words."""

    parts: list[float]
    text: str
    label: str


def words_of(facts: CertificateFacts, content: Content, language: str) -> CertificateWords:
    """Return the programme's words for a certificate in the page's language."""
    country = content.countries[facts.country_code]
    return certificate_words((language,), content.standard, country, facts.base_url)[0]


def level_line(facts: CertificateFacts, words: CertificateWords) -> str:
    """Name the level."""
    return f"{words.label('level')} {facts.level} · {words.text.level_names[str(facts.level)]}"


def level_and_end(facts: CertificateFacts, words: CertificateWords) -> str:
    """Write level and last day on one line."""
    until = _("until %(day)s", day=filters.day(facts.valid_until_on))
    return f"{level_line(facts, words)} · {until}"


def level_ring(facts: CertificateFacts, words: CertificateWords) -> LevelRing:
    """Return the ring: one arc for each module, as long as its level is high."""
    parts = [min(mean / 3, 1.0) for _module, mean in facts.module_levels][:RINGS]
    parts += [0.0] * (RINGS - len(parts))
    return LevelRing(parts, str(facts.level), level_line(facts, words))


def fact_rows(
    facts: CertificateFacts, content: Content, words: CertificateWords
) -> list[LabelledRow]:
    """List the certified facts as rows."""
    rows = [
        LabelledRow(_("School"), facts.school_name),
        LabelledRow(_("Place"), place(facts.locality, facts.region_code, content, words.language)),
        LabelledRow(_("Level"), level_line(facts, words)),
        LabelledRow(words.label("valid_from"), filters.day(facts.valid_from_on)),
        LabelledRow(words.label("valid_until"), filters.day(facts.valid_until_on)),
        LabelledRow(words.label("number"), facts.number),
        LabelledRow(words.label("check_code"), in_groups(facts.code)),
        LabelledRow(words.label("issued_by"), facts.group_name),
        LabelledRow(words.label("criteria_version"), facts.criteria_version),
        *(
            [LabelledRow(_("Drill of the ways to report"), drill_line(facts.drill))]
            if facts.drill
            else []
        ),
        LabelledRow(_("Hash of these facts (SHA-256)"), facts.sha256),
    ]
    return [LabelledRow(_("Demonstration"), words.label("demo")), *rows] if facts.demo else rows


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
    """Return place, regions and country, nearest first, without repeating a name."""
    country = content.countries.get(region_code[:2])
    names = [locality, *content.region_names(region_code, language)]
    return ", ".join(dict.fromkeys([*names, *([country.name(language)] if country else [])]))


def module_rows(facts: CertificateFacts, words: CertificateWords) -> list[tuple[str, str]]:
    """List the modules with their levels."""
    titles = words.text.module_titles
    return [(titles.get(name, name), words.figure(mean)) for name, mean in facts.module_levels]


def document_rows(
    facts: CertificateFacts, content: Content, language: str
) -> list[tuple[str, str, str]]:
    """List the accepted documents: kind, version, hash of the file."""
    names = content.standard.rubric_text(language).evidence
    return [
        (names.get(one.evidence_code, one.evidence_code), str(one.version), one.sha256)
        for one in facts.documents
    ]
