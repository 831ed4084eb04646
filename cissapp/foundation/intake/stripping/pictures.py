"""Pictures without metadata on camera, place, person and time; every pixel stays as it was.

Parts of the file are left out, nothing is re-encoded. The rotation of a photo is kept: without it,
it would lie on its side.
"""

import re
import struct
from collections.abc import Callable, Iterator
from io import BytesIO

from cissapp.foundation.intake.reasons import FileRejected, RejectionReason

JPEG, PNG, GIF, RIFF = b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", (b"GIF87a", b"GIF89a"), b"RIFF"
JPEG_2000 = b"\x00\x00\x00\x0cjP  "
EXIF = b"Exif\0\0"
SAID_ASIDE = (EXIF, b"http://ns.adobe.com/xap/", b"http://ns.adobe.com/xmp/", b"Photoshop 3.0")

NEXT_MARK = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
START, END, SCAN, COMMENT = 0xD8, 0xD9, 0xDA, 0xFE
APPLICATION = range(0xE0, 0xF0)
KEPT_APPLICATION = {0xE0: b"JFIF\0", 0xE2: b"ICC_PROFILE\0", 0xEE: b"Adobe"}
EXIF_MARK, ORIENTATION = 0xE1, 0x0112

PNG_LEFT_OUT = {b"tEXt", b"zTXt", b"iTXt", b"eXIf", b"tIME"}
RIFF_LEFT_OUT = {b"EXIF", b"XMP "}
RIFF_EXTENDED, RIFF_FLAGS = b"VP8X", 0x08 | 0x04
JP2_LEFT_OUT = {b"xml ", b"uuid", b"uinf"}
GIF_COMMENT, GIF_APPLICATION, GIF_LOOPS = 0xFE, 0xFF, (b"NETSCAPE2.0", b"ANIMEXTS1.0")


def stripped(data: bytes) -> bytes:
    """Return a JPEG, PNG, GIF, WebP or JPEG 2000 without its metadata; other bytes as they are.

    A picture that cannot be parsed is re-encoded if it has metadata; if that fails as well, raise
    FileRejected.
    """
    for signature, strip in STRIPPERS:
        if data.startswith(signature):
            try:
                return strip(data)
            except (struct.error, IndexError, ValueError):
                return _drawn_anew(data)
    return data


def _drawn_anew(data: bytes) -> bytes:
    if not any(mark in data for mark in SAID_ASIDE):
        return data
    from PIL import Image, ImageOps  # noqa: PLC0415 -- hardly ever needed

    out = BytesIO()
    try:
        with Image.open(BytesIO(data)) as picture:
            turned = ImageOps.exif_transpose(picture)
            Image.frombytes(turned.mode, turned.size, turned.tobytes()).save(out, picture.format)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise FileRejected(RejectionReason.NOT_CHECKED) from error
    return out.getvalue()


# --- JPEG --------------------------------------------------------------------------------------


def _jpeg(data: bytes) -> bytes:
    """Remove comments and application segments, and whatever follows the end of the picture."""
    pieces = [data[:2]]
    for mark, begin, end in _segments(data):
        body = data[begin + 4 : end]
        if mark == EXIF_MARK and body.startswith(EXIF):
            pieces.append(_turning_only(body[len(EXIF) :]))
        elif _stays(mark, body):
            pieces.append(data[begin:end])
    return b"".join(pieces)


def _segments(data: bytes) -> Iterator[tuple[int, int, int]]:
    """Yield marker, start and end of each segment; a scan ends after its compressed pixels."""
    at = 2
    while True:
        while data[at : at + 2] == b"\xff\xff":
            at += 1
        if data[at] != 0xFF:
            raise ValueError("no mark where a segment begins")
        mark = data[at + 1]
        if mark == END:
            yield mark, at, at + 2
            return
        if mark == START or mark <= 0x01 or 0xD0 <= mark <= 0xD7:
            raise ValueError("a mark out of place")
        end = at + 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        if mark == SCAN:
            found = NEXT_MARK.search(data, end)
            end = found.start() if found else len(data)
        yield mark, at, end
        if end >= len(data):  # cut off, as some scanners write it; viewers show it all the same
            return
        at = end


def _stays(mark: int, body: bytes) -> bool:
    if mark in APPLICATION:
        return mark in KEPT_APPLICATION and body.startswith(KEPT_APPLICATION[mark])
    return mark != COMMENT


def _turning_only(tiff: bytes) -> bytes:
    """Return an Exif segment with only the orientation of the photo; empty if it is upright."""
    turned = _orientation(tiff)
    if not 2 <= turned <= 8:
        return b""
    body = EXIF + struct.pack(">2sHIHHHIHHI", b"MM", 42, 8, 1, ORIENTATION, 3, 1, turned, 0, 0)
    return struct.pack(">BBH", 0xFF, EXIF_MARK, len(body) + 2) + body


def _orientation(tiff: bytes) -> int:
    order = "<" if tiff.startswith(b"II") else ">"
    try:
        (at,) = struct.unpack_from(order + "I", tiff, 4)
        (count,) = struct.unpack_from(order + "H", tiff, at)
        for place in range(at + 2, at + 2 + 12 * count, 12):
            tag, kind = struct.unpack_from(order + "HH", tiff, place)
            if (tag, kind) == (ORIENTATION, 3):
                return int(struct.unpack_from(order + "H", tiff, place + 8)[0])
    except struct.error:
        pass
    return 1


# --- the others --------------------------------------------------------------------------------


def _png(data: bytes) -> bytes:
    pieces, at = [data[:8]], 8
    while at < len(data):
        size, kind = struct.unpack_from(">I4s", data, at)
        end = at + 12 + size
        if end > len(data):
            raise ValueError("a chunk is cut off")
        if kind not in PNG_LEFT_OUT:
            pieces.append(data[at:end])
        if kind == b"IEND":
            break
        at = end
    return b"".join(pieces)


def _riff(data: bytes) -> bytes:
    """Remove the metadata chunks of a WebP, and the flags that announce them."""
    if data[8:12] != b"WEBP":
        return data
    pieces, at = [], 12
    while at + 8 <= len(data):
        kind, size = struct.unpack_from("<4sI", data, at)
        end = at + 8 + size + size % 2
        chunk = data[at:end]
        if kind == RIFF_EXTENDED:
            chunk = chunk[:8] + bytes([chunk[8] & ~RIFF_FLAGS]) + chunk[9:]
        if kind not in RIFF_LEFT_OUT:
            pieces.append(chunk)
        at = end
    body = b"WEBP" + b"".join(pieces)
    return RIFF + struct.pack("<I", len(body)) + body


def _jpeg_2000(data: bytes) -> bytes:
    pieces, at = [], 0
    while at + 8 <= len(data):
        size, kind = struct.unpack_from(">I4s", data, at)
        if size == 1:
            (size,) = struct.unpack_from(">Q", data, at + 8)
        end = at + size if size else len(data)
        if end <= at or end > len(data):
            raise ValueError("a box is cut off")
        if kind not in JP2_LEFT_OUT:
            pieces.append(data[at:end])
        at = end
    return b"".join(pieces)


def _gif(data: bytes) -> bytes:
    """Remove comments, and application extensions other than loops."""
    at = 13 + _colours(data[10])
    pieces = [data[:at]]
    while data[at] != 0x3B:
        begin, is_extension = at, data[at] == 0x21
        if not is_extension and data[at] != 0x2C:
            raise ValueError("neither a picture nor an extension")
        at += 2 if is_extension else 11 + _colours(data[at + 9])
        first = data[at + 1 : at + 1 + data[at]]
        while data[at]:
            at += 1 + data[at]
        at += 1
        if not is_extension or _gif_stays(data[begin + 1], first):
            pieces.append(data[begin:at])
    return b"".join([*pieces, b"\x3b"])


def _colours(flags: int) -> int:
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _gif_stays(label: int, first: bytes) -> bool:
    return label != GIF_COMMENT and (label != GIF_APPLICATION or first in GIF_LOOPS)


STRIPPERS: tuple[tuple[bytes | tuple[bytes, ...], Callable[[bytes], bytes]], ...] = (
    (JPEG, _jpeg),
    (PNG, _png),
    (GIF, _gif),
    (RIFF, _riff),
    (JPEG_2000, _jpeg_2000),
)
