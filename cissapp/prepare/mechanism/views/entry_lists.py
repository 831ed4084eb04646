"""The lists of the reporting mechanism: persons, channels and steps, each in its own words."""

from collections.abc import Callable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from msgspec import Struct

from cissapp.foundation.web.languages import NAMES as LANGUAGES
from cissapp.foundation.web.separators import BETWEEN_FACTS
from cissapp.prepare.mechanism.forms.entries import (
    ChannelForm,
    EscalationForm,
    RecipientForm,
    ReportingPersonForm,
)
from cissapp.prepare.mechanism.models import (
    EscalationStep,
    ReportingChannel,
    ReportingPerson,
    ToldOffice,
)
from cissapp.prepare.mechanism.queries import ENTRIES, Entry
from cissapp.prepare.mechanism.rules import CHANNEL_NAMES, MEDIUM_NAMES, MechanismPart

EntryForm = ReportingPersonForm | ChannelForm | EscalationForm | RecipientForm


class EntryLine(Struct, frozen=True):
    """An entry as a list shows it."""

    id: str
    label: str
    detail: str


class EntryList(Struct, frozen=True):
    """A list of the mechanism: its form, its criterion, its words, and how an entry is shown."""

    part: MechanismPart
    form: Callable[..., EntryForm]
    criterion_id: str
    lead: Any
    add: Any
    change: Any
    empty: Any
    line: Callable[[Any], EntryLine]


def _person(row: ReportingPerson) -> EntryLine:
    notes = [
        row.contact,
        row.hours,
        _("head of the school") if row.is_head else "",
        _("trained") if row.trained else _("not trained yet"),
        _("covers for others") if row.alternate else "",
        _("does not answer to the head") if row.independent else "",
    ]
    return EntryLine(str(row.id), row.office, BETWEEN_FACTS.join(note for note in notes if note))


def _channel(row: ReportingChannel) -> EntryLine:
    notes = [
        _(CHANNEL_NAMES[row.kind]),
        _(MEDIUM_NAMES[row.medium]) if row.medium else "",
        row.contact,
        row.hours,
        ", ".join(LANGUAGES.get(one, one) for one in row.languages),
        _("works in the holidays") if row.in_holidays else "",
        _("without a name") if row.anonymous else "",
        _("also for parents and neighbours") if row.for_adults else "",
        _("bypasses the head") if row.past_head else "",
    ]
    return EntryLine(
        str(row.id), row.description, BETWEEN_FACTS.join(note for note in notes if note)
    )


def _step(row: EscalationStep) -> EntryLine:
    return EntryLine(str(row.id), row.body, f"{row.when_called}{BETWEEN_FACTS}{row.contact}")


def _told(row: ToldOffice) -> EntryLine:
    return EntryLine(str(row.id), f"{row.place}. {row.office}", row.learns)


ENTRY_LISTS = {
    MechanismPart.PERSONS: EntryList(
        part=MechanismPart.PERSONS,
        form=ReportingPersonForm,
        criterion_id="B1",
        lead=_l("The adults a child can tell, by job title. At least two, and not only the head."),
        add=_l("Add a person"),
        change=_l("Change a person"),
        empty=_l("Nobody is named yet. Add the first person who takes reports."),
        line=_person,
    ),
    MechanismPart.CHANNELS: EntryList(
        part=MechanismPart.CHANNELS,
        form=ChannelForm,
        criterion_id="B2",
        lead=_l(
            "How a child or an adult can report: in person, without speaking, and outside the school."
        ),
        add=_l("Add a way to report"),
        change=_l("Change a way to report"),
        empty=_l("You have not described any ways to report yet. Add the first one."),
        line=_channel,
    ),
    MechanismPart.ESCALATION: EntryList(
        part=MechanismPart.ESCALATION,
        form=EscalationForm,
        criterion_id="B8",
        lead=_l("Which organisation outside the school is called, when, and how."),
        add=_l("Add an organisation"),
        change=_l("Change an organisation"),
        empty=_l("You have not named any organisations yet. Add one from below, or your own."),
        line=_step,
    ),
    MechanismPart.TOLD: EntryList(
        part=MechanismPart.TOLD,
        form=RecipientForm,
        criterion_id="B4",
        lead=_l(
            "Who is told about a report, in which order, and how much. Tell as few people as possible, and not the person it is about."
        ),
        add=_l("Add someone to tell"),
        change=_l("Change who is told"),
        empty=_l("Nobody is named yet. Start with the person who is told first."),
        line=_told,
    ),
}


def list_of_entry(row: Entry) -> EntryList:
    """Return the list that an entry belongs to."""
    return next(section for part, section in ENTRY_LISTS.items() if isinstance(row, ENTRIES[part]))
