"""The left side of the certificate: the seal with the level, and the way to check it."""

import math

from cissapp.certify.certificates.document.facts import CertificateFacts
from cissapp.certify.certificates.document.pdf.measures import HEIGHT, MIDDLE, PANEL, colour_of
from cissapp.certify.certificates.document.pdf.words import CertificateWords
from cissapp.certify.certificates.rules import in_groups
from cissapp.foundation.paper.canvas import TaggedPaper
from cissapp.foundation.paper.colours import INK, LINE, MODULES, SOFT, TINT, WHITE
from cissapp.foundation.paper.fonts import SANS, SANS_BOLD, SERIF, SERIF_BOLD
from cissapp.foundation.paper.text import Style, lines_of

WIDTH_OF_TEXT = PANEL - 40
RADIUS = 60.0
SEAL_TOP = 116.0
QR = 124.0


def draw_panel(
    paper: TaggedPaper, facts: CertificateFacts, words: tuple[CertificateWords, ...]
) -> None:
    """Draw the left side."""
    with paper.decoration():
        paper.bar(0, 0, PANEL, HEIGHT, colour=TINT)
        for place, colour in enumerate(MODULES):
            paper.bar(0, place * HEIGHT / 5, 7, HEIGHT / 5, colour=colour)
    seal = (MIDDLE - 76, HEIGHT - SEAL_TOP - 76, MIDDLE + 76, HEIGHT - SEAL_TOP + 76)
    said = f"{words[0].label('level')} {facts.level}"
    with paper.piece("Figure", words[0].language, alternative=said, box=seal):
        _seal(paper, facts.level)
    _level(paper, facts, words)
    _check(paper, facts, words)


def _seal(paper: TaggedPaper, level: int) -> None:
    """Draw the ring of five arcs, a fine circle of dots around it, the level in the middle."""
    centre = HEIGHT - SEAL_TOP
    outer = RADIUS + 16
    paper.fill(WHITE)
    paper.stroke(LINE, 0.6)
    paper.circle(MIDDLE, centre, outer - 3.4, stroke=1, fill=1)
    paper.setLineCap(1)
    paper.setDash([0, math.radians(4) * outer])
    _arcs(paper, outer, 1.6, 2)
    paper.setLineCap(0)
    paper.setDash([])
    _arcs(paper, RADIUS, 17, 3)
    paper.fill(INK)
    paper.setFont(SERIF_BOLD, 52)
    paper.drawCentredString(MIDDLE, centre - 18.5, str(level))


def _arcs(paper: TaggedPaper, radius: float, width: float, gap: float) -> None:
    """Draw five arcs, one a module, from the top as the hand of a clock goes."""
    left, low = MIDDLE - radius, HEIGHT - SEAL_TOP - radius
    paper.setLineWidth(width)
    for place, colour in enumerate(MODULES):
        paper.stroke(colour)
        path = paper.beginPath()
        start = 90 - gap - place * 72
        path.arc(left, low, left + 2 * radius, low + 2 * radius, start, 2 * gap - 72)
        paper.drawPath(path, stroke=1, fill=0)


def _level(
    paper: TaggedPaper, facts: CertificateFacts, words: tuple[CertificateWords, ...]
) -> None:
    """Write the level and its name: in the first language on lines of their own."""
    y = SEAL_TOP + RADIUS + 24
    small = Style(SANS, 8.6, 12)
    for place, one in enumerate(words):
        number = f"{one.label('level')} {facts.level}"
        name = one.text.level_names[str(facts.level)]
        pieces = [(f"{number}: {name}", small)]
        if place == 0:
            pieces = [(number, Style(SANS_BOLD, 13, 18)), (name, Style(SERIF, 12.6, 17))]
        for text, style in pieces:
            with paper.piece("P", one.language):
                wrapped = lines_of(text, style, WIDTH_OF_TEXT)
                y = paper.write_lines(wrapped, style, MIDDLE, y, colour_of(place), centred=True)
        y += 6


def _check(
    paper: TaggedPaper, facts: CertificateFacts, words: tuple[CertificateWords, ...]
) -> None:
    """Draw the QR code; below it its address in words, with level and dates."""
    left, y = MIDDLE - QR / 2, HEIGHT - 250.0
    box = (left, HEIGHT - y - QR, left + QR, HEIGHT - y)
    with paper.decoration():
        paper.bar(left, y, QR, QR, colour=WHITE, radius=7)
    said = words[0].label("qr")
    with paper.piece("Link", words[0].language, alternative=said, box=box, link=facts.address):
        paper.qr(facts.qr_text, left, y, QR, INK)
    y += QR + 5
    small = Style(SANS, 7.8, 10.6)
    for place, one in enumerate(words):
        with paper.piece("P", one.language):
            wrapped = lines_of(one.label("qr"), small, WIDTH_OF_TEXT)
            y = paper.write_lines(wrapped, small, MIDDLE, y, colour_of(place), centred=True)
    y += 6
    with paper.piece("P", "en"):
        host = f"{facts.base_url.partition('://')[2]}/verify/"
        y = paper.write_lines(
            lines_of(host, small, WIDTH_OF_TEXT), small, MIDDLE, y, INK, centred=True
        )
        code = in_groups(facts.code)
        y = paper.write_lines([code], Style(SANS_BOLD, 9.6, 13.5), MIDDLE, y, INK, centred=True)
    with paper.piece("P", words[0].language):
        span = f"{facts.valid_from_on:%d.%m.%Y} – {facts.valid_until_on:%d.%m.%Y}"
        line = f"{words[0].label('level')} {facts.level}  ·  {span}"
        paper.write_lines([line], small, MIDDLE, y + 1, SOFT, centred=True)
