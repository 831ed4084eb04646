"""The reporting mechanism as it was handed in: its facts, and how they are written and read back."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, TypeVar

from cissapp.prepare.applications.dossier import Dossier
from cissapp.prepare.drills.rules.results import DrillResult
from cissapp.prepare.mechanism.rules import ChannelKind, ChannelMedium

T = TypeVar("T")


@dataclass(frozen=True)
class Person:
    """An adult who takes reports, by office."""

    office: str
    contact: str
    hours: str
    is_head: bool
    trained: bool
    alternate: bool
    independent: bool = False


@dataclass(frozen=True)
class Channel:
    """A way to report."""

    kind: ChannelKind
    description: str
    contact: str
    hours: str
    in_holidays: bool
    anonymous: bool
    medium: ChannelMedium | None = None
    languages: tuple[str, ...] = ()
    opens: str | None = None
    closes: str | None = None
    for_adults: bool = False
    past_head: bool = False


@dataclass(frozen=True)
class EscalationStep:
    """An outside body that the school calls."""

    body: str
    when_called: str
    contact: str


@dataclass(frozen=True)
class Agreed:
    """The time limits and rules of the reporting mechanism."""

    crime_hours: int | None = None
    answer_days: int | None = None
    plan_days: int | None = None
    confidentiality: str | None = None
    no_retaliation: str | None = None
    about_staff: str | None = None
    evidence_rule: str | None = None
    never_handles_images: bool = False
    pupil_languages: tuple[str, ...] = ()
    out_of_hours: str | None = None
    holiday_cover: str | None = None
    parents_contact: str | None = None


@dataclass(frozen=True)
class Told:
    """An office that is told of a report: its turn, and what it learns."""

    place: int
    office: str
    learns: str


@dataclass(frozen=True)
class Mechanism:
    """The reporting mechanism; `about_head` and `about_person` name the way that was chosen."""

    agreed: Agreed
    persons: tuple[Person, ...]
    channels: tuple[Channel, ...]
    steps: tuple[EscalationStep, ...]
    told: tuple[Told, ...] = ()
    about_head: str | None = None
    about_person: str | None = None
    drill: DrillResult | None = None


# --- writing ---------------------------------------------------------------------------------


def facts_of(kind: type[Any], row: Any) -> dict[str, Any]:
    """Write those facts of a row that a kind of value has."""
    return {one.name: getattr(row, one.name) for one in fields(kind)}


def all_of(kind: type[Any], rows: Iterable[Any]) -> list[dict[str, Any]]:
    """Write the facts of several rows."""
    return [facts_of(kind, row) for row in rows]


def written(dossier: Dossier, drill: DrillResult | None) -> dict[str, Any]:
    """Write the reporting mechanism, and how its newest drill ended."""
    return {
        "agreed": facts_of(Agreed, dossier.mechanism or Agreed()),
        "persons": all_of(Person, dossier.persons),
        "channels": all_of(Channel, dossier.channels),
        "steps": all_of(EscalationStep, dossier.steps),
        "told": all_of(Told, dossier.told),
        **_about_adults(dossier),
        "drill": facts_of(DrillResult, drill) if drill else None,
    }


def _about_adults(dossier: Dossier) -> dict[str, Any]:
    """Name the ways for reports about adults: the lists are handed in without ids."""
    names = {one.id: one.office for one in dossier.persons}
    names |= {one.id: one.description for one in dossier.channels}
    head = dossier.mechanism.about_head_id if dossier.mechanism else None
    person = dossier.mechanism.about_person_id if dossier.mechanism else None
    return {
        "about_head": names.get(head) if head else None,
        "about_person": names.get(person) if person else None,
    }


# --- reading ---------------------------------------------------------------------------------


def made(kind: type[T], raw: dict[str, Any], /, **read_as: Any) -> T:
    """Make a value of its facts; those in `read_as` are more than plain JSON."""
    return kind(**{name: read_as.get(name, _plain)(value) for name, value in raw.items()})


def _plain(value: Any) -> Any:
    return value


def read(raw: dict[str, Any]) -> Mechanism:
    """Read a reporting mechanism; what a dossier of an earlier day did not say yet has its default."""
    return Mechanism(
        agreed=made(Agreed, raw["agreed"], pupil_languages=tuple),
        persons=tuple(made(Person, one) for one in raw["persons"]),
        channels=tuple(_read_channel(one) for one in raw["channels"]),
        steps=tuple(made(EscalationStep, one) for one in raw["steps"]),
        told=tuple(made(Told, one) for one in raw.get("told", ())),
        about_head=raw.get("about_head"),
        about_person=raw.get("about_person"),
        drill=_read_drill(raw.get("drill")),
    )


def _read_channel(raw: dict[str, Any]) -> Channel:
    return made(Channel, raw, kind=ChannelKind, medium=_medium, languages=tuple)


def _medium(value: str | None) -> ChannelMedium | None:
    return ChannelMedium(value) if value else None


def _read_drill(raw: dict[str, Any] | None) -> DrillResult | None:
    if raw is None:
        return None
    return made(DrillResult, raw, medium=ChannelMedium, finished_on=date.fromisoformat)
