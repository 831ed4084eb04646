"""Makes a page out of a photograph inside the worker: upright, straight, evenly lit, of a sensible size.

Only the pixels of the file are kept: no location, no camera, no time, no second picture.
"""

import warnings
from io import BytesIO
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter, ImageOps

# A page that fills the photograph has about 220 dpi.
LONGEST_SIDE = 2_600
SMALL_SIDE = 360
# JPEG is opened at a half or a quarter where it is larger than needed; the others as a whole.
MOST_PIXELS = {"JPEG": 220_000_000, "PNG": 30_000_000, "HEIF": 55_000_000}
# Twenty-four pages stay below the upload limit.
PAGE_BYTES = 380_000
QUALITIES = (80, 70, 60, 50, 40)
SMALL_QUALITY = 60
COLOURLESS = 14  # of 255: how much the colours of nearly all pixels may differ
PAPER = 242.0
# The most that a dark area is brightened relative to the whole page, so the table around it stays a table.
GAIN = 2.0
EDGES = 24.0  # between the darkest and the lightest pixels: with less there is nothing that could be sharp
# Angles tried for straightening, in degrees, on a small picture.
TILTS = np.arange(-9.0, 9.01, 1.0)
FINE_TILTS = np.arange(-0.75, 0.76, 0.25)
LEAST_TILT = 0.4
GAIN_OF_TILT = 1.15


class CannotOpen(Exception):
    """The picture cannot be opened; the message is the fault."""


def prepared(content: bytes, kind: str, degrees: int) -> tuple[dict[str, Any], list[bytes]]:
    """Return measures of a photograph, and its page and thumbnail as JPEG; `degrees` turn it clockwise.

    Raise CannotOpen.
    """
    picture, original = _opened(content, kind)
    if degrees:
        picture = picture.rotate(-degrees, expand=True)
    grey = np.asarray(picture.convert("L"), np.float32)
    light = float(np.percentile(grey, 95))
    measures: dict[str, Any] = {
        "sides": sorted(original),
        "light": light,
        "blur": blur(_sharpest(grey)),
    }
    tilt = 0.0 if degrees else tilt_of(picture.convert("L"))
    if tilt:
        picture = picture.rotate(
            tilt, expand=True, resample=Image.Resampling.BICUBIC, fillcolor=_border(picture)
        )
    page = _lit(picture, light)
    measures |= {"tilt": tilt, "size": page.size}
    small = page.copy()
    small.thumbnail((SMALL_SIDE, SMALL_SIDE))
    return measures, [_packed(page), _jpeg(small, SMALL_QUALITY)]


def _opened(content: bytes, kind: str) -> tuple[Image.Image, tuple[int, int]]:
    """Open a photograph upright and scaled down; return it with its original size."""
    Image.MAX_IMAGE_PIXELS = None  # ours are counted below, before anything is decoded
    warnings.simplefilter("ignore")
    if kind == "HEIF":
        _register_heic()
    try:
        opened = Image.open(BytesIO(content), formats=(kind,))
    except (OSError, ValueError, SyntaxError) as error:
        raise CannotOpen("damaged") from error
    size = opened.size
    if size[0] * size[1] > MOST_PIXELS[kind]:
        raise CannotOpen("huge")
    try:
        opened.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
        opened.load()
        upright = _on_white(ImageOps.exif_transpose(opened))
    except (OSError, ValueError, SyntaxError, EOFError, IndexError) as error:
        raise CannotOpen("damaged") from error
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    return upright, size


def _register_heic() -> None:
    try:
        import pillow_heif  # noqa: PLC0415 -- only for the photographs that need it
    except ImportError as error:
        raise CannotOpen("no_heic") from error
    # The worker may not start threads; previews and depth maps are other pictures of the same scene.
    pillow_heif.options.DECODE_THREADS = 0
    pillow_heif.options.THUMBNAILS = False
    pillow_heif.register_heif_opener()


def _on_white(picture: Image.Image) -> Image.Image:
    if picture.mode.startswith("I"):
        picture = picture.point(lambda level: level / 256).convert("L")
    if "A" in picture.mode or "transparency" in picture.info:
        picture = picture.convert("RGBA")
        picture = Image.alpha_composite(Image.new("RGBA", picture.size, "white"), picture)
    return picture.convert("RGB")


# --- measures ----------------------------------------------------------------------------------


def blur(grey: NDArray[np.float32]) -> float:
    """Return the blur of a picture, from 0 to 1: how little its edges change when it is blurred again.

    A picture without edges counts as sharp. After Crete, Dolmiere, Ladret and Nicolas, "The blur effect"
    (2007); light and contrast do not matter.
    """
    if float(np.ptp(np.percentile(grey, (0.1, 99.9)))) < EDGES:
        return 0.0
    worst = 0.0
    for turned in (grey, grey.T):
        smooth = _averaged(turned)
        steps = np.abs(np.diff(turned, axis=0))
        lost = np.maximum(0, steps - np.abs(np.diff(smooth, axis=0)))
        whole = float(steps.sum())
        worst = max(worst, (whole - float(lost.sum())) / whole if whole else 1.0)
    return worst


def _averaged(values: NDArray[np.float32]) -> NDArray[np.float32]:
    wide = 9
    sums = np.cumsum(np.pad(values, ((wide // 2 + 1, wide // 2), (0, 0)), mode="edge"), axis=0)
    return ((sums[wide:] - sums[:-wide]) / wide).astype(np.float32)


def _sharpest(grey: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the part of a picture with the most edges; the table around the page has none that count."""
    tall, wide = (side // 3 for side in grey.shape)
    parts = [
        grey[row * tall : (row + 1) * tall, column * wide : (column + 1) * wide]
        for row in range(3)
        for column in range(3)
    ]
    return max(parts, key=lambda part: float(np.abs(np.diff(part, axis=1)).mean()))


def tilt_of(grey: Image.Image) -> float:
    """Return the rotation in degrees that makes the lines of a page level; 0 if that is unclear."""
    small = grey.copy()
    small.thumbnail((700, 700))
    ground = small.filter(ImageFilter.MaxFilter(9)).filter(ImageFilter.GaussianBlur(6))
    ink = np.clip(np.asarray(ground, np.int16) - np.asarray(small, np.int16) - 12, 0, 255)
    page = Image.fromarray(ink.astype(np.uint8))

    def crispness(degrees: float) -> float:
        rows = np.asarray(page.rotate(degrees, Image.Resampling.BILINEAR), np.float32).sum(axis=1)
        return float((np.diff(rows) ** 2).sum())

    best = max((float(one) for one in TILTS), key=crispness)
    best = max((best + float(one) for one in FINE_TILTS), key=crispness)
    clear = crispness(best) > GAIN_OF_TILT * crispness(0.0)
    return best if clear and LEAST_TILT <= abs(best) < float(TILTS[-1]) else 0.0


# --- the page ----------------------------------------------------------------------------------


def _border(picture: Image.Image) -> tuple[int, ...]:
    """Return the colour of the edge, so that a page that was turned has no black corners."""
    edge = np.concatenate([np.asarray(picture)[0], np.asarray(picture)[-1]])
    return tuple(int(level) for level in np.median(edge, axis=0))


def _lit(picture: Image.Image, light: float) -> Image.Image:
    """Remove shadows so that paper becomes nearly white everywhere; grey if there is hardly any colour."""
    pixels = np.asarray(picture, np.uint8)
    spread = pixels.max(axis=2).astype(np.int16) - pixels.min(axis=2)
    if np.percentile(np.abs(spread - np.median(spread)), 99.5) < COLOURLESS:
        picture = picture.convert("L")
    ground = picture.convert("L")
    size = ground.size
    ground.thumbnail((160, 160))
    ground = ground.filter(ImageFilter.MaxFilter(7)).filter(ImageFilter.GaussianBlur(5))
    level = np.asarray(ground.resize(size, Image.Resampling.BILINEAR), np.float32)
    most = GAIN * max(1.0, PAPER / max(light, 1.0))
    gain = np.clip(PAPER / np.maximum(level, 1), 1.0, most)
    values = np.asarray(picture, np.float32)
    values *= gain if picture.mode == "L" else gain[..., None]
    return Image.fromarray(np.minimum(values, 255).astype(np.uint8))


def _packed(page: Image.Image) -> bytes:
    """Encode a page in the best quality that fits its share of the bytes."""
    for quality in QUALITIES:
        packed = _jpeg(page, quality)
        if len(packed) <= PAGE_BYTES:
            return packed
    smooth = page.filter(ImageFilter.MedianFilter(3))
    smooth.thumbnail((1_900, 1_900))
    return min((_jpeg(smooth, quality) for quality in (60, 40, 25)), key=_distance)


def _distance(packed: bytes) -> tuple[bool, int]:
    """Return a sort key: whatever fits comes first, then by quality."""
    return len(packed) > PAGE_BYTES, abs(PAGE_BYTES - len(packed))


def _jpeg(picture: Image.Image, quality: int) -> bytes:
    out = BytesIO()
    picture.save(out, "JPEG", quality=quality, optimize=True)
    return out.getvalue()
