"""The words of the time after a certificate's issue: the living facts, and what is missing of the people."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from cissapp.certify.upkeep.rules.facts import Fact, Living, Turn
from cissapp.certify.upkeep.rules.quorum import Lack
from cissapp.foundation.core.errors import N_
from cissapp.foundation.web.filters import day
from cissapp.learn.learning.queries import TrainingGap
from cissapp.people.accounts.rules import DUTY_NAMES, Duty

FACT_NAMES = {
    Fact.QUORUM: N_("Enough trained people"),
    Fact.CONFIRMATION: N_("Yearly confirmation by the head"),
    Fact.POLICY: N_("Review of the policy"),
    Fact.CHANNELS: N_("Ways to report checked"),
    Fact.DRILL: N_("Drill of the ways to report"),
    Fact.EVIDENCE: N_("Evidence still holds"),
}

TURN_NAMES = {
    Turn.SCHOOL: N_("Next: the school"),
    Turn.HEAD: N_("Next: the head or a deputy"),
    Turn.GROUP: N_("Next: the national group"),
}

# What is said of a fact: green and amber, each with and without its day.
GREEN = {
    Fact.QUORUM: (N_("Everybody who is needed has passed all modules."), None),
    Fact.CONFIRMATION: (N_("None is due yet."), N_("Confirmed on %(on)s.")),
    Fact.POLICY: (None, N_("The next review is due by %(until)s.")),
    Fact.CHANNELS: (None, N_("Checked on %(on)s.")),
    Fact.DRILL: (None, N_("Ended on %(on)s.")),
    Fact.EVIDENCE: (
        N_("No document behind the certificate has a last day."),
        N_("Every document behind the certificate lasts until %(until)s or longer."),
    ),
}
AMBER = {
    Fact.QUORUM: (None, N_("Somebody is missing. There is time until %(until)s.")),
    Fact.CONFIRMATION: (None, N_("It was due by %(on)s. It can still be given now.")),
    Fact.POLICY: (None, N_("It was due by %(until)s. Review the policy, then confirm the year.")),
    Fact.CHANNELS: (
        None,
        N_("Last checked on %(on)s. Test every phone and box, then confirm the year."),
    ),
    Fact.DRILL: (N_("There was none yet."), N_("The last one ended on %(on)s.")),
    Fact.EVIDENCE: (None, N_("A document was valid until %(on)s. Upload a newer one.")),
}

TO_CONFIRM = N_("The year is to be confirmed by %(until)s.")
# What the school looks after all year, also while it is in order.
ALWAYS = frozenset({Fact.QUORUM, Fact.CONFIRMATION})

# Where the school goes on.
PLACES = {
    Fact.QUORUM: "upkeep.people",
    Fact.CONFIRMATION: "upkeep.confirmation",
    Fact.POLICY: "upkeep.confirmation",
    Fact.CHANNELS: "upkeep.confirmation",
    Fact.EVIDENCE: "documents.documents",
}

HANDOVER = (
    N_("Keys, phone and mailbox of the reporting mechanism are with somebody who is here."),
    N_("Posters and the page of the school name the right office and number."),
    N_("Whoever leaves has told a trained colleague where the records are locked away."),
    N_("The people and ways to report in the dossier are those of today."),
    N_("Pupils and parents have been told who is there for them now."),
    N_("The coordinator of the national group has closed the account of whoever left."),
)


@dataclass(frozen=True)
class ShownFact:
    """A living fact as a page shows it."""

    label: str
    kind: str
    state: str
    detail: str
    href: str | None


def facts(found: Sequence[Living], *, for_school: bool) -> list[ShownFact]:
    """Write the living facts; the school gets a link to where it goes on."""
    return [_fact(one, for_school=for_school) for one in found]


def _fact(one: Living, *, for_school: bool) -> ShownFact:
    without, dated = (GREEN if one.green else AMBER)[one.fact]
    use = dated if dated and (one.on or one.until) else without or dated or ""
    if one.fact is Fact.CONFIRMATION and one.green and one.until:
        use = TO_CONFIRM
    said = _(use, on=_day(one.on), until=_day(one.until))
    linked = for_school and (one.fact in ALWAYS or not one.green)
    place = PLACES.get(one.fact) if linked else None
    return ShownFact(
        _(FACT_NAMES[one.fact]),
        "ok" if one.green else "warn",
        _("In order") if one.green else _("To do"),
        said if one.green else f"{said} {_(TURN_NAMES[one.turn])}.",
        url_for(place) if place else None,
    )


def _day(value: date | None) -> str:
    return day(value) if value else ""


@dataclass(frozen=True)
class ShownLack:
    """Something that is missing of the people, as one sentence, and where it is mended."""

    sentence: str
    href: str | None
    link: str


def missing(lack: Lack, gaps: Sequence[TrainingGap], language: str) -> list[ShownLack]:
    """Write only what is missing: for each duty who is nearest and what that person lacks, then how many more."""
    found = [_of_duty(gap, language) for gap in gaps if gap.duties in lack.duties]
    if lack.besides:
        sentence = ngettext(
            "%(num)d more person has to pass all modules.",
            "%(num)d more people have to pass all modules.",
            lack.besides,
        )
        found.append(_invite(sentence))
    return found


def _of_duty(gap: TrainingGap, language: str) -> ShownLack:
    names = _(" or ").join(str(_(DUTY_NAMES[Duty(one)])) for one in gap.duties)
    if gap.person is None:
        return _invite(_("Nobody is here with this duty: %(duty)s.", duty=names))
    titles = ", ".join(f"{one.number}. {one.text(language).title}" for one in gap.left)
    sentence = _(
        "%(duty)s: %(name)s still has to pass %(modules)s.",
        duty=names,
        name=gap.person.name,
        modules=titles,
    )
    return ShownLack(sentence, url_for("learning.modules"), _("See the modules"))


def _invite(sentence: str) -> ShownLack:
    return ShownLack(sentence, url_for("enrolment.invite_colleague"), _("Invite a colleague"))


def reason(lost_on: date, days: int) -> str:
    """Write the reason for a suspension that is offered; whoever decides may change it."""
    text: str = ngettext(
        "Since %(day)s too few people of the school have passed all modules, and nobody has filled the gap "
        "for %(num)d day.",
        "Since %(day)s too few people of the school have passed all modules, and nobody has filled the gap "
        "for %(num)d days.",
        days,
        day=day(lost_on),
    )
    return text
