"""What is served to others names nobody and no place; everything else is as it was."""

import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from io import BytesIO

import pikepdf
import pytest
from PIL import Image, PngImagePlugin

from cissapp.foundation.intake import AcceptedFile, examine, worker
from cissapp.foundation.intake.media import MediaType
from cissapp.foundation.intake.office import document as judging_office
from cissapp.foundation.intake.pdf import document as judging_pdf
from cissapp.foundation.intake.reasons import FileFinding
from cissapp.foundation.intake.sentences import FINDINGS
from cissapp.foundation.intake.stripping import office, pdf, pictures
from tests.foundation.intake import honest
from tests.foundation.intake.packages import docx, odt
from tests.foundation.intake.pdfs import drawn, link, plain, saved, stream

CASES = {name: (file_name, make) for name, file_name, make, _ in honest.cases()}
JUDGES = {True: (judging_pdf, pdf), False: (judging_office, office)}
SECRETS = ("Maria Popescu", "Canon EOS", "2024:05:01 09:30:00", "note to self")
XMP = (
    b"<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>"
    b"<rdf:Description xmlns:dc='http://purl.org/dc/elements/1.1/'><dc:creator><rdf:Seq>"
    b"<rdf:li>Maria Popescu</rdf:li></rdf:Seq></dc:creator></rdf:Description></rdf:RDF></x:xmpmeta>"
)


@lru_cache
def scene() -> Image.Image:
    """A picture without two equal corners, so that a turn would show."""
    picture = Image.effect_noise((64, 48), 60).convert("RGB")
    picture.paste((200, 30, 30), (0, 0, 20, 10))
    return picture


def exif(orientation: int = 1) -> Image.Exif:
    said = Image.Exif()
    said[0x0112], said[0x010F], said[0x013B], said[0x9003] = (
        orientation, "Canon EOS", "Maria Popescu", "2024:05:01 09:30:00",
    )  # fmt: skip
    said[0x8825] = {1: "N", 2: (47.0, 1.0, 30.0), 3: "E", 4: (28.0, 51.0, 15.0)}
    return said


def picture(kind: str, orientation: int = 1) -> bytes:
    out, settings = BytesIO(), {}
    if kind == "PNG":
        text = PngImagePlugin.PngInfo()
        text.add_text("Author", "Maria Popescu")
        text.add_itxt("XML:com.adobe.xmp", XMP.decode())
        settings = {"pnginfo": text, "exif": exif(orientation)}
    elif kind == "JPEG":
        settings = {
            "exif": exif(orientation),
            "comment": b"note to self",
            "xmp": XMP,
            "quality": 90,
        }
    elif kind == "WEBP":
        settings = {"exif": exif(orientation), "xmp": XMP, "lossless": True}
    elif kind == "GIF":
        settings = {"comment": b"note to self"}
    scene().save(out, kind, **settings)
    return out.getvalue()


def pixels(data: bytes) -> tuple[str, bytes]:
    with Image.open(BytesIO(data)) as opened:
        return opened.mode, opened.tobytes()


def said(data: bytes) -> dict[str, object]:
    """Everything that Pillow reads beside the pixels, but how the picture is turned."""
    with Image.open(BytesIO(data)) as opened:
        opened.load()
        tags = {key: value for key, value in opened.getexif().items() if key != 0x0112}
        gps = dict(opened.getexif().get_ifd(0x8825))
        words = {
            key: value
            for key, value in opened.info.items()
            if key in {"comment", "xmp", "Author", "XML:com.adobe.xmp"}
        }
    return {**tags, **gps, **words}


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_a_picture_keeps_its_pixels_and_says_nothing_else(kind: str):
    data = picture(kind)

    bare = pictures.stripped(data)

    assert said(data) != {}
    assert (said(bare), pixels(bare)) == ({}, pixels(data))
    assert not [secret for secret in SECRETS if secret.encode() in bare]
    assert pictures.stripped(bare) == bare


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photo_stays_the_right_way_up(orientation: int):
    bare = pictures.stripped(picture("JPEG", orientation))

    with Image.open(BytesIO(bare)) as opened:
        assert opened.getexif().get(0x0112, 1) == orientation
    assert said(bare) == {}


def test_a_second_photo_behind_the_first_goes():
    """Cameras put a larger or smaller one there, with a place of its own."""
    first, second = picture("JPEG"), picture("JPEG")

    assert pictures.stripped(first + second) == pictures.stripped(first)


def test_colours_and_how_they_are_meant_stay():
    out = BytesIO()
    scene().convert("CMYK").save(out, "JPEG", icc_profile=b"profile", exif=exif())

    with Image.open(BytesIO(pictures.stripped(out.getvalue()))) as opened:
        assert (opened.mode, opened.info["icc_profile"]) == ("CMYK", b"profile")
        assert "adobe" in opened.info


def test_a_progressive_photo_keeps_all_its_scans():
    out = BytesIO()
    scene().save(out, "JPEG", progressive=True, exif=exif())

    bare = pictures.stripped(out.getvalue())

    assert (said(bare), pixels(bare)) == ({}, pixels(out.getvalue()))


def test_a_picture_that_cannot_be_taken_apart_is_drawn_anew():
    """A byte too many between two parts: viewers go on, so the place would be found."""
    data = picture("JPEG", 6)
    at = data.index(b"\xff\xdb")
    odd = data[:at] + b"\0" + data[at:]

    bare = pictures.stripped(odd)

    assert said(odd) != {}
    assert said(bare) == {}
    with Image.open(BytesIO(bare)) as opened:
        assert (opened.size, opened.getexif().get(0x0112)) == ((48, 64), None)


# --- PDF ---------------------------------------------------------------------------------------


def written_by_somebody() -> bytes:
    """A PDF that names its author at each place where programs do, and a photo with its place."""
    photo = picture("JPEG")
    with pikepdf.open(BytesIO(drawn(2))) as opened:
        opened.docinfo["/Author"] = "Maria Popescu"
        opened.docinfo["/Title"] = "Draft from Maria Popescu"
        opened.Root.Metadata = opened.make_stream(XMP, Type=pikepdf.Name.Metadata)
        page = opened.pages[0].obj
        page.PieceInfo = pikepdf.Dictionary(Made=pikepdf.String("Maria Popescu"))
        page.Annots = opened.make_indirect(
            pikepdf.Array(
                [
                    pikepdf.Dictionary(
                        Type=pikepdf.Name.Annot,
                        Subtype=pikepdf.Name.Text,
                        Rect=[0, 0, 9, 9],
                        T=pikepdf.String("Maria Popescu"),
                        Contents=pikepdf.String("Is this still so?"),
                    )
                ]
            )
        )
        image = opened.make_stream(
            photo, Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image, Width=64, Height=48,
            ColorSpace=pikepdf.Name.DeviceRGB, BitsPerComponent=8,
            Metadata=opened.make_stream(XMP, Type=pikepdf.Name.Metadata),
        )  # fmt: skip
        image.write(photo, filter=pikepdf.Name.DCTDecode)
        page.Resources.XObject = pikepdf.Dictionary(Photo=image)
        return saved(opened, static_id=True)


def all_bytes(content: bytes) -> bytes:
    """Everything that a PDF holds, unpacked."""
    with pikepdf.open(BytesIO(content)) as opened:
        return saved(opened, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.generalized, static_id=True)  # fmt: skip


def test_a_pdf_names_nobody_and_keeps_its_pages():
    content = written_by_somebody()

    bare, found = pdf.stripped(content)

    assert b"Maria Popescu" in all_bytes(content)
    assert not [secret for secret in SECRETS if secret.encode() in all_bytes(bare)]
    assert found == {FileFinding.AUTHOR}
    with pikepdf.open(BytesIO(bare)) as opened:
        assert ("/Info" in opened.trailer, "/Metadata" in opened.Root) == (False, False)
        note = opened.pages[0].Annots[0]
        assert ("/T" in note, str(note.Contents)) == (False, "Is this still so?")
        raw = opened.pages[0].Resources.XObject.Photo.read_raw_bytes()
        assert (said(raw), pixels(raw)) == ({}, pixels(picture("JPEG")))
    assert examine(bare, "policy.pdf").text == examine(content, "policy.pdf").text


def test_the_past_of_a_pdf_goes():
    """A text that was taken out in a later saving can still be read in the original."""
    content = CASES["pdf-saved-twice"][1]()

    bare, _ = pdf.stripped(content)

    assert examine(content, "a.pdf").findings == (FINDINGS[FileFinding.EARLIER_VERSIONS],)
    assert examine(bare, "a.pdf").findings == ()


def test_a_signature_goes_because_it_would_not_hold():
    bare, _ = pdf.stripped(CASES["pdf-signed"][1]())

    assert b"/ByteRange" not in all_bytes(bare)


def test_fields_keep_their_names():
    bare, _ = pdf.stripped(CASES["pdf-fields"][1]())

    with pikepdf.open(BytesIO(bare)) as opened:
        names = [str(one.T) for one in opened.Root.AcroForm.Fields]
    assert names
    assert all(names)


def test_a_photo_behind_two_filters_is_stripped_too():
    packed = picture("JPEG").hex().encode() + b">"
    content = plain(
        more={5: stream(packed, b"/Subtype /Image /Width 64 /Height 48 /Filter [/AHx /DCT]")},
        page=b"/Resources << /XObject << /I 5 0 R >> >>",
    )

    bare, _ = pdf.stripped(content)

    with pikepdf.open(BytesIO(bare)) as opened:
        assert said(opened.pages[0].Resources.XObject.I.read_raw_bytes()) == {}


def test_a_link_keeps_its_target():
    content = link(b"https://example.org/")

    bare, _ = pdf.stripped(content)

    assert b"https://example.org/" in all_bytes(bare)


# --- DOCX and ODT ------------------------------------------------------------------------------

CHANGED = (
    '<w:p w:rsidR="00AB12CD" w:rsidRDefault="00AB12CD"><w:ins w:id="1" w:author="Maria Popescu" w:date="2024-01-01T00:00:00Z">'
    "<w:r><w:t>author=&quot;x&quot; stays</w:t></w:r></w:ins></w:p>"
)
CORE = (
    '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:creator>Maria Popescu</dc:creator></cp:coreProperties>'
)


def parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(content)) as opened:
        assert opened.testzip() is None
        return {one: opened.read(one) for one in opened.namelist()}


def test_a_word_document_names_nobody_and_keeps_its_text():
    content = docx(
        CHANGED,
        more={"docProps/core.xml": CORE, "word/media/a.jpg": picture("JPEG")},
        kinds='<Default Extension="jpg" ContentType="image/jpeg"/>'
        '<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>',
    )

    bare, _ = office.stripped(content)

    assert not [
        (name, secret) for name, data in parts(bare).items() for secret in SECRETS
        if secret.encode() in data
    ]  # fmt: skip
    main = parts(bare)["word/document.xml"]
    assert b"rsid" not in main
    assert b'w:author="Author"' in main
    assert said(parts(bare)["word/media/a.jpg"]) == {}
    assert examine(bare, "a.docx").text == examine(content, "a.docx").text
    assert 'author="x" stays' in examine(bare, "a.docx").text


def test_a_part_in_wide_characters_is_stripped_too():
    wide = ('<?xml version="1.0" encoding="UTF-16"?>' + CORE).encode("utf-16")
    content = docx(CHANGED, more={"docProps/core.xml": wide})

    assert b"Popescu" not in parts(office.stripped(content)[0])["docProps/core.xml"]


def test_an_open_document_names_nobody_and_keeps_its_text():
    body = (
        "<text:tracked-changes><text:changed-region text:id='a'><text:insertion><office:change-info>"
        "<dc:creator>Maria Popescu</dc:creator><dc:date>2024-01-01T00:00:00</dc:date>"
        "</office:change-info></text:insertion></text:changed-region></text:tracked-changes><text:p>Kept</text:p>"
    )
    meta = "<office:document-meta xmlns:office='urn:oasis:names:tc:opendocument:xmlns:office:1.0' xmlns:dc='http://purl.org/dc/elements/1.1/'><office:meta><dc:creator>Maria Popescu</dc:creator></office:meta></office:document-meta>"
    content = odt(body, more={"meta.xml": meta, "Pictures/a.jpg": picture("JPEG")})

    bare, _ = office.stripped(content)

    assert not [
        name for name, data in parts(bare).items() if b"Popescu" in data or b"Canon" in data
    ]
    assert next(iter(parts(bare))) == "mimetype"
    assert examine(bare, "a.odt").text == examine(content, "a.odt").text == "Kept"


# --- all honest files --------------------------------------------------------------------------


@pytest.fixture(scope="module")
def taken() -> dict[str, AcceptedFile]:
    """Take every honest file, each in a worker, as `test_honest` does."""

    def take(name: str) -> AcceptedFile:
        file_name, make = CASES[name]
        return examine(make(), file_name)

    with ThreadPoolExecutor(2) as threads:
        return dict(zip(CASES, threads.map(take, CASES), strict=True))


@pytest.fixture
def _limits() -> Iterator[None]:
    """Leave the limits of the PDF library as they were: a worker sets them for itself alone."""
    before = pikepdf.settings.get_qpdf_limits()
    yield
    pikepdf.settings.set_qpdf_limits(**before)


@pytest.mark.usefixtures("_limits")
@pytest.mark.parametrize("name", CASES)
def test_the_copy_of_an_honest_file_is_honest_and_the_same_to_read(
    taken: dict[str, AcceptedFile], name: str
):
    """The copy is judged by the code of the worker, without a process for each: the next test goes the whole way."""
    first = taken[name]
    judging, strips = JUDGES[first.media_type is MediaType.PDF]

    report, text = judging.judge(first.copy)
    read = worker._clean("".join(text))
    _copy, named = strips.stripped(first.copy)

    assert (report.kind, read, report.pages) == (first.media_type, first.text, first.pages)
    assert report.findings | named <= {FileFinding.COMMENTS, FileFinding.CHANGES}


@pytest.mark.parametrize("name", ["pdf-pictures", "docx-rich", "odt-as-libreoffice-writes"])
def test_a_copy_that_is_uploaded_is_accepted_as_the_file_was(
    taken: dict[str, AcceptedFile], name: str
):
    first, (file_name, _make) = taken[name], CASES[name]

    again = examine(first.copy, file_name)

    assert (again.media_type, again.text, again.pages) == (
        first.media_type,
        first.text,
        first.pages,
    )
    assert set(again.found) <= {FileFinding.COMMENTS, FileFinding.CHANGES}
