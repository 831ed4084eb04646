"""What stands on posters: everything that was said, large enough to read, in every language, tagged, with codes that scan."""

import pypdfium2
import pytest
import zxingcpp
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from cissapp.foundation.paper.svg import Preview
from cissapp.people.enrolment.rules import LONGEST
from cissapp.prepare.posters.papers.making import draw_pdf, draw_preview
from cissapp.prepare.posters.papers.parts import Line, TooLong
from cissapp.prepare.posters.papers.rows import set_line
from cissapp.prepare.posters.rules.choices import PosterFormat, Readers
from cissapp.prepare.posters.rules.contents import WayKind
from tests.certify.certificates.test_pdf import needs, run
from tests.prepare.posters.invented import (
    LANGUAGES,
    PAGE,
    SPOT,
    WAYS,
    poster,
    recorded,
    squeezed,
)

# The smallest type of what readers read, in points; small print is for those who look after posters.
SMALLEST = {
    PosterFormat.A4: 14,
    PosterFormat.A3: 20,
    PosterFormat.SCREEN: 11,
    PosterFormat.CARDS: 9,
    PosterFormat.STICKERS: 9,
}
SMALL_PRINT = {PosterFormat.A4: 9, PosterFormat.A3: 13, PosterFormat.SCREEN: 9}
NAMES = {
    "latin": "Colegiul Național „Ștefan cel Mare și Sfânt” din orașul Chișinău, cu predare în limba română " * 3,
    "cyrillic": "Комунальний заклад загальної середньої освіти «Ліцей № 14 імені Лесі Українки» " * 4,
    "mixed": "Гімназія Ліцеў Gimnaziul ș " * 12,
    "no blanks": "Донаудампфшиффартсгезельшафт" * 11,
}  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("paper", PosterFormat)
def test_every_way_and_number_is_written_large_enough_and_on_the_page(
    poster_app: Flask, paper: PosterFormat, language: str
):
    made = poster(poster_app, paper, languages=(language,), place=("corridor 1", SPOT))
    page = recorded(made)

    ways = [one for one in WAYS if one.kind is not WayKind.STEP]
    if paper is PosterFormat.STICKERS:
        ways = [one for one in ways if one.help_for_children]
    missing = [one.contact for one in ways if squeezed(one.contact) not in page.text]
    assert missing == []
    assert squeezed(made.titles[0].text) in page.text
    width, height = page.size
    assert all(one.left > 0 and one.right <= width and one.bottom <= height for one in page.lines)
    small = SMALL_PRINT.get(paper)
    sizes = {round(one.size, 1) for one in page.lines}
    read = {one for one in sizes if small is None or round(one) > round(small)}
    assert min(read) >= SMALLEST[paper]
    assert PAGE in page.codes


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
@pytest.mark.parametrize("paper", [PosterFormat.A4, PosterFormat.A3, PosterFormat.SCREEN])
def test_the_longest_names_of_schools_and_ways_are_written_whole(
    poster_app: Flask, paper: PosterFormat, name: str
):
    ways = [
        replace(WAYS[0], name=name[:120]),
        replace(WAYS[2], name=name[:200], contact=name[:200]),
    ]
    made = poster(
        poster_app, paper, languages=("en", "uk", "ro"), school=name[: LONGEST["name"]], ways=ways
    )
    page = recorded(made)

    wanted = [
        name[: LONGEST["name"]],
        name[:200],
        name[:120],
        *(one.text for one in (*made.titles, *made.leads)),
    ]
    assert [text for text in wanted if squeezed(text) not in page.text] == []
    assert all(one.right <= page.size[0] for one in page.lines)


@given(texts=st.lists(st.text("аб В1", min_size=1, max_size=200), min_size=1, max_size=12))
@settings(max_examples=15)
def test_whatever_is_said_is_written_whole_or_refused(poster_app: Flask, texts: list[str]):
    ways = [
        replace(WAYS[0], key=f"person.{place}", name=text, contact=text[::-1])
        for place, text in enumerate(texts)
        if text.strip()
    ]
    made = poster(poster_app, ways=ways or None)
    try:
        page = recorded(made)
    except TooLong as error:
        too_long = error.text
    else:
        too_long = None
        assert [one.name for one in ways if squeezed(one.name) not in page.text] == []
    assert too_long is None or too_long in {text for one in texts for text in (one, one[::-1])}


def test_a_card_that_has_no_room_says_which_text_is_too_long(poster_app: Flask):
    long = "x" * 200
    ways = [replace(one, name=long) for one in WAYS[:2] * 4]
    with pytest.raises(TooLong) as refused:
        recorded(poster(poster_app, PosterFormat.CARDS, ways=ways))

    assert refused.value.text == long


def test_cards_are_ten_and_stickers_twenty_four_with_their_languages_in_rows(poster_app: Flask):
    found = {}
    for paper in (PosterFormat.CARDS, PosterFormat.STICKERS):
        picture = draw_preview(poster(poster_app, paper, languages=("en", "uk")))[0].decode()
        found[paper] = picture.count('fill="#1B2A2F"/>')

    assert found == {PosterFormat.CARDS: 10, PosterFormat.STICKERS: 24}


def test_the_smallest_type_is_larger_where_large_type_is_wanted(poster_app: Flask):
    plain, large = (
        min(one.size for one in recorded(poster(poster_app, large=large)).lines if one.size > 9.5)
        for large in (False, True)
    )
    assert (plain >= 14, large >= 18) == (True, True)


@needs("pdftotext")
@needs("pdffonts")
def test_the_file_is_tagged_its_text_reads_back_and_both_codes_scan(poster_app: Flask, tmp_path):
    made = poster(poster_app, readers=Readers.YOUNGER, languages=("uk",), place=("corridor", SPOT))
    content = draw_pdf([made, poster(poster_app, languages=("ro",))])
    path = tmp_path / "poster.pdf"
    path.write_bytes(content)

    text = squeezed(run("pdftotext", "-raw", path, "-"))
    missing = [
        one.text
        for one in (*made.titles, *made.leads, *(line for row in made.rows for line in row.lines))
        if squeezed(one.text) not in text
    ]
    assert missing == []
    said = run("pdfinfo", path)
    assert "Tagged:          yes" in said
    fonts = [line.split() for line in run("pdffonts", path).splitlines()[2:]]
    assert {one[-5] for one in fonts} == {"yes"}
    page = pypdfium2.PdfDocument(content)[0].render(scale=3, grayscale=True).to_pil()
    assert {one.text for one in zxingcpp.read_barcodes(page)} == {PAGE, SPOT}


def test_a_small_code_of_a_sticker_scans(poster_app: Flask):
    content = draw_pdf([poster(poster_app, PosterFormat.STICKERS)])
    page = pypdfium2.PdfDocument(content)[0].render(scale=3, grayscale=True).to_pil()

    assert [one.text for one in zxingcpp.read_barcodes(page)] == [PAGE] * 24


def test_the_same_poster_gives_the_same_file(poster_app: Flask):
    made = poster(poster_app)

    assert draw_pdf([made]) == draw_pdf([made])


def test_a_preview_keeps_one_page():
    found = []
    for page in (1, 2):
        preview = Preview((100, 100), page)
        preview.bar(0, 0, 1, 1, colour="#111111")
        preview.next_page()
        preview.bar(0, 0, 1, 1, colour="#222222")
        found.append([colour in preview.finish("x") for colour in (b"#111111", b"#222222")])

    assert found == [[True, False], [False, True]]
    assert preview.pages == 2


def test_without_a_page_nothing_is_scanned(poster_app: Flask):
    assert recorded(poster(poster_app, page=None)).codes == []


@pytest.mark.parametrize(
    "address",
    ["psychologist@school.example", "https://stopcrime.ua/net-crime", "https://www.school.example"],
)
@pytest.mark.parametrize("width", range(10, 260, 5))
def test_an_address_is_broken_into_lines_without_a_space_in_it(address: str, width: int):
    lines = set_line(Line(address, "en"), width, 10).lines

    assert "".join(lines) == address
