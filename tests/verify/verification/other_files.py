"""Files of another kind with the marks of a certificate on them, and credentials that nobody signed."""

import base64
import json
import random
import zipfile
from io import BytesIO

import pikepdf
from msgspec.structs import replace
from pikepdf import Array, Dictionary
from PIL import Image, PngImagePlugin
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from cissapp.certify.certificates.document.facts import CertificateFacts
from cissapp.certify.certificates.rules import in_groups

NOISE = 10_000_000


def zipped(content: bytes, name: str = "certificate.pdf") -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return out.getvalue()


def picture(kind: str, **options) -> bytes:
    out = BytesIO()
    Image.new("RGB", (842, 595), "white").save(out, kind, **options)
    return out.getvalue()


def scan() -> bytes:
    """A page that is a picture."""
    out = BytesIO()
    canvas = Canvas(out, pagesize=(842, 595))
    canvas.drawImage(ImageReader(BytesIO(picture("PNG"))), 0, 0, 842, 595)
    canvas.save()
    return out.getvalue()


def baked(text: str) -> bytes:
    info = PngImagePlugin.PngInfo()
    info.add_itxt("openbadgecredential", text)
    return picture("PNG", pnginfo=info)


def carrier(content: bytes) -> bytes:
    """A file of its own that carries the genuine one as an attachment."""
    out = BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.attachments["certificate.pdf"] = content
        pdf.Root.Perms = Dictionary(Any=Array([]))
        pdf.save(out)
    return out.getvalue()


def token(header: dict[str, str], claims: dict[str, object], signature: bytes = b"x" * 64) -> bytes:
    parts = [json.dumps(header).encode(), json.dumps(claims).encode(), signature]
    return b".".join(base64.urlsafe_b64encode(one).rstrip(b"=") for one in parts)


def by_kind(genuine: bytes, known: CertificateFacts) -> dict[str, bytes]:
    """Something else altogether, with the marks of a certificate on it."""
    claims: dict[str, object] = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "id": f"{known.base_url}/credentials/{in_groups(known.code)}",
        "issuer": "did:web:ciss.example",
        "credentialSubject": {"name": known.school_name},
    }
    text = json.dumps(claims)
    svg = f'<svg xmlns="http://www.w3.org/2000/svg"><metadata>{text}</metadata></svg>'
    return {
        "an archive in an archive": zipped(zipped(genuine), "certificates.zip"),
        "as text": base64.b64encode(genuine),
        "as an attachment of another": carrier(genuine),
        "a scan": scan(),
        "a photo": picture("JPEG"),
        "a web page with another name": f"<!DOCTYPE html><p>{in_groups(known.code)} ✓ Valid</p>".encode(),
        "ten million bytes of noise": random.Random(1).randbytes(NOISE),
        "a credential without a proof": text.encode(),
        "a credential in two alphabets": text.encode("utf-16"),
        "a token that nobody signed": token({"alg": "none", "typ": "JWT"}, claims, b"x"),
        "a token of a shared secret": token({"alg": "HS256", "typ": "JWT"}, claims),
        "a token with its own key": token({"alg": "EdDSA", "jku": known.base_url}, claims),
        "a token of nothing": b"eyJ.e30.e30",
        "a badge with a credential without a proof": baked(text),
        "a badge with nothing": picture("PNG"),
        "a drawn badge without a proof": svg.encode(),
        "deep brackets": b"[" * 100_000,
        "deep names": b'{"a":' * 100_000,
        "the facts of another level": replace(known, level=3).text().encode(),
        "a wrong alphabet": b"{\xff\xfe\xfd}",
    }
