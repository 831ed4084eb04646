"""Takes the pictures out of a file, one after the other. Knows nothing of the application."""

import hashlib
import warnings
import zipfile
from collections.abc import Iterator
from io import BytesIO

import pypdfium2
from PIL import Image
from pypdfium2.raw import FPDF_PAGEOBJ_IMAGE

MOST_BYTES = 40_000_000
PAGE_SIDE = 1088
ENDINGS = (".jpg", ".jpeg", ".png", ".gif", ".bmp", ".tif", ".tiff", ".webp", ".jp2")
# Drawings that can carry a photograph, and that nothing here can open.
DRAWINGS = (".emf", ".wmf", ".emz", ".wmz", ".svm", ".svgz")
# The thumbnail of the first page shows nothing that the document itself does not have.
THUMBNAIL = "docprops/thumbnail."
PICTURE_IN_SVG = b"data:image/"
warnings.simplefilter("error", Image.DecompressionBombWarning)


def picture(content: bytes) -> Iterator[Image.Image]:
    """Yield the file itself, which is a picture."""
    yield _opened(content)


def pages(content: bytes) -> Iterator[Image.Image]:
    """Yield each PDF page that has a picture on it, rendered as an image."""
    document = pypdfium2.PdfDocument(content)
    for page in document:
        if next(page.get_objects(filter=[FPDF_PAGEOBJ_IMAGE], max_depth=8), None) is None:
            continue
        scale = PAGE_SIDE / max(page.get_size())
        yield page.render(scale=scale, may_draw_forms=False).to_pil()
        page.close()


def package(content: bytes) -> Iterator[Image.Image]:
    """Yield every picture inside a DOCX or ODT, each once.

    Raise ValueError after the last one if there is a drawing that may carry a picture and cannot be opened.
    """
    seen: set[bytes] = set()
    closed: str | None = None
    with zipfile.ZipFile(BytesIO(content)) as parts:
        for part in parts.infolist():
            name = part.filename.lower()
            if name.endswith(ENDINGS):
                inside = _read(parts, part)
                digest = hashlib.sha256(inside).digest()
                if digest not in seen:
                    seen.add(digest)
                    yield _opened(inside)
            elif not name.startswith(THUMBNAIL) and _may_carry_picture(parts, part, name):
                closed = name
    if closed:
        raise ValueError(closed)


def _may_carry_picture(parts: zipfile.ZipFile, part: zipfile.ZipInfo, name: str) -> bool:
    return name.endswith(DRAWINGS) or (
        name.endswith(".svg") and PICTURE_IN_SVG in _read(parts, part).lower()
    )


def _read(parts: zipfile.ZipFile, part: zipfile.ZipInfo) -> bytes:
    with parts.open(part) as opened:
        return opened.read(MOST_BYTES)


def _opened(content: bytes) -> Image.Image:
    opened = Image.open(BytesIO(content))
    opened.draft("RGB", (2 * PAGE_SIDE, 2 * PAGE_SIDE))
    return opened
