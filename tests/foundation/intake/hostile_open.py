"""Hostile ODT files, each with the one reason for which it must be refused."""

# fmt: off
from collections.abc import Callable, Iterator

from cissapp.foundation.intake.reasons import RejectionReason
from tests.foundation.intake.hostile_zips import XXE
from tests.foundation.intake.packages import (
    ODT,
    OLE,
    PROGRAM,
    SPACES,
    content,
    manifest,
    odt,
    open_files,
    zipped,
)
from tests.foundation.intake.pdfs import drawn

Make = Callable[[], bytes]


def open_kind(kind: str) -> bytes:
    return zipped(open_files() | {"mimetype": kind.encode(), "META-INF/manifest.xml": manifest(kind)})


def cases() -> Iterator[tuple[str, Make, RejectionReason]]:
    macro, inside, out = RejectionReason.MACRO, RejectionReason.EMBEDDED, RejectionReason.OUTSIDE_CONTENT
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
    yield ("script", lambda: odt(before="<office:scripts><office:script>a</office:script></office:scripts>"), macro)
    yield ("script-field", lambda: odt("<text:p><text:script script:language='JavaScript'>a</text:script></text:p>"), macro)
    yield "macro-field", lambda: odt("<text:p><text:execute-macro text:name='a'/></text:p>"), macro
    yield ("macro-link", lambda: odt("<text:p><text:a xlink:href='vnd.sun.star.script:a.py$b'>a</text:a></text:p>"), macro)
    yield ("macro-address", lambda: odt("<text:p><text:a xlink:href='macro:///Standard.a'>a</text:a></text:p>"), macro)
    yield ("macro-key", lambda: odt(more={"Configurations2/accelerator/current.xml": b"<a b='vnd.sun.star.script:a'/>"}), macro)
    yield "object", lambda: odt(more={"Object 1": OLE}), inside
    yield "object-folder", lambda: odt(more={"Object 1/content.xml": content()}), inside
    yield ("object-element", lambda: odt("<draw:frame><draw:object-ole xlink:href='./a'/></draw:frame>"), inside)
    yield ("formula-or-chart", lambda: odt("<draw:frame><draw:object xlink:href='./Chart'/></draw:frame>"), inside)
    yield "java", lambda: odt("<draw:applet xlink:href='a'/>"), inside
    yield "plug-in", lambda: odt("<draw:plugin xlink:href='Media/a.mp4'/>"), RejectionReason.FILM
    yield "versions", lambda: odt(more={"Versions/Version1": b"a"}), inside
    yield "picture-is-program", lambda: odt(more={"Pictures/a.png": PROGRAM}), inside
    yield "picture-is-pdf", lambda: odt(more={"Pictures/a.pdf": drawn()}), inside
    yield "unknown-part", lambda: odt(more={"notes.txt": b"some text"}), RejectionReason.FOREIGN_PART
    yield "jar", lambda: odt(more={"META-INF/MANIFEST.MF": b"Main-Class: A"}), RejectionReason.FOREIGN_PART
    yield "picture-web", lambda: odt("<draw:image xlink:href='https://example.org/a.png'/>"), out
    yield "picture-share", lambda: odt("<draw:image xlink:href='\\\\host\\a.png'/>"), out
    yield "picture-file", lambda: odt("<draw:image xlink:href='file:///c:/a.png'/>"), out
    yield "picture-above", lambda: odt("<draw:image xlink:href='../a.png'/>"), out
    yield "picture-above-escaped", lambda: odt("<draw:image xlink:href='%2e%2e/a.png'/>"), out
    yield ("style-picture", lambda: odt(more={"styles.xml": f"<a {SPACES}><style:background-image xlink:href='http://host/a.png'/></a>".encode()}), out)
    yield ("section", lambda: odt("<text:section><text:section-source xlink:href='https://example.org/a.odt'/></text:section>"), out)
    yield "frame", lambda: odt("<draw:floating-frame xlink:href='https://example.org/'/>"), out
    yield ("reload", lambda: odt(more={"meta.xml": f"<a {SPACES}><meta:auto-reload xlink:href='http://host/'/></a>".encode()}), out)
    yield "form", lambda: odt("<form:form xlink:href='https://example.org/'/>"), out
    yield ("template-tie", lambda: odt(more={"meta.xml": f"<a {SPACES}><meta:template xlink:href='http://host/a.ott'/></a>".encode()}), RejectionReason.OUTSIDE_TEMPLATE)
    yield ("dde", lambda: odt("<text:dde-connection-decls><text:dde-connection-decl office:dde-application='cmd'/></text:dde-connection-decls>"), RejectionReason.FIELD)
    yield ("dde-table", lambda: odt("<table:dde-link><office:dde-source/></table:dde-link>"), RejectionReason.FIELD)
    yield ("database", lambda: odt("<text:p><text:database-display text:table-name='a'/></text:p>"), RejectionReason.DATA_SOURCE)
    for name, target in {"script": "javascript:a", "file": "file:///etc/passwd", "share": "\\\\host\\a", "relative": "../a.odt",
                         "uno": ".uno:Open", "smb": "smb://host/a"}.items():  # fmt: skip
        reason = macro if name == "script" else RejectionReason.LINK
        yield (f"link-{name}", lambda target=target: odt(f"<text:p><text:a xlink:href='{target}'>a</text:a></text:p>"), reason)
    yield (
        "locked",
        lambda: odt(
            more={"META-INF/manifest.xml": manifest(more="<manifest:file-entry manifest:full-path='content.xml'><manifest:encryption-data/></manifest:file-entry>")}
        ),
        RejectionReason.ZIP_LOCKED,
    )
    yield "xxe", lambda: odt(more={"meta.xml": (XXE + "<a>&x;</a>").encode()}), RejectionReason.DTD
    yield ("xxe-in-list", lambda: odt(more={"META-INF/manifest.xml": (XXE + "<a>&x;</a>").encode()}), RejectionReason.DTD)
    yield ("svg", lambda: odt(more={"Pictures/a.svg": b"<svg><script>1</script></svg>"}), RejectionReason.SCRIPT)
    yield ("other-list", lambda: odt(more={"META-INF/manifest.xml": manifest("application/zip")}), RejectionReason.ZIP_LIES)
    yield ("no-list", lambda: zipped({"mimetype": ODT.encode(), "content.xml": content()}), RejectionReason.ZIP_DAMAGED)
    yield ("no-content", lambda: zipped({"mimetype": ODT.encode(), "META-INF/manifest.xml": manifest()}), RejectionReason.ZIP_DAMAGED)
    yield "type-not-first", lambda: zipped(dict(reversed(open_files().items()))), RejectionReason.ZIP_DAMAGED
    yield "type-packed", lambda: zipped(open_files(), stored=()), RejectionReason.ZIP_DAMAGED
    yield "template", lambda: open_kind(f"{ODT}-template"), RejectionReason.TEMPLATE
    yield "spreadsheet", lambda: open_kind(ODT.replace("text", "spreadsheet")), RejectionReason.SPREADSHEET
    yield ("presentation", lambda: open_kind(ODT.replace("text", "presentation")), RejectionReason.PRESENTATION)
    yield "drawing", lambda: open_kind(ODT.replace("text", "graphics")), RejectionReason.OTHER_OPENDOCUMENT
    yield "epub", lambda: open_kind("application/epub+zip"), RejectionReason.ARCHIVE
    yield (
        "embedded-by-list",
        lambda: odt(
            more={"META-INF/manifest.xml": manifest(more=f"<manifest:file-entry manifest:full-path='A/' manifest:media-type='{ODT.replace('text', 'chart')}'/>")}
        ),
        inside,
    )
