"""Writes the demo schools' policy documents: real PDF files with invented text.

Like many real ones, they name their authors and hold a photo that reveals where it was taken.
"""

from io import BytesIO

from PIL import Image, ImageDraw

from cissapp.foundation.content.languages import ENGLISH
from cissapp.foundation.core.errors import N_
from cissapp.foundation.paper.canvas import A4, Paper
from cissapp.foundation.paper.fonts import OFFICE_SERIF
from cissapp.foundation.paper.text import Style, lines_of
from cissapp.operate.demo.schools.wording import in_language

MARGIN, TOP, GAP = 60, A4[1] - 70, 6
TITLE, TEXT = Style(OFFICE_SERIF, 15, 24), Style(OFFICE_SERIF, 11, 16)
AUTHOR = "Office computer 3"
GPS, NORTH, EAST = 0x8825, {1: "N", 2: (47.0, 1.0, 30.0)}, {3: "E", 4: (28.0, 51.0, 15.0)}

CHAPTERS = (
    N_("1. Who this policy is for"),
    N_(
        "It covers pupils, staff, visitors and contractors, devices, distance lessons, and conduct outside school."
    ),
    N_("2. Who is responsible"),
    N_(
        "A designated person and a deputy. Their duties, their working time and their contact are published."
    ),
    N_("3. Code of conduct for adults online"),
    N_(
        "Contact with pupils only through the school’s channels. No private chats, no pictures of pupils on personal devices."
    ),
    N_("4. How to report"),
    N_(
        "To one of two trained adults, in writing, or outside the school. Nobody is punished for it."
    ),
    N_("5. Sexual images of children"),
    N_(
        "Never search for, view, copy, photograph, forward, print or store them. Tell the designated person."
    ),
    N_("6. Reports about a member of staff or the head"),
    N_("They bypass the person concerned and go to the founder and the police."),
    N_("7. Review"),
    N_("Once a year, and after each serious incident. The change log is on the last page."),
)


NOTICE = N_("Demonstration: invented text of an invented school.")
# The text of each page.
PAGES = (CHAPTERS[:8], CHAPTERS[8:])


def pages(language: str) -> list[list[str]]:
    """Return the text of each page in a language."""
    return [[in_language(one, language) for one in page] for page in PAGES]


def policy(school: str, place: str, title: str, language: str = ENGLISH) -> bytes:
    """Write a policy of two pages for a school; the title is in the language already."""
    paper = Paper(A4, font=OFFICE_SERIF)
    paper.setTitle(title)
    paper.setAuthor(AUTHOR)
    paper.setFont(TITLE.font, TITLE.size)
    y = TOP
    paper.drawString(MARGIN, y, title)
    paper.setFont(TEXT.font, TEXT.size)
    for line in [f"{school}, {place}", in_language(NOTICE, language), ""]:
        y -= TEXT.leading
        paper.drawString(MARGIN, y, line)
    said = pages(language)
    for page in said:
        paper.setFont(TEXT.font, TEXT.size)
        for chapter in page:
            for line in lines_of(chapter, TEXT, A4[0] - 2 * MARGIN):
                y -= TEXT.leading
                paper.drawString(MARGIN, y, line)
            y -= GAP
        if page is said[-1]:
            paper.picture(_photo(), MARGIN, A4[1] - y + 30, 240, 160)
        paper.showPage()
        y = TOP
    return paper.finish()


def _photo() -> bytes:
    """Draw a photo of the letter box for reports, with the metadata of a camera."""
    picture = Image.new("RGB", (480, 320), "#cfe3e8")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 250, 480, 320), fill="#a9b7a0")
    draw.rectangle((170, 90, 310, 260), fill="#0b5c6b")
    draw.rectangle((200, 120, 280, 132), fill="#12191b")
    said = Image.Exif()
    said[0x010F], said[0x9003] = "Camera of the demonstration", "2025:09:01 08:30:00"
    said[GPS] = {**NORTH, **EAST}
    out = BytesIO()
    picture.save(out, "JPEG", quality=80, exif=said)
    return out.getvalue()
