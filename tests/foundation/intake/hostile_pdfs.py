"""Hostile PDFs, each with the one reason for which it must be refused."""

# fmt: off
import zlib
from collections.abc import Callable, Iterator
from io import BytesIO

import pikepdf

from cissapp.foundation.intake.kinds import EICAR
from cissapp.foundation.intake.reasons import RejectionReason
from tests.foundation.intake import packages
from tests.foundation.intake.pdfs import (
    PAGE,
    action,
    annotation,
    appended,
    drawn,
    flate,
    link,
    locked,
    packed,
    plain,
    saved,
    stream,
    write,
)  # fmt: skip

Make = Callable[[], bytes]
SCRIPT = b"/S /JavaScript /JS (app.alert(1))"
ZEROS = bytes(1_000_000)


def cases() -> Iterator[tuple[str, Make, RejectionReason]]:
    yield from acting()
    yield from reaching_out()
    yield from holding()
    yield from broken()
    yield from heavy()
    yield from two_in_one()


def acting() -> Iterator[tuple[str, Make, RejectionReason]]:
    js = RejectionReason.PDF_SCRIPT
    yield "js-open", lambda: plain(catalog=b"/OpenAction << %s >>" % SCRIPT), js
    yield ("js-open-indirect", lambda: plain(catalog=b"/OpenAction 5 0 R", more={5: b"<< %s >>" % SCRIPT}), js)
    yield ("js-names", lambda: plain(catalog=b"/Names << /JavaScript << /Names [(a) << %s >>] >> >>" % SCRIPT), js)
    yield "js-link", lambda: action(b"JavaScript", b"/JS (1)"), js
    yield "js-name-in-hex", lambda: action(b"J#61vaScript", b"/#4aS (1)"), js
    yield "js-key-only", lambda: plain(catalog=b"/Extra << /J#53 (1) >>"), js
    yield (
        "js-stream",
        lambda: plain(page=b"/Annots [<< /Type /Annot /Subtype /Link /Rect [0 0 9 9] /A << /S /Jav#61Script /JS 5 0 R >> >>]", more={5: flate(b"app.alert(1)")}),
        js,
    )
    yield "js-next", lambda: action(b"GoTo", b"/D [3 0 R /Fit] /Next << %s >>" % SCRIPT), js
    yield "js-next-list", lambda: action(b"GoTo", b"/D [3 0 R /Fit] /Next [<< %s >>]" % SCRIPT), js
    yield ("js-packed", lambda: packed(plain(catalog=b"/OpenAction 5 0 R", more={5: b"<< %s >>" % SCRIPT})), js)
    yield ("js-packed-hex", lambda: packed(plain(catalog=b"/OpenAction << /S /#4aavaScript /JS (1) >>")), js)
    yield "js-not-used", lambda: plain(more={9: b"<< %s >>" % SCRIPT}), js
    yield ("js-in-older-version", lambda: appended(plain(catalog=b"/OpenAction 5 0 R", more={5: b"<< %s >>" % SCRIPT}), 5, b"<< /S /GoTo /D [3 0 R /Fit] >>"), js)
    yield "js-in-older-packed-version", lambda: appended_packed(), js
    yield (
        "js-bookmark",
        lambda: plain(catalog=b"/Outlines 5 0 R", more={5: b"<< /First 6 0 R /Last 6 0 R /Count 1 >>", 6: b"<< /Title (a) /Parent 5 0 R /A << %s >> >>" % SCRIPT}),
        js,
    )
    yield (
        "js-field",
        lambda: plain(
            catalog=b"/AcroForm << /Fields [5 0 R] >>",
            page=b"/Annots [5 0 R]",
            more={5: b"<< /FT /Tx /T (a) /Subtype /Widget /Rect [0 0 9 9] /AA << /K << %s >> >> >>" % SCRIPT},
        ),
        js,
    )
    yield ("page-acts", lambda: plain(page=b"/AA << /O << /S /GoTo /D [3 0 R /Fit] >> >>"), RejectionReason.PDF_ACTS_ALONE)
    yield ("catalog-acts", lambda: plain(catalog=b"/A#41 << /WC << /S /Named /N /Print >> >>"), RejectionReason.PDF_ACTS_ALONE)
    yield ("opens-web", lambda: plain(catalog=b"/OpenAction << /S /URI /URI (https://example.org/) >>"), RejectionReason.PDF_OPENS_WITH_ACTION)
    yield ("opens-print", lambda: plain(catalog=b"/OpenAction << /S /Named /N /Print >>"), RejectionReason.PDF_OPENS_WITH_ACTION)
    yield (
        "opens-goto-then-more",
        lambda: plain(catalog=b"/OpenAction << /S /GoTo /D [3 0 R /Fit] /Next << /S /URI /URI (https://example.org/) >> >>"),
        RejectionReason.PDF_OPENS_WITH_ACTION,
    )
    yield "launch", lambda: action(b"Launch", b"/F (cmd.exe)"), RejectionReason.PDF_PROGRAM_START
    yield ("launch-windows", lambda: action(b"Launch", b"/Win << /F (cmd.exe) /P (/c calc) >>"), RejectionReason.PDF_PROGRAM_START)
    yield ("launch-packed", lambda: packed(action(b"L#61unch", b"/F (a.sh)")), RejectionReason.PDF_PROGRAM_START)
    yield ("submit", lambda: action(b"SubmitForm", b"/F (https://example.org/)"), RejectionReason.PDF_SENDS_FORM)
    yield "import", lambda: action(b"ImportData", b"/F (a.fdf)"), RejectionReason.PDF_IMPORTS_DATA
    yield "unknown-action", lambda: action(b"Teleport"), RejectionReason.PDF_UNKNOWN_ACTION
    yield ("postscript", lambda: plain(more={5: stream(b"%!PS", b"/Type /XObject /Subtype /PS")}), RejectionReason.PDF_POSTSCRIPT)


def appended_packed() -> bytes:
    """Pack a script away, then save the catalogue once more without it."""
    first = packed(plain(catalog=b"/OpenAction << %s >>" % SCRIPT))
    with pikepdf.open(BytesIO(first)) as pdf:
        number, pages = pdf.Root.objgen[0], pdf.Root.Pages.objgen[0]
    return appended(first, number, b"<< /Type /Catalog /Pages %d 0 R >>" % pages, root=number)


def reaching_out() -> Iterator[tuple[str, Make, RejectionReason]]:
    for name, target in {
        "script": b"javascript:alert\\(1\\)", "file": b"file:///C:/Windows/win.ini", "share": b"\\\\\\\\host\\\\share",
        "smb": b"smb://host/share", "data": b"data:text/html,x", "ftp": b"ftp://host/", "relative": b"../../secret.doc",
        "no-scheme": b"//host/share", "hidden": b"java\\012script:1", "vbs": b"vbscript:x", "msdt": b"ms-msdt:/id",
        "search": b"search-ms:query=x", "about": b"about:blank", "blob": b"blob:https://x/1", "ldap": b"ldap://host",
        "attach": b"mailto:a@b.example?attach=/etc/passwd", "bidi": b"\\376\\377\\040\\056\\000j",
    }.items():  # fmt: skip
        yield f"link-{name}", lambda target=target: link(target), RejectionReason.LINK
    yield "link-base", lambda: plain(catalog=b"/URI << /Base (file:///C:/) >>"), RejectionReason.LINK
    yield "link-name", lambda: action(b"URI", b"/URI /javascript"), RejectionReason.LINK
    other = RejectionReason.PDF_OTHER_FILE
    yield "goto-remote", lambda: action(b"GoToR", b"/F (\\\\\\\\host\\\\a.pdf) /D [0 /Fit]"), other
    yield "goto-embedded", lambda: action(b"GoToE", b"/T << /R /C >>"), RejectionReason.PDF_EMBEDDED
    yield "thread-elsewhere", lambda: action(b"Thread", b"/F (\\\\\\\\host\\\\a.pdf) /D 0"), other
    yield ("stream-elsewhere", lambda: plain(more={5: stream(b"", b"/F (\\\\\\\\host\\\\data)")}), other)
    yield ("picture-elsewhere", lambda: plain(more={5: stream(b"", b"/Subtype /Image /Width 1 /Height 1 /F << /F (http://host/a.png) /FS /URL >>")}), other)
    yield ("drawing-elsewhere", lambda: plain(more={5: stream(b"", b"/Subtype /Form /BBox [0 0 1 1] /Ref << /F (a.pdf) /Page 0 >>")}), other)
    yield "file-name", lambda: plain(more={5: b"<< /Type /Filespec /F (C:\\\\a.exe) >>"}), other
    yield (
        "xmp-entity",
        lambda: plain(catalog=b"/Metadata 5 0 R", more={5: stream(b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>', b"/Type /Metadata")}),
        RejectionReason.DTD,
    )
    yield (
        "xmp-entity-utf-16",
        lambda: plain(catalog=b"/Metadata 5 0 R", more={5: flate('<!DOCTYPE a SYSTEM "http://x/">'.encode("utf-16"), b"/Type /Metadata")}),
        RejectionReason.DTD,
    )


def holding() -> Iterator[tuple[str, Make, RejectionReason]]:
    inside, film = RejectionReason.PDF_EMBEDDED, RejectionReason.PDF_FILM
    yield "attached", attached, inside
    yield "attached-packed", lambda: packed(attached()), inside
    yield ("attached-note", lambda: plain(page=b"/Annots [<< /Subtype /FileAttachment /Rect [0 0 9 9] >>]"), inside)
    yield ("attached-key", lambda: plain(catalog=b"/Names << /Emb#65ddedFiles << /Names [] >> >>"), inside)
    yield "portfolio", lambda: plain(catalog=b"/Collection << /View /D >>"), inside
    yield "zip-in-stream", lambda: plain(more={5: flate(packages.docx())}), inside
    yield "program-in-stream", lambda: plain(more={5: flate(program())}), inside
    yield ("program-as-picture", lambda: plain(more={5: flate(program(), b"/Subtype /Image /Width 16 /Height 16 /BitsPerComponent 8 /ColorSpace /DeviceRGB")}), inside)
    yield "eicar-in-stream", lambda: plain(more={5: flate(EICAR)}), RejectionReason.VIRUS
    yield "eicar-in-comment", lambda: plain(catalog=b"\n%" + EICAR + b"\n"), RejectionReason.VIRUS
    yield ("xfa", lambda: plain(catalog=b"/AcroForm << /XFA [(a) 5 0 R] /Fields [] >>", more={5: stream(b"<a/>")}), RejectionReason.PDF_XFA)
    yield ("xfa-packed", lambda: packed(plain(catalog=b"/AcroForm << /X#46A 5 0 R /Fields [] >>", more={5: stream(b"<a/>")})), RejectionReason.PDF_XFA)
    yield "rich-media", lambda: annotation(b"", b"/RichMedia"), film
    yield "movie", lambda: annotation(b"/Movie << /F (a.avi) >>", b"/Movie"), film
    yield "sound", lambda: annotation(b"", b"/S#6fund"), film
    yield "sound-action", lambda: action(b"Sound", b"/Sound 5 0 R"), film
    yield "screen", lambda: annotation(b"", b"/Screen"), film
    yield "rendition", lambda: action(b"Rendition", b"/OP 0"), film
    yield "three-d", lambda: annotation(b"/3DD 5 0 R", b"/3D"), film
    yield "locked", lambda: locked("secret", "secret"), RejectionReason.PDF_LOCKED
    yield "locked-for-changes", lambda: locked("", "secret"), RejectionReason.PDF_LOCKED
    yield "locked-old", lambda: locked("", "secret", 3), RejectionReason.PDF_LOCKED


def attached() -> bytes:
    with pikepdf.open(BytesIO(drawn())) as pdf:
        pdf.attachments["a.exe"] = pikepdf.AttachedFileSpec(pdf, b"MZ", filename="a.exe")
        out = BytesIO()
        pdf.save(out)
    return out.getvalue()


def program() -> bytes:
    return b"MZ" + bytes(58) + (64).to_bytes(4, "little") + b"PE\0\0" + bytes(700)


def broken() -> Iterator[tuple[str, Make, RejectionReason]]:
    damaged = RejectionReason.PDF_DAMAGED
    yield "junk-before", lambda: b"\n" + drawn(), RejectionReason.PDF_JUNK_BEFORE
    yield "html-before", lambda: b"<html><script>1</script>" + drawn(), RejectionReason.WEB_PAGE
    yield "junk-after", lambda: drawn() + b"junk", RejectionReason.PDF_JUNK_AFTER
    yield "junk-after-with-end", lambda: drawn() + b"junk\n%%EOF\n", damaged
    yield "cut-off", lambda: drawn()[:-200], RejectionReason.PDF_CUT_OFF
    yield "half", lambda: drawn(20)[:4_000], RejectionReason.PDF_CUT_OFF
    yield "header-only", lambda: b"%PDF-1.7\n", RejectionReason.PDF_CUT_OFF
    yield "no-version", lambda: drawn().replace(b"%PDF-1.", b"%PDF-x.", 1), damaged
    yield "no-objects", lambda: b"%PDF-1.7\nstartxref\n0\n%%EOF\n", damaged
    yield "wrong-start", lambda: drawn().replace(b"startxref\n", b"startxref\n1"), damaged
    yield "wrong-table", lambda: drawn().replace(b"\nxref\n", b"\nxerf\n"), damaged
    yield "wrong-length", lambda: plain().replace(b"/Length 5 ", b"/Length 900 "), damaged
    yield ("wrong-packing", lambda: plain(more={5: stream(b"\x78\x9cnot zlib at all", b"/Filter /FlateDecode")}), damaged)
    yield ("cut-packing", lambda: plain(more={5: stream(zlib.compress(b"a" * 500)[:-9], b"/Filter /FlateDecode")}), damaged)
    yield "twice-a-key", lambda: plain(catalog=b"/Lang (a) /Lang (b)"), damaged
    yield "no-root", lambda: write({1: b"<< /Type /Nothing >>"}), damaged
    yield ("no-pages", lambda: write({1: b"<< /Type /Catalog /Pages 2 0 R >>", 2: b"<< /Type /Pages /Kids [] /Count 0 >>"}), RejectionReason.PDF_NO_PAGES)
    yield "count-lies", lambda: plain().replace(b"/Count 1 ", b"/Count 99"), damaged
    yield ("pages-in-a-circle", lambda: write({1: b"<< /Type /Catalog /Pages 2 0 R >>", 2: b"<< /Type /Pages /Kids [2 0 R] /Count 1 >>"}), damaged)
    yield "previous-in-a-circle", lambda: plain(trailer=b"/Prev 15"), damaged
    yield ("unknown-filter", lambda: plain(more={5: stream(b"a", b"/Filter /Zstd")}), RejectionReason.PDF_FILTER)
    yield ("crypt-filter", lambda: plain(more={5: stream(b"a", b"/Filter /Crypt")}), RejectionReason.PDF_FILTER)
    yield ("eleven-filters", lambda: plain(more={5: stream(b"", b"/Filter [%s]" % (b"/ASCIIHexDecode " * 11))}), RejectionReason.PDF_FILTER)
    yield ("filter-is-text", lambda: plain(more={5: stream(b"", b"/Filter (FlateDecode)")}), RejectionReason.PDF_FILTER)


def heavy() -> Iterator[tuple[str, Make, RejectionReason]]:
    huge, size = RejectionReason.UNPACKS_HUGE, RejectionReason.PDF_PAGE_SIZE
    yield "bomb", lambda: plain(more={5: flate(ZEROS * 80)}), huge
    yield ("bomb-in-bomb", lambda: plain(more={5: stream(zlib.compress(zlib.compress(ZEROS * 400)), b"/Filter [/FlateDecode /FlateDecode]")}), huge)
    yield "bomb-within-the-budget", lambda: plain(more={5: flate(ZEROS * 40)}), huge
    yield "many-small-bombs", lambda: plain(more=dict.fromkeys(range(5, 18), flate(b"0 0 m 9 9 l S % a line " * 300_000))), huge
    yield ("bomb-as-picture", lambda: plain(more={5: flate(ZEROS * 5, b"/Subtype /Image /Width 10 /Height 10 /BitsPerComponent 8 /ColorSpace /DeviceRGB")}), huge)
    yield "bomb-of-objects", lambda: bomb_of_objects(), huge
    yield ("run-length-bomb", lambda: plain(more={5: stream(b"\x81a" * 600_000, b"/Filter /RunLengthDecode")}), huge)
    yield "lzw-bomb", lambda: plain(more={5: stream(lzw_bomb(), b"/Filter /LZWDecode")}), huge
    yield "drawings-multiply", lambda: plain(more=multiplying(8, 10)), huge
    yield ("drawing-draws-itself", lambda: plain(more={5: form(b"/a Do", b"/a 5 0 R")}), RejectionReason.GOES_IN_CIRCLES)
    yield (
        "bookmarks-in-a-circle",
        lambda: plain(catalog=b"/Outlines 5 0 R", more={5: b"<< /First 6 0 R >>", 6: b"<< /Title (a) /Next 7 0 R >>", 7: b"<< /Title (b) /Next 6 0 R >>"}),
        RejectionReason.GOES_IN_CIRCLES,
    )
    yield (
        "fields-in-a-circle",
        lambda: plain(catalog=b"/AcroForm << /Fields [5 0 R] >>", more={5: b"<< /T (a) /Kids [6 0 R] >>", 6: b"<< /T (b) /Kids [5 0 R] >>"}),
        RejectionReason.GOES_IN_CIRCLES,
    )
    yield ("deep-lists", lambda: plain(catalog=b"/Extra " + b"[" * 50_000 + b"]" * 50_000), RejectionReason.NESTED_TOO_DEEP)
    yield ("deep-dictionaries", lambda: plain(catalog=b"/Extra " + b"<< /A " * 400 + b"1" + b" >>" * 400), RejectionReason.NESTED_TOO_DEEP)
    yield "deep-packed", lambda: deep_packed(), RejectionReason.NESTED_TOO_DEEP
    yield "3001-pages", lambda: many_pages(3_001), RejectionReason.PDF_TOO_MANY_PAGES
    yield "huge-page", lambda: sized(b"1e9 842"), RejectionReason.PDF_DAMAGED
    yield "wide-page", lambda: sized(b"50000 842"), size
    yield "no-page", lambda: sized(b"0 0"), size
    yield "huge-unit", lambda: plain(page=b"/UserUnit 75000"), size
    yield "huge-crop", lambda: plain(page=b"/CropBox [0 0 99999 9]"), size
    yield ("pixels", lambda: plain(more={5: flate(b"", b"/Subtype /Image /Width 60000 /Height 60000 /BitsPerComponent 1 /ColorSpace /DeviceGray")}), RejectionReason.HUGE_PICTURE)
    yield ("pixels-in-jpeg", lambda: plain(more={5: stream(jpeg(65_000, 65_000), b"/Subtype /Image /Width 9 /Height 9 /Filter /DCTDecode")}), RejectionReason.HUGE_PICTURE)
    yield ("negative-pixels", lambda: plain(more={5: stream(b"", b"/Subtype /Image /Width -9 /Height 9")}), RejectionReason.PDF_DAMAGED)
    yield "many-objects", many_objects, RejectionReason.TOO_MANY_PARTS


def sized(corner: bytes) -> bytes:
    page = PAGE.replace(b"595 842", corner) % b""
    return plain(more={3: page})


def form(body: bytes, drawings: bytes) -> bytes:
    return stream(body, b"/Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << %s >> >>" % drawings)


def multiplying(levels: int, times: int) -> dict[int, bytes]:
    forms = {n: form(b"/a Do " * times, b"/a %d 0 R" % (n + 1)) for n in range(5, 5 + levels)}
    return forms | {5 + levels: form(b"0 0 1 1 re f", b"")}


def jpeg(width: int, height: int) -> bytes:
    frame = b"\x08" + height.to_bytes(2, "big") + width.to_bytes(2, "big") + b"\x03\x01\x22\0\x02\x11\x01\x03\x11\x01"
    return b"\xff\xd8\xff\xc0" + (len(frame) + 2).to_bytes(2, "big") + frame + b"\xff\xd9"


def lzw_bomb() -> bytes:
    """Write codes that each stand for one byte more than the one before, over and over."""
    cycle = f"{0:09b}"
    for place in range(1, 3_800):
        width = 9 if place < 254 else 10 if place < 766 else 11 if place < 1_790 else 12
        cycle += f"{257 + place:0{width}b}"
    text = f"{256:09b}" + (cycle + f"{256:012b}") * 12
    text += "0" * (-len(text) % 8)
    return int(text, 2).to_bytes(len(text) // 8, "big")


def bomb_of_objects() -> bytes:
    return plain(more={5: flate(b" " * 80_000_000, b"/Type /ObjStm /N 1 /First 4")})


def deep_packed() -> bytes:
    body = b"6 0 " + b"[" * 5_000 + b"]" * 5_000
    return plain(more={5: flate(body, b"/Type /ObjStm /N 1 /First 4")})


def many_objects() -> bytes:
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.Root.Extra = pikepdf.Array([pdf.make_indirect(pikepdf.Dictionary()) for _ in range(150_100)])
        return saved(pdf, object_stream_mode=pikepdf.ObjectStreamMode.generate)


def many_pages(count: int) -> bytes:
    kids = b" ".join(b"%d 0 R" % number for number in range(5, 5 + count))
    pages = dict.fromkeys(range(5, 5 + count), PAGE % b"")
    return write({1: b"<< /Type /Catalog /Pages 2 0 R >>", 2: b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, count), 4: stream(b"")} | pages)


def two_in_one() -> Iterator[tuple[str, Make, RejectionReason]]:
    two = RejectionReason.TWO_KINDS
    yield "zip-after", lambda: drawn() + packages.docx(), RejectionReason.PDF_JUNK_AFTER
    yield "zip-over-the-end", zip_over_the_end, two
    yield "html-comment", lambda: drawn().replace(b"\n", b"\n%<html><script>1</script>\n", 1), two
    yield ("html-between", lambda: plain(content=b"BT ET " * 400).replace(b"endobj\n", b"endobj\n<script>1</script>\n", 1), two)
    yield "php", lambda: drawn().replace(b"\n", b"\n%<?php system(1); ?>\n", 1), two
    yield "phar", lambda: plain(content=b"__HALT_COMPILER();"), two
    yield "rar-inside", lambda: plain(content=b"Rar!\x1a\x07\x00"), two
    yield ("tar", lambda: plain(content=b" " * 400)[:257] + b"ustar" + plain(content=b" " * 400)[262:], two)
    yield "fdf", lambda: b"%FDF-1.2\n" + drawn()[9:], RejectionReason.UNKNOWN_KIND
    yield "xdp", lambda: b'<?xml version="1.0"?><xdp:xdp/>', RejectionReason.UNKNOWN_KIND
    yield "postscript-file", lambda: b"%!PS-Adobe-3.0\n", RejectionReason.UNKNOWN_KIND
    yield "empty", lambda: b"", RejectionReason.EMPTY
    yield "too-large", lambda: plain(content=bytes(10 * 1024 * 1024)), RejectionReason.TOO_LARGE
    yield "text", lambda: b"This is not a PDF", RejectionReason.UNKNOWN_KIND
    yield "eicar", lambda: EICAR, RejectionReason.VIRUS


def zip_over_the_end() -> bytes:
    """Write a PDF that holds a zip near its end, where programs that unpack look for one."""
    return plain(more={5: stream(packages.docx())})
