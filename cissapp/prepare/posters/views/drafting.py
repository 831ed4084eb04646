"""A poster between choosing and printing: its contents, what is left out, and why it cannot be made."""

from collections.abc import Sequence

from msgspec import Struct

from cissapp.foundation.content.installed import day_in
from cissapp.foundation.core import clock
from cissapp.foundation.core.errors import N_, Problem, Refused
from cissapp.foundation.core.installation.settings import current_config
from cissapp.foundation.core.storage import files
from cissapp.foundation.paper.text import UNKNOWN, Unprintable, legible
from cissapp.people.schools.models import School
from cissapp.people.schools.queries import letterhead
from cissapp.people.schools.services import DamagedLogo, read_logo
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

TOO_LONG = N_(
    "This does not fit, even in the smallest readable type. The longest text is: “%(text)s”. Shorten it, choose fewer languages, or choose larger paper."
)
UNPRINTABLE = N_(
    "“%(text)s” has letters that are not in our fonts: %(letters)s. Use Latin or Cyrillic letters."
)


class PosterDraft(Struct, frozen=True):
    """A choice with the school's ways for it: `ways` are printed, `left_out` are unconfirmed."""

    choice: PosterChoice
    material: PosterMaterial
    ways: list[Way]
    left_out: list[Way]
    problem: Problem | None

    def pdf(self, places: Sequence[Place | None] = (None,)) -> bytes:
        """Return the PDF, with a poster for each place; raise `Refused` if it cannot be printed."""
        from cissapp.prepare.posters.papers import making  # noqa: PLC0415 -- slow import

        self._refuse()
        try:
            return making.draw_pdf([self._poster(place) for place in places])
        except (TooLong, Unprintable) as error:
            names = [place[0] for place in places if place]
            raise Refused(self._told(error, names)) from error

    def preview(self, page: int = 1) -> tuple[bytes, int]:
        """Return a page as a picture and the number of pages; raise `Refused` if it cannot be printed."""
        from cissapp.prepare.posters.papers import making  # noqa: PLC0415 -- slow import

        self._refuse()
        try:
            return making.draw_preview(self._poster(None), page)
        except (TooLong, Unprintable) as error:
            raise Refused(self._told(error)) from error

    def _told(self, error: TooLong | Unprintable, places: Sequence[str] = ()) -> Problem:
        """Return a problem that names the text that does not fit or cannot be printed."""
        if isinstance(error, TooLong):
            return Problem("format", TOO_LONG, {"text": error.text})
        school = self.material.school
        texts = [school.name, school.locality, school.group.name, *places]
        for way in self.ways:
            texts += [way.name, way.contact, way.hours]
        text, letters = next(filter(None, map(unprinted, texts)), ("", ""))
        return Problem("format", UNPRINTABLE, {"text": text, "letters": letters})

    def _refuse(self) -> None:
        if self.problem:
            raise Refused(self.problem)

    def _poster(self, place: Place | None) -> Poster:
        dress = dress_of(self.material.school)
        return poster_of(self.choice, self.material, self.ways, dress, place=place)


def draft_of(choice: PosterChoice, material: PosterMaterial) -> PosterDraft:
    """Return the draft of a poster."""
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
    """Return the imprint of a poster: the group with its logo, unless the logo is damaged."""
    head = letterhead(school.group_id)
    logo = None
    if head and head.logo_sha256:
        try:
            logo = read_logo(head.logo_sha256, files())
        except DamagedLogo:
            logo = None
    demo = current_config().demo
    today = day_in(school.country_code, clock.now())
    return Dress(school.group.name, today, logo, demo)


def unprinted(text: str) -> tuple[str, str] | None:
    """Return a text and its characters that our fonts lack; None if they have all of them."""
    letters = dict.fromkeys(letter for letter in text if legible(letter) == UNKNOWN != letter)
    return (text, " ".join(letters)) if letters else None
