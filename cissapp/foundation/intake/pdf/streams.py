"""The streams of a PDF: their unpacked size, the size of pictures, and declarations in their text."""

import math
from typing import Any

import pikepdf

from cissapp.foundation.intake import pictures
from cissapp.foundation.intake.kinds import EICAR, OLE
from cissapp.foundation.intake.markup import mentions_dtd
from cissapp.foundation.intake.pdf.cycles import ReferenceGraph
from cissapp.foundation.intake.pdf.filters import OF_PICTURES, SHORT_NAMES, Budget, unpacked
from cissapp.foundation.intake.reasons import FileFinding, FileRejected, RejectionReason

CONTENT_UNPACKED = 64_000_000
PICTURES_UNPACKED = 256_000_000  # white paper in a scan packs a thousand to one: no ratio here
FREE_OF_RATIO = 1_000_000
HIGHEST_RATIO = 500
SLACK = 65_536
BYTES_PER_PIXEL = 8
WHOLE_FILES = (b"PK\x03\x04", b"\x7fELF", OLE, b"%PDF-", b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c")
MEASURES = {"/DCTDecode": pictures.jpeg, "/JPXDecode": pictures.jpeg2000}


class StreamChecker:
    """Checks each stream, with one budget for all."""

    def __init__(self, graph: ReferenceGraph) -> None:
        self.graph = graph
        self.content = Budget(CONTENT_UNPACKED)
        self.pictures = Budget(PICTURES_UNPACKED)
        self.findings: set[FileFinding] = set()

    def check(self, stream: Any) -> None:
        """Unpack a stream and refuse what should not be in it."""
        filters = _filters(stream)
        if str(stream.get("/Subtype", "")) == "/Image":
            self._check_picture(stream, filters)
            return
        raw = stream.read_raw_bytes()
        is_kept = _is_kept(stream)
        kept: list[bytes] = []
        own = Budget(max(FREE_OF_RATIO, HIGHEST_RATIO * len(raw)))
        for number, piece in enumerate(unpacked(raw, filters, self.content)):
            own.take(len(piece))
            if number == 0:
                _check_start(piece)
            if is_kept:
                kept.append(piece)
        if is_kept:
            self._check_kept(stream, b"".join(kept))

    def _check_kept(self, stream: Any, content: bytes) -> None:
        if str(stream.get("/Subtype", "")) == "/Form":
            self.graph.add_drawing(stream, content)
        elif mentions_dtd(content):
            raise FileRejected(RejectionReason.DTD)

    def _check_picture(self, stream: Any, filters: list[str]) -> None:
        width, height = _side(stream, "/Width"), _side(stream, "/Height")
        pictures.refuse_huge(width, height)
        last = filters[-1] if filters else ""
        pieces = unpacked(stream.read_raw_bytes(), filters, self.pictures)
        if last not in OF_PICTURES:
            own = Budget(width * height * BYTES_PER_PIXEL + height + SLACK)
            for number, piece in enumerate(pieces):
                own.take(len(piece))
                if number == 0:
                    _check_start(piece)
            return
        data = b"".join(pieces)
        size = MEASURES[last](data) if last in MEASURES else None
        if size:
            pictures.refuse_huge(*size)
        if pictures.names_place(data):
            self.findings.add(FileFinding.PLACE)


def _is_kept(stream: Any) -> bool:
    is_form = str(stream.get("/Subtype", "")) == "/Form"
    return str(stream.get("/Type", "")) == "/Metadata" or (is_form and "/Resources" in stream)


def _filters(stream: Any) -> list[str]:
    value = stream.get("/Filter")
    if value is None:
        return []
    names = list(value) if isinstance(value, pikepdf.Array) else [value]
    if not all(isinstance(name, pikepdf.Name) for name in names):
        raise FileRejected(RejectionReason.PDF_FILTER)
    return [SHORT_NAMES.get(str(name), str(name)) for name in names]


def _side(stream: Any, key: str) -> int:
    try:
        side = float(stream.get(key, 0))
    except (TypeError, ValueError) as error:
        raise FileRejected(RejectionReason.PDF_DAMAGED) from error
    if not math.isfinite(side) or side < 0:
        raise FileRejected(RejectionReason.PDF_DAMAGED)
    return int(side)


def _check_start(piece: bytes) -> None:
    """Refuse a stream that is a whole other file, whatever it is called."""
    if EICAR in piece:
        raise FileRejected(RejectionReason.VIRUS)
    if piece.startswith(WHOLE_FILES) or _is_windows_program(piece):
        raise FileRejected(RejectionReason.PDF_EMBEDDED)


def _is_windows_program(piece: bytes) -> bool:
    if not piece.startswith(b"MZ") or len(piece) < 64:
        return False
    header = int.from_bytes(piece[60:64], "little")
    return piece[header : header + 4] == b"PE\0\0"
