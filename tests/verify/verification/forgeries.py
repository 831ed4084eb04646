"""Files that are no certificate of ours but look like one; each must be refused."""

import re
import zipfile
import zlib
from datetime import date
from io import BytesIO

import pikepdf
from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives.serialization import Encoding
from msgspec.structs import replace
from pikepdf import Array, Stream
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko_certvalidator.registry import SimpleCertificateStore
from reportlab.pdfgen.canvas import Canvas

from cissapp.certify.certificates.document.facts import CertificateFacts
from cissapp.foundation.signing import seal
from cissapp.foundation.signing.keys import Keyring
from tests.certify.certificates.specimen import drawn, signed


def saved(content: bytes, change=lambda _pdf: None, **options) -> bytes:
    """Open, change and save a file, as an editor does."""
    out = BytesIO()
    with pikepdf.open(BytesIO(content)) as pdf:
        change(pdf)
        pdf.save(out, **options)
    return out.getvalue()


def added(content: bytes, change) -> bytes:
    """Change a file in a further revision that leaves the signed bytes where they are."""
    writer = IncrementalPdfFileWriter(BytesIO(content))
    change(writer)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def box_over_the_name(writer: IncrementalPdfFileWriter) -> None:
    page = writer.root["/Pages"]["/Kids"][0]
    box = generic.DictionaryObject(
        {
            generic.pdf_name("/Type"): generic.pdf_name("/Annot"),
            generic.pdf_name("/Subtype"): generic.pdf_name("/FreeText"),
            generic.pdf_name("/Rect"): generic.ArrayObject(
                [generic.NumberObject(number) for number in (260, 400, 800, 480)]
            ),
            generic.pdf_name("/Contents"): generic.TextStringObject("Another school"),
        }
    )
    page["/Annots"] = generic.ArrayObject([*page["/Annots"], writer.add_object(box)])
    writer.update_container(page)


def title(writer: IncrementalPdfFileWriter) -> None:
    writer.root["/Lang"] = generic.TextStringObject("en")
    writer.update_root()


def script(writer: IncrementalPdfFileWriter) -> None:
    writer.root["/OpenAction"] = generic.DictionaryObject(
        {
            generic.pdf_name("/S"): generic.pdf_name("/JavaScript"),
            generic.pdf_name("/JS"): generic.TextStringObject("app.alert(1)"),
        }
    )
    writer.update_root()


def overlay(pdf: pikepdf.Pdf) -> None:
    page = pdf.pages[0]
    page.contents_add(Stream(pdf, b"q 1 1 1 rg 250 440 540 50 re f Q"))


def another_page(pdf: pikepdf.Pdf) -> None:
    pdf.add_blank_page()


def attachment(pdf: pikepdf.Pdf) -> None:
    pdf.attachments["other.txt"] = b"another school"


def no_signature(pdf: pikepdf.Pdf) -> None:
    del pdf.Root.AcroForm, pdf.Root.Perms
    pdf.pages[0].Annots = Array([])


def transplanted(genuine: bytes, other: bytes) -> bytes:
    """Put the signature of the genuine file into another one, in the place of its own."""
    inside = re.compile(rb"/Contents <([0-9A-F]+)>")
    [mine], [theirs] = inside.findall(genuine), inside.findall(other)
    return other.replace(theirs, mine[: len(theirs)].ljust(len(theirs), b"0"))


def wrapped_in_revisions(genuine: bytes) -> bytes:
    """A hidden page in a later revision: the old one is there, whole and signed."""

    def swap(writer: IncrementalPdfFileWriter) -> None:
        page = writer.root["/Pages"]["/Kids"][0]
        page["/Contents"] = writer.add_object(
            generic.StreamObject(stream_data=b"BT /F1 12 Tf (Another school) Tj ET")
        )
        writer.update_container(page)

    return added(genuine, swap)


class Rude(PdfSigner):
    """Signs although the certificate forbids it."""

    def _enforce_certification_constraints(self, reader) -> None:
        pass


def countersigned(content: bytes, ring: Keyring) -> bytes:
    """Sign in a field of its own, with no word about changes."""
    key = ring.newest()
    certificate = asn1_x509.Certificate.load(key.certificate.public_bytes(Encoding.DER))
    signer = SimpleSigner(
        signing_cert=certificate,
        signing_key=asn1_keys.PrivateKeyInfo.load(ring.private_der(key)),
        cert_registry=SimpleCertificateStore(),
    )
    meta = PdfSignatureMetadata(field_name="Second", md_algorithm="sha256")
    writer = IncrementalPdfFileWriter(BytesIO(content))
    return Rude(meta, signer).sign_pdf(writer).getvalue()


def blank() -> bytes:
    out = BytesIO()
    canvas = Canvas(out)
    canvas.drawString(100, 700, "Certificate")
    canvas.save()
    return out.getvalue()


def zipped(content: bytes) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("certificate.pdf", content)
    return out.getvalue()


def bomb() -> bytes:
    inside = zlib.compress(b"\0" * 30_000_000)
    return (
        b"%%PDF-1.7\n1 0 obj\n<</Filter/FlateDecode/Length %d>>stream\n%b\nendstream\nendobj\n"
        % (
            len(inside),
            inside,
        )
    )


def forgeries(
    genuine: bytes, known: CertificateFacts, ours: Keyring, theirs: Keyring
) -> dict[str, bytes]:
    """Everything that a person with an editor, and one with a key of their own, can make of it."""
    middle = len(genuine) // 2
    flipped = bytearray(genuine)
    flipped[middle] ^= 1
    level = replace(known, level=3)
    name = replace(known, school_name="Another School")
    later = replace(known, valid_until_on=date(2036, 11, 25))
    contents = genuine.rindex(b"/Contents <")
    cut = bytearray(genuine)
    cut[contents + 20 : contents + 40] = b"0" * 20
    return {
        "one byte changed": bytes(flipped),
        "last byte gone": genuine[:-1],
        "half of it": genuine[:middle],
        "a line after the end": genuine + b"\n",
        "a comment after the end": genuine + b"%%EOF\n% another school\n",
        "something before the start": b"\n" + genuine,
        "twice in one file": genuine + genuine,
        "saved by an editor": saved(genuine),
        "saved without compression": saved(
            genuine, stream_decode_level=pikepdf.StreamDecodeLevel.all, compress_streams=False
        ),
        "made linear": saved(genuine, linearize=True),
        "with a password": saved(
            genuine, encryption=pikepdf.Encryption(owner="o", user="", allow=pikepdf.Permissions())
        ),
        "overlaid": saved(genuine, overlay),
        "another page": saved(genuine, another_page),
        "an attachment": saved(genuine, attachment),
        "signature taken off": saved(genuine, no_signature),
        "signature damaged": bytes(cut),
        "a text box over it": added(genuine, box_over_the_name),
        "a script added": added(genuine, script),
        "another language declared": added(genuine, title),
        "another content in a later revision": wrapped_in_revisions(genuine),
        "signature replaced by others": seal.sign(
            saved(genuine, no_signature), ring=theirs, key=theirs.newest(), reason="", place=""
        ),
        "signed again on top, by others": countersigned(genuine, theirs),
        "signed again on top, by ourselves": countersigned(genuine, ours),
        "signed by ourselves, changes allowed": countersigned(drawn(known), ours),
        "the same facts, signed by others": signed(known, theirs),
        "a higher level, signed by others": signed(level, theirs),
        "another name, signed by others": signed(name, theirs),
        "a later end, signed by others": signed(later, theirs),
        "never signed": drawn(known),
        "a higher level, never signed": drawn(level),
        "signature of the genuine one": transplanted(genuine, signed(name, theirs)),
        "byte range widened": re.sub(
            rb"/ByteRange \[0 (\d+)", lambda m: b"/ByteRange [0 " + b"9" * len(m[1]), genuine
        ),
        "another certificate's file": blank(),
        "a page that quotes the address": blank() + known.address.encode(),
        "an archive with it": zipped(genuine),
        "a web page": f"<html><a href='{known.address}'>valid</a></html>".encode(),
        "a picture": b"\x89PNG\r\n\x1a\n" + bytes(1000),
        "nothing": b"",
        "a word": b"valid",
        "only the facts": known.text().encode(),
        "only a header": b"%PDF-1.7\n",
        "a bomb": bomb(),
        "very deep": b"%PDF-1.7\n1 0 obj\n" + b"[" * 200_000 + b"]" * 200_000,
        "zeros": bytes(1_000_000),
        "dashes and marks": b"ABCD-" * 1_000_000,
    }
