"""Reads the QR codes of a picture or of a scan, inside the worker; nothing is written."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pillow_heif
import pypdfium2
import pypdfium2.raw
import zxingcpp
from PIL import Image, ImageOps

from cissapp.foundation.intake.pictures import refuse_huge
from cissapp.foundation.intake.reasons import FileRejected, RejectionReason

FORMATS = ("JPEG", "PNG", "WEBP", "HEIF")
PDF = b"%PDF-"
# Longest sides of the picture to try, in pixels: most codes are read at the first.
SIDES = (1600, 2800)
# The letters of a code are then about 25 pixels high.
READABLE = 2000
LONGEST = 600
QR_CODES = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
MOST = 8
# A page is a scan if one picture covers at least this share of it.
COVERED = 0.6

pillow_heif.options.DECODE_THREADS = 1
pillow_heif.register_heif_opener()


def squares(content: bytes) -> tuple[dict[str, Any], bytes]:
    """Return the contents of the QR codes, whether the file shows a picture or scan, and a picture for OCR.

    That picture, in grey, is empty if a code was read. Raise FileRejected if the file cannot be opened or
    is too large to be shown.
    """
    try:
        picture, is_picture = _page(content) if content.startswith(PDF) else (_photo(content), True)
        found = next((texts for side in SIDES if (texts := _read(picture, side))), [])
    except (OSError, ValueError, SyntaxError, RuntimeError, Image.DecompressionBombError) as error:
        raise FileRejected(RejectionReason.NOT_CHECKED) from error
    grey = b"" if found or not is_picture else _for_reading(picture)
    return {"squares": found, "is_picture": is_picture}, grey


def _for_reading(picture: Image.Image) -> bytes:
    out = BytesIO()
    picture.thumbnail((READABLE, READABLE))
    picture.save(out, "PNG", compress_level=1)
    return out.getvalue()


def _photo(content: bytes) -> Image.Image:
    picture = Image.open(BytesIO(content), formats=FORMATS)
    refuse_huge(*picture.size)
    picture.draft("L", (max(SIDES), max(SIDES)))
    picture.thumbnail((max(SIDES), max(SIDES)))
    return _grey(ImageOps.exif_transpose(picture))


def _grey(picture: Image.Image) -> Image.Image:
    """Return the picture in grey; transparent areas are white, as on paper."""
    if picture.mode in {"RGBA", "LA", "PA", "P"}:
        seen = picture.convert("RGBA")
        ground = Image.new("RGBA", seen.size, "white")
        picture = Image.alpha_composite(ground, seen)
    return picture.convert("L")


def _page(content: bytes) -> tuple[Image.Image, bool]:
    """Draw the first page of a PDF; return it and whether it is a scan."""
    page = pypdfium2.PdfDocument(content)[0]
    width, height = page.get_size()
    refuse_huge(int(width), int(height))
    bitmap = page.render(scale=max(SIDES) / max(width, height, 1), may_draw_forms=False)
    return bitmap.to_pil().convert("L"), _is_scan(page, width * height)


def _is_scan(page: pypdfium2.PdfPage, area: float) -> bool:
    pictures = page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_IMAGE], max_depth=3)
    for placed in pictures:
        left, low, right, top = placed.get_bounds()
        if (right - left) * (top - low) >= COVERED * area:
            return True
    return False


def _read(picture: Image.Image, side: int) -> list[str]:
    """List the texts of the QR codes of a picture at one size, as it is and with more contrast."""
    smaller = picture.copy()
    smaller.thumbnail((side, side))
    for tried in _lights(smaller):
        codes = zxingcpp.read_barcodes(tried, formats=QR_CODES)
        found = list(dict.fromkeys(code.text[:LONGEST] for code in codes if code.text))
        if found:
            return found[:MOST]
    return []


def _lights(picture: Image.Image) -> Iterator[Image.Image]:
    yield picture
    yield ImageOps.autocontrast(picture, cutoff=2)
