"""Photographs of pages: made anew without what they say aside, turned, and refused where nobody could read them."""

from io import BytesIO

import pytest
from msgspec.structs import replace
from PIL import Image

from cissapp.foundation.intake import ocr
from cissapp.foundation.intake.ocr import ReadPicture, ReadWord
from cissapp.foundation.intake.photographs import FAULTS, PhotoFault, PhotoRefused, prepare, turn
from cissapp.foundation.intake.photographs.legibility import PhotoMeasures, fault_of
from tests.foundation.intake import photographs as photos

needs_tesseract = pytest.mark.skipif(
    not ocr.can_read(["en"]), reason="Tesseract or its English model is not installed"
)
PAGE = photos.page()
SMALL_PNG = b"\x89PNG\r\n\x1a\n"


def heic(sheet: Image.Image, **settings: object) -> bytes:
    """Pack a picture as an iPhone does."""
    import pillow_heif

    out = BytesIO()
    pillow_heif.from_pillow(sheet).save(out, quality=50, **settings)
    return out.getvalue()


def bomb() -> bytes:
    """A picture of 190 kB that is 200 MB in memory."""
    out = BytesIO()
    Image.new("1", (40_000, 40_000)).save(out, "PNG")
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", PhotoFault.EMPTY),
        (b"\xff\xd8\xff" + bytes(12 * 1024 * 1024), PhotoFault.TOO_LARGE),
        (b"%PDF-1.7 a document named page.jpg", PhotoFault.IS_DOCUMENT),
        (b"PK\x03\x04 a document", PhotoFault.IS_DOCUMENT),
        (b"\0\0\0\x14ftypqt  the film of a live photo", PhotoFault.MOVES),
        (b"\0\0\0\x18ftyphevc a burst", PhotoFault.MOVES),
        (b"GIF89a", PhotoFault.OTHER_PICTURE),
        (b"MZ a program named page.jpg", PhotoFault.NO_PICTURE),
        (SMALL_PNG + b"and nothing more", PhotoFault.DAMAGED),
        (b"\0\0\0\x18ftypheic and nothing more", PhotoFault.DAMAGED),
        (photos.jpeg(PAGE)[:30_000], PhotoFault.DAMAGED),
    ],
)
def test_what_is_no_whole_photo_is_refused(content: bytes, fault: PhotoFault):
    with pytest.raises(PhotoRefused) as refused:
        prepare(content, ["en"])

    assert refused.value.fault is fault


def test_a_bomb_is_refused():
    with pytest.raises(PhotoRefused) as refused:
        prepare(bomb(), ["en"])

    assert refused.value.fault is PhotoFault.HUGE


def test_every_fault_has_its_own_sentence():
    assert len(set(FAULTS.values())) == len(PhotoFault)


@needs_tesseract
def test_a_photo_on_its_side_becomes_an_upright_page_that_says_nothing_aside():
    exif = Image.Exif()
    exif[0x010F], exif[0x8825] = "Telephone 12", {2: (50.0, 27.0, 0.0)}
    sent = photos.jpeg(PAGE.rotate(90, expand=True), exif=exif, comment=b"taken at home")

    made = prepare(sent + b"PK\x03\x04 a second file", ["en"])

    assert (made.width, made.height) == photos.A4
    assert made.reading is not None
    assert made.reading.text.split() == photos.POLICY.split()
    for content in (made.content, made.small):
        with Image.open(BytesIO(content)) as opened:
            assert (opened.format, dict(opened.getexif()), opened.info.get("comment")) == (
                "JPEG",
                {},
                None,
            )
        assert b"PK\x03\x04" not in content
    assert len(made.small) < 20_000


@needs_tesseract
def test_a_tilted_photo_of_an_iphone_is_laid_straight_and_can_be_turned():
    made = prepare(heic(photos.tilted(PAGE, 5)), ["en"])

    assert made.reading is not None
    tops = [word.box[1] for word in made.reading.words if word.text in {"Our", "online."}]
    assert abs(tops[0] - tops[1]) < 12
    turned = turn(made.content, [])
    assert (turned.width, turned.height) == (made.height, made.width)


@needs_tesseract
@pytest.mark.parametrize(
    ("sheet", "fault"),
    [
        (photos.blurred(PAGE, 6), PhotoFault.BLURRED),
        (photos.noisy(photos.darkened(PAGE, 0.1), 8), PhotoFault.DARK),
        (PAGE.resize((310, 438)), PhotoFault.FEW_PIXELS),
        (Image.new("RGB", photos.A4, (240, 240, 236)), PhotoFault.NO_TEXT),
    ],
)
def test_what_nobody_can_read_is_refused_with_its_cause(sheet: Image.Image, fault: PhotoFault):
    with pytest.raises(PhotoRefused) as refused:
        prepare(photos.jpeg(sheet), ["en"])

    assert refused.value.fault is fault


GOOD = PhotoMeasures((3000, 4000), light=240, blur=0.2)


def reading(*, sure: float, words: int = 40, high: int = 30) -> ReadPicture:
    word = ReadWord("school", sure, (0, 0, 90, high), 1, 1, 1)
    return ReadPicture(1000, 1400, (word,) * words)


@pytest.mark.parametrize(
    ("measures", "read", "by_hand", "fault"),
    [
        (GOOD, reading(sure=95), False, None),
        (replace(GOOD, light=70, blur=0.65), reading(sure=95), False, None),
        (replace(GOOD, light=20), reading(sure=95), False, PhotoFault.DARK),
        (replace(GOOD, light=90), reading(sure=20), False, PhotoFault.DARK),
        (replace(GOOD, blur=0.6), reading(sure=20), False, PhotoFault.BLURRED),
        (GOOD, reading(sure=20, high=10), False, PhotoFault.SMALL_LETTERS),
        (GOOD, reading(sure=20), False, PhotoFault.UNREADABLE),
        (GOOD, reading(sure=95, words=2), False, PhotoFault.NO_TEXT),
        (GOOD, reading(sure=95, words=2), True, None),
        (replace(GOOD, blur=0.6), reading(sure=20), True, None),
        (replace(GOOD, blur=0.8), reading(sure=20), True, PhotoFault.BLURRED),
        (GOOD, None, False, None),
        (replace(GOOD, light=50), None, False, PhotoFault.DARK),
        (replace(GOOD, sides=(500, 4000)), reading(sure=95), False, PhotoFault.FEW_PIXELS),
    ],
)
def test_what_was_read_decides_and_measures_name_the_cause(measures, read, by_hand, fault):
    assert fault_of(measures, read, by_hand=by_hand) is fault
