"""Writes the demo schools' policy documents: real PDF files with invented text."""

from io import BytesIO
from pathlib import Path

from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

FONTS = Path(__file__).parents[1] / "certificates" / "fonts"
FONT = "DemoSerif"
LINE, MARGIN = 16, 60

CHAPTERS = (
    "1. Whom this policy is for",
    "It covers pupils, staff, visitors and contractors; devices; lessons at distance; conduct outside school.",
    "2. Who is responsible",
    "A designated person and a deputy. Their duties, their working time and their contact are published.",
    "3. Code of conduct for adults online",
    "Contact with pupils only through the school’s channels. No private chats, no pictures of pupils on own devices.",
    "4. How to report",
    "To one of two trained adults, in writing, or outside the school. Nobody is punished for it.",
    "5. Sexual images of children",
    "Never search for, view, copy, photograph, forward, print or store them. Tell the designated person.",
    "6. Reports about a member of staff or the head",
    "They go past the person concerned, to the founder and to the police.",
    "7. Review",
    "Once a year, and after each serious incident. The change log is on the last page.",
)


def policy(school: str, place: str, title: str) -> bytes:
    """Write a policy of one page for a school."""
    if FONT not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(TTFont(FONT, FONTS / "NotoSerif-Regular.ttf"))
    buffer = BytesIO()
    canvas = Canvas(buffer, pagesize=A4, invariant=1, initialFontName=FONT)
    canvas.setTitle(title)
    canvas.setFont(FONT, 15)
    y = A4[1] - 70
    canvas.drawString(MARGIN, y, title)
    canvas.setFont(FONT, 11)
    for line in [f"{school}, {place}", "Demonstration: invented text of an invented school.", ""]:
        y -= LINE
        canvas.drawString(MARGIN, y, line)
    for chapter in CHAPTERS:
        for line in _wrapped(chapter, A4[0] - 2 * MARGIN):
            y -= LINE
            canvas.drawString(MARGIN, y, line)
        y -= 6
    canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def _wrapped(text: str, width: float) -> list[str]:
    lines, line = [], ""
    for word in text.split():
        longer = f"{line} {word}".strip()
        if pdfmetrics.stringWidth(longer, FONT, 11) > width:
            lines.append(line)
            line = word
        else:
            line = longer
    return [*lines, line]
