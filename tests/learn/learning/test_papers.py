"""Lessons on paper: complete, within the margins, with embedded fonts, readable by a screen reader."""

import re
import shutil
import subprocess
import unicodedata
from functools import cache
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from cissapp.foundation.content.schema import (
    CitedSource,
    LessonActivity,
    LessonProduct,
    LessonText,
    SelfCheck,
)
from cissapp.foundation.content.values import Lesson
from cissapp.foundation.paper.canvas import A4, LETTER
from cissapp.foundation.paper.text import drawn as printed
from cissapp.foundation.paper.text import legible
from cissapp.foundation.web.pictures import drawn as drawn_picture
from cissapp.learn.learning import papers
from cissapp.learn.learning.papers.styles import BOTTOM, SIDE, TOP
from tests.certify.certificates.specimen import content

SIZES = {papers.PaperSize.A4: A4, papers.PaperSize.LETTER: LETTER}
PRINTED_SIZES = {
    papers.PaperSize.A4: "595.276 x 841.89 pts (A4)",
    papers.PaperSize.LETTER: "612 x 792 pts (letter)",
}
LARGEST = 200_000
FOOT = (
    "Worried about a child? 116 111 – Child helpline, free of charge, at any hour of the day.",
    "Report material online: https://hotline.example",
    "This is not a place to report a case. Version 1 of the module, made on 25 November 2026.",
)
WORDS = papers.LessonLabels(
    place="Module 1 · Lesson 2 · 20 minutes",
    case="A case to begin with",
    remember="Three things to remember",
    activity="Try it with your school",
    product="What you will make",
    specimen="See a completed example",
    ask="Ask yourself",
    think="Think of your own answer first.",
    answers="Our answers",
    sources="Sources",
    page="Page %(number)s of %(last)s",
    foot=FOOT,
)
LESSONS = [
    pytest.param(lesson, id=f"{module.number}-{lesson.id}")
    for module in content().modules
    for lesson in module.lessons
]
EDGE = 1.0


def needs(tool: str) -> pytest.MarkDecorator:
    return pytest.mark.skipif(shutil.which(tool) is None, reason=f"{tool} is not installed")


def run(*command: str | Path) -> str:
    return subprocess.run([*map(str, command)], check=True, capture_output=True, text=True).stdout


def squeezed(text: str) -> str:
    """A text without its blanks: where a line ends is not what is compared."""
    return "".join(unicodedata.normalize("NFC", printed(text)).split())


def sheet(text: LessonText, size: papers.PaperSize = papers.PaperSize.A4, language: str = "en"):
    values = drawn_picture(text.picture, language).values if text.picture else ()
    countries = tuple((f"In {code}", said) for code, said in text.by_country.items())
    return papers.PrintedLesson(text, language, WORDS, size, countries, values)


def said_in(markdown: str) -> list[str]:
    """Every text that a Markdown holds, paragraph by paragraph, and every address."""
    found = []
    for token in MarkdownIt("commonmark", {"html": False}).enable("table").parse(markdown):
        children = token.children or []
        # Behind a link stands its address, so that its text and what follows are no one string.
        if any(child.type == "link_open" for child in children):
            found += [child.content for child in children if child.content]
            found += [str(child.attrs["href"]) for child in children if child.type == "link_open"]
        elif children:
            found.append("".join(child.content or " " for child in children))
    return found


def all_texts(text: LessonText) -> list[str]:
    parts = [text.case, text.body, text.activity.text, text.product.text, *text.by_country.values()]
    parts.append(text.product.specimen)
    picture = text.picture
    return [
        *(text.title, text.activity.title, text.product.title),
        *(one for part in parts for one in said_in(part)),
        *text.key_messages,
        *(one for check in text.self_check for one in (check.question, check.answer)),
        *((picture.title, picture.text) if picture else ()),
        *(word for one in (picture.items if picture else ()) for word in (one.title, one.text)),
        *(one for source in text.sources for one in (source.title, str(source.url))),
    ]


@cache
def drawn(lesson_id: str, size: papers.PaperSize) -> bytes:
    found = next(
        one for module in content().modules for one in module.lessons if one.id == lesson_id
    )
    return papers.draw_lesson(sheet(found.text("en"), size))


@pytest.fixture(params=list(SIZES))
def size(request) -> papers.PaperSize:
    return request.param


@pytest.fixture
def path(lesson: Lesson, size: papers.PaperSize, tmp_path: Path) -> Path:
    file = tmp_path / "lesson.pdf"
    file.write_bytes(drawn(lesson.id, size))
    return file


@needs("pdftotext")
@pytest.mark.parametrize("lesson", LESSONS)
def test_all_of_a_lesson_stands_on_paper_within_the_margins(
    lesson: Lesson, size: papers.PaperSize, path: Path
):
    width, height = SIZES[size]
    crop = ("-x", "0", "-y", "0", "-W", f"{width:.0f}", "-H", f"{height - BOTTOM:.0f}")
    text = squeezed(run("pdftotext", "-raw", *crop, path, "-"))
    pages = run("pdftotext", "-bbox", path, "-").split("<page ")[1:]
    words = [
        tuple(float(number) for number in re.findall(r'[xy]M\w+="([\d.]+)"', line))
        for page in pages
        for line in page.splitlines()
        if "<word" in line
    ]

    missing = [one for one in all_texts(lesson.text("en")) if squeezed(one) not in text]

    assert missing == []
    assert text.rindex(squeezed(WORDS.answers)) > text.rindex(squeezed(WORDS.sources))
    assert min(left for left, _, _, _ in words) >= SIDE - EDGE
    assert max(right for _, _, right, _ in words) <= width - SIDE + EDGE
    assert min(top for _, top, _, _ in words) >= TOP - 6
    # Nothing stands between the text and the foot, and nothing below the foot.
    assert [one for one in words if height - BOTTOM + 4 < one[3] < height - BOTTOM + 18] == []
    assert max(low for _, _, _, low in words) <= height - 18
    for number, page in enumerate(pages, start=1):
        words_of_page = " ".join(re.findall(r">([^<]+)</word>", page))
        assert all(one in words_of_page for one in (FOOT[0], FOOT[1]))
        assert f"Page {number} of {len(pages)}" in words_of_page


@needs("pdffonts")
@pytest.mark.parametrize("lesson", LESSONS)
def test_fonts_are_embedded_and_the_file_is_small(
    lesson: Lesson, path: Path, size: papers.PaperSize
):
    rows = [line.split() for line in run("pdffonts", path).splitlines()[2:]]

    assert {tuple(row[-5:-2]) for row in rows} == {("yes", "yes", "yes")}
    assert path.stat().st_size < LARGEST


@needs("pdfinfo")
@pytest.mark.parametrize("lesson", LESSONS[:2])
def test_it_says_what_it_is_to_a_screen_reader(lesson: Lesson, size: papers.PaperSize, path: Path):
    said = dict(line.split(":", 1) for line in run("pdfinfo", path).splitlines() if ":" in line)
    tree = run("pdfinfo", "-struct-text", path)

    assert (said["Title"].strip(), said["Tagged"].strip()) == (lesson.text("en").title, "yes")
    assert said["Page size"].strip().startswith(PRINTED_SIZES[size])
    roles = set(re.findall(r"^\s*([A-Z]\w*)", tree, re.MULTILINE))
    assert {"Document", "H1", "H2", "P", "L", "LI", "LBody", "Table", "TR", "TH", "TD"} <= roles
    assert f'"{lesson.text("en").title}"' in tree
    assert f'"{said_in(lesson.text("en").case)[0]}"' in tree
    assert FOOT[0] not in tree


@pytest.mark.parametrize("lesson", LESSONS)
def test_the_fonts_have_every_letter(lesson: Lesson):
    for text in lesson.texts.values():
        for one in all_texts(text):
            assert legible(one) == one


# --- what no lesson has yet --------------------------------------------------------------------


def odd(body: str, **changes) -> LessonText:
    values = {
        "title": "Ґанок, Ёлка, Ўласны, Ștefan",
        "case": "Case.",
        "key_messages": ["One & two <b>", "Two", "Three"],
        "activity": LessonActivity(title="LessonActivity", text="Text."),
        "product": LessonProduct(title="Product", text="Text.", specimen="Filled in."),
        "self_check": [SelfCheck(question=f"Q{n}?", answer=f"A{n}.") for n in range(2)],
        "sources": [CitedSource(title="CitedSource", url="https://example.org/?a=1&b=<2>")],
        "body": body,
        **changes,
    }
    return LessonText(**values)


def text_of(tmp_path: Path, text: LessonText, language: str = "uk") -> str:
    path = tmp_path / "odd.pdf"
    path.write_bytes(papers.draw_lesson(sheet(text, language=language)))
    return run("pdftotext", "-raw", path, "-")


@needs("pdftotext")
def test_every_kind_of_block_is_drawn(tmp_path: Path):
    body = (
        "### Small\n\n*stressed* and ***both***, `code`, [a link](https://example.org/page) "
        "[home](/learn) <i>no markup</i>\\\nnew line\n\n> Quoted.\n\n---\n\n"
        "3. three\n4. four\n\n   more of four\n\n   - inside\n\n"
        "```\na  b\nc\n```\n\n| a | b |\n|---|---|\n| **1** |  |\n"
    )
    text = " ".join(text_of(tmp_path, odd(body)).split())

    for wanted in (
        "Small stressed and both, code, a link (https://example.org/page) home (/learn) <i>no markup</i>",
        "new line Quoted.",
        "3. three 4. four more of four • inside",
        "a b c",
        "One & two <b>",
        "https://example.org/?a=1&b=<2>",
        "Ґанок, Ёлка, Ўласны, Ștefan",
    ):
        assert wanted in text


@needs("pdftotext")
def test_long_words_tables_and_foreign_letters_do_not_break_the_page(tmp_path: Path):
    row = f"| {'x' * 300} | {'word ' * 80} |\n"
    text = odd(f"{'ж' * 900}\n\n| a | b |\n|---|---|\n{row * 30}\n\n학교 🏫", title="T " * 150)

    said = text_of(tmp_path, text)

    assert said.count("x") > 9_000
    assert "??" in said


def test_only_harmless_links_can_be_clicked():
    import pikepdf

    text = odd(
        "[a](javascript:alert(1)) [b](file:///etc/passwd) [c](mailto:a@b.example) [d](http://e.example)"
    )
    from io import BytesIO

    with pikepdf.open(BytesIO(papers.draw_lesson(sheet(text)))) as opened:
        links = {
            str(one.A.URI)
            for page in opened.pages
            for one in page.get("/Annots", [])
            if "/A" in one
        }

    assert links == {"mailto:a@b.example", "http://e.example", "https://example.org/?a=1&b=<2>"}


def test_the_same_lesson_gives_the_same_bytes():
    text = odd("Text.")

    assert papers.draw_lesson(sheet(text)) == papers.draw_lesson(sheet(text))
