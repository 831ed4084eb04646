"""More files that are no certificate of ours: by region, by revision, by signature, by wrapping."""

import re

import pikepdf
from msgspec.structs import replace
from pikepdf import Dictionary, Name, Stream, String
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from cissapp.certify.certificates.document.facts import CertificateFacts
from cissapp.certify.certificates.rules import in_groups
from cissapp.foundation.signing import seal
from cissapp.foundation.signing.keys import Keyring
from tests.verify.verification.forgeries import added, saved
from tests.verify.verification.other_files import by_kind, zipped


def flipped(content: bytes, place: int) -> bytes:
    changed = bytearray(content)
    changed[place] ^= 1
    return bytes(changed)


def by_region(genuine: bytes) -> dict[str, bytes]:
    """One bit changed in each part of the file."""
    places = {
        "header": 6,
        "first object": genuine.index(b" obj") + 8,
        "a stream": genuine.index(b"stream") + 40,
        "the facts": genuine.index(b"/PieceInfo"),
        "the metadata": genuine.index(b"<?xpacket"),
        "a table of places": genuine.rindex(b"/XRef") + 2,
        "the trailer": genuine.rindex(b"/Prev ") + 7,
        "the identity": genuine.rindex(b"/ID") + 8,
        "the byte range": genuine.rindex(b"/ByteRange") + 14,
        "the signature's first bytes": genuine.rindex(b"/Contents <") + 12,
        "the signature's padding": genuine.index(b">", genuine.rindex(b"/Contents <")) - 1,
        "the end mark": genuine.rindex(b"%%EOF") + 2,
        "the link": genuine.index(b"/verify/") + 9,
    }
    return {f"a bit of {name}": flipped(genuine, place) for name, place in places.items()}


def by_length(genuine: bytes, other: bytes) -> dict[str, bytes]:
    """Cut off, or with more behind or before."""
    page = b"<html><h1>Another school is certified</h1></html>"
    return {
        "a tenth gone": genuine[: len(genuine) * 9 // 10],
        "cut before the signature": genuine[: genuine.rindex(b"/Contents <")],
        "cut before the last table": genuine[: genuine.rindex(b"/XRef")],
        "no end mark": genuine[: genuine.rindex(b"%%EOF")],
        "first byte gone": genuine[1:],
        "zeros behind": genuine + bytes(1_000_000),
        "another end mark": genuine + b"%%EOF\n",
        "another genuine one behind": genuine + other,
        "another genuine one before": other + genuine,
        "a web page behind": genuine + page,
        "a web page before": page + genuine,
        "an archive behind": genuine + zipped(other),
        "line ends of another system": genuine.replace(b"\n", b"\r\n"),
    }


# --- a further revision ------------------------------------------------------------------------


def names(**values) -> generic.DictionaryObject:
    return generic.DictionaryObject({pdf_name(f"/{name}"): one for name, one in values.items()})


def in_root(name: str, value) -> object:
    def change(writer: IncrementalPdfFileWriter) -> None:
        writer.root[f"/{name}"] = value(writer) if callable(value) else value
        writer.update_root()

    return change


def without_root(name: str) -> object:
    def change(writer: IncrementalPdfFileWriter) -> None:
        del writer.root[f"/{name}"]
        writer.update_root()

    return change


def on_page(name: str, value) -> object:
    def change(writer: IncrementalPdfFileWriter) -> None:
        page = writer.root["/Pages"]["/Kids"][0]
        page[f"/{name}"] = value
        writer.update_container(page)

    return change


def annotation(kind: str) -> object:
    def change(writer: IncrementalPdfFileWriter) -> None:
        page = writer.root["/Pages"]["/Kids"][0]
        box = generic.ArrayObject([generic.NumberObject(one) for one in (100, 100, 700, 500)])
        made = writer.add_object(
            names(
                Type=pdf_name("/Annot"),
                Subtype=pdf_name(f"/{kind}"),
                Rect=box,
                Contents=generic.TextStringObject("Level 3"),
            )
        )
        page["/Annots"] = generic.ArrayObject([*page["/Annots"], made])
        writer.update_container(page)

    return change


def form_field(writer: IncrementalPdfFileWriter) -> None:
    form = writer.root["/AcroForm"]
    made = writer.add_object(
        names(
            FT=pdf_name("/Tx"),
            T=generic.TextStringObject("School"),
            V=generic.TextStringObject("Another school"),
        )
    )
    form["/Fields"].append(made)
    writer.update_container(form)
    writer.update_root()


def other_facts(text: str) -> object:
    def value(writer: IncrementalPdfFileWriter):
        stream = writer.add_object(generic.StreamObject(stream_data=text.encode()))
        return names(CISS=names(Private=stream))

    return in_root("PieceInfo", value)


def loosened(writer: IncrementalPdfFileWriter) -> None:
    """Say that changes are allowed after all."""
    signature = writer.root["/Perms"]["/DocMDP"]
    signature["/Reference"][0]["/TransformParams"]["/P"] = generic.NumberObject(3)
    writer.update_container(signature)


def metadata(writer: IncrementalPdfFileWriter):
    made = generic.StreamObject(stream_data=b"<x:xmpmeta xmlns:x='adobe:ns:meta/'/>")
    made["/Type"], made["/Subtype"] = pdf_name("/Metadata"), pdf_name("/XML")
    return writer.add_object(made)


SCRIPT = names(S=pdf_name("/JavaScript"), JS=generic.TextStringObject("app.alert('Level 3')"))


def by_revision(genuine: bytes, higher: CertificateFacts) -> dict[str, bytes]:
    """Something added or changed behind the signature; the signed bytes stay whole."""
    box = generic.ArrayObject([generic.NumberObject(one) for one in (0, 0, 200, 200)])
    changes = {
        "a form field": form_field,
        "a stamp": annotation("Stamp"),
        "a highlight": annotation("Highlight"),
        "a square": annotation("Square"),
        "a link": annotation("Link"),
        "a page turned": on_page("Rotate", generic.NumberObject(180)),
        "a page cut": on_page("CropBox", box),
        "a script of the page": on_page("AA", names(O=SCRIPT)),
        "a script by name": in_root("Names", names(JavaScript=names(Names=generic.ArrayObject()))),
        "other metadata": in_root("Metadata", metadata),
        "other facts": other_facts(higher.text()),
        "no form": without_root("AcroForm"),
        "no permissions": without_root("Perms"),
        "changes allowed": loosened,
        "layers": in_root("OCProperties", names(OCGs=generic.ArrayObject(), D=names())),
        "a store of evidence": in_root("DSS", names(Certs=generic.ArrayObject())),
        "another version": in_root("Version", pdf_name("/2.0")),
    }
    return {f"revision: {name}": added(genuine, change) for name, change in changes.items()}


# --- saved anew --------------------------------------------------------------------------------


def facts_swapped(text: str) -> object:
    def change(pdf: pikepdf.Pdf) -> None:
        pdf.Root.PieceInfo.CISS.Private = pdf.make_stream(text.encode())

    return change


def name_swapped(pdf: pikepdf.Pdf) -> None:
    with pdf.open_metadata() as meta:
        meta["dc:title"] = "Another School"


def hidden_script(pdf: pikepdf.Pdf) -> None:
    pdf.Root.OpenAction = Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))


def no_facts(pdf: pikepdf.Pdf) -> None:
    del pdf.Root.PieceInfo


def other_page(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].Contents = Stream(pdf, b"BT ET")


def by_saving(genuine: bytes, higher: CertificateFacts) -> dict[str, bytes]:
    """Opened and saved by a program, changed or not."""
    streams = pikepdf.ObjectStreamMode
    locked = pikepdf.Encryption(owner="owner", user="secret", R=6)
    return {
        "saved with packed objects": saved(genuine, object_stream_mode=streams.generate),
        "saved readable": saved(genuine, qdf=True),
        "saved with one identity": saved(genuine, deterministic_id=True),
        "saved with other facts": saved(genuine, facts_swapped(higher.text())),
        "saved without facts": saved(genuine, no_facts),
        "saved with another title": saved(genuine, name_swapped),
        "saved with a script": saved(genuine, hidden_script),
        "saved with another page": saved(genuine, other_page),
        "locked with a password": saved(genuine, encryption=locked),
    }


# --- signatures --------------------------------------------------------------------------------


def ranged(genuine: bytes, numbers: str) -> bytes:
    """Give the signature another range of bytes, as long as before where that is possible."""
    found = re.search(rb"/ByteRange \[([^\]]*)\]", genuine)
    assert found
    held = numbers.encode().ljust(len(found[1]))
    return genuine.replace(found[0], b"/ByteRange [" + held + b"]", 1)


def padded(genuine: bytes, text: bytes) -> bytes:
    """Hide something in the one place that no signature covers."""
    end = genuine.index(b">", genuine.rindex(b"/Contents <"))
    return genuine[: end - len(text)] + text + genuine[end:]


def pasted(genuine: bytes, other: bytes) -> bytes:
    """Put the whole revision with the signature of one file behind another one."""
    start = genuine.index(b"%%EOF") + 6
    return other[: other.index(b"%%EOF") + 6] + genuine[start:]


def by_signature(
    genuine: bytes, other: bytes, drawn: bytes, ours: Keyring, theirs: Keyring
) -> dict[str, bytes]:
    """The signature moved, stretched, or made by somebody with the same names."""
    found = re.search(rb"/ByteRange \[0 (\d+) (\d+) (\d+)", genuine)
    assert found
    first, second, rest = (int(one) for one in found.groups())
    key = theirs.newest()
    named = {"ring": theirs, "key": key, "reason": "CISS MD-2026-00042", "place": "Moldova"}
    return {
        "range: nothing": ranged(genuine, "0 0 0 0"),
        "range: twice the start": ranged(genuine, f"0 {first} 0 {first}"),
        "range: below nothing": ranged(genuine, f"0 {first} -1 {rest}"),
        "range: beyond the end": ranged(genuine, f"0 {first} {second} {rest + 9}"),
        "range: one piece": ranged(genuine, f"0 {first}"),
        "range: no numbers": ranged(genuine, "a b c d"),
        "range: the gap is larger": ranged(genuine, f"0 {first - 9} {second} {rest}"),
        "text in the padding": padded(genuine, b"Level 3"),
        "an object in the padding": padded(genuine, b"><</Level 3>><00"),
        "the signed revision of another one": pasted(genuine, other),
        "signed by others, all words the same": seal.sign(drawn, **named),
        "signed twice by others": seal.sign(saved(drawn), **named),
        "no byte range": genuine.replace(b"/ByteRange", b"/ByteRangf"),
        "another filter": genuine.replace(b"/ETSI.CAdES.detached", b"/adbe.pkcs7.detached"),
        "a kind of signature that is none": genuine.replace(b"/Type /Sig", b"/Type /Sog"),
    }


def more(
    genuine: bytes,
    other: bytes,
    drawn: bytes,
    known: CertificateFacts,
    other_code: str,
    ours: Keyring,
    theirs: Keyring,
) -> dict[str, bytes]:
    """All of these. `other` is genuine too, of another school; `drawn` was never signed."""
    higher = replace(known, level=3)
    codes = in_groups(known.code).encode(), in_groups(other_code).encode()
    return {
        **by_region(genuine),
        **by_length(genuine, other),
        **by_revision(genuine, higher),
        **by_saving(genuine, higher),
        **by_signature(genuine, other, drawn, ours, theirs),
        **by_kind(genuine, known),
        "the code of another one": genuine.replace(*codes),
    }
