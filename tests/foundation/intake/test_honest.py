"""Every honest file is taken, with its text."""

from concurrent.futures import ThreadPoolExecutor
from io import BytesIO

import pikepdf
import pytest
from PIL import Image

from cissapp.foundation.intake import AcceptedFile, examine
from cissapp.foundation.intake.examination import LARGEST
from cissapp.foundation.intake.media import MediaType
from cissapp.foundation.intake.reasons import FileFinding
from cissapp.foundation.intake.sentences import FINDINGS
from tests.foundation.intake import honest
from tests.foundation.intake.packages import docx, odt
from tests.foundation.intake.pdfs import appended, drawn, plain, stream

CASES = {name: (file_name, make, words) for name, file_name, make, words in honest.cases()}


@pytest.fixture(scope="module")
def taken() -> dict[str, AcceptedFile]:
    """Take all of them, two at a time."""

    def take(name: str) -> AcceptedFile:
        file_name, make, _ = CASES[name]
        return examine(make(), file_name)

    with ThreadPoolExecutor(2) as threads:
        return dict(zip(CASES, threads.map(take, CASES), strict=True))


@pytest.mark.parametrize("name", CASES)
def test_an_honest_file_is_taken_with_its_text(taken: dict[str, AcceptedFile], name: str):
    kind, words = MediaType(name.partition("-")[0]), CASES[name][2]

    assert (taken[name].media_type, words) == (
        kind,
        words if words in taken[name].text else taken[name].text,
    )


def test_a_pdf_has_pages_and_the_others_have_not(taken: dict[str, AcceptedFile]):
    pages = {
        name: taken[name].pages
        for name in ("pdf-cyrillic", "pdf-hundred-pages", "docx-bare", "odt-bare")
    }

    assert pages == {
        "pdf-cyrillic": 2,
        "pdf-hundred-pages": 100,
        "docx-bare": None,
        "odt-bare": None,
    }


@pytest.mark.parametrize(
    ("name", "findings"),
    [
        ("pdf-plain", []),
        ("pdf-described", [FileFinding.AUTHOR]),
        ("pdf-saved-twice", [FileFinding.EARLIER_VERSIONS]),
        ("pdf-linearised", []),
        ("pdf-signed", []),
        ("docx-bare", []),
        ("docx-changed", [FileFinding.CHANGES]),
        ("docx-rich", [FileFinding.AUTHOR, FileFinding.COMMENTS]),
        (
            "odt-as-libreoffice-writes",
            [FileFinding.AUTHOR, FileFinding.CHANGES, FileFinding.COMMENTS],
        ),
    ],
)
def test_the_sender_is_told_what_else_is_in_the_file(
    taken: dict[str, AcceptedFile], name: str, findings: list[FileFinding]
):
    assert taken[name].findings == tuple(FINDINGS[finding] for finding in findings)


def with_place() -> bytes:
    exif = Image.Exif()
    exif.get_ifd(0x8825)[1] = "N"
    exif[0x8825] = exif.get_ifd(0x8825)
    out = BytesIO()
    Image.new("RGB", (9, 9)).save(out, "JPEG", exif=exif)
    return out.getvalue()


@pytest.mark.parametrize("name", ["policy.pdf", "policy.docx", "policy.odt"])
def test_the_sender_is_told_that_a_photo_names_its_place(name: str):
    photo = with_place()
    content = {
        "policy.pdf": lambda: plain(
            more={5: stream(photo, b"/Subtype /Image /Width 9 /Height 9 /Filter /DCTDecode")}
        ),
        "policy.docx": lambda: docx(more={"word/media/a.png": photo}),
        "policy.odt": lambda: odt(more={"Pictures/a.jpg": photo}),
    }[name]()

    assert examine(content, name).findings == (FINDINGS[FileFinding.PLACE],)


def test_text_is_cut_at_half_a_megabyte_and_has_no_signs_a_database_refuses():
    paragraph = "<w:p><w:r><w:t>школа\u0085 \ufdd0 &#9;a</w:t></w:r></w:p>"

    text = examine(docx(paragraph * 40_000), "policy.docx").text

    assert 499_990 < len(text.encode()) <= 500_000
    assert text.startswith("школа   \ta\nшкола   \ta\n")


def test_a_file_without_readable_text_is_taken():
    """The font says nothing of its letters, and the page's commands are no commands."""
    found = examine(plain(content=b"BT /None 9 Tf <0102> Tj ((( ET"), "policy.pdf")

    assert found == AcceptedFile(MediaType.PDF, "", 1, ())


def test_the_largest_file_is_taken():
    about = plain(content=bytes(10_000_000))
    content = plain(content=bytes(10_000_000 + LARGEST - len(about)))

    assert (len(content), examine(content, "policy.pdf").pages) == (LARGEST, 1)


def test_both_versions_of_the_text_stay_in_a_file_saved_twice():
    """This is why the finding is there: the older text can be read from the file."""
    with pikepdf.open(BytesIO(drawn())) as pdf:
        assert len(pdf.pages) == 1
    assert b"(old)" in appended(
        plain(catalog=b"/Note (old)"), 1, b"<< /Type /Catalog /Pages 2 0 R >>"
    )
