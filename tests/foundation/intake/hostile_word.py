"""Hostile DOCX files, each with the one reason for which it must be refused."""

# fmt: off
from collections.abc import Callable, Iterator

from cissapp.foundation.intake.kinds import EICAR
from cissapp.foundation.intake.reasons import RejectionReason
from tests.foundation.intake.packages import (
    OLE,
    PNG,
    PROGRAM,
    WORD,
    begin,
    document,
    docx,
    end,
    field,
    open_files,
    piece,
    related,
    relationships,
    types,
    word_files,
    zipped,
)

Make = Callable[[], bytes]


def cases() -> Iterator[tuple[str, Make, RejectionReason]]:
    yield from word_active()
    yield from word_outside()
    yield from word_odd()


def kind_of_part(name: str, kind: str) -> str:
    return f'<Override PartName="/{name}" ContentType="{kind}"/>'


def main_kind(kind: str) -> bytes:
    return zipped(word_files() | {"[Content_Types].xml": types(kind)})


def word_active() -> Iterator[tuple[str, Make, RejectionReason]]:
    macro = RejectionReason.MACRO
    yield ("macro", lambda: docx(more={"word/vbaProject.bin": OLE}, kinds=kind_of_part("word/vbaProject.bin", "application/vnd.ms-office.vbaProject")), macro)
    yield ("macro-renamed", lambda: docx(more={"word/data.bin": OLE}, kinds=kind_of_part("word/data.bin", "application/vnd.ms-office.vbaProject")), macro)
    yield "macro-relationship", lambda: related("vbaProject", "x.xml", "Internal"), macro
    yield ("macro-type", lambda: main_kind("application/vnd.ms-word.document.macroEnabled.main+xml"), macro)
    yield ("macro-template", lambda: main_kind("application/vnd.ms-word.template.macroEnabledTemplate.main+xml"), macro)
    yield "template", lambda: main_kind(f"{WORD}.template.main+xml"), RejectionReason.TEMPLATE
    yield (
        "object",
        lambda: docx(
            more={"word/embeddings/oleObject1.bin": OLE}, kinds=kind_of_part("word/embeddings/oleObject1.bin", "application/vnd.openxmlformats-officedocument.oleObject")
        ),
        RejectionReason.EMBEDDED,
    )
    yield "object-renamed", lambda: docx(more={"word/media/a.png": OLE}), RejectionReason.EMBEDDED
    yield "object-element", lambda: docx("<w:p><w:r><w:object/></w:r></w:p>"), RejectionReason.EMBEDDED
    yield ("object-other-prefix", lambda: docx('<o:OLEObject Type="Link" ProgID="Word.Document"/>'), RejectionReason.EMBEDDED)
    yield ("workbook", lambda: docx(more={"word/embeddings/book.xlsx": zipped({"a": b"b"})}), RejectionReason.EMBEDDED)
    yield (
        "chunk-html",
        lambda: docx('<w:altChunk r:id="rId1"/>', more={"word/chunk.htm": b"<html/>"}, kinds=kind_of_part("word/chunk.htm", "text/html")),
        RejectionReason.EMBEDDED,
    )
    yield "chunk-relationship", lambda: related("aFChunk", "chunk.xml", "Internal"), RejectionReason.EMBEDDED
    yield "activex", lambda: docx(more={"word/activeX/activeX1.xml": b"<a/>"}), RejectionReason.ACTIVEX
    yield ("activex-element", lambda: docx('<w:p><w:r><w:control r:id="rId1"/></w:r></w:p>'), RejectionReason.ACTIVEX)
    yield ("activex-type", lambda: docx(more={"word/a.xml": b"<a/>"}, kinds=kind_of_part("word/a.xml", "application/vnd.ms-office.activeX+xml")), RejectionReason.ACTIVEX)
    yield ("own-buttons", lambda: docx(more={"customUI/customUI14.xml": b"<customUI/>"}), RejectionReason.ADD_IN)
    yield "own-buttons-renamed", lambda: docx(more={"word/a.xml": b"<customUI/>"}), RejectionReason.ADD_IN
    yield ("add-in", lambda: docx(more={"word/a.xml": b"<a/>"}, kinds=kind_of_part("word/a.xml", "application/vnd.ms-office.webextension+xml")), RejectionReason.ADD_IN)
    yield ("web-film", lambda: docx('<w:p><x:webVideoPr embeddedHtml="&lt;iframe/&gt;"/></w:p>'), RejectionReason.FILM)
    yield "film", lambda: docx(more={"word/media/a.png": b"\0\0\0\x18ftypmp42"}), RejectionReason.FILM
    yield "program-as-picture", lambda: docx(more={"word/media/a.png": PROGRAM}), RejectionReason.EMBEDDED
    yield "eicar", lambda: docx(more={"word/media/a.png": EICAR}), RejectionReason.VIRUS
    yield "program", lambda: docx(more={"word/a.exe": PROGRAM}), RejectionReason.EMBEDDED
    yield "unknown-part", lambda: docx(more={"word/a.dat": b"some data"}), RejectionReason.FOREIGN_PART
    yield "no-picture", lambda: docx(more={"word/media/a.png": b"no picture"}), RejectionReason.FOREIGN_PART
    yield ("java", lambda: docx(more={"META-INF/MANIFEST.MF": b"Manifest-Version: 1.0"}), RejectionReason.FOREIGN_PART)
    yield "svg-script", lambda: svg("<script>alert(1)</script>"), RejectionReason.SCRIPT
    yield "svg-handler", lambda: svg('<g onload="alert(1)"/>'), RejectionReason.SCRIPT
    yield ("svg-outside", lambda: svg('<image href="https://example.org/a.png"/>'), RejectionReason.OUTSIDE_CONTENT)
    yield ("svg-style", lambda: svg("<style>@import 'https://example.org/a.css';</style>"), RejectionReason.OUTSIDE_CONTENT)
    yield "field-in-data-part", lambda: docx(more={"customXml/item1.xml": document(f"<w:p>{begin()}{piece('DDEAUTO a')}{end()}</w:p>")}), RejectionReason.FIELD
    yield "field-in-properties", lambda: docx(more={"docProps/app.xml": document(f"<w:p>{begin()}{piece('DDEAUTO a')}{end()}</w:p>")}), RejectionReason.FIELD
    yield "field-in-relationships", lambda: docx(more={"word/a.rels": document(f"<w:p>{begin()}{piece('DDEAUTO a')}{end()}</w:p>")}), RejectionReason.FIELD
    yield "field-in-picture", lambda: docx(
        more={"word/a.svg": document(f"<w:p>{begin()}{piece('DDEAUTO a')}{end()}</w:p>")}, kinds=kind_of_part("word/a.svg", "image/svg+xml")
    ), RejectionReason.FIELD


def svg(inner: str) -> bytes:
    data = f'<svg xmlns="http://www.w3.org/2000/svg">{inner}</svg>'.encode()
    return docx(more={"word/media/a.svg": data}, kinds=kind_of_part("word/media/a.svg", "image/svg+xml"))


def word_outside() -> Iterator[tuple[str, Make, RejectionReason]]:
    out, fields = RejectionReason.OUTSIDE_CONTENT, RejectionReason.FIELD
    for name, target in {
        "script": "javascript:alert(1)", "file": "file:///C:/a.exe", "share": "\\\\host\\share\\a", "smb": "smb://host/a",
        "msdt": "ms-msdt:/id PCWDiagnostic", "search": "search-ms:query=a", "relative": "..\\a.docm", "no-scheme": "//host/a",
        "office": "ms-word:ofe|u|http://host/a.docm", "data": "data:text/html,a", "vbs": "vbscript:a", "dav": "webdav://host/a",
    }.items():  # fmt: skip
        yield f"link-{name}", lambda target=target: related("hyperlink", target), RejectionReason.LINK
    yield "picture-web", lambda: related("image", "https://example.org/a.png"), out
    yield "picture-share", lambda: related("image", "\\\\host\\a.png"), out
    yield "picture-file", lambda: related("image", "file:///c:/a.png"), out
    yield ("mode-in-other-letters", lambda: related("image", "https://example.org/a.png", "eXternal"), out)
    yield ("inside-but-address", lambda: related("image", "https://example.org/a.png", "Internal"), out)
    yield "inside-but-above", lambda: related("image", "../../a.png", "Internal"), out
    yield ("font", lambda: docx(more={"word/_rels/fontTable.xml.rels": relationships(("font", "http://host/a.odttf", "External"))}), out)
    yield "object-outside", lambda: related("oleObject", "https://example.org/a.html!"), RejectionReason.EMBEDDED
    for name, target in {"web": "https://example.org/a.dotm", "share": "\\\\host\\a.dotm", "file": "file:///c:/a.dotm"}.items():
        yield (
            f"template-{name}",
            lambda target=target: docx(more={"word/_rels/settings.xml.rels": relationships(("attachedTemplate", target, "External"))}),
            RejectionReason.OUTSIDE_TEMPLATE,
        )
    yield ("template-element", lambda: docx('<w:attachedTemplate r:id="rId1"/>'), RejectionReason.OUTSIDE_TEMPLATE)
    yield "part-document", lambda: related("subDocument", "a.docx"), out
    yield "frame", lambda: related("frame", "https://example.org/"), out
    yield "stylesheet-on-saving", lambda: related("transform", "https://example.org/a.xsl"), out
    yield ("serial-letter", lambda: related("mailMergeSource", "file:///c:/a.csv"), RejectionReason.DATA_SOURCE)
    yield "serial-letter-element", lambda: docx("<w:mailMerge/>"), RejectionReason.DATA_SOURCE
    yield ("drawing-outside", lambda: docx('<w:p><v:imagedata src="https://example.org/a.png"/></w:p>'), out)
    yield "drawing-share", lambda: docx('<w:p><v:fill src="\\\\host\\a.png"/></w:p>'), out
    yield ("drawing-link", lambda: docx('<w:p><v:shape href="javascript:alert(1)"/></w:p>'), RejectionReason.LINK)
    yield ("base-of-links", lambda: docx(more={"docProps/app.xml": b"<P><HyperlinkBase>\\\\host\\a</HyperlinkBase></P>"}), RejectionReason.LINK)
    yield "dde", lambda: field('DDE "cmd" "/c calc"'), fields
    yield ("ddeauto", lambda: field(' ddeauto c:\\\\Windows\\\\System32\\\\cmd.exe "/k calc.exe"'), fields)
    yield ("ddeauto-in-pieces", lambda: docx(f"<w:p>{begin()}{piece('DD')}</w:p><w:p>{piece('EAU')}{piece('TO cmd')}{end()}</w:p>"), fields)
    yield "ddeauto-simple", lambda: docx('<w:p><w:fldSimple w:instr="DDEAUTO cmd"/></w:p>'), fields
    yield ("ddeauto-within", lambda: docx(f"<w:p>{begin()}{piece('IF 1=1 ')}{begin()}{piece('DDEAUTO a')}{end()}{end()}</w:p>"), fields)
    yield ("dde-spelled", lambda: docx(f"<w:p>{begin()}{begin()}{piece('QUOTE 68 68 69 65 85 84 79')}{end()}{piece(' cmd')}{end()}</w:p>"), fields)
    yield "ddeauto-open", lambda: docx(f"<w:p>{begin()}{piece('DDEAUTO cmd')}</w:p>"), fields
    yield "ddeauto-loose", lambda: docx(f"<w:p>{piece('DDEAUTO cmd')}</w:p>"), fields
    yield ("ddeauto-in-header", lambda: docx(more={"word/header1.xml": document(f"<w:p>{begin()}{piece('DDEAUTO a')}{end()}</w:p>")}), fields)
    yield "ddeauto-invisible", lambda: field("DD\u200bEAUTO cmd"), fields
    for code in ("INCLUDEPICTURE https://example.org/a.png", 'INCLUDETEXT "\\\\\\\\host\\\\a"', "LINK Excel.Sheet a.xls", "IMPORT a", "EMBED a",
                 "DATABASE a", "RD a.docx", "PRINT 27", "MACROBUTTON AutoRun click"):  # fmt: skip
        yield f"field-{code.split()[0].lower()}", lambda code=code: field(code), fields
    yield "field-link-target", lambda: field('HYPERLINK "file:///c:/a.exe"'), RejectionReason.LINK
    yield ("field-link-after-switch", lambda: field('HYPERLINK \\o "tip" "javascript:a"'), RejectionReason.LINK)


def word_odd() -> Iterator[tuple[str, Make, RejectionReason]]:
    damaged = RejectionReason.ZIP_DAMAGED
    yield ("no-types", lambda: zipped({name: data for name, data in word_files().items() if name[0] != "["}), RejectionReason.ARCHIVE)
    yield ("no-relationships", lambda: zipped({name: data for name, data in word_files().items() if "rels" not in name}), damaged)
    yield ("no-document", lambda: zipped({name: data for name, data in word_files().items() if "document" not in name}), damaged)
    yield (
        "two-documents",
        lambda: docx(more={"_rels/.rels": relationships(("officeDocument", "word/document.xml", "Internal"), ("officeDocument", "word/other.xml", "Internal"))}),
        damaged,
    )
    yield ("two-types", lambda: docx(kinds=kind_of_part("word/document.xml", "application/xml")), RejectionReason.ZIP_LIES)
    yield ("spreadsheet", lambda: main_kind("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"), RejectionReason.SPREADSHEET)
    yield ("presentation", lambda: main_kind("application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"), RejectionReason.PRESENTATION)
    yield "both", lambda: zipped(open_files() | word_files()), RejectionReason.TWO_KINDS
    yield ("huge-picture", lambda: docx(more={"word/media/a.png": PNG[:16] + b"\0\0\xff\xff" * 2 + PNG[24:]}), RejectionReason.HUGE_PICTURE)
    yield ("huge-gif", lambda: docx(more={"word/media/a.png": b"GIF89a\xff\xff\xff\xff\0\0\0"}), RejectionReason.HUGE_PICTURE)
