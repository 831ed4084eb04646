"""Finds faces in a picture: runs the model and reads its heat map. Knows nothing of the application."""

from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from PIL import Image, ImageOps

MODEL = Path(__file__).with_name("model") / "centerface.onnx"
LONG_SIDES = (192, 640, 1088)
STEP = 32  # the model takes sides that are multiples of this
SURE = 0.5
SMALLEST_FACE = 10  # pixels of the picture that the model sees
LEAST_SIDE = 24
MOST_PIXELS = 80_000_000
Image.MAX_IMAGE_PIXELS = MOST_PIXELS


class Detector:
    """A face detector that runs on one thread."""

    def __init__(self) -> None:
        onnxruntime.set_default_logger_severity(4)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.enable_cpu_mem_arena = False
        options.log_severity_level = 4
        self.session = onnxruntime.InferenceSession(
            str(MODEL), options, providers=["CPUExecutionProvider"]
        )

    def shows_people(self, picture: Image.Image, *, turned: bool = True) -> bool:
        """Return whether a face is detected, small or large; if `turned`, also sideways or upside down."""
        upright = ImageOps.exif_transpose(picture)
        if min(upright.size) < LEAST_SIDE:
            return False
        upright = _on_white(upright)
        sides = [
            side for side in LONG_SIDES if side <= LONG_SIDES[1] or max(upright.size) > side * 0.75
        ]
        if any(self._sees(_sized(upright, side)) for side in sides):
            return True
        small = _sized(upright, LONG_SIDES[1])
        return turned and any(
            self._sees(small.rotate(angle, expand=True)) for angle in (90, 270, 180)
        )

    def _sees(self, picture: Image.Image) -> bool:
        heat, scale, _offset, _marks = self.session.run(None, {"input.1": _blob(picture)})
        rows, columns = np.where(heat[0, 0] > SURE)
        heights = np.exp(scale[0, 0, rows, columns]) * 4
        return bool((heights >= SMALLEST_FACE).any())


def _on_white(picture: Image.Image) -> Image.Image:
    if picture.mode in {"RGBA", "LA", "P", "PA"}:
        picture = picture.convert("RGBA")
        white = Image.new("RGBA", picture.size, "white")
        return Image.alpha_composite(white, picture).convert("RGB")
    return picture.convert("RGB")


def _sized(picture: Image.Image, side: int) -> Image.Image:
    """Scale the long side to a length; a tiny picture is enlarged at most four times."""
    factor = min(side / max(picture.size), 4.0)
    width, height = (max(1, round(one * factor)) for one in picture.size)
    return picture.resize((width, height), Image.Resampling.BILINEAR)


def _blob(picture: Image.Image) -> NDArray[np.float32]:
    """Return the pixels as the model wants them, on a ground whose sides are multiples of 32."""
    width, height = (-(-one // STEP) * STEP for one in picture.size)
    ground = np.zeros((height, width, 3), np.float32)
    ground[: picture.height, : picture.width] = np.asarray(picture, np.float32)
    return np.ascontiguousarray(ground.transpose(2, 0, 1)[None])
