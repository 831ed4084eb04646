"""Makes PDFs for the tests: a writer of plain PDFs from objects, and some whole documents."""

import zlib
from io import BytesIO
from pathlib import Path

import pikepdf
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

CATALOG = b"<< /Type /Catalog /Pages 2 0 R %s >>"
PAGES = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
PAGE = (
    b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << >> %s >>"
)


def stream(data: bytes, entries: bytes = b"") -> bytes:
    """Write a stream object."""
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(data), entries, data)


def flate(data: bytes, entries: bytes = b"", level: int = 9) -> bytes:
    return stream(zlib.compress(data, level), b"/Filter /FlateDecode " + entries)


def write(objects: dict[int, bytes], trailer: bytes = b"", header: bytes = b"%PDF-1.7\n") -> bytes:
    """Write a PDF with a right cross-reference table."""
    out = BytesIO()
    out.write(header + b"%\xe2\xe3\xcf\xd3\n")
    places = {}
    for number, body in sorted(objects.items()):
        places[number] = out.tell()
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
    start, size = out.tell(), max(objects) + 1
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % size)
    for number in range(1, size):
        if number in places:
            out.write(b"%010d 00000 n \n" % places[number])
        else:
            out.write(b"0000000000 00000 f \n")
    out.write(
        b"trailer\n<< /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n" % (size, trailer, start)
    )
    return out.getvalue()


def plain(
    catalog: bytes = b"",
    page: bytes = b"",
    content: bytes = b"BT ET",
    more: dict[int, bytes] | None = None,
    trailer: bytes = b"",
) -> bytes:
    """Write a PDF of one page, with entries in its catalogue and its page, and with more objects."""
    objects = {1: CATALOG % catalog, 2: PAGES, 3: PAGE % page, 4: stream(content)}
    return write(objects | (more or {}), trailer)


def annotation(action: bytes, kind: bytes = b"/Link") -> bytes:
    return plain(
        page=b"/Annots [<< /Type /Annot /Subtype %s /Rect [0 0 9 9] %s >>]" % (kind, action)
    )


def action(kind: bytes, entries: bytes = b"") -> bytes:
    return annotation(b"/A << /S /%s %s >>" % (kind, entries))


def link(target: bytes) -> bytes:
    return action(b"URI", b"/URI (%s)" % target)


def saved(pdf: pikepdf.Pdf, **options: object) -> bytes:
    out = BytesIO()
    pdf.save(out, **options)  # type: ignore[arg-type]
    return out.getvalue()


def packed(source: bytes, **options: object) -> bytes:
    """Save a PDF again with its objects packed in object streams."""
    with pikepdf.open(BytesIO(source)) as pdf:
        mode = pikepdf.ObjectStreamMode.generate
        return saved(pdf, object_stream_mode=mode, **options)


def locked(user: str, owner: str, revision: int = 6) -> bytes:
    with pikepdf.open(BytesIO(drawn())) as pdf:
        aes = revision > 3
        encryption = pikepdf.Encryption(user=user, owner=owner, R=revision, aes=aes, metadata=aes)
        return saved(pdf, encryption=encryption)


def appended(source: bytes, number: int, body: bytes, root: int = 1) -> bytes:
    """Add a second version of an object to the end, as programs do that save what has changed."""
    start = int(source.rsplit(b"startxref", 1)[1].split()[0])
    with pikepdf.open(BytesIO(source)) as pdf:
        size = int(pdf.trailer.Size)
    at = len(source)
    added = b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"xref\n%d 1\n%010d 00000 n \ntrailer\n<< /Size %d /Root %d 0 R /Prev %d >>\nstartxref\n%d\n%%%%EOF\n"
    return (
        source + added + table % (number, at, max(size, number + 1), root, start, at + len(added))
    )


def _cyrillic() -> str:
    folder = Path(__file__).resolve().parents[3] / "cissapp"
    found = [*folder.rglob("*.ttf"), *Path("/usr/share/fonts").rglob("DejaVuSans.ttf")]
    for path in found:
        pdfmetrics.registerFont(TTFont("Letters", str(path)))
        return "Letters"
    return "Helvetica"


def drawn(
    pages: int = 1, text: str = "Safety policy of the school", *, plain_font: bool = True
) -> bytes:
    """Draw a PDF with reportlab."""
    out = BytesIO()
    canvas = Canvas(out, pagesize=A4)
    font = "Helvetica" if plain_font else _cyrillic()
    for number in range(pages):
        canvas.setFont(font, 12)
        canvas.drawString(72, 720, f"{text} {number + 1}")
        canvas.showPage()
    canvas.save()
    return out.getvalue()
