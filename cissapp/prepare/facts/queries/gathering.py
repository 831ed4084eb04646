"""Collects the facts of a school, its own and those from its country's pack, by key."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from functools import cached_property, partial
from typing import Any
from uuid import UUID

from blinker import Signal
from msgspec import Struct, field
from msgspec.structs import replace
from sqlalchemy import select

from cissapp.foundation.content.helplines import services_for
from cissapp.foundation.content.installed import content
from cissapp.foundation.content.schema import Helpline
from cissapp.foundation.core.db import session
from cissapp.foundation.safeguards.rules import TOMBSTONE
from cissapp.people.accounts import queries as accounts
from cissapp.people.accounts.queries import MemberFacts
from cissapp.people.accounts.rules import Duty
from cissapp.people.schools.models import School
from cissapp.prepare.facts.models import FactConfirmation
from cissapp.prepare.facts.rules.facts import (
    HELPLINE,
    PAGE,
    Fact,
    is_contact,
    said_by_agreement,
    said_by_entry,
)
from cissapp.prepare.mechanism import queries as mechanism
from cissapp.prepare.mechanism.models import (
    EscalationStep,
    ReportingChannel,
    ReportingMechanism,
    ReportingPerson,
    ToldOffice,
)
from cissapp.prepare.mechanism.rules import MechanismPart

# Asks the room above for the address of the school's public page on how to report; None if it is off.
page_asked = Signal()

STAFF = {
    Duty.HEAD: "staff.head",
    Duty.DESIGNATED_PERSON: "staff.designated",
    Duty.DEPUTY: "staff.deputy",
}
# The value was never entered, or was permanently removed.
UNSAID = frozenset({"", TOMBSTONE})
# The code for services that help in every country.
ANYWHERE = "ANY"


class GatheredFacts(Struct, frozen=True, dict=True):
    """The school's people, its reporting mechanism, its confirmations and the helplines of its country."""

    school: School
    people: list[MemberFacts]
    agreed: ReportingMechanism | None
    persons: list[ReportingPerson]
    channels: list[ReportingChannel]
    steps: list[EscalationStep]
    told: list[ToldOffice]
    helplines: list[Helpline]
    page: str | None
    confirmations: dict[str, FactConfirmation] = field(default_factory=dict)

    @cached_property
    def facts(self) -> dict[str, Fact]:
        """The facts by key, without those that the school has not entered."""
        parts = (
            self._of_school(),
            self._of_entries(),
            self._of_agreement(),
            self._of_country(),
        )
        return {fact.key: fact for part in parts for fact in part if fact.value not in UNSAID}

    @property
    def helpline_code(self) -> str:
        """The code under which the helplines are kept: that of the country, or that of everywhere."""
        pack = content().countries.get(self.school.country_code)
        return self.school.country_code if pack and pack.helplines else ANYWHERE

    def _of_school(self) -> Iterator[Fact]:
        yield Fact("school.name", self.school.name)
        yield Fact("school.locality", self.school.locality)
        for duty, key in STAFF.items():
            names = [one.name for one in self.people if one.duty is duty]
            yield Fact(key, ", ".join(names))
        if self.page:
            yield Fact(PAGE, self.page)

    def _of_entries(self) -> Iterator[Fact]:
        entries: dict[str, Sequence[Any]] = {
            "person": self.persons,
            "channel": self.channels,
            "step": self.steps,
            "told": self.told,
        }
        for name, rows in entries.items():
            for row in rows:
                for key, value in said_by_entry(name, row.id, partial(getattr, row)).items():
                    yield self._fact(key, value, row.added_at.date())

    def _of_agreement(self) -> Iterator[Fact]:
        agreed = self.agreed
        if agreed is None:
            return
        for key, value in said_by_agreement(partial(getattr, agreed)).items():
            yield self._fact(key, value, agreed.changed_at.date())
        yield Fact("cover.languages", ",".join(agreed.pupil_languages))
        yield Fact("about.head", self._named(agreed.about_head_id))
        yield Fact("about.person", self._named(agreed.about_person_id))

    def _named(self, entry_id: UUID | None) -> str:
        """Return the name of the person or channel with this id; empty if it was removed."""
        offices = {one.id: one.office for one in self.persons}
        ways = {one.id: one.description for one in self.channels}
        return (offices | ways).get(entry_id, "") if entry_id else ""

    def _of_country(self) -> Iterator[Fact]:
        for line in self.helplines:
            key = helpline_key(self.helpline_code, line)
            yield Fact(key, helpline_value(line), is_contact=True, confirmed_on=line.checked_on)

    def _fact(self, key: str, value: str, since: date) -> Fact:
        """Return a fact; a contact is dated by the confirmation of this very value, or else by its entry."""
        if not is_contact(key):
            return Fact(key, value)
        said = self.confirmations.get(key)
        confirmed_on = said.confirmed_on if said and said.value == value else since
        return Fact(key, value, is_contact=True, confirmed_on=confirmed_on)


def helpline_key(code: str, line: Helpline) -> str:
    """Return the key of a helpline of a country, or of `ANYWHERE`."""
    return f"{HELPLINE}.{code}.{line.id}"


def helpline_value(line: Helpline) -> str:
    """Return what papers print of a helpline in every language: its numbers, then its address."""
    return ", ".join([*line.numbers, *([line.web] if line.web else [])])


def gather(school: School) -> GatheredFacts:
    """Read all printed facts of a school, in a constant number of queries."""
    (found,) = gather_each([school])
    addresses = (address for _, address in page_asked.send(school))
    return replace(found, page=next(filter(None, addresses), None))


def gather_each(schools: Sequence[School]) -> Iterator[GatheredFacts]:
    """Read the facts of several schools in as many queries as for one, without the public page's address."""
    ids = [school.id for school in schools]
    people, agreed = accounts.members_of_schools(ids), mechanism.mechanisms_of_schools(ids)
    persons, channels, steps, told = (
        mechanism.entries_of_schools(ids, part)
        for part in (
            MechanismPart.PERSONS,
            MechanismPart.CHANNELS,
            MechanismPart.ESCALATION,
            MechanismPart.TOLD,
        )
    )
    confirmed: defaultdict[UUID, dict[str, FactConfirmation]] = defaultdict(dict)
    for one in session.scalars(select(FactConfirmation).where(FactConfirmation.school_id.in_(ids))):
        confirmed[one.school_id][one.key] = one
    for school in schools:
        yield GatheredFacts(
            school=school,
            people=people.get(school.id, []),
            agreed=agreed.get(school.id),
            persons=persons[school.id],
            channels=channels[school.id],
            steps=steps[school.id],
            told=told[school.id],
            helplines=services_for(content(), school.country_code),
            page=None,
            confirmations=confirmed[school.id],
        )


def facts_of(school: School, today: date) -> dict[str, Fact]:
    """Return the facts of a school by key, including contacts whose confirmation has expired."""
    del today  # a fact says itself until when it is printed
    return gather(school).facts
