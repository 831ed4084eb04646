"""Draws a page of a PDF as pictures, inside the worker; who looks at them opens no file."""

from io import BytesIO

import pypdfium2
from PIL import Image

# The picture to read, and the small one; in pixels.
WIDTHS = (900, 180)
TALLEST = 4
FINE = 60_000  # bytes; text is sharper and smaller without loss, a photo is not
QUALITY = 60


def drawn(content: bytes, number: int) -> list[tuple[int, int, bytes]]:
    """Draw page `number`, counted from 1, at each width; return width and height in pixels and a WebP.

    Forms are not filled in and nothing is run: the library is built without JavaScript.
    """
    document = pypdfium2.PdfDocument(content)
    page = document[number - 1]
    width, height = page.get_size()
    if height > TALLEST * width:  # a banner is drawn as high as four pages, and narrower
        width = height / TALLEST
    pictures = []
    for wide in WIDTHS:
        bitmap = page.render(scale=wide / width, rev_byteorder=True, may_draw_forms=False)
        picture = bitmap.to_pil().convert("RGB")
        pictures.append((*picture.size, _packed(picture)))
    return pictures


def _packed(picture: Image.Image) -> bytes:
    exact = _webp(picture, lossless=True, method=2, quality=40)
    if len(exact) <= FINE:
        return exact
    return min(exact, _webp(picture, quality=QUALITY, method=2), key=len)


def _webp(picture: Image.Image, **settings: bool | int) -> bytes:
    out = BytesIO()
    picture.save(out, "WEBP", **settings)
    return out.getvalue()
