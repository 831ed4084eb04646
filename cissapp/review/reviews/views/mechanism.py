"""The reporting mechanism of an application in words: lines, texts and tables."""

from collections.abc import Sequence

from flask_babel import gettext as _

from cissapp.foundation.web import filters
from cissapp.prepare.applications.phrases.mechanism import (
    MechanismTable,
    ShownMechanism,
    agreed_texts,
    spoken,
    steps_table,
    time_limits,
    told_table,
)
from cissapp.prepare.applications.submission_content.values import (
    SubmittedAgreement,
    SubmittedChannel,
    SubmittedMechanism,
)
from cissapp.prepare.drills import phrases as drills
from cissapp.prepare.drills.rules.results import DrillResult
from cissapp.prepare.mechanism.rules import CHANNEL_NAMES, MEDIUM_NAMES, ChannelKind


def shown_mechanism(mechanism: SubmittedMechanism) -> ShownMechanism:
    """Render a reporting mechanism."""
    return ShownMechanism(
        limits=[*_limits(mechanism.agreed), *_cover(mechanism), *_drill(mechanism.drill)],
        texts=[(title, text or "–") for title, text in agreed_texts(mechanism.agreed)],
        tables=[
            _persons(mechanism),
            _channels(mechanism),
            steps_table(mechanism.steps),
            *([told_table(mechanism.told)] if mechanism.told else []),
        ],
    )


def _yes(value: bool) -> str:  # noqa: FBT001 -- the value is what is written
    return str(_("Yes") if value else _("No"))


def _limits(agreed: SubmittedAgreement) -> list[dict[str, str]]:
    images = _("Nobody at the school handles sexual images of children")
    lines = [*time_limits(agreed), (images, _yes(agreed.never_handles_images))]
    return [{"label": label, "value": value or "–"} for label, value in lines]


def _cover(mechanism: SubmittedMechanism) -> list[dict[str, str]]:
    agreed = mechanism.agreed
    lines: Sequence[tuple[str, str | None]] = [
        (_("Languages that pupils read"), spoken(agreed.pupil_languages)),
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
        spoken(one.languages) or "–",
        one.hours,
        _yes(one.in_holidays),
        _yes(one.anonymous),
        _yes(one.past_head or one.kind is ChannelKind.OUTSIDE),
    ]
