"""The reporting mechanism of an application in words: lines, texts and tables."""

from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import ngettext
from msgspec import Struct

from cissapp.foundation.web import filters
from cissapp.foundation.web.languages import NAMES as LANGUAGES
from cissapp.prepare.applications.submission_content.values import (
    SubmittedAgreement,
    SubmittedChannel,
    SubmittedMechanism,
)
from cissapp.prepare.drills import phrases as drills
from cissapp.prepare.drills.rules.results import DrillResult
from cissapp.prepare.mechanism.rules import CHANNEL_NAMES, MEDIUM_NAMES, ChannelKind


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


def shown_mechanism(mechanism: SubmittedMechanism) -> ShownMechanism:
    """Render a reporting mechanism."""
    return ShownMechanism(
        limits=[*_limits(mechanism.agreed), *_cover(mechanism), *_drill(mechanism.drill)],
        texts=_texts(mechanism.agreed),
        tables=[
            _persons(mechanism),
            _channels(mechanism),
            _steps(mechanism),
            *([_told(mechanism)] if mechanism.told else []),
        ],
    )


def _yes(value: bool) -> str:  # noqa: FBT001 -- the value is what is written
    return str(_("Yes") if value else _("No"))


def _hours(value: int | None) -> str:
    return "–" if value is None else str(ngettext("%(num)d hour", "%(num)d hours", value))


def _days(value: int | None) -> str:
    if value is None:
        return "–"
    return str(ngettext("%(num)d working day", "%(num)d working days", value))


def _limits(agreed: SubmittedAgreement) -> list[dict[str, str]]:
    lines: Sequence[tuple[str, str]] = [
        (_("A suspected crime is passed on within"), _hours(agreed.crime_hours)),
        (_("A child gets an answer within"), _days(agreed.answer_days)),
        (_("A plan is made within"), _days(agreed.plan_days)),
        (
            _("Nobody at the school handles sexual images of children"),
            _yes(agreed.never_handles_images),
        ),
    ]
    return [{"label": label, "value": value} for label, value in lines]


def _cover(mechanism: SubmittedMechanism) -> list[dict[str, str]]:
    agreed = mechanism.agreed
    spoken = ", ".join(LANGUAGES.get(one, one) for one in agreed.pupil_languages)
    lines: Sequence[tuple[str, str | None]] = [
        (_("Languages that pupils read"), spoken),
        (_("In danger when the school is closed"), agreed.out_of_hours),
        (_("In the holidays"), agreed.holiday_cover),
        (_("Parents and neighbours"), agreed.parents_contact),
        (_("A report about the head goes to"), mechanism.about_head),
        (_("A report about someone who takes reports goes to"), mechanism.about_person),
    ]
    return [{"label": label, "value": value or "–"} for label, value in lines]


def _drill(found: DrillResult | None) -> list[dict[str, str]]:
    """Render how the newest drill before the submission ended."""
    if found is None:
        return [{"label": _("Latest drill"), "value": _("none")}]
    shown = drills.shown_result(found)
    value = f"{shown.title} · {filters.day(found.finished_on)} · {_(MEDIUM_NAMES[found.medium])}"
    acknowledged = drills.minutes(found.to_acknowledged)
    return [
        {"label": _("Latest drill"), "value": value},
        {"label": _("Working time until receipt was acknowledged"), "value": acknowledged},
        *(
            {"label": row.label, "value": row.value}
            for row in shown.rows
            if row.label in {_("Reached the right person"), _("Right next step")}
        ),
    ]


def _texts(agreed: SubmittedAgreement) -> list[tuple[str, str]]:
    return [
        (_("Who learns of a report"), agreed.confidentiality or "–"),
        (_("Nobody is punished for a report"), agreed.no_retaliation or "–"),
        (_("Reports about staff or the head"), agreed.about_staff or "–"),
        (_("Rule on evidence"), agreed.evidence_rule or "–"),
    ]


def _persons(mechanism: SubmittedMechanism) -> MechanismTable:
    return MechanismTable(
        _("People who take reports"),
        [_("Job title"), _("Contact"), _("Hours"), _("Is the head"), _("Trained")],
        [
            [one.office, one.contact, one.hours, _yes(one.is_head), _yes(one.trained)]
            for one in mechanism.persons
        ],
    )


def _channels(mechanism: SubmittedMechanism) -> MechanismTable:
    head = [
        _("How"),
        _("Kind"),
        _("Contact"),
        _("Languages"),
        _("Hours"),
        _("During holidays"),
        _("Anonymous"),
        _("Bypasses the head"),
    ]
    return MechanismTable(_("Ways to report"), head, [_channel(one) for one in mechanism.channels])


def _channel(one: SubmittedChannel) -> list[str]:
    return [
        one.description,
        _(CHANNEL_NAMES[one.kind]),
        one.contact,
        ", ".join(LANGUAGES.get(code, code) for code in one.languages) or "–",
        one.hours,
        _yes(one.in_holidays),
        _yes(one.anonymous),
        _yes(one.past_head or one.kind is ChannelKind.OUTSIDE),
    ]


def _steps(mechanism: SubmittedMechanism) -> MechanismTable:
    return MechanismTable(
        _("Outside organisations the school calls"),
        [_("Outside organisation"), _("When"), _("Contact")],
        [[one.body, one.when_called, one.contact] for one in mechanism.steps],
    )


def _told(mechanism: SubmittedMechanism) -> MechanismTable:
    return MechanismTable(
        _("Who is told about a report"),
        [_("Order"), _("Job title"), _("What they are told")],
        [[str(one.place), one.office, one.learns] for one in mechanism.told],
    )
