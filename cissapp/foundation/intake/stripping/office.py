"""A DOCX or ODT without the names of its authors, editors and commenters; the text is unchanged."""

import re
import zipfile
from collections.abc import Callable
from io import BytesIO

from cissapp.foundation.intake.office import opendocument, word
from cissapp.foundation.intake.office.package import Package
from cissapp.foundation.intake.reasons import FileFinding
from cissapp.foundation.intake.stripping import pictures

XML_ENDINGS = (".xml", ".rels", ".rdf", ".vml", ".svg")
PACKED_ALREADY = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".jp2")
THEN = (1980, 1, 1, 0, 0, 0)
HEAD = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
OFFICE = b"http://schemas.openxmlformats.org/"
EMPTY = {
    "docprops/core.xml": b'<cp:coreProperties xmlns:cp="%spackage/2006/metadata/core-properties"/>'
    % OFFICE,
    "docprops/app.xml": b'<Properties xmlns="%sofficeDocument/2006/extended-properties"/>' % OFFICE,
    "docprops/custom.xml": b'<Properties xmlns="%sofficeDocument/2006/custom-properties"/>'
    % OFFICE,
    "meta.xml": b'<office:document-meta xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" office:version="1.3"/>',
}
OF_CORE = b"core-properties"
SIGNATURES = ("_xmlsignatures/", "meta-inf/documentsignatures.xml")
SIGNATURE_TAG = re.compile(rb"_xmlsignatures/|digital-signature|documentsignatures", re.IGNORECASE)

TAG = re.compile(rb"""<[A-Za-z_](?:[^"'<>]++|"[^"<]*+"|'[^'<]*+')*+>""")
# Whitespace is matched in one go from its first character: retrying at each would take quadratic time.
RSID = re.compile(rb"""(?<!\s)\s++(?:[\w.-]+:)?rsid\w*\s*+=\s*+(?:"[^"]*"|'[^']*')""")
RSIDS = re.compile(rb"<(/?)((?:[\w.-]+:)?rsids)\b[^<>]*>")
NAMED = re.compile(
    rb"""(\s(?:[\w.-]+:)?(?:author|initials|userId|userName)\s*=\s*)(?:"[^"]*"|'[^']*')"""
)
WORTH_A_LOOK = re.compile(rb"rsid|author|initials|userId|userName")
DUBLIN_CORE = re.compile(rb"""xmlns:([\w.-]+)\s*=\s*["']http://purl\.org/dc/elements/1\.1/["']""")
CREATOR = re.compile(rb"(<([\w.-]+):creator\s*>)[^<]*")
INITIALS = re.compile(rb"(<(?:[\w.-]+:)?(?:creator|sender)-initials\s*>)[^<]*")
PRINTER = re.compile(rb"""\bname\s*+=\s*+["'](?:Printer(?:Name|Setup)|Rsid(?:Root)?)["']""")
DECLARED = re.compile(r"""(<\?xml[^<>]*encoding\s*+=\s*+["'])[^"']+""")


def stripped(content: bytes) -> tuple[bytes, set[FileFinding]]:
    """Repack an accepted document without names; return it with an empty set of findings."""
    package = Package(content)
    files = package.files
    is_word = word.TYPES in files
    strip: Callable[[bytes], bytes] = _word if is_word else _opendocument
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as into:
        for member in package.members:
            lower = member.name.lower()
            if lower.startswith(SIGNATURES) or member.name.endswith("/"):
                continue
            _write(into, member.name, _bare(lower, files[member.name], strip))
    return out.getvalue(), set()


def _write(into: zipfile.ZipFile, name: str, data: bytes) -> None:
    """Write a part; the first one of an ODT states its type and is not compressed."""
    info = zipfile.ZipInfo(name, THEN)
    packs = name != opendocument.MIMETYPE and not name.lower().endswith(PACKED_ALREADY)
    info.compress_type = zipfile.ZIP_DEFLATED if packs else zipfile.ZIP_STORED
    into.writestr(info, data)


def _bare(lower: str, data: bytes, strip: Callable[[bytes], bytes]) -> bytes:
    if lower in EMPTY:
        return HEAD + EMPTY[lower]
    if not lower.endswith(XML_ENDINGS) and not data.startswith((b"<?xml", b"\xef\xbb\xbf<?xml")):
        return pictures.stripped(data)
    plain = _in_utf8(data)
    if OF_CORE in plain[:1_000] and b"coreProperties" in plain[:1_000]:
        return HEAD + EMPTY["docprops/core.xml"]
    return strip(plain)


def _in_utf8(data: bytes) -> bytes:
    if not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data
    return DECLARED.sub(r"\g<1>UTF-8", data.decode("utf-16"), count=1).encode()


def _word(data: bytes) -> bytes:
    return TAG.sub(_tag_of_word, _without_rsids(data))


def _without_rsids(data: bytes) -> bytes:
    """Remove the lists of editing-session numbers, in one pass over their tags."""
    opened: dict[bytes, int] = {}
    kept: list[bytes] = []
    at = 0
    for tag in RSIDS.finditer(data):
        if not tag[1] and not tag[0].endswith(b"/>"):
            opened.setdefault(tag[2], tag.start())
        elif tag[1] and tag[2] in opened:
            kept.append(data[at : opened.pop(tag[2])])
            at = tag.end()
    return b"".join([*kept, data[at:]])


def _tag_of_word(found: re.Match[bytes]) -> bytes:
    tag = found[0]
    if SIGNATURE_TAG.search(tag) and tag.endswith(b"/>"):
        return b""
    if not WORTH_A_LOOK.search(tag):
        return tag
    return NAMED.sub(rb'\1"Author"', RSID.sub(b"", tag))


def _opendocument(data: bytes) -> bytes:
    """Empty the names of commenters and editors, and the printer details."""
    prefixes = set(DUBLIN_CORE.findall(data))
    data = CREATOR.sub(lambda found: found[1] if found[2] in prefixes else found[0], data)
    data = TAG.sub(_tag_of_opendocument, data) if SIGNATURE_TAG.search(data) else data
    return b"<".join(_without_printer(piece) for piece in INITIALS.sub(rb"\1", data).split(b"<"))


def _without_printer(piece: bytes) -> bytes:
    """Empty the contents of a printer tag; a piece extends from one tag to the next."""
    named = PRINTER.search(piece)
    end = piece.find(b">", named.end()) if named else -1
    return piece if end < 0 else piece[: end + 1]


def _tag_of_opendocument(found: re.Match[bytes]) -> bytes:
    tag = found[0]
    return b"" if b"documentsignatures" in tag and tag.endswith(b"/>") else tag
