"""Decides whether a photograph of a page is legible, and names the likeliest cause if it is not.

The result of OCR decides. Light, sharpness and size only name the cause; without OCR they decide, and refuse
only what nobody could read.
"""

from statistics import median

from msgspec import Struct

from cissapp.foundation.intake.ocr import ReadPicture, ReadWord
from cissapp.foundation.intake.photographs.faults import PhotoFault

FEWEST_PIXELS = (600, 900)  # short and long side: a page of A4 at about 75 dpi
SURE = 60.0
WORDS = 5  # a page with a heading alone has so many
SHARE = 0.6
LETTERS, LETTERS_OF_A_LONG_WORD = 2, 4
# Below the last value no one can read it, even if OCR did.
DARK, VERY_DARK, BLACK = 110.0, 60.0, 38.0
BLURRED, VERY_BLURRED = 0.55, 0.75
SMALL = 17.0  # pixels of the page: the height of a line that is hardly read


class PhotoMeasures(Struct, frozen=True):
    """Measures of a photograph: its sides in pixels, short and long; light from 0 to 255; blur from 0 to 1."""

    sides: tuple[int, int]
    light: float
    blur: float


def sure_words(reading: ReadPicture) -> list[ReadWord]:
    """List the words of at least two letters that were read with confidence."""
    return [word for word in _words(reading) if word.sure >= SURE]


def is_read_well(reading: ReadPicture) -> bool:
    """Return whether most words were read with confidence; otherwise the result is not trusted."""
    words = _words(reading)
    sure = sure_words(reading)
    return len(sure) >= WORDS and len(sure) >= SHARE * len(words)


def lies_on_its_side(reading: ReadPicture) -> bool:
    """Return whether most words are taller than wide: OCR can read such lines, people do not."""
    long = [word for word in sure_words(reading) if len(word.text) >= LETTERS_OF_A_LONG_WORD]
    return sum(word.box[3] > word.box[2] for word in long) * 2 > len(long)


def fault_of(
    measures: PhotoMeasures, reading: ReadPicture | None, *, by_hand: bool
) -> PhotoFault | None:
    """Return why a photograph is illegible; None if it is not. `by_hand`: said to hold no printed text."""
    if any(side < least for side, least in zip(measures.sides, FEWEST_PIXELS, strict=True)):
        return PhotoFault.FEW_PIXELS
    is_read = reading is not None and is_read_well(reading)
    is_unjudged = reading is None or by_hand
    if measures.light < (BLACK if is_read else VERY_DARK if is_unjudged else DARK):
        return PhotoFault.DARK
    if not is_read and measures.blur > (VERY_BLURRED if is_unjudged else BLURRED):
        return PhotoFault.BLURRED
    return None if is_read or is_unjudged else _without_cause(reading)


def _without_cause(reading: ReadPicture | None) -> PhotoFault:
    words = _words(reading) if reading else []
    if len(words) < WORDS:
        return PhotoFault.NO_TEXT
    if median(word.box[3] for word in words) < SMALL:
        return PhotoFault.SMALL_LETTERS
    return PhotoFault.UNREADABLE


def _words(reading: ReadPicture) -> list[ReadWord]:
    return [word for word in reading.words if sum(sign.isalpha() for sign in word.text) >= LETTERS]
