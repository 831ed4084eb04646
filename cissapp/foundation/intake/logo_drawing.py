"""Redraws a logo inside the worker: on white, without its blank margins, keeping nothing but its pixels."""

from io import BytesIO
from typing import Any

from PIL import Image, ImageOps

from cissapp.foundation.intake.reasons import FileRejected, RejectionReason

FORMATS = ("PNG", "JPEG")
MOST_PIXELS = 20_000_000
# Ten pixels a point of the certificate: sharp in print, and no more.
LARGEST = (640, 560)
PACKED_MOST = 120_000
COLOURS = 160
PAPER = 244  # of 255: what is lighter is paper, also where a JPEG has made it a little grey


def drawn_logo(content: bytes) -> tuple[dict[str, Any], bytes]:
    """Return the sizes of a logo, and the logo as a PNG without transparency; raise FileRejected.

    `before` is its size without margins before it was scaled down, `size` after: (0, 0) for a blank picture.
    """
    try:
        logo = _without_margins(_on_white(_opened(content)))
        if logo is None:
            return {"size": [0, 0], "before": [0, 0]}, b""
        before = logo.size
        logo.thumbnail(LARGEST, Image.Resampling.LANCZOS)
        packed = _packed(logo)
    except (OSError, ValueError, SyntaxError, EOFError, IndexError, MemoryError) as error:
        raise FileRejected(RejectionReason.NOT_CHECKED) from error
    return {"size": list(logo.size), "before": list(before)}, packed


def _opened(content: bytes) -> Image.Image:
    opened = Image.open(BytesIO(content), formats=FORMATS)
    width, height = opened.size
    if width * height > MOST_PIXELS:
        raise FileRejected(RejectionReason.HUGE_PICTURE)
    opened.draft("RGB", (4 * LARGEST[0], 4 * LARGEST[1]))
    opened.load()
    return ImageOps.exif_transpose(opened)


def _on_white(picture: Image.Image) -> Image.Image:
    if picture.mode.startswith("I"):
        picture = picture.point(lambda level: level / 256).convert("L")
    if "A" in picture.mode or "transparency" in picture.info:
        picture = picture.convert("RGBA")
        picture = Image.alpha_composite(Image.new("RGBA", picture.size, "white"), picture)
    plain = picture.convert("RGB")
    # A new picture: any metadata of the file stays behind.
    return Image.frombytes("RGB", plain.size, plain.tobytes())


def _without_margins(picture: Image.Image) -> Image.Image | None:
    ink = picture.convert("L").point(lambda level: 255 if level < PAPER else 0)
    box = ink.getbbox()
    return picture.crop(box) if box else None


def _packed(logo: Image.Image) -> bytes:
    """Pack as PNG; a logo with very many colours gets fewer."""
    packed = _png(logo)
    if len(packed) > PACKED_MOST:
        logo = logo.quantize(COLOURS, dither=Image.Dither.NONE)
        packed = _png(logo)
    return packed


def _png(picture: Image.Image) -> bytes:
    out = BytesIO()
    picture.save(out, "PNG", optimize=True)
    return out.getvalue()
