"""The reporting mechanism in words, as a school has it now or as it submitted it."""

from collections.abc import Iterable

from flask_babel import gettext as _
from flask_babel import ngettext
from msgspec import Struct

from cissapp.foundation.web.languages import NAMES as LANGUAGES
from cissapp.prepare.applications.submission_content.values import (
    SubmittedAgreement,
    SubmittedEscalation,
    SubmittedRecipient,
)
from cissapp.prepare.mechanism.models import EscalationStep, ReportingMechanism, ToldOffice


class MechanismTable(Struct, frozen=True):
    """A table with its caption."""

    caption: str
    head: list[str]
    rows: list[list[str]]


class ShownMechanism(Struct, frozen=True):
    """What a page shows of a reporting mechanism."""

    limits: list[dict[str, str]]
    texts: list[tuple[str, str]]
    tables: list[MechanismTable]


def time_limits(agreed: ReportingMechanism | SubmittedAgreement) -> list[tuple[str, str]]:
    """Render the time limits; one that is not set is empty."""
    hours, answer, plan = agreed.crime_hours, agreed.answer_days, agreed.plan_days
    return [
        (
            _("A suspected crime is passed on within"),
            "" if hours is None else ngettext("%(num)d hour", "%(num)d hours", hours),
        ),
        (_("A child gets an answer within"), _days(answer)),
        (_("A plan is made within"), _days(plan)),
    ]


def _days(value: int | None) -> str:
    if value is None:
        return ""
    return str(ngettext("%(num)d working day", "%(num)d working days", value))


def agreed_texts(agreed: ReportingMechanism | SubmittedAgreement) -> list[tuple[str, str]]:
    """Render the rules of the mechanism; one that is not written is empty."""
    return [
        (_("Who learns of a report"), agreed.confidentiality or ""),
        (_("Nobody is punished for a report"), agreed.no_retaliation or ""),
        (_("Reports about staff or the head"), agreed.about_staff or ""),
        (_("Rule on evidence"), agreed.evidence_rule or ""),
    ]


def spoken(codes: Iterable[str]) -> str:
    """Name the languages of a way to report."""
    return ", ".join(LANGUAGES.get(code, code) for code in codes)


def steps_table(steps: Iterable[EscalationStep | SubmittedEscalation]) -> MechanismTable:
    """Render the outside bodies that the school calls."""
    return MechanismTable(
        _("Outside organisations the school calls"),
        [_("Outside organisation"), _("When"), _("Contact")],
        [[one.body, one.when_called, one.contact] for one in steps],
    )


def told_table(told: Iterable[ToldOffice | SubmittedRecipient]) -> MechanismTable:
    """Render who is told about a report, in which order, and what they learn."""
    return MechanismTable(
        _("Who is told about a report"),
        [_("Order"), _("Job title"), _("What they are told")],
        [[str(one.place), one.office, one.learns] for one in told],
    )
