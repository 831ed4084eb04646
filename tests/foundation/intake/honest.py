"""Honest documents, as schools send them, each with words that must be read from it (empty: it has no text)."""

# fmt: off
import datetime
from collections.abc import Callable, Iterator
from io import BytesIO

import docx
import pikepdf
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from PIL import Image
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pypdf._codecs._codecs import LzwCodec
from reportlab.lib.pagesizes import A3, landscape
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from tests.foundation.intake.packages import (
    ODT,
    PNG,
    SPACES,
    WORD,
    R,
    W,
    document,
    field,
    manifest,
    odt,
    open_files,
    related,
    relationships,
    types,
    word_files,
    zipped,
)  # fmt: skip
from tests.foundation.intake.packages import docx as bare_docx
from tests.foundation.intake.pdfs import (
    appended,
    drawn,
    flate,
    link,
    packed,
    plain,
    saved,
    stream,
)

Make = Callable[[], bytes]
Case = tuple[str, str, Make, str]
POLICY = "Політика безпеки школи"


def cases() -> Iterator[Case]:
    for name, make, words in pdfs():
        yield f"pdf-{name}", "Policy.PDF", make, words
    for name, make, words in word_documents():
        yield f"docx-{name}", "policy.docx", make, words
    for name, make, words in open_documents():
        yield f"odt-{name}", "policy 2026.v2.odt", make, words


def pdfs() -> Iterator[tuple[str, Make, str]]:
    yield "plain", drawn, "Safety policy of the school 1"
    yield "cyrillic", lambda: drawn(2, POLICY, plain_font=False), f"{POLICY} 2"
    yield "hundred-pages", lambda: drawn(100), "school 100"
    yield "packed", lambda: packed(drawn(3)), "school 3"
    yield "version-2", lambda: packed(drawn(), force_version="2.0"), "school 1"
    yield "linearised", lambda: packed(drawn(3), linearize=True), "school 3"
    yield "version-1.3", lambda: drawn().replace(b"%PDF-1.4", b"%PDF-1.3", 1), "school 1"
    yield "links", links, "links"
    yield "fields", fields, "Name"
    yield "bookmarks", bookmarks, "Chapter 2"
    yield "pictures", pictures, "photo"
    yield "talks-of-scripts", talks_of_scripts, "/JavaScript"
    yield "opens-on-a-page", lambda: plain(catalog=b"/OpenAction [3 0 R /XYZ null null 0]"), ""
    yield "opens-by-going", lambda: plain(catalog=b"/OpenAction << /S /GoTo /D [3 0 R /Fit] >>"), ""
    yield ("named-buttons", lambda: plain(page=b"/Annots [<< /Subtype /Link /Rect [0 0 9 9] /A << /S /Named /N /NextPage >> >>]"), "")
    yield "saved-twice", lambda: appended(plain(), 99, b"<< /Note (second) >>"), ""
    yield "described", described, "school 1"
    yield "signed", signed, "school 1"
    yield ("lzw", lambda: plain(more={5: stream(LzwCodec().encode(b"0 0 m " * 9_000), b"/Filter /LZWDecode")}), "")
    yield ("hex-and-flate", lambda: plain(more={5: stream(b"789c030000000001>", b"/Filter [/ASCIIHexDecode /FlateDecode]")}), "")
    yield (
        "drawing-in-drawing",
        lambda: plain(
            more={
                5: stream(b"/a Do", b"/Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /a 6 0 R >> >>"),
                6: flate(b"0 0 1 1 re f", b"/Subtype /Form /BBox [0 0 9 9] /Resources << >>"),
            }
        ),
        "",
    )
    yield ("white-scan", lambda: plain(more={5: flate(b"\xff" * 26_000_000, b"/Subtype /Image /Width 2480 /Height 3508 /BitsPerComponent 8 /ColorSpace /DeviceRGB")}), "")
    yield ("names-like-active-ones", lambda: plain(catalog=b"/StructTreeRoot << /RoleMap << /Sound /Span /Movie /Span /AA /P >> >>"), "")
    yield "spaces-after-the-end", lambda: drawn() + b"\r\n \r\n", "school 1"
    yield "telephone", lambda: link(b"tel:116111"), ""


def links() -> bytes:
    out = BytesIO()
    canvas = Canvas(out)
    canvas.drawString(72, 700, "links")
    for place, target in enumerate(("https://ecpat.org/", "http://a.example/?q=1&b=2", "mailto:a@b.example", "www.a.example")):
        canvas.linkURL(target, (72, 600 - 20 * place, 200, 615 - 20 * place))
    canvas.save()
    return out.getvalue()


def fields() -> bytes:
    out = BytesIO()
    canvas = Canvas(out)
    canvas.drawString(72, 700, "Name")
    canvas.acroForm.textfield(name="name", x=120, y=690)
    canvas.acroForm.checkbox(name="agreed", x=120, y=650)
    canvas.acroForm.choice(name="role", x=120, y=600, options=["head", "deputy"], value="head")
    canvas.save()
    return out.getvalue()


def bookmarks() -> bytes:
    out = BytesIO()
    canvas = Canvas(out, pagesize=landscape(A3))
    for number in (1, 2, 3):
        canvas.bookmarkPage(f"c{number}")
        canvas.addOutlineEntry(f"Chapter {number}", f"c{number}", 0)
        canvas.drawString(72, 700, f"Chapter {number}")
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def photo(kind: str, size: tuple[int, int] = (60, 40)) -> bytes:
    out = BytesIO()
    Image.effect_noise(size, 80).convert("RGB").save(out, kind)
    return out.getvalue()


def pictures() -> bytes:
    out = BytesIO()
    canvas = Canvas(out)
    canvas.drawString(72, 700, "photo")
    for place, kind in enumerate(("JPEG", "PNG", "GIF")):
        canvas.drawImage(ImageReader(BytesIO(photo(kind))), 72, 100 + 100 * place)
    canvas.save()
    return out.getvalue()


def talks_of_scripts() -> bytes:
    out = BytesIO()
    canvas = Canvas(out, pageCompression=0)
    canvas.setTitle("On /JavaScript, /Launch (and /AA) << in PDFs")
    canvas.drawString(72, 700, "Beware of /JavaScript and /EmbeddedFile in PDFs")
    canvas.save()
    return out.getvalue()


def described() -> bytes:
    with pikepdf.open(BytesIO(drawn())) as pdf:
        with pdf.open_metadata() as about:
            about["dc:title"] = POLICY
            about["dc:creator"] = ["Head of school"]
        pdf.docinfo["/Author"] = "Head of school"
        return saved(pdf)


def signed() -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Head")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(9)
        .not_valid_before(now).not_valid_after(now + datetime.timedelta(days=9))
        .add_extension(x509.KeyUsage(*(True, True, *[False] * 7)), critical=True).sign(key, hashes.SHA256())
    )  # fmt: skip
    none = serialization.NoEncryption()
    bundle = serialization.pkcs12.serialize_key_and_certificates(b"a", key, certificate, None, none)
    signer = SimpleSigner.load_pkcs12_data(bundle, [], b"")
    assert signer is not None
    out = BytesIO()
    about = PdfSignatureMetadata(field_name="Signature", reason="Approved")
    PdfSigner(about, signer).sign_pdf(IncrementalPdfFileWriter(BytesIO(drawn())), output=out)
    return out.getvalue()


def word_documents() -> Iterator[tuple[str, Make, str]]:
    yield "bare", bare_docx, "Safety policy"
    yield "rich", rich, f"{POLICY}\n"
    yield (
        "changed",
        lambda: bare_docx(
            "<w:p><w:r><w:t>kept</w:t></w:r><w:del><w:r><w:delText>lost</w:delText></w:r></w:del><w:ins><w:r><w:t xml:space='preserve'> new</w:t></w:r></w:ins></w:p>"
        ),
        "kept new",
    )
    for target in ("https://ecpat.org/", "mailto:a@b.example", "tel:116111", "#anchor", "HTTP://A.EXAMPLE"):
        yield (f"link-{target[:6]}", lambda target=target: related("hyperlink", target), "Safety policy")
    for code in ("PAGE", 'TOC \\o "1-3" \\h \\z \\u', 'HYPERLINK "https://ecpat.org/"', 'HYPERLINK \\l "place"', "REF place \\h",
                 "MACROBUTTON NoMacro [Name]", 'DATE \\@ "d.M.yyyy"', 'ADDIN ZOTERO_ITEM {"title":"DDE"}'):  # fmt: skip
        yield f"field-{code[:12]}", lambda code=code: field(code.replace('"', "&quot;")), ""
    yield "streamed", streamed, "Safety policy"
    yield "stored", lambda: zipped(word_files(), 0), "Safety policy"
    yield "as-word-writes", as_word_writes, "Safety policy"
    yield (
        "many-like-paragraphs",
        lambda: bare_docx("".join(f"<w:p><w:r><w:t>Rule {number}: be kind.</w:t></w:r></w:p>" for number in range(30_000))),
        "Rule 9999: be kind.",
    )
    yield (
        "utf-16",
        lambda: zipped(word_files() | {"word/document.xml": document(f"<w:p><w:r><w:t>{POLICY}</w:t></w:r></w:p>").decode().replace("UTF-8", "UTF-16").encode("utf-16")}),
        POLICY,
    )


def rich() -> bytes:
    written = docx.Document()
    written.core_properties.author = "Head of school"
    written.add_heading(POLICY, 0)
    for kind in ("JPEG", "PNG", "GIF", "BMP", "TIFF"):
        written.add_picture(BytesIO(photo(kind)))
    table = written.add_table(2, 2)
    table.cell(0, 0).text, table.cell(1, 1).text = "Duty", "Person"
    paragraph = written.add_paragraph("See ")
    linked = OxmlElement("w:hyperlink")
    linked.set(qn("r:id"), paragraph.part.relate_to("https://ecpat.org/", f"{R}/hyperlink", is_external=True))
    paragraph._p.append(linked)
    written.add_comment(paragraph.runs, text="Is this right?", author="Deputy", initials="D")
    written.sections[0].header.paragraphs[0].text = "School 5"
    out = BytesIO()
    written.save(out)
    return out.getvalue()


class _NoSeek(BytesIO):
    """A stream to which one can only write on, as a web server's answer."""

    def seekable(self) -> bool:
        return False

    def tell(self) -> int:
        raise OSError

    def seek(self, *_: int) -> int:
        raise OSError


def streamed() -> bytes:
    """Write the sizes after the data, as programs do that write straight into the network."""
    import zipfile

    out = _NoSeek()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in word_files().items():
            package.writestr(name, data)
    return out.getvalue()


def as_word_writes() -> bytes:
    """Write the parts that Word adds around the text."""
    kinds = "".join(
        f'<Override PartName="/{name}" ContentType="{kind}"/>'
        for name, kind in {
            "word/settings.xml": f"{WORD}.settings+xml", "word/glossary/document.xml": f"{WORD}.document.glossary+xml",
            "customXml/itemProps1.xml": "application/vnd.openxmlformats-officedocument.customXmlProperties+xml",
            "docProps/app.xml": "application/vnd.openxmlformats-officedocument.extended-properties+xml",
            "docMetadata/LabelInfo.xml": "application/vnd.ms-office.classificationlabels+xml",
            "word/media/drawing.svg": "image/svg+xml", "word/fonts/font1.odttf": "application/vnd.openxmlformats-officedocument.obfuscatedFont",
        }.items()
    )  # fmt: skip
    settings = f'<w:settings xmlns:w="{W}"><w:zoom w:percent="100"/><w:proofState w:spelling="clean"/></w:settings>'
    return zipped(word_files() | {
        "[Content_Types].xml": types(more=kinds),
        "word/settings.xml": settings.encode(), "word/glossary/document.xml": document(),
        "customXml/item1.xml": b'<b:Sources xmlns:b="urn:b"><b:object src="a"/></b:Sources>',
        "customXml/itemProps1.xml": b'<ds:datastoreItem xmlns:ds="urn:ds"><ds:schemaRefs/></ds:datastoreItem>',
        "docProps/app.xml": b"<Properties><Template>Normal.dotm</Template><HyperlinkBase/></Properties>",
        "docMetadata/LabelInfo.xml": b"<labelList/>",
        "word/media/drawing.svg": b'<svg xmlns="http://www.w3.org/2000/svg"><rect fill="url(#a)"/><use href="#b"/></svg>',
        "word/fonts/font1.odttf": bytes(range(1, 99)),
        "word/_rels/document.xml.rels": relationships(("settings", "settings.xml", "Internal"), ("customXml", "../customXml/item1.xml", "Internal")),
    })  # fmt: skip


def open_documents() -> Iterator[tuple[str, Make, str]]:
    yield "bare", odt, "Safety policy"
    yield "as-libreoffice-writes", as_libreoffice_writes, f"{POLICY}\nA  B\tC"
    yield ("no-scripts", lambda: odt(f"<text:h>{POLICY}</text:h><text:p>a</text:p>", before=""), f"{POLICY}\na")
    yield ("table", lambda: odt("<table:table><table:table-row><table:table-cell><text:p>Duty</text:p></table:table-cell></table:table-row></table:table>"), "Duty")
    for target in ("https://ecpat.org/", "mailto:a@b.example", "tel:116111", "#place"):
        yield (f"link-{target[:6]}", lambda target=target: odt(f"<text:p><text:a xlink:href='{target}'>here</text:a></text:p>"), "here")


def as_libreoffice_writes() -> bytes:
    body = (
        f"<text:tracked-changes><text:changed-region><text:deletion><text:p>lost</text:p></text:deletion></text:changed-region></text:tracked-changes>"
        f"<text:sequence-decls/><text:h>{POLICY}</text:h><text:p>A<text:s text:c='2'/>B<text:tab/>C</text:p>"
        "<text:p><draw:frame><draw:image xlink:href='Pictures/1.png'/></draw:frame><office:annotation><dc:creator>D</dc:creator>"
        "<text:p>beside</text:p></office:annotation></text:p>"
    )
    folders = {f"Configurations2/{name}/": b"" for name in ("toolbar", "menubar", "accelerator")}
    entries = "".join(f"<manifest:file-entry manifest:full-path='{name}' manifest:media-type=''/>" for name in folders)
    return zipped(
        {"mimetype": ODT.encode()} | folders | open_files(body) | {
            "Configurations2/accelerator/current.xml": b"", "Pictures/1.png": PNG, "Pictures/2.jpg": photo("JPEG"),
            "Thumbnails/thumbnail.png": PNG, "layout-cache": b"\1\2\3", "manifest.rdf": b"<rdf/>", "settings.xml": b"<settings/>",
            "meta.xml": f"<office:document-meta {SPACES}><meta:initial-creator>Head</meta:initial-creator></office:document-meta>".encode(),
            "Fonts/a.ttf": b"\0\1\0\0" + bytes(50), "META-INF/manifest.xml": manifest(more=entries),
            "META-INF/documentsignatures.xml": b"<document-signatures/>",
        }
    )  # fmt: skip
