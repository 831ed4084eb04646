"""Pages that say whether a document is the approved one."""

import hashlib

import pytest

from cissapp.certify.certificates.rules import in_groups, new_code
from cissapp.foundation.core.db import session
from cissapp.foundation.intake import examine_again
from tests.client import main_text
from tests.verify.verification.test_documents import APPROVED, LINES, saved, written
from tests.verify.verification.test_views import act, sent

pytestmark = pytest.mark.usefixtures("clock_of_next_day")


def text_in(content: bytes) -> str:
    taken = examine_again(content)
    assert taken
    return taken.text


@pytest.fixture
def approved(make, monkeypatch):
    """A certificate whose approved policy is a file that we have."""
    decide = make.decided

    def decided(*arguments, **values):
        submission = decide(*arguments, **values)
        with make._unit():
            merged = session.merge(submission)
            row = merged.versions[0].version
            row.sha256, row.text = hashlib.sha256(APPROVED).hexdigest(), text_in(APPROVED)
            session.flush()
            return merged

    monkeypatch.setattr(make, "decided", decided)
    return make.certified(make.school(name="Lyceum No. 4"))


def compared(client, certificate, content: bytes):
    return sent(client, content, "policy.pdf", f"/verify/{in_groups(certificate.code)}/policy")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (APPROVED, "✓ The approved text, in exactly the same file Lyceum No. 4"),
        (saved(APPROVED), "✓ The same text, in a different file Lyceum No. 4"),
        (written([*LINES, "And more."]), "✕ Not the approved text Lyceum No. 4"),
        (b"no document", "○ Could not be compared Lyceum No. 4"),
    ],
)
def test_the_document_of_the_site_is_compared(client, approved, content: bytes, words: str):
    page = compared(client, approved, content)

    assert (page.status_code, page.headers["X-Robots-Tag"]) == (200, "noindex")
    assert words in main_text(page)
    assert "The certificate itself: ✓ Valid" in main_text(page)


def test_the_comparison_says_also_that_the_certificate_is_withdrawn(app, client, approved):
    act(app, approved, "withdraw")

    page = main_text(compared(client, approved, APPROVED))

    assert "The approved text, in exactly the same file" in page
    assert "The certificate itself: ✕ Withdrawn" in page


def test_a_known_document_need_not_be_sent(client, approved):
    address = f"/verify/{in_groups(approved.code)}/policy"
    known = hashlib.sha256(APPROVED).hexdigest()

    found = [client.get(f"{address}/{sha256}").status_code for sha256 in (known, "0" * 64, "x")]

    assert found == [200, 404, 404]
    assert f'data-known-at="{address}/"' in client.get(address).get_data(as_text=True)


def test_without_a_certificate_there_is_nothing_to_compare_with(client, make):
    code = in_groups(new_code())

    found = [
        client.get(f"/verify/{code}/policy").status_code,
        sent(client, b"x", "a.pdf", f"/verify/{code}/policy").status_code,
        client.get(f"/verify/{code}/policy/{'0' * 64}").status_code,
    ]

    assert found == [404, 404, 404]


def test_no_document_is_said_at_the_field(client, approved):
    page = compared(client, approved, b"")
    nothing = sent(client, b"", "", f"/verify/{in_groups(approved.code)}/policy")

    assert "Could not be compared" in main_text(page)
    assert (nothing.status_code, "Choose the file." in main_text(nothing)) == (422, True)
