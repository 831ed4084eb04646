"""Takes the pictures out of a file, one after the other. Knows nothing of the application."""

import hashlib
import warnings
import zipfile
from collections.abc import Iterator
from io import BytesIO

import pypdfium2
from PIL import Image
from pypdfium2.raw import FPDF_PAGEOBJ_IMAGE

MOST_PARTS = 500
MOST_BYTES = 40_000_000
PAGE_SIDE = 1088
ENDINGS = (".jpg", ".jpeg", ".png", ".gif", ".bmp", ".tif", ".tiff", ".webp", ".jp2")
warnings.simplefilter("error", Image.DecompressionBombWarning)


def picture(content: bytes) -> Iterator[Image.Image]:
    """Open the picture that the file is."""
    yield _opened(content)


def pages(content: bytes) -> Iterator[Image.Image]:
    """Yield every page of a PDF on which there is a picture, as it looks."""
    document = pypdfium2.PdfDocument(content)
    for page in document:
        if next(page.get_objects(filter=[FPDF_PAGEOBJ_IMAGE], max_depth=8), None) is None:
            continue
        scale = PAGE_SIDE / max(page.get_size())
        yield page.render(scale=scale, may_draw_forms=False).to_pil()
        page.close()


def package(content: bytes) -> Iterator[Image.Image]:
    """Yield every picture inside a DOCX or ODT, each once."""
    seen: set[bytes] = set()
    with zipfile.ZipFile(BytesIO(content)) as parts:
        for part in parts.infolist()[:MOST_PARTS]:
            if not part.filename.lower().endswith(ENDINGS):
                continue
            with parts.open(part) as opened:
                inside = opened.read(MOST_BYTES)
            mark = hashlib.sha256(inside).digest()
            if mark not in seen:
                seen.add(mark)
                yield _opened(inside)


def _opened(content: bytes) -> Image.Image:
    opened = Image.open(BytesIO(content))
    opened.draft("RGB", (2 * PAGE_SIDE, 2 * PAGE_SIDE))
    return opened
