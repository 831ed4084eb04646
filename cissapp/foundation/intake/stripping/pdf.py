"""A PDF without its author, programs, history and commenters' names; its pages stay unchanged."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pikepdf

from cissapp.foundation.intake.pdf.filters import SHORT_NAMES, Budget, unpacked
from cissapp.foundation.intake.reasons import FileFinding, FileRejected, RejectionReason
from cissapp.foundation.intake.stripping import pictures

UNPACKED = 256_000_000
LEFT_OUT = ("/Metadata", "/PieceInfo", "/LastModified", "/Author", "/CreatorInfo", "/SpiderInfo")
LEFT_OUT_OF_CATALOG = ("/Perms", "/DSS", "/Legal")
LEFT_OUT_OF_NOTE = ("/T", "/M", "/CreationDate")
LEFT_OUT_OF_SIGNATURE = ("/V", "/SV", "/Lock")
OF_PHOTOS = {"/DCTDecode", "/JPXDecode"}
AUTHOR_IN_XMP = b":creator>"
STUMBLES = (pikepdf.PdfError, AttributeError, LookupError, RuntimeError, TypeError, ValueError)


def stripped(content: bytes) -> tuple[bytes, set[FileFinding]]:
    """Rewrite an accepted PDF without the details of its making; return it and whether it named its author.

    Content changed or removed in earlier saves goes as well, since only what the pages use is written.
    A signature goes too: it would not be valid for the copy.
    """
    try:
        with pikepdf.open(BytesIO(content), attempt_recovery=False) as pdf:
            found = {FileFinding.AUTHOR} if _names_creator(pdf) else set()
            for thing in pdf.objects:
                _strip(thing)
            _strip_ends(pdf)
            out = BytesIO()
            pdf.save(out, deterministic_id=True, fix_metadata_version=False)
    except STUMBLES as error:
        raise FileRejected(RejectionReason.NOT_CHECKED) from error
    return out.getvalue(), found


def _names_creator(pdf: pikepdf.Pdf) -> bool:
    """Return whether the document's metadata names a person; programs leave the element empty or out."""
    described = pdf.Root.get("/Metadata")
    if not isinstance(described, pikepdf.Stream):
        return False
    _, _, behind = described.read_bytes().partition(AUTHOR_IN_XMP)
    words = behind.partition(AUTHOR_IN_XMP)[0].replace(b"</", b"<").split(b"<")
    said = b"".join(word.partition(b">")[2].strip() for word in words)
    return said.lower() not in {b"", b"anonymous", b"(anonymous)"}


def _strip_ends(pdf: pikepdf.Pdf) -> None:
    for key in ("/Info", "/ID"):
        if key in pdf.trailer:
            del pdf.trailer[key]
    _leave_out(pdf.Root, LEFT_OUT_OF_CATALOG)
    form = pdf.Root.get("/AcroForm")
    if isinstance(form, pikepdf.Dictionary):
        _leave_out(form, ("/SigFlags",))


def _strip(thing: Any) -> None:
    if isinstance(thing, pikepdf.Stream) and str(thing.get("/Subtype", "")) == "/Image":
        _strip_picture(thing)
    for part in _dictionaries(thing):
        _leave_out(part, LEFT_OUT)
        if "/Rect" in part and "/Subtype" in part and str(part["/Subtype"]) != "/Widget":
            _leave_out(part, LEFT_OUT_OF_NOTE)
        if str(part.get("/FT", "")) == "/Sig":
            _leave_out(part, LEFT_OUT_OF_SIGNATURE)


def _dictionaries(thing: Any) -> Iterator[Any]:
    """Yield the direct dictionaries of an object, without following references."""
    waiting = [thing]
    while waiting:
        part = waiting.pop()
        if isinstance(part, pikepdf.Dictionary | pikepdf.Stream):
            yield part
            waiting += [value for _, value in part.items() if _stands_here(value)]
        elif isinstance(part, pikepdf.Array):
            waiting += [value for value in part if _stands_here(value)]


def _stands_here(value: Any) -> bool:
    holds = isinstance(value, pikepdf.Array | pikepdf.Dictionary | pikepdf.Stream)
    return holds and not value.is_indirect


def _leave_out(part: Any, keys: tuple[str, ...]) -> None:
    for key in keys:
        if key in part:
            del part[key]


def _strip_picture(stream: Any) -> None:
    """Strip a photo that the PDF holds in its camera's original encoding."""
    value = stream.get("/Filter")
    names = list(value) if isinstance(value, pikepdf.Array) else [value] if value else []
    filters = [SHORT_NAMES.get(str(name), str(name)) for name in names]
    if not filters or filters[-1] not in OF_PHOTOS:
        return
    data = b"".join(unpacked(stream.read_raw_bytes(), filters, Budget(UNPACKED)))
    bare = pictures.stripped(data)
    if bare != data:
        settings = stream.get("/DecodeParms")
        last = settings[-1] if isinstance(settings, pikepdf.Array) else settings
        stream.write(bare, filter=pikepdf.Name(filters[-1]), decode_parms=last)
