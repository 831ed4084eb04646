"""Packages whose zip or whose XML is a trap, each with the one reason for which it must be refused."""

# fmt: off
import zipfile
from collections.abc import Callable, Iterator
from io import BytesIO

from cissapp.foundation.intake.reasons import RejectionReason
from tests.foundation.intake.packages import (
    Entry,
    by_hand,
    document,
    docx,
    relationships,
    types,
    word_files,
    zipped,
)

Make = Callable[[], bytes]
XXE = '<!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
LAUGHS = "<!DOCTYPE a [" + '<!ENTITY a0 "ha">' + "".join(
    f'<!ENTITY a{n + 1} "{f"&a{n};" * 10}">' for n in range(9)
) + "]>"  # fmt: skip

def cases() -> Iterator[tuple[str, Make, RejectionReason]]:
    yield from zip_tricks()
    yield from xml_tricks()


def zip_tricks() -> Iterator[tuple[str, Make, RejectionReason]]:
    bad_name, lies, junk = RejectionReason.ZIP_MEMBER_NAME, RejectionReason.ZIP_LIES, RejectionReason.ZIP_JUNK
    for name in ("../a.xml", "/a.xml", "word\\a.xml", "C:a.xml", "word/../a.xml", "word/./a.xml", "word//a.xml", "a\x01.xml",
                 "a\u202e.xml", "%2e%2e/a.xml", "a.xml ", "a.", "x" * 300 + ".xml"):  # fmt: skip
        yield f"name-{name[:12]!r}", lambda name=name: docx(more={name: b"<a/>"}), bad_name
    yield "name-nul", lambda: by_hand([Entry(b"a\0.xml", b"<a/>")]), bad_name
    yield "name-no-text", lambda: by_hand([Entry(b"\xff\xfe.xml", b"<a/>")]), bad_name
    yield "twice", lambda: by_hand([Entry(b"word/document.xml", document())]), RejectionReason.ZIP_TWICE
    yield ("twice-in-capitals", lambda: docx(more={"WORD/Document.xml": document()}), RejectionReason.ZIP_TWICE)
    yield "file-and-folder", lambda: docx(more={"word": b"<a/>"}), RejectionReason.ZIP_TWICE
    yield ("symlink", lambda: by_hand([Entry(b"word/a.xml", b"/etc/passwd", mode=0o120777)]), RejectionReason.ZIP_SPECIAL)
    yield "device", lambda: by_hand([Entry(b"word/a.xml", b"", mode=0o020666)]), RejectionReason.ZIP_SPECIAL
    yield "locked", lambda: by_hand([Entry(b"word/a.xml", b"<a/>", flags=1)]), RejectionReason.ZIP_LOCKED
    yield ("strongly-locked", lambda: by_hand([Entry(b"word/a.xml", b"<a/>", flags=0x41)]), RejectionReason.ZIP_LOCKED)
    for name, method in {"bzip2": zipfile.ZIP_BZIP2, "lzma": zipfile.ZIP_LZMA}.items():
        yield (f"packed-{name}", lambda method=method: zipped(word_files(), method), RejectionReason.ZIP_METHOD)
    yield ("packed-99", lambda: by_hand([Entry(b"word/a.xml", b"<a/>", method=99)]), RejectionReason.ZIP_METHOD)
    yield ("other-method-inside", lambda: by_hand([Entry(b"word/a.xml", b"<a/>", local_method=8)]), lies)
    yield ("other-name-inside", lambda: by_hand([Entry(b"word/a.xml", b"<a/>", local_name=b"word/b.xml")]), lies)
    yield "other-size-inside", lambda: by_hand([Entry(b"word/a.xml", b"<a/>", local_size=9)]), lies
    yield "other-sum-inside", lambda: by_hand([Entry(b"word/a.xml", b"<a/>", local_crc=9)]), lies
    yield "wrong-size", lambda: by_hand([Entry(b"word/a.xml", b"<a/>", size=9)]), lies
    yield "wrong-sum", lambda: by_hand([Entry(b"word/a.xml", b"<a/>", crc=9)]), RejectionReason.ZIP_DAMAGED
    yield "overlap", lambda: by_hand([Entry(b"word/a.xml", b"<a/>", at=0)]), lies
    yield "before", lambda: b"PK\x03\x04junk" + docx(), junk
    yield "before-counted", lambda: by_hand([], before=b"PK\x03\x04 junk that no list names"), junk
    yield "picture-before", lambda: b"GIF89a" + docx(), RejectionReason.PICTURE
    yield ("between", lambda: by_hand([], gap=b"junk that no list names, long enough to hide in"), junk)
    yield "after", lambda: docx() + b"junk", junk
    yield "comment", with_comment, junk
    yield "cut-off", lambda: docx()[:-40], RejectionReason.ZIP_DAMAGED
    yield "flipped", lambda: flipped(docx()), RejectionReason.ZIP_DAMAGED
    yield ("many-members", lambda: docx(more={f"word/{number}.xml": b"<a/>" for number in range(2_001)}), RejectionReason.TOO_MANY_PARTS)
    yield "bomb", lambda: docx(more={"word/a.xml": bytes(300_000_000)}), RejectionReason.UNPACKS_HUGE
    yield "small-bomb", lambda: docx(more={"word/a.xml": bytes(9_000_000)}), RejectionReason.UNPACKS_HUGE
    yield ("many-bombs", lambda: docx(more={f"word/{number}.xml": b"<a>" + b" " * 990_000 + b"</a>" for number in range(60)}), RejectionReason.UNPACKS_HUGE)
    yield "bomb-that-lies", lambda: lying_bomb(), lies
    yield "zip-in-zip", lambda: docx(more={"word/a.zip": docx()}), RejectionReason.EMBEDDED
    yield "empty-zip", lambda: zipped({}), RejectionReason.ARCHIVE
    yield "just-a-zip", lambda: zipped({"policy.txt": b"policy"}), RejectionReason.ARCHIVE


def with_comment() -> bytes:
    out = BytesIO(docx())
    with zipfile.ZipFile(out, "a") as package:
        package.comment = b"<script>alert(1)</script>"
    return out.getvalue()


def flipped(data: bytes) -> bytes:
    at = data.index(b"word/document.xml") + 60
    return data[:at] + bytes([data[at] ^ 0xFF]) + data[at + 1 :]


def lying_bomb() -> bytes:
    """Make a bomb whose headers, both of them, say that it is small."""
    data = docx(more={"word/a.xml": bytes(900_000)})
    return data.replace((900_000).to_bytes(4, "little"), (9_000).to_bytes(4, "little"))


def xml_tricks() -> Iterator[tuple[str, Make, RejectionReason]]:
    dtd, damaged, letters = RejectionReason.DTD, RejectionReason.XML_DAMAGED, RejectionReason.XML_ENCODING
    yield "xxe", lambda: docx(head=XXE), dtd
    yield "laughs", lambda: docx(head=LAUGHS), dtd
    yield "dtd-empty", lambda: docx(head="<!DOCTYPE w>"), dtd
    yield "dtd-outside", lambda: docx(head='<!DOCTYPE w SYSTEM "http://127.0.0.1:9/a.dtd">'), dtd
    yield ("parameter-entity", lambda: docx(head='<!DOCTYPE w [<!ENTITY % a SYSTEM "http://127.0.0.1:9/"> %a;]>'), dtd)
    yield ("xxe-in-properties", lambda: docx(more={"docProps/core.xml": (XXE + "<a>&x;</a>").encode()}), dtd)
    yield ("xxe-in-data", lambda: docx(more={"customXml/item1.xml": (XXE + "<a>&x;</a>").encode()}), dtd)
    yield ("xxe-in-types", lambda: zipped(word_files() | {"[Content_Types].xml": types().replace(b"<Types", XXE.encode() + b"<Types")}), dtd)
    yield ("xxe-in-relationships", lambda: docx(more={"word/_rels/document.xml.rels": relationships().replace(b"<Rel", XXE.encode() + b"<Rel", 1)}), dtd)
    yield ("xxe-utf-16", lambda: docx(more={"word/a.xml": ('<?xml version="1.0" encoding="UTF-16"?>' + XXE + "<a>&x;</a>").encode("utf-16")}), dtd)
    yield ("xxe-utf-7", lambda: docx(more={"word/a.xml": b'<?xml version="1.0" encoding="UTF-7"?>+ADwAIQ-DOCTYPE a+AD4-<a/>'}), letters)
    yield "utf-32", lambda: docx(more={"word/a.xml": "<a/>".encode("utf-32")}), letters
    yield ("latin", lambda: docx(more={"word/a.xml": b'<?xml version="1.0" encoding="ISO-8859-1"?><a/>'}), letters)
    yield "not-closed", lambda: docx(more={"word/a.xml": b"<a>"}), damaged
    yield "no-xml", lambda: docx(more={"word/a.xml": b"no XML"}), damaged
    yield "empty-xml", lambda: docx(more={"word/a.xml": b""}), damaged
    yield ("stylesheet", lambda: docx(head='<?xml-stylesheet href="https://example.org/a.xsl" type="text/xsl"?>'), RejectionReason.STYLESHEET)
    yield ("deep", lambda: docx(more={"word/a.xml": b"<a>" * 20_000 + b"</a>" * 20_000}), RejectionReason.NESTED_TOO_DEEP)
