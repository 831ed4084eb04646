"""Pictures of lessons: whatever the words, nothing leaves the canvas, and no words lie on others."""

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import ImageFont

from cissapp.foundation.content.schema.pictures import ITEMS, LessonPicture, PictureKind
from cissapp.foundation.paper.fonts import GLYPHS, SANS, SANS_BOLD, width_of
from cissapp.foundation.web import pictures
from cissapp.foundation.web.pictures import measures
from cissapp.foundation.web.pictures.shapes import Box, Drawing, Words

LONG_TITLE = "Відповідальність адміністрації за негайне реагування закладу"
LONG_TEXT = (
    "Відповідальна особа записує лише те, що сказала дитина, її словами, без навідних запитань, "
    "і того самого дня передає далі."
)
LANGUAGES = ("en", "ro", "uk", "ru", "be")
SIGNS = "aeiorstn ăâîșț АЕІОРСТНщшжюїєґўыэ-–,.’W1"


def picture_of(kind: PictureKind, items: list[dict[str, object]], start: str = "") -> LessonPicture:
    fork, bars = kind is PictureKind.FORK, kind is PictureKind.BARS
    for number, one in enumerate(items):
        one["value"] = float(number * 12.5) if bars else None
    return LessonPicture.model_validate(
        {
            "kind": kind,
            "title": "A title",
            "text": "What it shows.",
            "start": (start or LONG_TITLE) if fork else None,
            "unit": "schools of a hundred" if bars else None,
            "items": items,
        }
    )


def problems(drawing: Drawing) -> list[str]:
    """List what leaves the canvas, and what lies on something else."""
    found = [
        f"outside: {one}"
        for one in drawing.words
        if one.left < 0
        or one.left + one.width > drawing.width + 0.01
        or one.top < 0
        or one.bottom > drawing.height
    ]
    found += [
        f"outside: {one}"
        for one in drawing.boxes
        if one.x < 0 or one.x + one.width > drawing.width + 0.01 or one.y < 0
    ]
    found += [
        f"outside: {one}"
        for one in drawing.discs
        if one.x - one.radius < 0 or one.x + one.radius > drawing.width
    ]
    found += [
        f"outside: {one}"
        for one in drawing.lines
        for x, y in one.points
        if not (0 <= x <= drawing.width and 0 <= y <= drawing.height)
    ]
    found += [f"over: {a} {b}" for a, b in combinations(drawing.words, 2) if words_meet(a, b)]
    found += [f"over: {a} {b}" for a, b in combinations(drawing.boxes, 2) if boxes_meet(a, b)]
    found += [f"cut: {a} {b}" for a in drawing.words for b in drawing.boxes if crosses(a, b)]
    return found


def words_meet(a: Words, b: Words) -> bool:
    return (
        a.left < b.left + b.width
        and b.left < a.left + a.width
        and a.top < b.bottom - 1
        and b.top < a.bottom - 1
    )


def boxes_meet(a: Box, b: Box) -> bool:
    return (
        a.x < b.x + b.width
        and b.x < a.x + a.width
        and a.y < b.y + b.height
        and b.y < a.y + a.height
    )


def crosses(a: Words, b: Box) -> bool:
    """Return whether words meet a box without lying in it."""
    meet = (
        a.left < b.x + b.width
        and b.x < a.left + a.width
        and a.top < b.y + b.height
        and b.y < a.bottom
    )
    inside = (
        b.x <= a.left
        and a.left + a.width <= b.x + b.width + 0.01
        and b.y <= a.top
        and a.bottom <= b.y + b.height
    )
    return meet and not inside


words = st.text(alphabet=SIGNS, min_size=1, max_size=60).filter(str.strip)
lines = st.text(alphabet=SIGNS, max_size=130)


@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_nothing_leaves_the_canvas_and_nothing_lies_on_words(data: st.DataObject):
    kind = data.draw(st.sampled_from(list(PictureKind)))
    least, most = ITEMS[kind]
    one = st.fixed_dictionaries({"title": words, "text": lines})
    items = data.draw(st.lists(one, min_size=least, max_size=most))
    picture = picture_of(kind, items, data.draw(words))
    for width in (pictures.NARROW, pictures.WIDE):
        assert problems(pictures.draw(picture, width, "uk")) == []


@pytest.mark.parametrize("kind", list(PictureKind))
@pytest.mark.parametrize("width", [pictures.NARROW, pictures.WIDE])
def test_the_longest_words_of_ukrainian_stand_whole(kind: PictureKind, width: float):
    for count in range(ITEMS[kind][0], ITEMS[kind][1] + 1):
        items = [{"title": LONG_TITLE, "text": LONG_TEXT} for _ in range(count)]
        drawing = pictures.draw(picture_of(kind, items), width, "uk")
        said = " ".join(one.text for one in drawing.words)

        assert problems(drawing) == []
        assert said.count("Відповідальна") == count
        assert "-" not in said
        assert min(one.size for one in drawing.words) >= 14


def test_no_word_is_lost():
    items = [{"title": "A" * 60, "text": "щ" * 130} for _ in range(4)]
    drawing = pictures.draw(picture_of(PictureKind.GRID, items), pictures.NARROW, "en")
    said = "".join(one.text.removesuffix("-") for one in drawing.words)

    assert said.count("A") == 4 * 60
    assert said.count("щ") == 4 * 130


def test_figures_are_written_in_the_language():
    items = [{"title": "One"}, {"title": "Two"}]
    picture = picture_of(PictureKind.BARS, items)

    assert pictures.drawn(picture, "uk").values == ("0", "12,5")
    assert pictures.drawn(picture, "en").values == ("0", "12.5")


def test_bars_begin_at_nothing_and_keep_their_proportion():
    items = [{"title": "One"}, {"title": "Two"}, {"title": "Three"}]
    drawing = pictures.draw(picture_of(PictureKind.BARS, items), pictures.WIDE, "en")
    none, half, whole = [one.width for one in drawing.boxes]

    assert none == 2
    assert whole == pytest.approx(2 * half)


def test_a_ladder_begins_below():
    items = [{"title": f"Step {number}"} for number in "abc"]
    drawing = pictures.draw(picture_of(PictureKind.LADDER, items), pictures.WIDE, "en")
    first = next(one for one in drawing.words if one.text == "Step a")
    last = next(one for one in drawing.words if one.text == "Step c")

    assert first.y > last.y
    assert first.x < last.x


@pytest.mark.parametrize(("bold", "font"), [(True, SANS_BOLD), (False, SANS)])
def test_the_widths_suffice_for_our_own_face(bold, font):
    signs = [
        sign for table in (measures._BOLD, measures._PLAIN) for sign in "".join(table.values())
    ]
    narrow = {
        sign: width_of(sign, font, 100)
        for sign in signs
        if ord(sign) in GLYPHS
        and width_of(sign, font, 100) > measures.width_of(sign, 100, bold=bold) + 3
    }

    assert narrow == {}


@pytest.mark.parametrize(("bold", "name"), [(True, "DejaVuSans-Bold"), (False, "DejaVuSans")])
def test_the_widths_suffice_for_the_widest_face(bold, name):
    try:
        face = ImageFont.truetype(f"{name}.ttf", 1000)
    except OSError:
        pytest.skip("this machine has no DejaVu Sans")
    for language_words in (LONG_TITLE, LONG_TEXT, "Răspunderea școlii și a învățătoarei", SIGNS):
        measured = measures.width_of(language_words, 1000, bold=bold)
        assert face.getlength(language_words) <= measured
