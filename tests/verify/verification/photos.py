"""Photos and scans of a certificate as parents send them: made from the printed page, the same every time."""

from collections.abc import Callable
from functools import cache
from io import BytesIO

import numpy as np
import pypdfium2
import segno
import zxingcpp
from PIL import Image, ImageEnhance, ImageFilter, ImageOps
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

WIDE = 1500
TABLE = (116, 100, 84)


def printed(content: bytes) -> Image.Image:
    """The page as a printer gives it."""
    page = pypdfium2.PdfDocument(content)[0]
    return page.render(scale=WIDE / page.get_width()).to_pil().convert("RGB")


def square(text: str, scale: int = 5) -> Image.Image:
    out = BytesIO()
    segno.make(text, error="m", micro=False).save(out, kind="png", scale=scale)
    return Image.open(out).convert("RGB")


def with_square(page: Image.Image, text: str, at: tuple[int, int] = (1250, 850)) -> Image.Image:
    changed = page.copy()
    changed.paste(square(text), at)
    return changed


def without_square(page: Image.Image) -> Image.Image:
    """The page with a thumb on its square."""
    (found,) = zxingcpp.read_barcodes(page)
    corners = found.position.top_left, found.position.bottom_right
    changed = page.copy()
    changed.paste(TABLE, (corners[0].x - 9, corners[0].y - 9, corners[1].x + 9, corners[1].y + 9))
    return changed


def tilted(page: Image.Image) -> Image.Image:
    """Held aslant over a table: the far edge is shorter."""
    wide, high = page.size
    big = (wide + 240, high + 260)
    seen = ((150, 200), (wide + 40, 60), (wide + 200, high + 190), (30, high + 90))
    flat = ((0, 0), (wide, 0), (wide, high), (0, high))
    return page.transform(
        big,
        Image.Transform.PERSPECTIVE,
        _coefficients(flat, seen),
        Image.Resampling.BICUBIC,
        fillcolor=TABLE,
    )


@cache
def _coefficients(
    flat: tuple[tuple[int, int], ...], seen: tuple[tuple[int, int], ...]
) -> list[float]:
    rows, values = [], []
    for (x, y), (u, v) in zip(seen, flat, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        values += [u, v]
    return list(np.linalg.solve(np.array(rows, float), np.array(values, float)))


def noisy(page: Image.Image) -> Image.Image:
    """Printed on an office printer, scanned, saved small."""
    grey = np.asarray(page.convert("L"), float)
    grain = np.random.default_rng(7).normal(0, 26, grey.shape)
    return Image.fromarray(np.clip(grey * 0.86 + 24 + grain, 0, 255).astype("uint8"))


def dark(page: Image.Image) -> Image.Image:
    dim = ImageEnhance.Brightness(ImageEnhance.Contrast(page).enhance(0.55)).enhance(0.28)
    return dim.filter(ImageFilter.GaussianBlur(0.8))


def screenshot(page: Image.Image) -> Image.Image:
    """A phone that shows the page, with bars above and below."""
    screen = Image.new("RGB", (1080, 1500), "black")
    screen.paste(page.resize((1080, 764)), (0, 368))
    return screen


LOOKS: dict[str, Callable[[Image.Image], Image.Image]] = {
    "held aslant": tilted,
    "out of focus": lambda page: page.filter(ImageFilter.GaussianBlur(1.4)),
    "in low light": dark,
    "printed, scanned, grainy": noisy,
    "upside down": lambda page: page.rotate(180),
    "on its side": lambda page: page.rotate(90, expand=True),
    "a screenshot": screenshot,
    "mirrored by the camera": ImageOps.mirror,
    "small, from a chat": lambda page: page.resize((700, 495)),
}


def packed(picture: Image.Image, kind: str = "JPEG", **options) -> bytes:
    out = BytesIO()
    picture.save(out, kind, **({"quality": 62} if kind == "JPEG" else {}), **options)
    return out.getvalue()


def scanned(picture: Image.Image) -> bytes:
    """The same as a PDF of a scanner: one picture as large as the page."""
    out = BytesIO()
    canvas = Canvas(out, pagesize=(842, 595))
    canvas.drawImage(ImageReader(BytesIO(packed(picture))), 0, 0, 842, 595)
    canvas.save()
    return out.getvalue()
