"""Words of the policy studio: where missing values are entered, and titles and first lines of a policy."""

from typing import Any

from flask import url_for
from flask_babel import force_locale
from flask_babel import gettext as _
from msgspec import Struct

from cissapp.foundation.core.errors import N_
from cissapp.foundation.web import languages
from cissapp.prepare.facts.models import MadePaper
from cissapp.prepare.facts.queries.changes import PaperPage
from cissapp.prepare.facts.rules import PaperKind
from cissapp.prepare.mechanism.rules import MechanismPart
from cissapp.prepare.mechanism.rules.parts import page_of
from cissapp.prepare.policy.rules.clauses import Audience

Link = tuple[str, dict[str, Any]]


class ValuePlace(Struct, frozen=True):
    """A value of the school in words, and the page where it is entered."""

    words: str
    link: Link


def _of(part: MechanismPart) -> Link:
    return page_of(part)


COLLEAGUES: Link = ("enrolment.people", {})
NUMBERS: Link = ("facts.numbers", {})
REPORTING: Link = ("mechanism.reporting", {})

VALUE_PLACES: dict[str, ValuePlace] = {
    "head": ValuePlace(N_("Who the head is"), COLLEAGUES),
    "designated": ValuePlace(N_("Who the designated person is"), COLLEAGUES),
    "deputy": ValuePlace(N_("Who covers for the designated person"), _of(MechanismPart.PERSONS)),
    "people": ValuePlace(N_("The people who take reports"), _of(MechanismPart.PERSONS)),
    "channels": ValuePlace(N_("The ways to report in the school"), _of(MechanismPart.CHANNELS)),
    "outside": ValuePlace(N_("A way to report outside the school"), _of(MechanismPart.CHANNELS)),
    "escalation": ValuePlace(N_("Who you call outside the school"), _of(MechanismPart.ESCALATION)),
    "told": ValuePlace(N_("Who is told about a report"), _of(MechanismPart.TOLD)),
    "languages": ValuePlace(N_("The languages that pupils read"), _of(MechanismPart.COVER)),
    "out_of_hours": ValuePlace(
        N_("Who answers when the school is closed"), _of(MechanismPart.COVER)
    ),
    "holiday_cover": ValuePlace(N_("Who answers in the holidays"), _of(MechanismPart.COVER)),
    "parents_contact": ValuePlace(N_("Who parents contact"), _of(MechanismPart.COVER)),
    "about_head": ValuePlace(
        N_("Where a report about the head goes"), _of(MechanismPart.ABOUT_ADULTS)
    ),
    "about_person": ValuePlace(
        N_("Where a report about someone who takes reports goes"), _of(MechanismPart.ABOUT_ADULTS)
    ),
    "crime_hours": ValuePlace(
        N_("The hours until a suspected crime is passed on"), _of(MechanismPart.TIME_LIMITS)
    ),
    "answer_days": ValuePlace(
        N_("The days until a child gets an answer"), _of(MechanismPart.TIME_LIMITS)
    ),
    "plan_days": ValuePlace(N_("The days until there is a plan"), _of(MechanismPart.TIME_LIMITS)),
    "confidentiality": ValuePlace(
        N_("The rule on who learns of a report"), _of(MechanismPart.RULES)
    ),
    "no_retaliation": ValuePlace(
        N_("The rule that nobody is punished for a report"), _of(MechanismPart.RULES)
    ),
    "about_staff": ValuePlace(N_("The rule on reports about staff"), _of(MechanismPart.RULES)),
    "evidence_rule": ValuePlace(N_("The rule on evidence"), _of(MechanismPart.RULES)),
    "helplines": ValuePlace(N_("A helpline whose number was checked"), NUMBERS),
    "page": ValuePlace(N_("The school’s page on how to report"), ("reporting_page.settings", {})),
    "actions": ValuePlace(N_("The action plan"), ("plan.plan", {})),
}
# For a value that contains a contact nobody has confirmed for six months.
STALE = N_("You need to confirm a contact: %(what)s")

TITLES = {
    Audience.ADULTS: N_("Policy on protecting children online"),
    Audience.YOUNGER: N_("Safe online: what you should know (6–10 years)"),
    Audience.OLDER: N_("Safe online: what you should know (11–17 years)"),
}


class CoverFacts(Struct, frozen=True):
    """The values for the first lines of a policy; empty ones are left out."""

    school: str
    number: str = ""
    adopted_by: str = ""
    adopted_on: str = ""
    next_review: str = ""
    today: str = ""


def title_in(language: str, audience: Audience) -> str:
    """Return the title of a policy in its language."""
    with force_locale(language):
        return str(_(TITLES[audience]))


def cover_lines(language: str, facts: CoverFacts) -> tuple[str, ...]:
    """Return the first lines of a policy in its language: school, version, adoption and next review."""
    with force_locale(language):
        lines = [facts.school]
        if facts.number:
            lines.append(_("Version: %(number)s", number=facts.number))
        if facts.adopted_by and facts.adopted_on:
            lines.append(
                _("Adopted: %(body)s, %(day)s", body=facts.adopted_by, day=facts.adopted_on)
            )
        else:
            lines.append(_("Draft of %(day)s. Not adopted yet.", day=facts.today))
        if facts.next_review:
            lines.append(_("Next review: %(day)s", day=facts.next_review))
        return tuple(lines)


def page_of_policy(paper: MadePaper) -> PaperPage | None:
    """Return the title of a policy paper and where its next version is made; None for other papers."""
    if paper.kind is not PaperKind.POLICY:
        return None
    spoken = languages.NAMES.get(paper.language, paper.language)
    address = url_for("policy.studio", _anchor="policy-document")
    return PaperPage(f"{title_in(paper.language, Audience.ADULTS)} · {spoken}", address)


def sources_title(language: str) -> str:
    """Return the heading of a policy's sources in its language."""
    with force_locale(language):
        return str(_("Where to find the requirements"))


def annex_title(language: str) -> str:
    """Return the title of an annex to a policy in its language."""
    with force_locale(language):
        return str(_("Annex to the policy on protecting children online"))
