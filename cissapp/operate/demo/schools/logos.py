"""Draws the logo of an invented group."""

from io import BytesIO

from PIL import Image, ImageDraw

from cissapp.foundation.intake import DrawnLogo
from cissapp.foundation.paper.colours import MODULES, PRIMARY

SIDE, LARGE = 320, 4
PETALS, PETAL = 122, 84


def draw_invented_logo() -> DrawnLogo:
    """Draw a flower of five petals in the colours of the modules: nobody's logo."""
    side = SIDE * LARGE
    picture = Image.new("RGB", (side, side), "white")
    for place, colour in enumerate(MODULES):
        _petal(picture, colour, 72 * place)
    middle, radius = side / 2, 30 * LARGE
    box = (middle - radius, middle - radius, middle + radius, middle + radius)
    ImageDraw.Draw(picture).ellipse(box, fill="white", outline=PRIMARY, width=8 * LARGE)
    out = BytesIO()
    picture.resize((SIDE, SIDE), Image.Resampling.LANCZOS).save(out, "PNG", optimize=True)
    return DrawnLogo(SIDE, SIDE, out.getvalue())


def _petal(picture: Image.Image, colour: str, degrees: int) -> None:
    """Draw one petal pointing upwards, and rotate it onto the picture."""
    side = picture.width
    mask = Image.new("L", picture.size)
    middle, top = side / 2, 6 * LARGE
    box = (middle - PETAL / 2 * LARGE, top, middle + PETAL / 2 * LARGE, top + PETALS * LARGE)
    ImageDraw.Draw(mask).ellipse(box, fill=255)
    picture.paste(colour, mask=mask.rotate(-degrees))
