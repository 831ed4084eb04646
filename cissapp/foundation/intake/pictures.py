"""Pictures inside documents: their kind, their size in pixels, and whether they reveal a location."""

import re
import struct
from collections.abc import Callable

from cissapp.foundation.intake.reasons import FileRejected, RejectionReason

MOST_PIXELS = 80_000_000
LONGEST_SIDE = 65_000
Size = tuple[int, int]
PLACE_TAG = re.compile(rb"\x88\x25\x00\x04\x00\x00\x00\x01|\x25\x88\x04\x00\x01\x00\x00\x00")
START_OF_FRAME = set(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
STANDALONE = {0x01, *range(0xD0, 0xDA)}


def refuse_huge(width: int, height: int) -> None:
    """Refuse a picture that takes too much memory to show."""
    if max(width, height) > LONGEST_SIDE or width * height > MOST_PIXELS:
        raise FileRejected(RejectionReason.HUGE_PICTURE)


def check(data: bytes) -> bool:
    """Reject a picture that is too big; return whether the bytes are a picture at all."""
    for signature, measure in READERS:
        if data.startswith(signature):
            size = _measured(measure, data)
            if size:
                refuse_huge(*size)
            return size is not None
    return False


def names_place(data: bytes) -> bool:
    """Return whether a photo carries the place where it was taken."""
    return data.startswith(b"\xff\xd8") and PLACE_TAG.search(data[:65_536]) is not None


def _measured(measure: Callable[[bytes], Size | None], data: bytes) -> Size | None:
    try:
        return measure(data)
    except (struct.error, IndexError):
        return None


def _png(data: bytes) -> Size:
    width, height = struct.unpack_from(">II", data, 16)
    return width, height


def _gif(data: bytes) -> Size:
    width, height = struct.unpack_from("<HH", data, 6)
    return width, height


def _bmp(data: bytes) -> Size:
    width, height = struct.unpack_from("<ii", data, 18)
    return abs(width), abs(height)


def jpeg(data: bytes) -> Size | None:
    """Read width and height of a JPEG from its frame header."""
    at = 2
    while at + 9 < len(data):
        if data[at] != 0xFF:
            return None
        mark = data[at + 1]
        if mark in START_OF_FRAME:
            height, width = struct.unpack_from(">HH", data, at + 5)
            return width, height
        if mark == 0xFF:
            at += 1
        elif mark in STANDALONE:
            at += 2
        else:
            at += 2 + max(2, int.from_bytes(data[at + 2 : at + 4], "big"))
    return None


def jpeg2000(data: bytes) -> Size | None:
    """Read width and height of a JPEG 2000 from its code stream."""
    at = data.find(b"\xff\x4f\xff\x51")
    if at < 0:
        return None
    right, bottom, left, top = struct.unpack_from(">IIII", data, at + 8)
    return max(0, right - left), max(0, bottom - top)


def _tiff(data: bytes) -> Size | None:
    order = "<" if data.startswith(b"II") else ">"
    (at,) = struct.unpack_from(order + "I", data, 4)
    (count,) = struct.unpack_from(order + "H", data, at)
    sides = {}
    for number in range(count):
        tag, kind, _ = struct.unpack_from(order + "HHI", data, at + 2 + 12 * number)
        if tag in {256, 257}:
            form = order + ("H" if kind == 3 else "I")
            (sides[tag],) = struct.unpack_from(form, data, at + 10 + 12 * number)
    return (sides[256], sides[257]) if len(sides) == 2 else None


def _webp(data: bytes) -> Size | None:
    if data[8:12] != b"WEBP":
        return None
    if data[12:16] == b"VP8X":
        return 1 + int.from_bytes(data[24:27], "little"), 1 + int.from_bytes(data[27:30], "little")
    return (
        16_383,
        1,
    )  # the other two forms are at most 16,383 pixels high and wide, and small in a file


def _emf(data: bytes) -> Size | None:
    return (0, 0) if data[40:44] == b" EMF" else None


def _vector(_: bytes) -> Size:
    return 0, 0


READERS: tuple[tuple[bytes, Callable[[bytes], Size | None]], ...] = (
    (b"\x89PNG\r\n\x1a\n", _png),
    (b"\xff\xd8\xff", jpeg),
    (b"GIF87a", _gif),
    (b"GIF89a", _gif),
    (b"BM", _bmp),
    (b"II*\0", _tiff),
    (b"MM\0*", _tiff),
    (b"RIFF", _webp),
    (b"\x00\x00\x00\x0cjP  ", jpeg2000),
    (b"\x01\x00\x00\x00", _emf),
    (b"\xd7\xcd\xc6\x9a", _vector),
    (b"\x01\x00\x09\x00", _vector),
    (b"VCLMTF", _vector),
)
