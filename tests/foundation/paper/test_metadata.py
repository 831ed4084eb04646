"""What a file says of itself, and the text inside that computers read."""

from datetime import UTC, datetime
from io import BytesIO
from xml.etree import ElementTree as ET

import pikepdf
import pytest

from cissapp.foundation.paper.archive import open_pdf, save_pdf
from cissapp.foundation.paper.canvas import A4, Paper
from cissapp.foundation.paper.metadata import (
    Description,
    read_text_inside,
    stamp_of,
    write_archive_description,
    write_description,
    write_text_inside,
)

AT = datetime(2026, 11, 25, 9, 30, tzinfo=UTC)
DESCRIPTION = Description(
    title="A & B <Lyceum>: certificate",
    subject="CISS MD-2026-00042",
    author="Centrul Național",
    address="https://ciss.example/verify/x",
    languages=("ro", "en"),
    made_at=AT,
)
TEXT = '{"name": "Ștefan"}'


def page() -> bytes:
    paper = Paper(A4)
    paper.bar(0, 0, 10, 10, colour="#000000")
    return paper.finish()


def texts_of(content: bytes) -> list[str]:
    with pikepdf.open(BytesIO(content)) as pdf:
        packet = ET.fromstring(pdf.Root.Metadata.read_bytes().decode().strip("\ufeff"))
    return [text.strip() for text in packet.itertext() if text.strip()]


def test_a_file_for_the_archive_is_described_twice():
    with open_pdf(page()) as pdf:
        write_archive_description(pdf, DESCRIPTION)
        content = save_pdf(pdf)

    assert texts_of(content) == [
        "application/pdf",
        DESCRIPTION.address,
        DESCRIPTION.title,
        DESCRIPTION.subject,
        DESCRIPTION.author,
        "ro",
        "en",
        "CISS",
        "2026-11-25T09:30:00+00:00",
        "2026-11-25T09:30:00+00:00",
        "CISS",
        "2",
        "B",
    ]
    with pikepdf.open(BytesIO(content)) as pdf:
        assert {key: str(value) for key, value in pdf.docinfo.items()} == {
            "/Title": DESCRIPTION.title,
            "/Subject": DESCRIPTION.subject,
            "/Author": DESCRIPTION.author,
            "/Creator": "CISS",
            "/Producer": "CISS",
            "/CreationDate": "D:20261125093000+00'00'",
            "/ModDate": "D:20261125093000+00'00'",
        }


def test_a_plain_file_says_its_title_language_and_kind():
    with open_pdf(page()) as pdf:
        write_description(pdf, title="A & B", language="uk", kind="ciss-x-1")
        content = save_pdf(pdf, for_archive=False)

    assert texts_of(content) == ["application/pdf", "ciss-x-1", "A & B", "uk"]
    with pikepdf.open(BytesIO(content)) as pdf:
        assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle)


def test_a_moment_is_written_as_pdf_does():
    assert (stamp_of(AT), stamp_of(AT, "Z")) == ("D:20261125093000+00'00'", "D:20261125093000Z")


def carrying() -> bytes:
    with open_pdf(page()) as pdf:
        write_text_inside(pdf, "CISSTest", TEXT, stamp=stamp_of(AT))
        return save_pdf(pdf)


def test_a_text_inside_reads_back_under_its_name_alone():
    assert read_text_inside(carrying(), "CISSTest") == TEXT
    assert read_text_inside(carrying(), "CISS") is None


@pytest.mark.parametrize(
    "change",
    [
        lambda pdf: pdf.Root.__delattr__("PieceInfo"),
        lambda pdf: setattr(pdf.Root, "PieceInfo", pikepdf.Array([1])),
        lambda pdf: setattr(pdf.Root.PieceInfo, "CISSTest", pikepdf.String("x")),
        lambda pdf: setattr(pdf.Root.PieceInfo.CISSTest, "Private", pikepdf.String("x")),
        lambda pdf: setattr(pdf.Root.PieceInfo.CISSTest, "Private", pdf.make_stream(b"\xff")),
    ],
)
def test_a_file_without_a_text_has_none(change):
    with pikepdf.open(BytesIO(carrying())) as pdf:
        change(pdf)
        content = save_pdf(pdf)

    assert read_text_inside(content, "CISSTest") is None
    assert read_text_inside(b"nothing", "CISSTest") is None
