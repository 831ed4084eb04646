"""Pictures of people: sample pictures of adults from a test library, turned, cut and shrunk; and drawn papers without people.

No picture of a person is kept in this repository.
"""

import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import numpy
import pytest
import skimage
from PIL import Image, ImageDraw, ImageFilter, ImageOps

from cissapp.foundation.safeguards.pictures import (
    Family,
    PeopleSearch,
    search_for_people,
    shows_people,
)
from cissapp.foundation.safeguards.pictures.faces import Detector
from cissapp.foundation.safeguards.pictures.isolation import WORKER

SAMPLES = Path(skimage.__file__).parent / "data"
CHILD_PROCESS_MEGABYTES = 320


@pytest.fixture(scope="module")
def detector() -> Detector:
    return Detector()


def astronaut() -> Image.Image:
    return Image.open(SAMPLES / "astronaut.png").convert("RGB")


def written(picture: Image.Image, form: str = "JPEG") -> bytes:
    kept = BytesIO()
    picture.save(kept, form)
    return kept.getvalue()


def paper(*lines: str, size: tuple[int, int] = (1240, 1754)) -> Image.Image:
    """A page with lines of words."""
    page = Image.new("RGB", size, "white")
    pen = ImageDraw.Draw(page)
    for number, line in enumerate(lines or ["School safety policy. " * 4] * 30):
        pen.text((120, 120 + 48 * number), line, fill="black", font_size=28)
    return page


# --- pictures with people --------------------------------------------------------------------

CHANGES: dict[str, Callable[[Image.Image], Image.Image]] = {
    "as it is": lambda one: one,
    "grey": lambda one: one.convert("L"),
    "small": lambda one: one.resize((96, 96)),
    "large": lambda one: one.resize((2400, 2400)),
    "turned by 20": lambda one: one.rotate(20, expand=True, fillcolor="white"),
    "on its side": lambda one: one.rotate(90, expand=True),
    "upside down": lambda one: one.rotate(180),
    "mirrored": ImageOps.mirror,
    "the face alone": lambda one: one.crop((160, 30, 300, 220)),
    "dark": lambda one: one.point(lambda value: value // 3),
    "pale": lambda one: one.point(lambda value: 160 + value // 3),
    "blurred": lambda one: one.filter(ImageFilter.GaussianBlur(3)),
    "on a page": lambda one: _on_page(one, 300),
    "small on a page": lambda one: _on_page(one, 180),
    "passport size on a page": lambda one: _on_page(one.crop((140, 10, 320, 240)), 110),
}


def _on_page(one: Image.Image, side: int) -> Image.Image:
    page = paper()
    page.paste(one.resize((side, side * one.height // one.width)), (600, 900))
    return page


@pytest.mark.parametrize("change", CHANGES)
def test_people_are_seen(change: str, detector: Detector) -> None:
    assert detector.shows_people(CHANGES[change](astronaut()))


def test_faces_of_many_people_are_seen_and_patches_without_are_not(detector: Detector) -> None:
    patches = numpy.load(SAMPLES / "lfw_subset.npy")
    pictures = [Image.fromarray((one * 255).astype("uint8")).resize((100, 100)) for one in patches]

    seen = [detector.shows_people(one, turned=False) for one in pictures]

    assert sum(seen[:100]) >= 97  # measured: 98
    assert sum(seen[100:]) == 0


# --- pictures without ------------------------------------------------------------------------


def _notice_board() -> Image.Image:
    board = Image.new("RGB", (1600, 1200), (170, 130, 80))
    pen = ImageDraw.Draw(board)
    for number in range(8):
        left, top = 80 + number % 4 * 380, 80 + number // 4 * 540
        pen.rectangle((left, top, left + 320, top + 460), fill="white", outline="grey")
        pen.ellipse((left + 150, top + 8, left + 168, top + 26), fill="red")
        pen.text(
            (left + 20, top + 60), "Call 116 111\nRoom 7\nLetter box", fill="navy", font_size=40
        )
    return board


def _form() -> Image.Image:
    page = paper("Blank form of a report", "What was said:", "When:", "Passed on to:")
    pen = ImageDraw.Draw(page)
    for number in range(20):
        pen.line((120, 500 + 55 * number, 1120, 500 + 55 * number), fill="black", width=2)
        pen.rectangle((1020, 470 + 55 * number, 1050, 496 + 55 * number), outline="black", width=2)
    return page


def _signature() -> Image.Image:
    page = paper("Adopted by the council.", "Director:")
    points = [(300 + 8 * n, 420 + int(60 * numpy.sin(n / 3) * numpy.cos(n / 7))) for n in range(60)]
    ImageDraw.Draw(page).line(points, fill=(20, 20, 140), width=5)
    return page


def _emblem() -> Image.Image:
    page = Image.new("RGB", (800, 800), "white")
    pen = ImageDraw.Draw(page)
    pen.ellipse((100, 100, 700, 700), outline="navy", width=18)
    pen.ellipse((180, 180, 620, 620), outline="navy", width=6)
    pen.polygon(
        [
            (400, 220),
            (450, 370),
            (600, 370),
            (480, 460),
            (530, 600),
            (400, 510),
            (270, 600),
            (320, 460),
            (200, 370),
            (350, 370),
        ],
        fill="gold",
    )
    return page


def _poster() -> Image.Image:
    page = Image.new("RGB", (1000, 1400), (250, 220, 60))
    pen = ImageDraw.Draw(page)
    pen.rounded_rectangle((120, 200, 880, 620), 60, fill="white", outline="black", width=8)
    pen.text((180, 300), "You can tell somebody.", fill="black", font_size=60)
    pen.text((180, 800), "116 111", fill="red", font_size=150)
    return page


WITHOUT: dict[str, Callable[[], Image.Image]] = {
    "a page": paper,
    "a notice board": _notice_board,
    "a form": _form,
    "a signature": _signature,
    "an emblem": _emblem,
    "a poster": _poster,
    **{
        name: (lambda name=name: Image.open(SAMPLES / name).convert("RGB"))
        for name in (
            "page.png",
            "text.png",
            "coffee.png",
            "coins.png",
            "chelsea.png",
            "logo.png",
            "rocket.jpg",
            "grass.png",
            "brick.png",
            "clock_motion.png",
        )
    },
}


@pytest.mark.parametrize("name", WITHOUT)
def test_papers_and_things_raise_no_alarm(name: str, detector: Detector) -> None:
    assert not detector.shows_people(WITHOUT[name]())


# --- files -----------------------------------------------------------------------------------


def _pdf(*pages: Image.Image) -> bytes:
    kept = BytesIO()
    pages[0].save(kept, "PDF", save_all=True, append_images=list(pages[1:]), resolution=150)
    return kept.getvalue()


def _package(*pictures: bytes, others: dict[str, bytes] | None = None) -> bytes:
    kept = BytesIO()
    with zipfile.ZipFile(kept, "w") as parts:
        parts.writestr("word/document.xml", "<w/>")
        for name, content in (others or {}).items():
            parts.writestr(name, content)
        for number, one in enumerate(pictures):
            parts.writestr(f"word/media/image{number}.png", one)
    return kept.getvalue()


@pytest.mark.parametrize(
    ("content", "family", "looked"),
    [
        (written(astronaut()), Family.PICTURE, PeopleSearch(people=True, whole=True)),
        (written(_emblem(), "PNG"), Family.PICTURE, PeopleSearch(people=False, whole=True)),
        (_pdf(paper(), _on_page(astronaut(), 300)), Family.PAGES, PeopleSearch(people=True, whole=True)),
        (_pdf(paper(), _form()), Family.PAGES, PeopleSearch(people=False, whole=True)),
        (_package(written(_emblem(), "PNG"), written(astronaut(), "PNG")), Family.PACKAGE, PeopleSearch(people=True, whole=True)),
        (_package(written(_emblem(), "PNG")), Family.PACKAGE, PeopleSearch(people=False, whole=True)),
        (_package(), Family.PACKAGE, PeopleSearch(people=False, whole=True)),
        # As many parts before the picture as intake lets through.
        (
            _package(
                written(astronaut(), "PNG"),
                others={f"word/embeddings/{one}.xml": b"<x/>" for one in range(1_990)},
            ),
            Family.PACKAGE,
            PeopleSearch(people=True, whole=True),
        ),
        # A drawing that nothing here can open, and one that carries a picture of its own.
        (
            _package(others={"word/media/chart.EMF": b"\1\0\0\0"}),
            Family.PACKAGE,
            PeopleSearch(people=False, whole=False),
        ),
        (
            _package(others={"word/media/a.svg": b'<svg><image href="data:image/png;base64,AA"/></svg>'}),
            Family.PACKAGE,
            PeopleSearch(people=False, whole=False),
        ),
        (
            _package(others={"word/media/b.svg": b"<svg><path/></svg>"}),
            Family.PACKAGE,
            PeopleSearch(people=False, whole=True),
        ),
        (
            _package(written(astronaut(), "PNG"), others={"word/media/chart.emf": b"\1\0\0\0"}),
            Family.PACKAGE,
            PeopleSearch(people=True, whole=True),
        ),
        (_package(b"\x89PNG broken"), Family.PACKAGE, PeopleSearch(people=False, whole=False)),
        (b"%PDF-1.4 broken", Family.PAGES, PeopleSearch(people=False, whole=False)),
        (b"", Family.PICTURE, PeopleSearch(people=False, whole=False)),
    ],
    ids=["photo", "emblem", "photo on a page", "scan", "photo in a text", "emblem in a text", "text", "photo after many parts", "metafile", "drawing with a picture", "drawing", "photo beside a metafile", "broken picture", "broken pages", "nothing"],
)  # fmt: skip
def test_the_pictures_inside_a_file_are_looked_at(
    content: bytes, family: Family, looked: PeopleSearch
) -> None:
    assert search_for_people(content, family) == looked


def test_bytes_are_answered_for_too() -> None:
    assert shows_people(written(astronaut()))
    assert not shows_people(b"no picture")


def test_the_worker_stays_small() -> None:
    picture = written(_notice_board().resize((3000, 2250)))
    code = (
        "import resource, subprocess, sys;"
        "subprocess.run(sys.argv[1:], stdin=sys.stdin.buffer, check=True);"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    command = [sys.executable, "-c", code, sys.executable, "-I", str(WORKER), "picture"]
    done = subprocess.run(command, input=picture, capture_output=True, check=True)

    answer, _, kilobytes = done.stdout.decode().partition("}")
    assert json.loads(answer + "}") == {"people": False, "whole": True}
    assert int(kilobytes) / 1024 < CHILD_PROCESS_MEGABYTES
