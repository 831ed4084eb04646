"""PDF: decides, and reads the text when asked."""

import math
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pikepdf

from cissapp.foundation.intake.media import MediaType
from cissapp.foundation.intake.pdf import raw_bytes, text
from cissapp.foundation.intake.pdf.objects import ObjectWalk
from cissapp.foundation.intake.reasons import FileFinding, FileRejected, RejectionReason
from cissapp.foundation.intake.results import WorkerReport

MOST_PAGES = 3_000
LONGEST_SIDE = 14_400
SHORTEST_SIDE = 3
LARGEST_UNIT = 10
BOXES = ("/MediaBox", "/CropBox", "/BleedBox", "/TrimBox", "/ArtBox")
STUMBLES = (
    pikepdf.PdfError,
    ArithmeticError,
    AttributeError,
    LookupError,
    RuntimeError,
    TypeError,
    ValueError,
)
LIMITS: dict[str, Any] = {
    "doc_max_warnings": 20,
    "parser_max_nesting": raw_bytes.DEEPEST,
    "parser_max_container_size": 300_000,
    "max_stream_filters": 6,
    "flate_max_memory": raw_bytes.TABLES_UNPACKED,
    "png_max_memory": raw_bytes.TABLES_UNPACKED,
    "tiff_max_memory": raw_bytes.TABLES_UNPACKED,
    "run_length_max_memory": raw_bytes.TABLES_UNPACKED,
}


def judge(content: bytes) -> tuple[WorkerReport, Iterator[str]]:
    """Accept or reject a PDF; return its text, which is read only when asked for."""
    pikepdf.settings.set_qpdf_limits(**LIMITS)
    raw_bytes.check(content)
    try:
        with pikepdf.open(BytesIO(content), attempt_recovery=False) as pdf:
            return _judge_opened(pdf, content), text.pages_of(content)
    except pikepdf.PasswordError as error:
        raise FileRejected(RejectionReason.PDF_LOCKED) from error
    except STUMBLES as error:
        is_empty = "no pages found" in str(error)
        raise FileRejected(
            RejectionReason.PDF_NO_PAGES if is_empty else RejectionReason.PDF_DAMAGED
        ) from error


def _judge_opened(pdf: pikepdf.Pdf, content: bytes) -> WorkerReport:
    if pdf.is_encrypted or "/Encrypt" in pdf.trailer:
        raise FileRejected(RejectionReason.PDF_LOCKED)
    pages = _check_pages(pdf)
    findings = ObjectWalk(pdf).go()
    if pdf.get_warnings():
        raise FileRejected(RejectionReason.PDF_DAMAGED)
    if _names_author(pdf):
        findings.add(FileFinding.AUTHOR)
    if raw_bytes.count_versions(content) > 1:
        findings.add(FileFinding.EARLIER_VERSIONS)
    return WorkerReport(MediaType.PDF, pages, findings)


def _check_pages(pdf: pikepdf.Pdf) -> int:
    count = len(pdf.pages)
    if count == 0:
        raise FileRejected(RejectionReason.PDF_NO_PAGES)
    if count > MOST_PAGES:
        raise FileRejected(RejectionReason.PDF_TOO_MANY_PAGES)
    if int(pdf.Root.Pages.get("/Count", 0)) != count:
        raise FileRejected(RejectionReason.PDF_DAMAGED)
    for page in pdf.pages:
        _check_page(page.obj)
    return count


def _check_page(page: Any) -> None:
    if "/MediaBox" not in page or not 0 < float(page.get("/UserUnit", 1)) <= LARGEST_UNIT:
        raise FileRejected(RejectionReason.PDF_PAGE_SIZE)
    for key in BOXES:
        if key not in page:
            continue
        corners = [float(number) for number in page[key]]
        if len(corners) != 4 or not all(math.isfinite(number) for number in corners):
            raise FileRejected(RejectionReason.PDF_PAGE_SIZE)
        sides = abs(corners[2] - corners[0]), abs(corners[3] - corners[1])
        if max(sides) > LONGEST_SIDE or (key == "/MediaBox" and min(sides) < SHORTEST_SIDE):
            raise FileRejected(RejectionReason.PDF_PAGE_SIZE)


def _names_author(pdf: pikepdf.Pdf) -> bool:
    author = pdf.docinfo.get("/Author") if "/Info" in pdf.trailer else None
    return author is not None and str(author).strip() not in {"", "anonymous", "(anonymous)"}
