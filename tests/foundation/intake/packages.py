"""Makes DOCX and ODT files for the tests: whole ones, and ones with something added, changed or broken."""

import struct
import zipfile
import zlib
from io import BytesIO

PNG = (
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89\0\0\0\nIDATx\x9cc\0\x01\0\0\x05\0\x01\r\n-\xb4"
    b"\0\0\0\0IEND\xaeB`\x82"
)
PROGRAM = b"MZ" + bytes(200)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
Files = dict[str, bytes]


def zipped(
    files: Files, method: int = zipfile.ZIP_DEFLATED, stored: tuple[str, ...] = ("mimetype",)
) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", method) as package:
        for name, data in files.items():
            kind = zipfile.ZIP_STORED if name in stored else method
            package.writestr(zipfile.ZipInfo(name, (2026, 9, 1, 0, 0, 0)), data, kind)
    return out.getvalue()


def relationships(*rows: tuple[str, str, str]) -> bytes:
    """Write relationships: kind, target, mode."""
    inner = "".join(
        f'<Relationship Id="rId{number}" Type="{R}/{kind}" Target="{target}" TargetMode="{mode}"/>'
        for number, (kind, target, mode) in enumerate(rows, 1)
    )
    space = "http://schemas.openxmlformats.org/package/2006/relationships"
    return f'<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="{space}">{inner}</Relationships>'.encode()


def types(main: str = f"{WORD}.document.main+xml", more: str = "") -> bytes:
    space = "http://schemas.openxmlformats.org/package/2006/content-types"
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><Types xmlns="{space}">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/><Default Extension="png" ContentType="image/png"/>'
        f'<Override PartName="/word/document.xml" ContentType="{main}"/>{more}</Types>'
    ).encode()


def document(body: str = "<w:p><w:r><w:t>Safety policy</w:t></w:r></w:p>", head: str = "") -> bytes:
    names = f'xmlns:w="{W}" xmlns:r="{R}" xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:o" xmlns:x="urn:x"'
    return f'<?xml version="1.0" encoding="UTF-8"?>{head}<w:document {names}><w:body>{body}</w:body></w:document>'.encode()


def word_files(body: str | None = None, head: str = "", **more: str | bytes) -> Files:
    return {
        "[Content_Types].xml": types(),
        "_rels/.rels": relationships(("officeDocument", "word/document.xml", "Internal")),
        "word/document.xml": document(head=head) if body is None else document(body, head),
    }


def docx(
    body: str | None = None, more: Files | None = None, kinds: str = "", head: str = ""
) -> bytes:
    files = word_files(body, head)
    if kinds:
        files["[Content_Types].xml"] = types(more=kinds)
    return zipped(files | (more or {}))


def related(kind: str, target: str, mode: str = "External") -> bytes:
    """Make a DOCX with one relationship."""
    return docx(more={"word/_rels/document.xml.rels": relationships((kind, target, mode))})


def field(code: str) -> bytes:
    """Make a DOCX with a field, its code in one piece."""
    return docx(f"<w:p>{begin()}{piece(code)}{end()}</w:p>")


def begin() -> str:
    return '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'


def piece(code: str) -> str:
    return f"<w:r><w:instrText>{code}</w:instrText></w:r>"


def end() -> str:
    return '<w:r><w:fldChar w:fldCharType="end"/></w:r>'


ODF = "urn:oasis:names:tc:opendocument:xmlns"
ODT = "application/vnd.oasis.opendocument.text"
SPACES = (
    f'xmlns:office="{ODF}:office:1.0" xmlns:text="{ODF}:text:1.0" xmlns:draw="{ODF}:drawing:1.0" xmlns:script="{ODF}:script:1.0" '
    f'xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:meta="{ODF}:meta:1.0" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    f'xmlns:form="{ODF}:form:1.0" xmlns:style="{ODF}:style:1.0" xmlns:table="{ODF}:table:1.0"'
)


def content(
    body: str = "<text:p>Safety policy</text:p>", before: str = "<office:scripts/>", head: str = ""
) -> bytes:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{head}<office:document-content {SPACES} office:version="1.3">{before}'
        f"<office:body><office:text>{body}</office:text></office:body></office:document-content>"
    ).encode()


def manifest(kind: str = ODT, more: str = "") -> bytes:
    space = f"{ODF}:manifest:1.0"
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><manifest:manifest xmlns:manifest="{space}">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/>{more}</manifest:manifest>'
    ).encode()


def open_files(body: str | None = None, before: str = "<office:scripts/>") -> Files:
    return {
        "mimetype": ODT.encode(),
        "content.xml": content(before=before) if body is None else content(body, before),
        "META-INF/manifest.xml": manifest(),
    }


def odt(
    body: str | None = None, more: Files | None = None, before: str = "<office:scripts/>"
) -> bytes:
    return zipped(open_files(body, before) | (more or {}))


class Entry:
    """A member written by hand, each of whose headers may lie."""

    def __init__(self, name: bytes, data: bytes, **lies: int | bytes) -> None:
        self.name, self.data, self.lies = name, data, lies

    def local(self) -> bytes:
        said = self._said()
        name = self.lies.get("local_name", self.name)
        assert isinstance(name, bytes)
        header = struct.pack(
            "<4s5H3L2H",
            b"PK\x03\x04",
            20,
            said["flags"],
            said["local_method"],
            0,
            33,
            said["local_crc"],
            len(self.data),
            said["local_size"],
            len(name),
            0,
        )
        return header + name + self.data

    def central(self, at: int) -> bytes:
        said = self._said()
        return (
            struct.pack(
                "<4s6H3L5H2L",
                b"PK\x01\x02",
                0x0314,
                20,
                said["flags"],
                said["method"],
                0,
                33,
                said["crc"],
                len(self.data),
                said["size"],
                len(self.name),
                0,
                0,
                0,
                0,
                said["mode"] << 16,
                said.get("at", at),
            )
            + self.name
        )

    def _said(self) -> dict[str, int]:
        told = {
            "flags": 0,
            "method": 0,
            "crc": zlib.crc32(self.data),
            "size": len(self.data),
            "mode": 0o100644,
        }
        told |= {key: value for key, value in self.lies.items() if isinstance(value, int)}
        local = {f"local_{key}": told[key] for key in ("method", "crc", "size")}
        return local | told


def by_hand(
    extra: list[Entry],
    files: Files | None = None,
    *,
    before: bytes = b"",
    after: bytes = b"",
    gap: bytes = b"",
) -> bytes:
    """Write a zip by hand: a whole DOCX, with further members that may lie."""
    entries = [Entry(name.encode(), data) for name, data in (files or word_files()).items()] + extra
    body, table = before, b""
    for entry in entries:
        table += entry.central(len(body))
        body += entry.local()
    body += gap
    end_ = struct.pack(
        "<4s4H2LH", b"PK\x05\x06", 0, 0, len(entries), len(entries), len(table), len(body), 0
    )
    return body + table + end_ + after
