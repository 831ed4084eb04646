"""An invented school's ways to report, and the posters that come of them."""

from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from types import SimpleNamespace
from typing import Any

from flask import Flask
from flask_babel import force_locale
from msgspec.structs import replace

from cissapp.foundation.paper.svg import Preview
from cissapp.foundation.paper.text import drawn
from cissapp.prepare.mechanism.rules import ChannelMedium
from cissapp.prepare.posters.papers.making import SIZES, paint
from cissapp.prepare.posters.papers.parts import Poster
from cissapp.prepare.posters.phrases.posters import Dress, poster_of
from cissapp.prepare.posters.queries import PosterMaterial
from cissapp.prepare.posters.rules.choices import PosterChoice, PosterFormat, Readers
from cissapp.prepare.posters.rules.contents import Way, WayKind, confirmed, ways_for, ways_of_format
from cissapp.prepare.posters.rules.signs import SIGN_OF_MEDIUM, Sign

PAGE = "https://ciss.example/s/7K2M9QXF"
SPOT = "https://ciss.example/p/7K2M9QXF4A"
DAY = date(2026, 11, 27)
LANGUAGES = ("en", "uk", "ro", "ru", "be")


def way(key: str, kind: WayKind, name: str, contact: str, **values: Any) -> Way:
    medium = values.get("medium")
    sign = SIGN_OF_MEDIUM[medium] if medium else Sign.TALK
    facts = {f"{key}.contact": contact}
    return Way(key=key, kind=kind, sign=sign, name=name, contact=contact, facts=facts, **values)


WAYS = [
    way("person.1", WayKind.PERSON, "Psychologist", "room 12, 044 555-01-12", hours="8:30-15:30"),
    way("person.2", WayKind.PERSON, "Заступниця директора", "кабінет 3", hours="пн-пт"),
    way("channel.1", WayKind.CHANNEL, "Cutia de la bibliotecă", "etajul 1", hours="zilnic", medium=ChannelMedium.BOX),
    way("channel.2", WayKind.CHANNEL, "Email", "tell@school.example", medium=ChannelMedium.MAIL, for_adults=True),
    way("step.1", WayKind.STEP, "Child protection service", "044 555-09-09", hours="at once, in danger"),
    way("helpline.UA.child", WayKind.HELPLINE, "Child helpline", "116 111, 0 800 500 225", names={"en": "Child helpline", "uk": "Дитяча лінія"}, help_for_children=True),
    way("helpline.UA.police", WayKind.HELPLINE, "Police", "102", names={"en": "Police", "ro": "Poliția"}),
]  # fmt: skip


def poster(
    app: Flask,
    paper: PosterFormat = PosterFormat.A4,
    readers: Readers = Readers.OLDER,
    languages: tuple[str, ...] = ("en",),
    *,
    ways: list[Way] | None = None,
    school: str = "Lyceum No. 14",
    page: str | None = PAGE,
    large: bool = False,
    place: tuple[str, str] | None = None,
) -> Poster:
    at = SimpleNamespace(name=school, language=languages[0])
    material = PosterMaterial(at, ways or WAYS, page, languages)  # type: ignore[arg-type] # as far as posters ask
    chosen = confirmed(ways_for(material.ways, readers))
    printed = ways_of_format(chosen, paper, has_page=page is not None)
    with app.test_request_context(), force_locale("en"):
        choice = PosterChoice(paper, readers, languages, large)
        return poster_of(choice, material, printed, Dress("ECPAT", DAY), place=place)


@dataclass(frozen=True)
class Written:
    """A line as it stands on a page."""

    text: str
    size: float
    left: float
    right: float
    bottom: float


class Recorder(Preview):
    """A picture that remembers every line of every page, and no copies of cards."""

    def __init__(self, size: tuple[float, float]) -> None:
        super().__init__(size)
        self.lines: list[Written] = []
        self.codes: list[str] = []
        self._in_copy = False

    def write_lines(
        self, lines: Any, style: Any, x: float, y: float, *rest: Any, **more: Any
    ) -> float:
        for place, line in enumerate(lines, 1):
            if not self._in_copy:
                right = x + style.width(line)
                self.lines.append(
                    Written(drawn(line), style.size, x, right, y + place * style.leading)
                )
        return super().write_lines(lines, style, x, y, *rest, **more)

    def qr(self, text: str, *rest: Any) -> None:
        self.codes.append(text)
        super().qr(text, *rest)

    @contextmanager
    def copy(self):
        self._in_copy = True
        yield
        self._in_copy = False

    @property
    def text(self) -> str:
        """All that is written, without blanks: lines may be broken anywhere."""
        return squeezed("".join(one.text for one in self.lines))


def recorded(of: Poster) -> Recorder:
    recorder = Recorder(SIZES[of.format])
    paint(of, recorder)
    return recorder


def squeezed(text: str) -> str:
    return "".join(drawn(text).split())


def unconfirmed(of: Way) -> Way:
    return replace(of, confirmed=False)
