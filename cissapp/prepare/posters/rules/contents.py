"""Which of a school's ways to report are on a poster for whom, and which are left out and why."""

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum

from msgspec import Struct, field

from cissapp.foundation.core.errors import N_, Problem
from cissapp.prepare.mechanism.rules import ChannelMedium
from cissapp.prepare.posters.rules.choices import PUPILS, PosterFormat, Readers
from cissapp.prepare.posters.rules.signs import Sign


class WayKind(StrEnum):
    """The kind of contact that a way leads to."""

    PERSON = "person"
    CHANNEL = "channel"
    OUTSIDE = "outside"
    STEP = "step"
    HELPLINE = "helpline"


OUTSIDE_SCHOOL = frozenset({WayKind.OUTSIDE, WayKind.STEP, WayKind.HELPLINE})


class Way(Struct, frozen=True):
    """A way to report as it is printed: in the school's own words, or named in each language.

    `facts` are its values, by key. `confirmed` is false if nobody has confirmed its contact.
    """

    key: str
    kind: WayKind
    sign: Sign
    name: str
    contact: str
    facts: Mapping[str, str]
    hours: str = ""
    names: Mapping[str, str] = field(default_factory=dict)
    medium: ChannelMedium | None = None
    for_adults: bool = False
    confirmed: bool = True
    help_for_children: bool = False

    def name_in(self, language: str) -> str:
        """Return its name in a language; the school's own words are the same in each."""
        return self.names.get(language) or self.name


def ways_for(ways: Iterable[Way], readers: Readers) -> list[Way]:
    """List the ways for these readers, in the order of the poster: in the school first, then outside.

    Staff see people and outside bodies, parents what is open to adults, and pupils everything but the
    outside bodies that the school itself contacts.
    """
    if readers is Readers.STAFF:
        kinds = {WayKind.PERSON, WayKind.STEP, WayKind.HELPLINE}
        chosen = [way for way in ways if way.kind in kinds]
    elif readers is Readers.PARENTS:
        open_kinds = {WayKind.PERSON, WayKind.HELPLINE}
        chosen = [way for way in ways if way.kind in open_kinds or way.for_adults]
    else:
        chosen = [way for way in ways if way.kind is not WayKind.STEP]
    order = list(WayKind)
    return sorted(chosen, key=lambda way: (way.kind in OUTSIDE_SCHOOL, order.index(way.kind)))


def ways_of_format(ways: Sequence[Way], paper: PosterFormat, *, has_page: bool) -> list[Way]:
    """List the ways for a format: a sticker has one children's helpline, and one way if there is no page."""
    if paper is not PosterFormat.STICKERS:
        return list(ways)
    inside = [way for way in ways if way.kind not in OUTSIDE_SCHOOL]
    numbers = [way for way in ways if way.kind is WayKind.HELPLINE and way.help_for_children]
    return [*([] if has_page else inside[:1]), *numbers[:1]]


def confirmed(ways: Iterable[Way]) -> list[Way]:
    """List the ways that may be printed."""
    return [way for way in ways if way.confirmed]


def left_out(ways: Iterable[Way]) -> list[Way]:
    """List the ways that nobody has confirmed in the last six months."""
    return [way for way in ways if not way.confirmed]


def contents_problem(ways: Sequence[Way], readers: Readers) -> Problem | None:
    """Return why there is nothing to print; None if a confirmed way in the school is left."""
    printed = confirmed(ways)
    if any(way.kind not in OUTSIDE_SCHOOL for way in printed):
        return None
    if left_out(way for way in ways if way.kind not in OUTSIDE_SCHOOL):
        message = N_(
            "No way to report at your school has been confirmed in the last six months, so there is nothing to print. Confirm the contacts first."
        )
        return Problem("contents", message, link=("facts.numbers", {}))
    if readers in PUPILS:
        message = N_(
            "Your school has not named any ways to report yet, so there is nothing to print."
        )
    else:
        message = N_("Your school has not named any ways to report for these readers yet.")
    return Problem("contents", message, link=("mechanism.reporting", {}))
