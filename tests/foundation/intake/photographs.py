"""Pictures of pages as phones take them, drawn here: sharp, tilted, dark, blurred, noisy."""

from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

FONT = Path("cissapp/foundation/paper/fonts/NotoSans-Regular.ttf")
A4 = (1240, 1754)  # at 150 dpi
POLICY = """Our school keeps every child safe online.
Any child may tell an adult what worries them,
and the adult listens, writes down what was said
and tells the head of the school on the same day.
Nobody promises to keep a secret. The head calls
the child protection service and the parents.
A complaint box hangs beside the library door.
The school looks at these rules every year."""
POLITYKA = """Політика безпеки нашої школи в інтернеті.
Кожна дитина може розповісти дорослому про те,
що її турбує. Дорослий слухає, записує почуте
і того самого дня повідомляє директора школи.
Ніхто не обіцяє зберігати таємницю. Директор
телефонує до служби у справах дітей.
Школа переглядає ці правила щороку."""


def page(
    text: str = POLICY, *, size: tuple[int, int] = A4, letters: int = 36, ink: int = 25
) -> Image.Image:
    """Draw a page of paper, its letters so many pixels high."""
    sheet = Image.new("RGB", size, (246, 243, 236))
    draw = ImageDraw.Draw(sheet)
    font = ImageFont.truetype(str(FONT), letters)
    draw.multiline_text((110, 130), text, font=font, fill=(ink, ink, ink), spacing=letters // 2)
    return sheet


def tilted(sheet: Image.Image, degrees: float) -> Image.Image:
    """Lay a page on a table, turned."""
    return sheet.rotate(
        degrees, expand=True, fillcolor=(120, 96, 74), resample=Image.Resampling.BICUBIC
    )


def blurred(sheet: Image.Image, radius: float) -> Image.Image:
    """Move the camera."""
    return sheet.filter(ImageFilter.GaussianBlur(radius))


def darkened(sheet: Image.Image, share: float) -> Image.Image:
    """Leave this share of the light."""
    return sheet.point(lambda level: int(level * share))


def noisy(sheet: Image.Image, strength: float) -> Image.Image:
    """Add the noise of a sensor in the dark; the same one each time."""
    noise = np.random.default_rng(7).normal(0, strength, (sheet.height, sheet.width, 1))
    return Image.fromarray(np.clip(np.asarray(sheet) + noise, 0, 255).astype(np.uint8))


def jpeg(sheet: Image.Image, **settings: object) -> bytes:
    """Pack a picture as a phone does."""
    out = BytesIO()
    sheet.save(out, "JPEG", **{"quality": 85, **settings})
    return out.getvalue()
