"""The bodies that a country pack suggests for the escalation map: checked services only."""

from flask_babel import lazy_gettext as _l

from cissapp.foundation.content.installed import content
from cissapp.foundation.content.packs import named
from cissapp.foundation.content.schema import Helpline
from cissapp.foundation.web import languages
from cissapp.prepare.mechanism.rules.parts import EscalationFacts

WHEN_CALLED = {
    "helpline": _l("When a child or an adult wants to talk to someone outside the school"),
    "hotline": _l("When child sexual abuse material is found online. Give the web address only"),
    "police": _l("At once when a child is in danger, or the same day when a crime is suspected"),
}
HOTLINE = "hotline"


def suggested_bodies(country_code: str) -> dict[str, EscalationFacts]:
    """Return the suggested bodies by service id, or an international hotline if the country has none."""
    country = content().countries.get(country_code)
    lines = list(country.helplines) if country else []
    if not any(line.kind == HOTLINE for line in lines):
        lines += [line for line in content().anywhere if line.kind == HOTLINE]
    return {line.id: _step(line) for line in lines}


def _step(line: Helpline) -> EscalationFacts:
    language = languages.current()
    contact = [*line.numbers, *([line.web] if line.web else [])]
    when_called = WHEN_CALLED.get(line.kind)
    return EscalationFacts(
        body=named(line.names, language),
        when_called=str(when_called) if when_called else named(line.about, language),
        contact=", ".join(contact),
    )
