"""Unpacks the streams of a PDF piece by piece, counting what really comes out."""

import zlib
from collections.abc import Iterable, Iterator
from io import BytesIO

import pikepdf

from cissapp.foundation.intake.reasons import FileRejected, RejectionReason

PIECE = 65_536
MOST_FILTERS = 6
MOST_LZW_BYTES = 4_000_000
ENDLESS_TAIL = 1_024
SHORT_NAMES = {
    "/Fl": "/FlateDecode",
    "/AHx": "/ASCIIHexDecode",
    "/A85": "/ASCII85Decode",
    "/LZW": "/LZWDecode",
    "/RL": "/RunLengthDecode",
    "/CCF": "/CCITTFaxDecode",
    "/DCT": "/DCTDecode",
}
OF_PICTURES = {"/DCTDecode", "/JPXDecode", "/JBIG2Decode", "/CCITTFaxDecode"}
LZW_CLEAR, LZW_END, LZW_FIRST = 256, 257, 258
BY_LIBRARY = {"/ASCIIHexDecode", "/ASCII85Decode", "/RunLengthDecode"}


class Budget:
    """The number of bytes that may still be output."""

    def __init__(self, limit: int) -> None:
        self.left = limit

    def take(self, size: int) -> None:
        """Count bytes that came out; refuse the file when too many did."""
        self.left -= size
        if self.left < 0:
            raise FileRejected(RejectionReason.UNPACKS_HUGE)


def unpacked(raw: bytes, filters: list[str], budget: Budget) -> Iterator[bytes]:
    """Yield the pieces of a stream after its filters; a picture's own compression stays."""
    if len(filters) > MOST_FILTERS:
        raise FileRejected(RejectionReason.PDF_FILTER)
    pieces: Iterable[bytes] = (raw,)
    for place, short in enumerate(filters):
        name = SHORT_NAMES.get(short, short)
        is_last = place == len(filters) - 1
        if name in OF_PICTURES and is_last:
            break
        if name == "/FlateDecode":
            pieces = _inflated(pieces, budget)
        elif name in BY_LIBRARY:
            pieces = _by_library(pieces, name, budget)
        elif name == "/LZWDecode" and (is_last or filters[-1] in OF_PICTURES):
            _count_lzw(b"".join(pieces), budget)
            return
        else:
            raise FileRejected(RejectionReason.PDF_FILTER)
    yield from pieces


def inflated_leniently(raw: bytes, budget: Budget) -> bytes:
    """Inflate an apparent zlib stream; return nothing if it is damaged, but refuse too much output."""
    try:
        return b"".join(_inflated((raw,), budget))
    except FileRejected as rejected:
        if rejected.reason is RejectionReason.UNPACKS_HUGE:
            raise
        return b""


def _inflated(pieces: Iterable[bytes], budget: Budget) -> Iterator[bytes]:
    stream = zlib.decompressobj()
    fed = 0
    for piece in pieces:
        fed += len(piece)
        while piece and not stream.eof:
            try:
                out = stream.decompress(piece, PIECE)
            except zlib.error as error:
                raise FileRejected(RejectionReason.PDF_DAMAGED) from error
            budget.take(len(out))
            piece = stream.unconsumed_tail  # noqa: PLW2901 -- what is left of the piece
            yield out
    if (fed and not stream.eof) or len(stream.unused_data) > ENDLESS_TAIL:
        raise FileRejected(RejectionReason.PDF_DAMAGED)


def _by_library(pieces: Iterable[bytes], name: str, budget: Budget) -> Iterator[bytes]:
    with pikepdf.new() as scratch:
        stream = pikepdf.Stream(scratch, b"".join(pieces), Filter=pikepdf.Name(name))
        try:
            out = stream.read_bytes()
        except (pikepdf.PdfError, RuntimeError) as error:
            reason = (
                RejectionReason.UNPACKS_HUGE
                if name == "/RunLengthDecode"
                else RejectionReason.PDF_DAMAGED
            )
            raise FileRejected(reason) from error
        if scratch.get_warnings():
            raise FileRejected(RejectionReason.PDF_DAMAGED)
    budget.take(len(out))
    source = BytesIO(out)
    while piece := source.read(PIECE):
        yield piece


def _count_lzw(raw: bytes, budget: Budget) -> None:
    """Count the output of LZW, trying both conventions for when codes get longer."""
    if len(raw) > MOST_LZW_BYTES:
        raise FileRejected(RejectionReason.PDF_FILTER)
    try:
        size = _lzw_size(raw, 1, budget.left)
    except ValueError:
        try:
            size = _lzw_size(raw, 0, budget.left)
        except ValueError as error:
            raise FileRejected(RejectionReason.PDF_DAMAGED) from error
    budget.take(size)


def _lzw_size(raw: bytes, early: int, limit: int) -> int:
    """Add up the lengths that the codes represent, without producing the output."""
    lengths: list[int] = []
    width, previous, held, bits, size = 9, 0, 0, 0, 0
    for byte in raw:
        held = held << 8 | byte
        bits += 8
        if bits < width:
            continue
        bits -= width
        code, held = held >> bits, held & (1 << bits) - 1
        if code == LZW_END or size > limit:
            break
        if code == LZW_CLEAR:
            lengths, width, previous = [], 9, 0
            continue
        previous = _lzw_length(code, previous, lengths)
        size += previous
        width = min(12, max(9, (LZW_FIRST + len(lengths) + early).bit_length()))
    return size


def _lzw_length(code: int, previous: int, lengths: list[int]) -> int:
    place = code - LZW_FIRST
    if place > len(lengths) or (place == len(lengths) and not previous):
        raise ValueError("a code that is not defined yet")
    length = 1 if code < LZW_CLEAR else previous + 1 if place == len(lengths) else lengths[place]
    if previous and len(lengths) < 4_096 - LZW_FIRST:
        lengths.append(previous + 1)
    return length
