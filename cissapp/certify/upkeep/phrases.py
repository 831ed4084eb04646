"""Texts for the upkeep of a certificate: the living facts, and which trained people are missing."""

from collections.abc import Sequence
from datetime import date

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from msgspec import Struct

from cissapp.certify.upkeep.rules.living_facts import LivingFact, LivingFactKind, WaitingFor
from cissapp.certify.upkeep.rules.quorum import QuorumLack
from cissapp.foundation.core.errors import N_
from cissapp.foundation.web.filters import day
from cissapp.learn.learning.queries import TrainingGap
from cissapp.people.accounts.rules import DUTY_NAMES, Duty

FACT_NAMES = {
    LivingFactKind.QUORUM: N_("Enough trained people"),
    LivingFactKind.CONFIRMATION: N_("Yearly confirmation by the head"),
    LivingFactKind.POLICY: N_("Review of the policy"),
    LivingFactKind.CHANNELS: N_("Ways to report checked"),
    LivingFactKind.DRILL: N_("Drill of the ways to report"),
    LivingFactKind.EVIDENCE: N_("Evidence still valid"),
}

WAITING_FOR_NAMES = {
    WaitingFor.SCHOOL: N_("Next: the school"),
    WaitingFor.HEAD: N_("Next: the head or a deputy"),
    WaitingFor.GROUP: N_("Next: the national group"),
}

# The sentences for a fact, green and amber, each without and with its date.
GREEN = {
    LivingFactKind.QUORUM: (N_("Everyone who has to has passed all modules."), None),
    LivingFactKind.CONFIRMATION: (N_("None is due yet."), N_("Confirmed on %(on)s.")),
    LivingFactKind.POLICY: (None, N_("The next review is due by %(until)s.")),
    LivingFactKind.CHANNELS: (
        N_("Not tested since the certificate began. Test every phone and box by %(until)s."),
        N_("Checked on %(on)s."),
    ),
    LivingFactKind.DRILL: (None, N_("Ended on %(on)s.")),
    LivingFactKind.EVIDENCE: (
        N_("None of the documents behind the certificate has a last day."),
        N_("Every document behind the certificate lasts until %(until)s or longer."),
    ),
}
AMBER = {
    LivingFactKind.QUORUM: (None, N_("Someone is missing. The deadline is %(until)s.")),
    LivingFactKind.CONFIRMATION: (None, N_("It was due by %(on)s. It can still be given now.")),
    LivingFactKind.POLICY: (
        None,
        N_("It was due by %(until)s. Review the policy, then give the yearly confirmation."),
    ),
    LivingFactKind.CHANNELS: (
        N_("Test every phone and box, then give the yearly confirmation."),
        N_("Last checked on %(on)s. Test every phone and box, then give the yearly confirmation."),
    ),
    LivingFactKind.DRILL: (N_("There has not been one yet."), N_("The last one ended on %(on)s.")),
    LivingFactKind.EVIDENCE: (None, N_("A document was valid until %(on)s. Upload a newer one.")),
}

TO_CONFIRM = N_("The yearly confirmation is due by %(until)s.")
# Facts that the school looks after all year, even when they are in order.
ALWAYS = frozenset({LivingFactKind.QUORUM, LivingFactKind.CONFIRMATION})

# The page on which the school can act.
PLACES = {
    LivingFactKind.QUORUM: "upkeep.people",
    LivingFactKind.CONFIRMATION: "upkeep.confirmation",
    LivingFactKind.POLICY: "upkeep.confirmation",
    LivingFactKind.CHANNELS: "upkeep.confirmation",
    LivingFactKind.EVIDENCE: "documents.documents",
}

HANDOVER = (
    N_("Someone still at the school has the keys, phone and mailbox of the reporting mechanism."),
    N_("Posters and the school’s page show the right person and number."),
    N_("The person leaving has told a trained colleague where the records are locked away."),
    N_("The people and ways to report in your application are up to date."),
    N_("Pupils and parents have been told who is there for them now."),
    N_("The secretariat has closed the account of the person who left."),
)


class ShownFact(Struct, frozen=True):
    """A living fact as a page shows it."""

    label: str
    kind: str
    state: str
    detail: str
    href: str | None


def shown_facts(found: Sequence[LivingFact], *, for_school: bool) -> list[ShownFact]:
    """Describe the living facts; a school also gets a link to where it can act."""
    return [_fact(one, for_school=for_school) for one in found]


def _fact(one: LivingFact, *, for_school: bool) -> ShownFact:
    without, dated = (GREEN if one.green else AMBER)[one.fact]
    is_known = dated and all(
        day for name, day in (("on", one.on), ("until", one.until)) if f"%({name})s" in dated
    )
    use = (dated if is_known else without) or dated or ""
    if one.fact is LivingFactKind.CONFIRMATION and one.green and one.until:
        use = TO_CONFIRM
    said = _(use, on=_day(one.on), until=_day(one.until))
    linked = for_school and (one.fact in ALWAYS or not one.green)
    place = PLACES.get(one.fact) if linked else None
    return ShownFact(
        _(FACT_NAMES[one.fact]),
        "ok" if one.green else "warn",
        _("In order") if one.green else _("To do"),
        said if one.green else f"{said} {_(WAITING_FOR_NAMES[one.waiting_for])}.",
        url_for(place) if place else None,
    )


def _day(value: date | None) -> str:
    return day(value) if value else ""


class ShownLack(Struct, frozen=True):
    """A lack of trained people as one sentence, and the link to put it right."""

    sentence: str
    href: str | None
    link: str


def shown_lacks(lack: QuorumLack, gaps: Sequence[TrainingGap], language: str) -> list[ShownLack]:
    """Describe only what is missing: per duty, who is closest and what they lack; then how many more."""
    found = [_of_duty(gap, language) for gap in gaps if gap.duties in lack.duties]
    if lack.besides:
        sentence = ngettext(
            "%(num)d more person must pass all modules.",
            "%(num)d more people must pass all modules.",
            lack.besides,
        )
        found.append(_invite(sentence))
    return found


def _of_duty(gap: TrainingGap, language: str) -> ShownLack:
    names = _(" or ").join(str(_(DUTY_NAMES[Duty(one)])) for one in gap.duties)
    if gap.person is None:
        return _invite(_("Nobody has this role: %(duty)s.", duty=names))
    titles = ", ".join(f"{one.number}. {one.text(language).title}" for one in gap.left)
    sentence = _(
        "%(duty)s: %(name)s must still pass %(modules)s.",
        duty=names,
        name=gap.person.name,
        modules=titles,
    )
    return ShownLack(sentence, url_for("learning.modules"), _("See the modules"))


def _invite(sentence: str) -> ShownLack:
    return ShownLack(sentence, url_for("enrolment.invite_colleague"), _("Invite a colleague"))


def suspension_reason(lost_on: date, days: int) -> str:
    """Write the reason offered for a suspension; the person who decides may change it."""
    text: str = ngettext(
        "Since %(day)s, too few people at the school have passed all modules, and nobody has filled the gap for %(num)d day.",
        "Since %(day)s, too few people at the school have passed all modules, and nobody has filled the gap for %(num)d days.",
        days,
        day=day(lost_on),
    )
    return text
