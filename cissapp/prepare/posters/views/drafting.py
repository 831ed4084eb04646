"""A poster between choosing and printing: what would stand on it, what is left out, and why it cannot be made."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import current_app

from cissapp.foundation.core import clock
from cissapp.foundation.core.errors import N_, Problem, Refused
from cissapp.foundation.core.storage import files
from cissapp.foundation.paper.text import Unprintable
from cissapp.people.schools.models import School
from cissapp.people.schools.queries import letterhead
from cissapp.people.schools.services import DamagedLogo, read_logo
from cissapp.prepare.posters.papers.making import draw_pdf, draw_preview
from cissapp.prepare.posters.papers.parts import Poster, TooLong
from cissapp.prepare.posters.phrases.posters import Dress, poster_of
from cissapp.prepare.posters.queries import PosterMaterial
from cissapp.prepare.posters.rules.choices import PosterChoice
from cissapp.prepare.posters.rules.contents import (
    Way,
    confirmed,
    contents_problem,
    left_out,
    ways_for,
    ways_of_format,
)

Place = tuple[str, str]


@dataclass(frozen=True)
class PosterDraft:
    """A choice with the ways of the school that it concerns; `ways` are printed, `left_out` are not confirmed."""

    choice: PosterChoice
    material: PosterMaterial
    ways: list[Way]
    left_out: list[Way]
    problem: Problem | None

    def pdf(self, places: Sequence[Place | None] = (None,)) -> bytes:
        """Return the file, a poster for each place; refuse what cannot be printed."""
        self._refuse()
        try:
            return draw_pdf([self._poster(place) for place in places])
        except (TooLong, Unprintable) as error:
            raise Refused(_told(error)) from error

    def preview(self) -> bytes:
        """Return the first page as a picture; refuse what cannot be printed."""
        self._refuse()
        try:
            return draw_preview(self._poster(None))
        except (TooLong, Unprintable) as error:
            raise Refused(_told(error)) from error

    def _refuse(self) -> None:
        if self.problem:
            raise Refused(self.problem)

    def _poster(self, place: Place | None) -> Poster:
        dress = dress_of(self.material.school)
        return poster_of(self.choice, self.material, self.ways, dress, place=place)


def draft_of(choice: PosterChoice, material: PosterMaterial) -> PosterDraft:
    """Gather what would stand on a poster."""
    concerned = ways_for(material.ways, choice.readers)
    has_page = material.page is not None
    return PosterDraft(
        choice,
        material,
        ways_of_format(confirmed(concerned), choice.format, has_page=has_page),
        left_out(concerned),
        contents_problem(concerned, choice.readers),
    )


def dress_of(school: School) -> Dress:
    """Gather who makes the poster: the group with its logo; a logo that is damaged is left out."""
    head = letterhead(school.group_id)
    logo = None
    if head and head.logo_sha256:
        try:
            logo = read_logo(head.logo_sha256, files())
        except DamagedLogo:
            logo = None
    demo = bool(current_app.config["CISS"].demo)
    return Dress(school.group.name, clock.today(), logo, demo)


def _told(error: TooLong | Unprintable) -> Problem:
    """Say which text does not fit, or which characters cannot be printed, beside the choice."""
    if isinstance(error, TooLong):
        message = N_(
            "This does not fit, even in the smallest type that one can read. The longest text is: “%(text)s”. Shorten it, choose fewer languages, or choose a larger paper."
        )
        return Problem("format", message, {"text": error.text})
    message = N_(
        "Our fonts lack characters that your texts use (%(characters)s). Write these texts in Latin, Greek or Cyrillic letters."
    )
    return Problem("first", message, {"characters": str(error)})
