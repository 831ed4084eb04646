"""Rewrites a drawn file in its archival form: the same content gives the same bytes."""

from functools import cache
from io import BytesIO

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, Stream, String
from PIL import ImageCms


def open_pdf(content: bytes) -> Pdf:
    """Open a PDF for editing; use it in a `with` statement, which closes it."""
    return pikepdf.open(BytesIO(content))


def save_pdf(pdf: Pdf, *, for_archive: bool = True) -> bytes:
    """Return the bytes of a changed file; for the archive, compact and with its metadata as written."""
    modes = pikepdf.ObjectStreamMode
    out = BytesIO()
    pdf.save(
        out,
        preserve_pdfa=True,
        deterministic_id=True,
        # Otherwise it would rewrite the metadata in an order of its own.
        fix_metadata_version=not for_archive,
        recompress_flate=True,
        object_stream_mode=modes.generate if for_archive else modes.preserve,
    )
    return out.getvalue()


def write_colour_profile(pdf: Pdf) -> None:
    """Record sRGB as the colour space, as PDF/A requires."""
    profile = Stream(pdf, _profile(), N=3, Alternate=Name.DeviceRGB)
    pdf.Root.OutputIntents = Array(
        [
            Dictionary(
                Type=Name.OutputIntent,
                S=Name.GTS_PDFA1,
                OutputConditionIdentifier=String("sRGB"),
                Info=String("sRGB"),
                DestOutputProfile=profile,
            )
        ]
    )


@cache
def _profile() -> bytes:
    made = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    # The profile contains its creation time, but the same drawing must give the same bytes.
    made[24:36] = b"\x07\xea\x00\x01\x00\x01\x00\x00\x00\x00\x00\x00"
    made[84:100] = bytes(16)
    return bytes(made)
