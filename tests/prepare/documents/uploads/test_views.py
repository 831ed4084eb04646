"""Uploads in pieces, as a tus client sends them, and the form that ends them."""

import hashlib
import socket
from base64 import b64encode
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from threading import Barrier, Thread

import pytest

from cissapp.foundation.core import clock
from cissapp.foundation.core.db import session, unit_of_work
from cissapp.foundation.core.storage import files
from cissapp.foundation.intake.examination import LARGEST
from cissapp.prepare.documents import queries as documents
from cissapp.prepare.documents.models import Document, DocumentVersion
from cissapp.prepare.documents.uploads import services
from cissapp.prepare.documents.uploads.models import Upload, UploadPart
from cissapp.prepare.documents.uploads.rules import LIFETIME, UploadState
from tests.factories import NOW
from tests.prepare.pages import texts, value

PIECE = 64 * 1024
TUS = {"Tus-Resumable": "1.0.0"}
BODY = {"Content-Type": "application/offset+octet-stream"}
FORM = {"title": "Safety policy", "evidence_code": "POL"}


def in_base64(content: bytes) -> str:
    return b64encode(content).decode()


def large_pdf(make, size: int) -> bytes:
    """A policy that is as large as a scan: what follows the end of a PDF is a comment."""
    from pikepdf import Pdf, Stream

    out = BytesIO()
    with Pdf.open(BytesIO(make.pdf_of("School safety policy"))) as pdf:
        noise = hashlib.shake_256(b"scan").digest(size)
        pdf.pages[0].obj.Scan = pdf.make_indirect(Stream(pdf, noise))
        pdf.save(out, deterministic_id=True)
    return out.getvalue()


class Sender:
    """A tus client in a browser of the tests."""

    def __init__(self, browser) -> None:
        self.browser = browser

    def ask(self, method: str, url: str, body: bytes = b"", **headers: str):
        named = {name.replace("_", "-"): one for name, one in headers.items()}
        token = {"X-CSRFToken": self.browser.token()}
        return self.browser.open(url, method=method, data=body, headers={**TUS, **token, **named})

    def begin(self, content: bytes, name: str = "policy.pdf", sha256: str | None = None):
        digest = hashlib.sha256(content).hexdigest() if sha256 is None else sha256
        metadata = f"filename {in_base64(name.encode())},sha256 {in_base64(digest.encode())}"
        return self.ask(
            "POST",
            "/school/uploads",
            Upload_Length=str(len(content)),
            Upload_Metadata=metadata,
        )

    def append(self, url: str, piece: bytes, begins: int, **headers: str):
        return self.ask("PATCH", url, piece, Upload_Offset=str(begins), **BODY, **headers)

    def offset(self, url: str) -> int:
        return int(self.ask("HEAD", url).headers["Upload-Offset"])

    def all_of(self, content: bytes, name: str = "policy.pdf") -> str:
        """Send a whole file; give its address."""
        url = self.begin(content, name).location
        assert self.append(url, content, 0).status_code == 204
        return url


@pytest.fixture
def sender(browser):
    return Sender(browser)


def id_of(url: str) -> str:
    return url.rsplit("/", 1)[-1]


def stored(app, folder: str = "") -> list[str]:
    with app.app_context():
        return sorted(one.key for one in files().stored() if one.key.startswith(folder))


def test_the_terms_of_the_protocol_are_told(browser):
    answer = browser.open("/school/uploads", method="OPTIONS")

    told = {name: one for name, one in answer.headers.items() if name.startswith("Tus-")}
    assert told == {
        "Tus-Resumable": "1.0.0",
        "Tus-Version": "1.0.0",
        "Tus-Extension": "creation,expiration,checksum,termination",
        "Tus-Max-Size": str(LARGEST),
        "Tus-Checksum-Algorithm": "sha1,sha256",
    }


def test_a_client_of_another_version_is_told_so(sender):
    answer = sender.ask("POST", "/school/uploads", Tus_Resumable="0.2.2", Upload_Length="5")

    assert (answer.status_code, answer.headers["Tus-Version"]) == (412, "1.0.0")


def test_a_file_cut_every_64_kb_and_resumed_arrives_as_it_was_sent(app, make, sender, browser):
    content = large_pdf(make, 700_000)
    url = sender.begin(content).location
    cuts = 0
    while (at := sender.offset(url)) < len(content):
        piece = content[at : at + PIECE]
        proof = in_base64(hashlib.sha256(piece).digest())
        sender.append(url, piece, at, Upload_Checksum=f"sha256 {proof}")  # its answer is lost
        assert sender.append(url, piece, at).status_code == 409
        cuts += 1

    answer = browser.post("/school/documents/new", data={**FORM, "upload": id_of(url)})

    page = browser.get(answer.location)
    with app.app_context():
        version = session.query(DocumentVersion).one()
        assert files().get(version.file_key) == content
        assert (version.file_name, version.sha256) == (
            "policy.pdf",
            hashlib.sha256(content).hexdigest(),
        )
    assert cuts == -(-len(content) // PIECE) > 10
    assert texts(page, "h1") == ["Safety policy"]
    assert stored(app, "uploads") == []


def test_a_form_that_is_sent_twice_makes_one_document(app, make, sender, browser):
    url = sender.all_of(make.pdf_of("Once"))
    form = {**FORM, "upload": id_of(url)}

    first = browser.post("/school/documents/new", data=form)
    second = browser.post("/school/documents/new", data=form)

    assert first.location == second.location
    with app.app_context():
        assert session.query(Document).count() == 1


def test_a_version_comes_in_pieces_too(app, make, sender, browser, school, head):
    document_id = make.complete_dossier(school, head).id
    url = sender.all_of(make.pdf_of("Version two"))

    answer = browser.post(
        f"/school/documents/{document_id}/versions/new", data={"upload": id_of(url)}
    )

    assert answer.location == f"/school/documents/{document_id}"
    with app.app_context():
        assert [one.number for one in documents.versions(document_id)] == [1, 2]


def test_a_damaged_piece_is_not_kept(app, sender):
    url = sender.begin(b"x" * 100).location
    wrong = in_base64(hashlib.sha256(b"another").digest())

    answer = sender.append(url, b"x" * 50, 0, Upload_Checksum=f"sha256 {wrong}")

    assert answer.status == "460 Checksum Mismatch"
    assert (sender.offset(url), stored(app, "uploads")) == (0, [])


@pytest.mark.parametrize(("begins", "status"), [(0, 409), (51, 409), (49, 409), (50, 204)])
def test_a_piece_that_does_not_go_on_is_a_conflict(sender, begins, status):
    url = sender.begin(b"x" * 100).location
    sender.append(url, b"x" * 50, 0)

    answer = sender.append(url, b"x" * 50, begins)

    assert answer.status_code == status
    assert sender.offset(url) == (100 if status == 204 else 50)


def test_two_windows_that_send_the_same_piece_keep_it_once(app, head, sign_in):
    senders = [Sender(sign_in(head)), Sender(sign_in(head))]
    url = senders[0].begin(b"x" * 100).location
    barrier, statuses = Barrier(2), []

    def send(sender: Sender) -> None:
        barrier.wait()
        statuses.append(sender.append(url, b"x" * 60, 0).status_code)

    threads = [Thread(target=send, args=(one,)) for one in senders]
    for one in threads:
        one.start()
    for one in threads:
        one.join()

    assert sorted(statuses) == [204, 409]
    assert senders[0].offset(url) == 60
    assert len(stored(app, "uploads")) == 1


@pytest.mark.parametrize("method", ["HEAD", "PATCH", "DELETE"])
def test_the_upload_of_another_person_is_not_there(make, sender, sign_in, school, method):
    url = sender.begin(b"x" * 100).location
    colleague = Sender(sign_in(make.manager(school)))
    stranger = Sender(sign_in(make.manager(make.school())))

    for one in (colleague, stranger):
        answer = one.ask(method, url, b"x", Upload_Offset="0", **BODY)
        assert answer.status_code == 404
        assert one.browser.post(f"{url}/remove").status_code == 404
    assert sender.offset(url) == 0


def test_nothing_is_written_without_the_token_of_the_page(app, browser):
    headers = {**TUS, "Upload-Length": "5", "Upload-Metadata": f"filename {in_base64(b'a.pdf')}"}

    answer = browser.open("/school/uploads", method="POST", headers=headers)

    assert answer.status_code == 400
    with app.app_context():
        assert session.query(Upload).count() == 0


def test_a_reviewer_may_not_upload(make, sign_in):
    from cissapp.foundation.core.roles import Role

    sender = Sender(sign_in(make.user(Role.REVIEWER)))

    assert sender.begin(b"x").status_code == 403


def test_five_uploads_at_a_time_and_one_may_be_removed(sender, browser):
    urls = [sender.begin(b"x" * 100).location for _ in range(5)]

    refused = sender.begin(b"x" * 100)
    removed = browser.post(f"{urls[0]}/remove")
    taken = sender.begin(b"x" * 100)

    assert (refused.status_code, refused.get_data(as_text=True)) == (
        409,
        "Your school has 5 unfinished uploads. Finish one of them or remove it.",
    )
    assert (removed.status_code, taken.status_code) == (302, 201)


@pytest.mark.parametrize(
    ("size", "name", "status"), [(LARGEST + 1, "a.pdf", 413), (5, "a.exe", 422)]
)
def test_what_would_not_be_taken_is_told_before_it_is_sent(sender, size, name, status):
    answer = sender.ask(
        "POST",
        "/school/uploads",
        Upload_Length=str(size),
        Upload_Metadata=f"filename {in_base64(name.encode())}",
    )

    assert answer.status_code == status
    assert answer.mimetype == "text/plain"


def test_more_than_was_announced_is_refused(sender):
    url = sender.begin(b"x" * 100).location

    assert sender.append(url, b"x" * 101, 0).status_code == 413
    assert sender.offset(url) == 0


def test_a_body_of_another_kind_is_refused(sender):
    url = sender.begin(b"x" * 100).location

    answer = sender.ask("PATCH", url, b"x", Upload_Offset="0", Content_Type="text/plain")

    assert answer.status_code == 415


def test_a_refused_file_goes_and_everything_typed_stays(app, sender, browser):
    url = sender.all_of(b"%PDF-1.4 this is no document")

    answer = browser.post("/school/documents/new", data={**FORM, "upload": id_of(url)})

    assert answer.status_code == 422
    assert value(answer, "title") == "Safety policy"
    assert value(answer, "upload") == ""
    assert len(texts(answer, "p", "error")) == 1
    assert stored(app) == []
    with app.app_context():
        assert (session.query(Upload).count(), session.query(Document).count()) == (0, 0)


def test_a_file_that_nobody_could_look_at_now_does_not_have_to_be_sent_again(
    app, make, sender, browser, monkeypatch
):
    url = sender.all_of(make.pdf_of("Waits"))
    form = {**FORM, "upload": id_of(url)}
    settings = app.config["CISS"]
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        unreachable = f"tcp://127.0.0.1:{closed.getsockname()[1]}"
    monkeypatch.setitem(app.config, "CISS", replace(settings, clamd_url=unreachable))

    waits = browser.post("/school/documents/new", data=form)
    monkeypatch.setitem(app.config, "CISS", settings)
    taken = browser.post("/school/documents/new", data=form)

    assert (waits.status_code, value(waits, "upload")) == (422, id_of(url))
    assert taken.status_code == 302


def test_a_missing_title_keeps_the_file(app, make, sender, browser):
    url = sender.all_of(make.pdf_of("Kept"))

    answer = browser.post("/school/documents/new", data={"title": "", "upload": id_of(url)})

    assert answer.status_code == 422
    assert value(answer, "upload") == id_of(url)
    said = "The file “policy.pdf” is already here. You do not need to send it again."
    assert said in texts(answer, "p", "small")
    sent = browser.post("/school/documents/new", data={**FORM, "upload": id_of(url)})
    assert sent.status_code == 302


def test_a_file_that_is_not_the_announced_one_is_refused(make, sender, browser):
    content = make.pdf_of("Sent")
    url = sender.begin(content, sha256="0" * 64).location
    sender.append(url, content, 0)

    answer = browser.post("/school/documents/new", data={**FORM, "upload": id_of(url)})

    assert answer.status_code == 422
    wanted = "Error: The file did not arrive as it was sent. Choose it again."
    assert texts(answer, "p", "error") == [wanted]


def test_half_a_file_is_no_document(app, make, sender, browser):
    content = make.pdf_of("Half")
    url = sender.begin(content).location
    sender.append(url, content[:200], 0)

    answer = browser.post("/school/documents/new", data={**FORM, "upload": id_of(url)})

    assert answer.status_code == 422
    with app.app_context():
        assert session.query(Document).count() == 0


def test_a_page_loaded_anew_knows_what_was_begun(make, sender, browser):
    content = make.pdf_of("Begun")
    url = sender.begin(content, "begun.pdf").location
    sender.append(url, content[: len(content) // 2], 0)

    page = browser.get("/school/documents/new")

    half = 100 * (len(content) // 2) // len(content)
    said = f"Not finished: {half} per cent of “begun.pdf” has arrived. Choose the same file again to continue from there."
    assert said in texts(page, "p", "small")


def test_what_waited_too_long_is_refused_then_swept(app, sender, sign_in, head):
    url = sender.begin(b"x" * 100).location
    sender.append(url, b"x" * 50, 0)
    later = clock.now() + LIFETIME + timedelta(seconds=1)

    with clock.at(later):
        answer = Sender(sign_in(head)).append(url, b"x" * 50, 50)
    with app.app_context(), unit_of_work():
        swept = services.remove_expired(store=files(), at=later)

    assert (answer.status_code, swept) == (410, 1)
    assert stored(app) == []
    with app.app_context():
        assert (session.query(Upload).count(), session.query(UploadPart).count()) == (0, 0)


def test_the_lock_of_a_handed_in_dossier_holds_for_pieces(app, sender, head):
    from cissapp.prepare.documents.services import lock_evidence

    with app.app_context(), unit_of_work():
        lock_evidence(head.school_id, open_criteria=[], at=NOW)

    assert sender.begin(b"x" * 100).status_code == 409


def test_a_used_upload_keeps_no_pieces(app, make, sender, browser):
    url = sender.all_of(make.pdf_of("Used"))
    browser.post("/school/documents/new", data={**FORM, "upload": id_of(url)})

    with app.app_context():
        upload = session.query(Upload).one()
        assert (upload.state, session.query(UploadPart).count()) == (UploadState.USED, 0)
