"""Whether a document that a school publishes is the approved one."""

import hashlib
import logging
from functools import cache
from io import BytesIO

import pikepdf
import pytest
from docx import Document as Word
from reportlab.pdfgen.canvas import Canvas

from cissapp.certify.certificates.document.facts import AcceptedDocument
from cissapp.foundation.intake import examine_again
from cissapp.prepare.documents.rules.same_text import normalised_text_sha256
from cissapp.verify.verification.checking import documents
from cissapp.verify.verification.rules import ApprovedDocument, DocumentComparison, Sameness
from tests.certify.certificates.specimen import facts
from tests.verify.verification.other_files import scan

LINES = [
    "Safety policy of the school.",
    "The designated person answers every report within two working days.",
    "Nobody who reports in good faith is punished for it, whoever it is about.",
    "The policy is looked at once a year together with pupils and parents.",
]


def written(lines: list[str] = LINES, *, size: int = 12) -> bytes:
    out = BytesIO()
    canvas = Canvas(out)
    canvas.setFont("Helvetica", size)
    for number, line in enumerate(lines):
        canvas.drawString(50, 780 - 24 * number, line)
    canvas.save()
    return out.getvalue()


def in_word(lines: list[str] = LINES) -> bytes:
    out = BytesIO()
    document = Word()
    for line in lines:
        document.add_paragraph(line)
    document.save(out)
    return out.getvalue()


def saved(content: bytes, **options) -> bytes:
    out = BytesIO()
    with pikepdf.open(BytesIO(content)) as pdf:
        pdf.docinfo["/Producer"] = "Another program"
        pdf.save(out, **options)
    return out.getvalue()


@cache
def text_of(content: bytes) -> str | None:
    taken = examine_again(content)
    assert taken
    return normalised_text_sha256(taken.text, pages=taken.pages, texts=taken.texts or None)


def accepted(content: bytes, kind: str = "POL") -> AcceptedDocument:
    return AcceptedDocument(kind, 2, hashlib.sha256(content).hexdigest(), text_of(content))


def certified(*documents: AcceptedDocument):
    return facts(documents=documents)


def changed(word: str, by: str) -> list[str]:
    return [line.replace(word, by) for line in LINES]


@pytest.mark.parametrize(
    ("sent", "sameness"),
    [
        (written(), Sameness.FILE),
        (saved(written()), Sameness.TEXT),
        (saved(written(), qdf=True), Sameness.TEXT),
        (saved(written(), linearize=True), Sameness.TEXT),
        (written(size=9), Sameness.TEXT),
        (in_word(), Sameness.TEXT),
        (written(changed("two", "ten")), Sameness.OTHER),
        (written(changed("punished", "Punished")), Sameness.OTHER),
        (written(changed(".", ",")), Sameness.OTHER),
        (written([*LINES, "And more."]), Sameness.OTHER),
        (written(LINES[:3]), Sameness.OTHER),
        (in_word(changed("year", "month")), Sameness.OTHER),
        (scan(), Sameness.UNKNOWN),
        (b"", Sameness.UNKNOWN),
        (b"plain text", Sameness.UNKNOWN),
        (written()[:400], Sameness.UNKNOWN),
        (saved(written(), encryption=pikepdf.Encryption(owner="o", user="u")), Sameness.UNKNOWN),
    ],
)
def test_a_document_is_compared_by_file_and_by_text(sent: bytes, sameness: Sameness):
    # A reportlab file names the moment it was made; the approved one is made once.
    approved = sent if sameness is Sameness.FILE else APPROVED

    found = documents.compare_document(sent, certified(accepted(approved)))

    assert found.sameness is sameness


APPROVED = written()


def test_the_answer_names_the_document_that_it_agrees_with():
    other = accepted(written([*LINES, "Another document."]), "ORD")
    mine = accepted(APPROVED)

    found = documents.compare_document(saved(APPROVED), certified(other, mine))

    assert found == DocumentComparison(
        Sameness.TEXT, ApprovedDocument("POL", 2, mine.sha256, mine.text_sha256)
    )


def test_a_certificate_that_names_no_text_says_nothing_of_texts():
    old = AcceptedDocument("POL", 2, hashlib.sha256(APPROVED).hexdigest())

    found = [
        documents.compare_document(one, certified(old)).sameness
        for one in (APPROVED, saved(APPROVED))
    ]

    assert found == [Sameness.FILE, Sameness.UNKNOWN]


def test_a_hash_alone_knows_the_very_file_only():
    known = certified(accepted(APPROVED))

    found = [
        documents.compare_hash(hashlib.sha256(one).hexdigest(), known)
        for one in (APPROVED, saved(APPROVED))
    ]

    assert [one and one.sameness for one in found] == [Sameness.FILE, None]


def test_nothing_of_the_document_is_in_the_log(caplog):
    with caplog.at_level(logging.DEBUG):
        documents.compare_document(b"%PDF-1.7 canary-of-a-policy", certified(accepted(APPROVED)))

    assert "canary" not in caplog.text
