"""Advice on a reporting mechanism: points that do not block a submission, but that reviewers will see.

Two kinds block it all the same: a way for reports about the head that leads to the head, and a chosen
way that is no longer in the lists. Both can only occur where the school has chosen a way.
"""

from collections.abc import Iterator, Sequence
from uuid import UUID

from msgspec import Struct

from cissapp.foundation.core.errors import N_, Problem
from cissapp.prepare.mechanism.rules.channel_kinds import ChannelKind
from cissapp.prepare.mechanism.rules.checks import (
    DetailedAgreementFields,
    DetailedChannelFields,
    DetailedPersonFields,
    MechanismCheck,
    Severity,
)
from cissapp.prepare.mechanism.rules.parts import MechanismPart
from cissapp.prepare.mechanism.rules.requirements import blocking_checks


class MechanismRecord(Struct, frozen=True):
    """A whole reporting mechanism; `language` is the school's language of instruction."""

    agreed: DetailedAgreementFields | None
    persons: Sequence[DetailedPersonFields]
    channels: Sequence[DetailedChannelFields]
    steps: Sequence[object]
    told: Sequence[object]
    language: str

    @property
    def pupil_languages(self) -> list[str]:
        """The languages that pupils read: those that were named, else the language of instruction."""
        return list(self.agreed.pupil_languages if self.agreed else ()) or [self.language]


def check_mechanism(record: MechanismRecord) -> list[MechanismCheck]:
    """List everything that is wrong with a mechanism: what stops a submission first, then advice."""
    found = [
        *blocking_checks(record.agreed, record.persons, record.channels, record.steps),
        *_about_head(record),
        *_about_person(record),
        *_people(record),
        *_languages(record),
        *_cover(record),
    ]
    return sorted(found, key=lambda one: one.severity is Severity.ADVICE)


def mechanism_problems(record: MechanismRecord) -> list[Problem]:
    """List what keeps the mechanism from being submitted; the code of a problem is its part."""
    return [one.problem for one in check_mechanism(record) if one.severity is Severity.STOPS]


def _advice(
    id_: str, criterion: str, part: MechanismPart, message: str, **values: object
) -> MechanismCheck:
    return MechanismCheck(id_, criterion, part, message, values, Severity.ADVICE)


def _chosen(
    record: MechanismRecord, way_id: UUID
) -> DetailedPersonFields | DetailedChannelFields | None:
    ways: list[DetailedPersonFields | DetailedChannelFields] = [*record.persons, *record.channels]
    return next((one for one in ways if one.id == way_id), None)


def goes_past_head(way: DetailedPersonFields | DetailedChannelFields) -> bool:
    """Check whether a person or channel bypasses the head: another person, an outside body, or a channel that says so."""
    if hasattr(way, "is_head"):
        return not way.is_head
    return way.past_head or way.kind is ChannelKind.OUTSIDE


def _about_head(record: MechanismRecord) -> Iterator[MechanismCheck]:
    part, way_id = (
        MechanismPart.ABOUT_ADULTS,
        record.agreed.about_head_id if record.agreed else None,
    )
    if way_id is None:
        message = N_(
            "There is no separate way for reports about the head. Choose a person or a way that bypasses the head."
        )
        yield _advice("about.head-none", "B10", part, message)
        return
    way = _chosen(record, way_id)
    if way is None:
        message = N_(
            "The way for reports about the head is no longer in your lists. Choose it again."
        )
        yield MechanismCheck("about.head-gone", "B10", part, message)
    elif not goes_past_head(way):
        message = N_(
            "Reports about the head go to the head. Choose a person or a way that bypasses the head."
        )
        yield MechanismCheck("about.head-to-head", "B10", part, message)


def _about_person(record: MechanismRecord) -> Iterator[MechanismCheck]:
    part, way_id = (
        MechanismPart.ABOUT_ADULTS,
        record.agreed.about_person_id if record.agreed else None,
    )
    if way_id is None:
        message = N_("Enter where a report goes if it is about one of the people who take reports.")
        yield _advice("about.person-none", "B1", part, message)
    elif _chosen(record, way_id) is None:
        message = N_(
            "The way for reports about those who take reports is no longer in your lists. Choose it again."
        )
        yield MechanismCheck("about.person-gone", "B1", part, message)


def _people(record: MechanismRecord) -> Iterator[MechanismCheck]:
    if record.persons and not any(one.alternate for one in record.persons):
        message = N_("Nobody covers when a person is away. Name an alternate.")
        yield _advice("persons.alternate", "B1", MechanismPart.PERSONS, message)
    own = [one.contact for one in record.channels if one.kind is not ChannelKind.OUTSIDE]
    contacts = [*(one.contact for one in record.persons), *own]
    if len(contacts) > 1 and len({_plain(one) for one in contacts}) == 1:
        message = N_(
            "All contacts are the same: “%(contact)s”. Anyone who cannot use it has no other way to report at school."
        )
        yield _advice("contacts.same", "B2", MechanismPart.PERSONS, message, contact=contacts[0])
    if not record.told:
        message = N_(
            "Enter who is told about a report, in which order, and what each of them is told."
        )
        yield _advice("told.none", "B4", MechanismPart.TOLD, message)


def _plain(contact: str) -> str:
    return "".join(mark for mark in contact.casefold() if mark.isalnum() or mark == "@")


def _languages(record: MechanismRecord) -> Iterator[MechanismCheck]:
    said = [one for one in record.channels if one.languages]
    if record.channels and not said:
        message = N_("For each way to report, choose the languages it can be used in.")
        yield _advice("languages.none", "B3", MechanismPart.CHANNELS, message)
    for one in record.channels if said else ():
        if not one.languages:
            message = N_("Choose the languages that “%(what)s” can be used in.")
            yield _advice(
                "languages.unsaid", "B3", MechanismPart.CHANNELS, message, what=one.description
            )
        elif not set(one.languages) & set(record.pupil_languages):
            message = N_("“%(what)s” is not in any language your pupils read.")
            yield _advice(
                "languages.unread", "B3", MechanismPart.CHANNELS, message, what=one.description
            )
    covered = {language for one in said for language in one.languages}
    for language in record.pupil_languages if said else ():
        if language not in covered:
            message = N_(
                "There is no way to report in this language, which pupils read: %(language)s."
            )
            yield _advice(
                "languages.missing", "B3", MechanismPart.CHANNELS, message, language=language
            )


def _cover(record: MechanismRecord) -> Iterator[MechanismCheck]:
    agreed = record.agreed
    if not (agreed and agreed.out_of_hours):
        message = N_("Explain what a child in danger does when the school is closed.")
        yield _advice("cover.out-of-hours", "B7", MechanismPart.COVER, message)
    if not (agreed and agreed.holiday_cover):
        message = N_("Enter who answers reports in the holidays, and where.")
        yield _advice("cover.holidays", "B2", MechanismPart.COVER, message)
    if not (agreed and agreed.parents_contact) and not any(
        one.for_adults for one in record.channels
    ):
        message = N_("Explain how parents and neighbours can report.")
        yield _advice("cover.parents", "B2", MechanismPart.COVER, message)
    if record.channels and not any(one.anonymous for one in record.channels):
        message = N_("There is no way to report without giving a name. Consider adding one.")
        yield _advice("channels.anonymous", "B2", MechanismPart.CHANNELS, message)
