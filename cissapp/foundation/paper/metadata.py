"""A file's metadata, as XMP and for old readers, and an embedded text for computers."""

from collections.abc import Iterable
from datetime import datetime
from io import BytesIO
from xml.sax.saxutils import escape

import pikepdf
from msgspec import Struct
from pikepdf import Dictionary, Name, Pdf, Stream, String

# The program that a file names as its creator.
MADE_BY = "CISS"

PACKET = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about=""{namespaces}>
{properties}
</rdf:Description>
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>"""
PLAIN_NAMESPACES = ' xmlns:dc="http://purl.org/dc/elements/1.1/"'
ARCHIVE_NAMESPACES = """
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"
 xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/\""""


class Description(Struct, frozen=True):
    """The metadata of an archival file."""

    title: str
    subject: str
    author: str
    address: str
    languages: tuple[str, ...]
    made_at: datetime


def write_description(pdf: Pdf, *, title: str, language: str, kind: str) -> None:
    """Write title, language and kind of a plain file."""
    properties = [
        _text("dc:format", "application/pdf"),
        _bag("dc:type", [kind]),
        _alternative("dc:title", title),
        _bag("dc:language", [language]),
    ]
    _write_packet(pdf, PLAIN_NAMESPACES, properties)
    pdf.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)


def write_archive_description(pdf: Pdf, description: Description) -> None:
    """Write the metadata of a PDF/A-2b twice, as required: as XMP, and for old readers."""
    moment = description.made_at.strftime("%Y-%m-%dT%H:%M:%S+00:00")
    properties = [
        _text("dc:format", "application/pdf"),
        _text("dc:identifier", description.address),
        _alternative("dc:title", description.title),
        _alternative("dc:description", description.subject),
        f"<dc:creator><rdf:Seq>{_text('rdf:li', description.author)}</rdf:Seq></dc:creator>",
        _bag("dc:language", description.languages),
        _text("xmp:CreatorTool", MADE_BY),
        _text("xmp:CreateDate", moment),
        _text("xmp:ModifyDate", moment),
        _text("pdf:Producer", MADE_BY),
        _text("pdfaid:part", "2"),
        _text("pdfaid:conformance", "B"),
    ]
    _write_packet(pdf, ARCHIVE_NAMESPACES, properties)
    for key in list(pdf.docinfo.keys()):
        del pdf.docinfo[key]
    stamp = stamp_of(description.made_at)
    pdf.docinfo.update(
        {
            "/Title": description.title,
            "/Subject": description.subject,
            "/Author": description.author,
            "/Creator": MADE_BY,
            "/Producer": MADE_BY,
            "/CreationDate": stamp,
            "/ModDate": stamp,
        }
    )


def stamp_of(moment: datetime, zone: str = "+00'00'") -> str:
    """Return a UTC timestamp in PDF format; the zone is written as `+00'00'` or as `Z`."""
    return f"{moment:D:%Y%m%d%H%M%S}{zone}"


def _write_packet(pdf: Pdf, namespaces: str, properties: list[str]) -> None:
    packet = PACKET.format(namespaces=namespaces, properties="\n".join(properties))
    pdf.Root.Metadata = Stream(pdf, packet.encode(), Type=Name.Metadata, Subtype=Name.XML)


def _text(name: str, value: str) -> str:
    return f"<{name}>{escape(value)}</{name}>"


def _alternative(name: str, value: str) -> str:
    said = f'<rdf:li xml:lang="x-default">{escape(value)}</rdf:li>'
    return f"<{name}><rdf:Alt>{said}</rdf:Alt></{name}>"


def _bag(name: str, values: Iterable[str]) -> str:
    items = "".join(_text("rdf:li", value) for value in values)
    return f"<{name}><rdf:Bag>{items}</rdf:Bag></{name}>"


# --- a text for computers ----------------------------------------------------------------------


def write_text_inside(pdf: Pdf, name: str, text: str, *, stamp: str) -> None:
    """Write a text into the file under the name of the program that can read it."""
    inside = Dictionary(LastModified=String(stamp), Private=Stream(pdf, text.encode()))
    pdf.Root.PieceInfo = Dictionary({f"/{name}": inside})


def read_text_inside(content: bytes, name: str) -> str | None:
    """Return the text embedded in a file under a name; None if there is none."""
    try:
        with pikepdf.open(BytesIO(content)) as pdf:
            return bytes(getattr(pdf.Root.PieceInfo, name).Private.read_bytes()).decode()
    except (pikepdf.PdfError, AttributeError, KeyError, TypeError, ValueError):
        return None
