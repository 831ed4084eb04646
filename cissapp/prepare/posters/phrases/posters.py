"""Composes a poster: the sentences for its readers, and the school's ways to report."""

from collections.abc import Iterator, Sequence
from datetime import date

from flask_babel import force_locale
from flask_babel import gettext as _
from msgspec import Struct
from msgspec.structs import replace

from cissapp.foundation.paper.text import HARD_SPACE
from cissapp.foundation.web.filters import day
from cissapp.prepare.mechanism.rules import MEDIUM_NAMES
from cissapp.prepare.posters.papers.parts import Card, Code, Line, Look, Poster, Row
from cissapp.prepare.posters.phrases.sentences import Sentences, sentences_in
from cissapp.prepare.posters.queries import PosterMaterial
from cissapp.prepare.posters.rules.choices import PosterChoice, PosterFormat, Readers
from cissapp.prepare.posters.rules.contents import OUTSIDE_SCHOOL, Way, WayKind

# Sizes of lines relative to plain text.
TITLE, LATER_TITLE, LEAD, HEADING, NAME, NUMBER, PROMISE = 2.5, 1.55, 1.1, 1.2, 1.1, 1.9, 1.1
SMALL_TITLE, STICKER_TITLE, SMALL_NUMBER = 1.3, 1.15, 1.3
# A slide is seen briefly, and several languages need space: only the first promises are shown then.
FEW_PROMISES = 2
# The most characters of a helpline's contact in large type: numbers, never a long address.
LARGE_LETTERS = 24
SMALL = frozenset({PosterFormat.CARDS, PosterFormat.STICKERS})


class Dress(Struct, frozen=True):
    """What is on a poster besides its words: who made it and when, a logo, whether it is a demonstration."""

    group: str
    on: date
    logo: bytes | None = None
    demo: bool = False


def poster_of(
    choice: PosterChoice,
    material: PosterMaterial,
    ways: Sequence[Way],
    dress: Dress,
    *,
    place: tuple[str, str] | None = None,
) -> Poster:
    """Compose a poster; `place` is where it hangs and the address of its second code."""
    words = [sentences_in(language, choice.readers) for language in choice.languages]
    small = choice.format in SMALL
    return Poster(
        format=choice.format,
        readers=choice.readers,
        large=choice.large,
        school=material.school.name,
        school_language=material.school.language,
        titles=tuple(
            Line(one.title, one.language, LATER_TITLE if at else TITLE, bold=True)
            for at, one in enumerate(words)
        ),
        leads=tuple(Line(one.lead, one.language, LEAD) for one in words),
        rows=() if small else tuple(_rows(choice, material, words, ways)),
        page_code=_page_code(material, words),
        place_code=_place_code(words[0], *place) if place else None,
        imprint=_imprint(words[0].language, dress),
        logo=dress.logo,
        demo=dress.demo,
        cards=tuple(_card(choice, material, one, ways) for one in words) if small else (),
    )


def _rows(
    choice: PosterChoice, material: PosterMaterial, words: list[Sentences], ways: Sequence[Way]
) -> Iterator[Row]:
    few = choice.format is PosterFormat.SCREEN or len(words) > 1
    # Instructions for staff are never shortened on paper.
    most = FEW_PROMISES if few and choice.readers is not Readers.STAFF else None
    for promises in zip(*(one.promises[:most] for one in words), strict=True):
        lines = [
            Line(text, one.language, PROMISE, bold=True)
            for one, (_sign, text) in zip(words, promises, strict=True)
        ]
        yield Row(Look.PROMISE, tuple(lines), promises[0][0])
    inside = [way for way in ways if way.kind not in OUTSIDE_SCHOOL]
    outside = [way for way in ways if way.kind in OUTSIDE_SCHOOL]
    for found, texts in (
        (inside, [(one.language, one.inside) for one in words]),
        (outside, [(one.language, one.outside) for one in words]),
    ):
        if found:
            heading = (Line(text, language, HEADING, bold=True) for language, text in texts)
            yield Row(Look.HEADING, tuple(heading))
            yield from (_way_row(way, words, material.school.language) for way in found)


def _way_row(way: Way, words: list[Sentences], spoken: str) -> Row:
    """Return a way as a row: a helpline by its number, others by name; then where, and when."""
    if way.kind is WayKind.HELPLINE:
        size = NUMBER if len(way.contact) <= LARGE_LETTERS else NAME
        number = Line(_unbroken(way.contact), words[0].language, size, bold=True, whole=True)
        return Row(Look.NUMBER, (number, *_names(way, words)), way.sign)
    kinds = _kinds(way, [one for one in words if one.language != spoken])
    lines = [Line(way.name, spoken, NAME, bold=True), Line(way.contact, spoken)]
    if way.hours:
        lines.append(Line(way.hours, spoken, soft=True))
    return Row(Look.WAY, (*kinds, *lines), way.sign)


def _names(way: Way, words: list[Sentences]) -> list[Line]:
    """Return the name of a helpline in each language, identical names only once."""
    named = {way.name_in(one.language): one.language for one in reversed(words)}
    return [Line(name, language) for name, language in reversed(named.items())]


def _kinds(way: Way, words: list[Sentences]) -> list[Line]:
    """Return the kind of a way, in languages other than that of the school's own words."""
    if way.medium is None or not words:
        return []
    found = []
    for one in words:
        with force_locale(one.language):
            found.append(str(_(MEDIUM_NAMES[way.medium])))
    return [Line(" · ".join(dict.fromkeys(found)), words[0].language, soft=True)]


def _unbroken(contact: str) -> str:
    """Return a contact in which no number can be broken."""
    return ", ".join(part.replace(" ", HARD_SPACE) for part in contact.split(", "))


# --- cards and stickers ------------------------------------------------------------------------


def _card(
    choice: PosterChoice, material: PosterMaterial, words: Sentences, ways: Sequence[Way]
) -> Card:
    spoken = material.school.language
    if choice.format is PosterFormat.STICKERS:
        rows = tuple(_sticker_rows(words, ways, spoken))
        unsigned = tuple(replace(row, sign=None) for row in rows)
        bare = tuple(replace(row, lines=row.lines[:1]) for row in unsigned)
        return Card(words.language, (rows, unsigned, bare))
    loose = tuple(_small_rows(material, words, ways, tight=False))
    return Card(words.language, (loose, tuple(_small_rows(material, words, ways, tight=True))))


def _sticker_rows(words: Sentences, ways: Sequence[Way], spoken: str) -> Iterator[Row]:
    """Yield the rows of a sticker beside the code: the title, and the number for children."""
    yield Row(Look.HEADING, (Line(words.title, words.language, STICKER_TITLE, bold=True),))
    for way in ways:
        yield _small_way(way, words.language, spoken, tight=False)


def _small_rows(
    material: PosterMaterial, words: Sentences, ways: Sequence[Way], *, tight: bool
) -> Iterator[Row]:
    """Yield the rows of a card: the title, one promise, each way in a few lines, the school."""
    language, spoken = words.language, material.school.language
    yield Row(Look.HEADING, (Line(words.title, language, SMALL_TITLE, bold=True),))
    yield Row(Look.WAY, (Line(words.promises[0][1], language),))
    # The number for children comes first, so that it is on the front, beside the code.
    for way in sorted(ways, key=lambda way: not way.help_for_children):
        yield _small_way(way, language, spoken, tight=tight)
    yield Row(Look.WAY, (Line(material.school.name, spoken, soft=True),))


def _small_way(way: Way, language: str, spoken: str, *, tight: bool) -> Row:
    if tight and not way.help_for_children:
        said = language if way.kind is WayKind.HELPLINE else spoken
        return Row(Look.WAY, (Line(f"{way.name_in(language)}: {way.contact}", said),), way.sign)
    if way.kind is WayKind.HELPLINE:
        size = SMALL_NUMBER if len(way.contact) <= LARGE_LETTERS else 1.0
        number = Line(_unbroken(way.contact), language, size, bold=True, whole=True)
        return Row(Look.NUMBER, (number, Line(way.name_in(language), language)), way.sign)
    # A card has no space for hours; the school's page lists them.
    lines = (Line(way.name, spoken, bold=True), Line(way.contact, spoken))
    return Row(Look.WAY, lines, way.sign)


# --- codes and small print ---------------------------------------------------------------------


def _page_code(material: PosterMaterial, words: list[Sentences]) -> Code | None:
    if material.page is None:
        return None
    lines = [Line(one.scan, one.language, bold=not at) for at, one in enumerate(words)]
    address = Line(material.page.partition("://")[2], words[0].language)
    return Code(material.page, (*lines, address))


def _place_code(words: Sentences, place: str, address: str) -> Code:
    code = address.rpartition("/")[2]
    lines = (words.check, place, code)
    return Code(address, tuple(Line(text, words.language) for text in lines))


def _imprint(language: str, dress: Dress) -> Line:
    """Return who made it and when; it is not a certificate and must not look like one."""
    with force_locale(language):
        text = _(
            "Made on %(day)s with CISS, a programme of %(group)s. This is not a certificate.",
            day=day(dress.on),
            group=dress.group,
        )
    return Line(text, language)
