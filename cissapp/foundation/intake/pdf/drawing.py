"""Draws a page of a PDF as pictures inside the worker, so that viewers open no file."""

from collections.abc import Iterator
from io import BytesIO

import pypdfium2
from PIL import Image

# Widths in pixels: the readable picture, and the small one.
WIDTHS = (900, 180)
TALLEST = 4
# The picture for OCR: a page at about 200 dpi.
WIDTH_TO_READ, QUALITY_TO_READ = 1_700, 85
FINE = 60_000  # bytes; text is sharper and smaller without loss, a photo is not
QUALITY = 60


def drawn(content: bytes, number: int) -> list[tuple[int, int, bytes]]:
    """Draw page `number`, counted from 1, at each width; return width and height in pixels and a WebP.

    Forms are not filled in and nothing is run: the library is built without JavaScript.
    """
    return [(*picture.size, _packed(picture)) for picture in _rendered(content, number, WIDTHS)]


def drawn_to_read(content: bytes, number: int) -> list[tuple[int, int, bytes]]:
    """Draw page `number` once, large and grey, for OCR."""
    pictures = _rendered(content, number, (WIDTH_TO_READ,))
    return [
        (*picture.size, _webp(picture.convert("L"), quality=QUALITY_TO_READ, method=2))
        for picture in pictures
    ]


def _rendered(content: bytes, number: int, widths: tuple[int, ...]) -> Iterator[Image.Image]:
    document = pypdfium2.PdfDocument(content)
    page = document[number - 1]
    width, height = page.get_size()
    if height > TALLEST * width:  # a banner is drawn as high as four pages, and narrower
        width = height / TALLEST
    for wide in widths:
        bitmap = page.render(scale=wide / width, rev_byteorder=True, may_draw_forms=False)
        yield bitmap.to_pil().convert("RGB")


def _packed(picture: Image.Image) -> bytes:
    exact = _webp(picture, lossless=True, method=2, quality=40)
    if len(exact) <= FINE:
        return exact
    return min(exact, _webp(picture, quality=QUALITY, method=2), key=len)


def _webp(picture: Image.Image, **settings: bool | int) -> bytes:
    out = BytesIO()
    picture.save(out, "WEBP", **settings)
    return out.getvalue()
