"""Text read by machine: in a process that is shut in, or not at all."""

import pytest
from PIL import Image

from cissapp.foundation.intake import ocr
from tests.foundation.intake import photographs

needs_tesseract = pytest.mark.skipif(
    not ocr.can_read(["uk"]), reason="Tesseract or its Ukrainian model is not installed"
)


@needs_tesseract
def test_a_page_is_read_line_by_line():
    picture = photographs.jpeg(photographs.page(photographs.POLITYKA))

    read = ocr.read_text(picture, ["uk"])

    assert read is not None
    assert read.split() == photographs.POLITYKA.split()
    assert read.startswith("Політика безпеки нашої школи в інтернеті.\n")


@needs_tesseract
def test_a_word_knows_its_place_and_how_sure_the_machine_is():
    found = ocr.read_picture(photographs.jpeg(photographs.page("School policy")), ["en"])

    assert found is not None
    assert (found.width, found.height) == photographs.A4
    assert [word.text for word in found.words] == ["School", "policy"]
    left, top, width, height = found.words[0].box
    assert 100 < left < 130
    assert 120 < top < 170
    assert 80 < width < 160
    assert 20 < height < 60
    assert found.words[0].sure > 80


@needs_tesseract
def test_a_page_without_text_has_none_and_what_is_no_picture_is_not_read():
    white = photographs.jpeg(Image.new("RGB", (600, 800), "white"))
    huge = photographs.jpeg(Image.new("L", (8000, 6000), 255), quality=10)

    assert ocr.read_text(white, ["uk"]) == ""
    assert ocr.read_text(b"\xff\xd8\xff no picture", ["uk"]) is None
    assert ocr.read_text(huge, ["uk"]) is None


def test_without_tesseract_or_the_language_nothing_is_read(monkeypatch):
    picture = photographs.jpeg(Image.new("RGB", (60, 80), "white"))

    assert ocr.read_text(picture, ["xx", "--psm"]) is None
    monkeypatch.setattr(ocr.shutil, "which", lambda _name: None)
    ocr.installed_models.cache_clear()
    try:
        assert ocr.can_read() is False
        assert ocr.read_text(picture, ["en"]) is None
    finally:
        ocr.installed_models.cache_clear()
