"""The lower part of the certificate: dates and signature, the way to check it, what it does not mean."""

from cissapp.certify.certificates.document.facts import CertificateFacts, Signatory
from cissapp.certify.certificates.document.pdf.measures import (
    BOTTOM,
    COLUMN,
    DATES,
    FOOT,
    HEIGHT,
    LEFT,
    RIGHT,
    RULE,
    colour_of,
)
from cissapp.certify.certificates.document.pdf.words import CertificateWords
from cissapp.certify.certificates.rules import in_groups
from cissapp.foundation.paper.canvas import TaggedPaper
from cissapp.foundation.paper.colours import ACCENT, INK, LINE, SOFT
from cissapp.foundation.paper.fonts import SANS, SANS_BOLD
from cissapp.foundation.paper.text import (
    HARD_SPACE,
    Style,
    Unprintable,
    fitted,
    lines_of,
    on_one_line,
    on_two_lines,
    printable,
)

LABEL, VALUE = Style(SANS, 8.4, 11.5), Style(SANS_BOLD, 11.8, 15.5)
SIGNED_LEFT = LEFT + 192
SIGNED_WIDTH = COLUMN - 192
SIGNED_RULE = DATES + 14
QR = 86.0
CODE_LEFT = LEFT + QR + 13
NOTE_LEFT = 462.0
CODE_WIDTH = NOTE_LEFT - CODE_LEFT - 12


def _said(words: tuple[CertificateWords, ...], name: str) -> str:
    return " · ".join(dict.fromkeys(one.label(name) for one in words))


# --- dates and signature -----------------------------------------------------------------------


def draw_signature(
    paper: TaggedPaper, facts: CertificateFacts, words: tuple[CertificateWords, ...]
) -> None:
    """Draw the dates of validity and the signature of the group."""
    y = DATES
    days = (("valid_from", facts.valid_from_on), ("valid_until", facts.valid_until_on))
    with paper.group("Table", words[0].language):
        for name, day in days:
            with paper.group("TR"):
                said, style = fitted(
                    _said(words, name), LABEL, on_one_line, SIGNED_LEFT - LEFT - 8, smallest=5
                )
                with paper.piece("TH", words[0].language):
                    y = paper.write_lines(said, style, LEFT, y, SOFT)
                with paper.piece("TD", words[0].language):
                    y = paper.write_lines([words[0].day(day)], VALUE, LEFT, y, INK) + 5
    if facts.signatory:
        _signed_by(paper, facts, facts.signatory, words)
        return
    with paper.decoration():
        paper.rule(SIGNED_LEFT, DATES + 28, SIGNED_WIDTH, INK)
    lines, style = _two_at_most(printable(facts.group_name), Style(SANS_BOLD, 11.4, 14.5))
    with paper.piece("P", words[0].language):
        y = paper.write_lines(lines, style, SIGNED_LEFT, DATES + 31, INK)
    below = _said(words, "signed")
    lines, style = _two_at_most(below, Style(SANS, 8.8, 11.5))
    with paper.piece("P", words[0].language):
        paper.write_lines(lines, style, SIGNED_LEFT, y, SOFT)


def _signed_by(
    paper: TaggedPaper,
    facts: CertificateFacts,
    signatory: Signatory,
    words: tuple[CertificateWords, ...],
) -> None:
    """Draw who signs, their job title and group, and that it was signed electronically."""
    language = words[0].language
    said = (
        (signatory.name, facts.language, Style(SANS_BOLD, 12, 15), INK),
        (signatory.office, facts.language, Style(SANS, 9, 11.5), INK),
        (facts.group_name, facts.language, Style(SANS, 9, 11.5), INK),
        (_said(words, "signed"), language, Style(SANS, 7.6, 10), SOFT),
    )
    for percent in range(100, 60, -4):
        set_lines = [
            _two_at_most(printable(text), style.scaled(percent / 100)) for text, _, style, _ in said
        ]
        height = sum(len(lines) * style.leading for lines, style in set_lines)
        if SIGNED_RULE + 2 + height <= RULE - 3:
            break
    else:
        raise Unprintable("who signs does not fit on the page")
    with paper.decoration():
        paper.rule(SIGNED_LEFT, SIGNED_RULE, SIGNED_WIDTH, INK)
    y = SIGNED_RULE + 2
    for (_, spoken, _, colour), (lines, style) in zip(said, set_lines, strict=True):
        with paper.piece("P", spoken):
            y = paper.write_lines(lines, style, SIGNED_LEFT, y, colour)


def _two_at_most(text: str, style: Style) -> tuple[list[str], Style]:
    """Fit a text on one line at a readable size, or else on two smaller lines."""
    try:
        return fitted(text, style, on_one_line, SIGNED_WIDTH, smallest=style.size * 0.8)
    except Unprintable:
        return fitted(text, style.scaled(0.62), on_two_lines, SIGNED_WIDTH, smallest=3)


# --- the way to check it -----------------------------------------------------------------------


def draw_foot(
    paper: TaggedPaper, facts: CertificateFacts, words: tuple[CertificateWords, ...]
) -> None:
    """Draw the QR code, the code and address as text, the technical lines, and the note beside them."""
    with paper.decoration():
        paper.rule(LEFT, RULE, RIGHT - LEFT, LINE)
    top = FOOT - 4
    box = (LEFT, HEIGHT - top - QR, LEFT + QR, HEIGHT - top)
    said = words[0].label("qr")
    with paper.piece("Link", words[0].language, alternative=said, box=box, link=facts.address):
        paper.qr(facts.qr_text, LEFT - 8, top - 6, QR + 14, INK)
    y = FOOT
    for place, one in enumerate(words):
        style = Style(SANS, 7.8, 10) if place else Style(SANS_BOLD, 9.4, 12)
        lines, style = fitted(one.label("qr"), style, on_one_line, CODE_WIDTH, smallest=5)
        with paper.piece("P", one.language):
            y = paper.write_lines(lines, style, CODE_LEFT, y, colour_of(place))
    host = f"{facts.base_url.partition('://')[2]}/verify/"
    with paper.piece("P", "en"):
        lines, style = fitted(host, Style(SANS, 8.4, 11), on_one_line, CODE_WIDTH, smallest=4)
        y = paper.write_lines([f"{lines[0]} "], style, CODE_LEFT, y, SOFT)
        code = in_groups(facts.code)
        y = paper.write_lines([code], Style(SANS_BOLD, 14.6, 18.5), CODE_LEFT, y, INK)
    for line in technical_lines(facts, words):
        with paper.piece("P", words[0].language):
            lines, style = fitted(line, SMALL, on_one_line, CODE_WIDTH, smallest=3.5)
            y = paper.write_lines(lines, style, CODE_LEFT, y, SOFT)
    _note(paper, words)


SMALL = Style(SANS, 6.6, 8.2)


def technical_lines(facts: CertificateFacts, words: tuple[CertificateWords, ...]) -> list[str]:
    """Return the lines with number, criteria, document count, signing key and the hash of the facts."""
    first = words[0]
    shown = (
        f"{first.label('number')}{HARD_SPACE}{facts.number}",
        f"{first.label('criteria_version')}{HARD_SPACE}{facts.criteria_version}",
        f"{first.label('documents')}{HARD_SPACE}{len(facts.documents)}",
    )
    return [
        " · ".join(shown),
        f"{first.label('signed')}: PAdES, {facts.key_id}",
        f"SHA-256 {facts.sha256}",
    ]


# --- the note ----------------------------------------------------------------------------------


def _note(paper: TaggedPaper, words: tuple[CertificateWords, ...]) -> None:
    """Write what the certificate does not mean, and whom to call for a child, as large as there is room."""
    left, height = NOTE_LEFT + 14, BOTTOM - FOOT
    said = [(one.language, one.text.not_meaning, place, False) for place, one in enumerate(words)]
    said += [(one.language, one.worried(), place, True) for place, one in enumerate(words)]
    for percent in range(100, 48, -4):
        styles = [
            _note_style(place, strong=strong).scaled(percent / 100) for _, _, place, strong in said
        ]
        blocks = [
            lines_of(printable(text), style, RIGHT - left)
            for (_, text, _, _), style in zip(said, styles, strict=True)
        ]
        sizes = zip(blocks, styles, strict=True)
        if sum(len(block) * style.leading for block, style in sizes) + 5 <= height:
            break
    else:
        raise Unprintable("what the certificate does not mean does not fit on the page")
    y = FOOT
    for (language, _, place, strong), lines, style in zip(said, blocks, styles, strict=True):
        y += 5 if strong and not place else 0
        with paper.piece("P", language):
            y = paper.write_lines(lines, style, left, y, colour_of(place))
    with paper.decoration():
        paper.bar(NOTE_LEFT, FOOT + 1, 3.4, y - FOOT, colour=ACCENT, radius=1.7)


def _note_style(place: int, *, strong: bool) -> Style:
    if place:
        return Style(SANS, 8, 10.6)
    return Style(SANS_BOLD if strong else SANS, 9.2, 12.2)
