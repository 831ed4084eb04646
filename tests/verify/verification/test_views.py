"""Pages of the public check: by the code, by the file, and against the approved text."""

import hashlib
import time

import pytest

from cissapp.certify.certificates.document.facts import read_facts
from cissapp.certify.certificates.rules import in_groups, new_code
from cissapp.foundation.core.storage import files
from tests.certify.certificates.pages import REASON, act, content_of, facts_of
from tests.certify.certificates.specimen import drawn, ring
from tests.client import main_text
from tests.shipped import SHIPPED
from tests.verify.verification.forgeries import forgeries
from tests.verify.verification.more_forgeries import more

pytestmark = pytest.mark.usefixtures("clock_of_next_day")

SECONDS = 5
# What the page of a file that is none of ours begins with.
REFUSED = ("Result of the check ✕ Altered", "Result of the check ✕ Not one of ours")
# What is said of a picture without a square: it is not judged.
NOT_READ = "This picture could not be read."


def sent(client, content: bytes, name: str = "certificate.pdf", address: str = "/verify"):
    """Send a file; by hand, because the test client leaves large ones open."""
    body = b"".join(
        [
            b'--edge\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n',
            client.token().encode(),
            f'\r\n--edge\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'.encode(),
            b"Content-Type: application/pdf\r\n\r\n",
            content,
            b"\r\n--edge--\r\n",
        ]
    )
    return client.post(
        address, data=body, content_type="multipart/form-data; boundary=edge", csrf=False
    )


# --- check ---------------------------------------------------------------------------------------


def test_a_typed_code_leads_to_its_public_page(client, make):
    certificate = make.certified(make.school(name="Lyceum No. 4"))

    answer = client.post("/verify", data={"code": in_groups(certificate.code).lower()})
    page = client.get(answer.location)

    assert (answer.status_code, answer.location) == (303, f"/verify/{in_groups(certificate.code)}")
    assert (page.status_code, page.headers["X-Robots-Tag"]) == (200, "noindex")
    assert (
        "✓ Valid Lyceum No. 4 Level 2 · Working in practice · until 25 November 2028"
        in main_text(page).replace("November 25, 2028", "25 November 2028")
    )
    shown = facts_of(page)
    assert shown["Number"] == certificate.number
    assert shown["Place"] == "Orhei, Moldova"
    assert shown["Issued by"] == "ECPAT Moldova"
    assert shown["In the register"].endswith("unchanged ✓")
    assert shown["Hash of these facts (SHA-256)"] == certificate.facts_sha256
    # As in the credential, to the letter.
    assert all(f"{level:.2f}" in main_text(page) for level in make.MODULE_LEVELS.values())
    assert SHIPPED.standard.certificate_texts["en"].not_meaning in main_text(page)


def test_a_search_box_on_another_page_asks_with_get(client, make):
    code = make.certified().code

    found = client.get(f"/verify?code=%20{code.lower()}")
    wrong = client.get(f"/verify?code={code[:-1]}/..")

    assert (found.status_code, found.location) == (303, f"/verify/{in_groups(code)}")
    assert (wrong.status_code, "There is a mistake in" in main_text(wrong)) == (200, True)
    assert f'value="{code[:-1]}/.."' in wrong.text


def test_a_code_without_dashes_leads_to_the_one_address(client, make):
    certificate = make.certified()

    answer = client.get(f"/verify/{certificate.code.lower()}")

    assert (answer.status_code, answer.location) == (
        302,
        f"/verify/{in_groups(certificate.code)}",
    )


def test_a_code_of_the_start_page_leads_on_however_it_was_typed(client, make):
    code = make.certified().code
    cyrillic = code.translate(str.maketrans("ABCEHKMPTX", "АВСЕНКМРТХ"))

    for typed in (in_groups(code), code.lower(), f" {cyrillic} "):
        answer = client.get("/verify", query_string={"code": typed})
        assert (answer.status_code, answer.location) == (303, f"/verify/{in_groups(code)}")
    wrong = client.get("/verify?code=7KQD")
    assert (wrong.status_code, 'value="7KQD"' in wrong.get_data(as_text=True)) == (200, True)
    assert "There is a mistake in this code: it has 4 of 20 characters." in main_text(wrong)


def test_no_person_is_on_the_public_page(client, make):
    school = make.school()
    manager = make.manager(school, name="Canary Name", email="canary@school.example")
    certificate = make.certified(school)

    page = client.get(f"/verify/{in_groups(certificate.code)}").get_data(as_text=True)

    assert [
        word for word in ("Canary", "canary@", str(manager.id), str(school.id)) if word in page
    ] == []


def test_a_slip_of_the_finger_is_said_at_the_field(client, make):
    code = make.certified().code
    wrong = ("0" if code[0] != "0" else "1") + code[1:]

    answer = client.post("/verify", data={"code": wrong})

    assert answer.status_code == 422
    assert "There is a mistake in this code." in main_text(answer)
    assert "Not one of ours" not in main_text(answer)
    assert f'value="{wrong}"' in answer.get_data(as_text=True)


@pytest.mark.parametrize("data", [{}, {"code": ""}, {"code": "x" * 5000}])
def test_nothing_typed_is_said_at_the_field(client, data):
    answer = client.post("/verify", data=data)

    assert answer.status_code == 422
    assert "There is a problem" in main_text(answer)
    # The page begins at the summary, without a script too.
    assert 'tabindex="-1" autofocus' in answer.get_data(as_text=True)


def test_an_unknown_code_is_not_ours(client, make):
    make.certified()

    page = client.get(f"/verify/{in_groups(new_code())}")

    assert page.status_code == 404
    assert "✕ Not one of ours This certificate is not in the register" in main_text(page)
    assert page.headers["X-Robots-Tag"] == "noindex"


@pytest.mark.parametrize(
    "path", ["%25", "....", "a" * 3000, "%F0%9F%8F%AB", "%D0%90%D0%92", "' OR 1=1 --", "<b>"]
)
def test_any_address_below_verify_answers(client, path: str):
    page = client.get(f"/verify/{path}")

    assert (page.status_code, page.headers["X-Robots-Tag"]) == (404, "noindex")
    assert "There is a mistake in" in main_text(page)
    assert "Not one of ours" not in main_text(page)


def test_the_file_that_was_issued_is_valid(app, client, make):
    certificate = make.certified(make.school(name="Lyceum No. 4"))

    page = sent(client, content_of(app, certificate))

    assert (page.status_code, page.headers["Cache-Control"]) == (200, "no-store")
    assert "✓ Valid Lyceum No. 4" in main_text(page)
    shown = facts_of(page)
    assert shown["This file"] == "is the certificate that was issued, unchanged ✓"
    assert shown["Signature"] == "by ECPAT for tests, key 2020-A, covering the whole file ✓"


@pytest.mark.parametrize(
    ("change", "word"),
    [
        (lambda content: content + b"\n", "✕ Altered This is not the file that was issued"),
        (lambda _content: b"%PDF-1.7 another", "✕ Not one of ours"),
        (lambda _content: b"", "✕ Not one of ours"),
        (lambda content: content + bytes(10_000_000), "○ Could not be checked"),
    ],
)
def test_another_file_is_not_valid(app, client, make, change, word: str):
    certificate = make.certified()

    page = sent(client, change(content_of(app, certificate)))

    assert page.status_code == 200
    assert word in main_text(page)
    assert "✓ Valid" not in main_text(page)


def test_no_file_is_said_at_the_field(client):
    answer = sent(client, b"", name="")

    assert answer.status_code == 422
    assert "Choose the file." in main_text(answer)


def test_a_file_is_not_kept(app, client, make):
    certificate = make.certified()
    with app.app_context():
        root = files().root
    before = sorted(path.name for path in root.rglob("*"))

    sent(client, content_of(app, certificate) + b"x")

    assert sorted(path.name for path in root.rglob("*")) == before


@pytest.mark.parametrize(
    ("name", "word"),
    [("suspend", "! Suspended"), ("withdraw", "✕ Withdrawn")],
)
def test_what_was_decided_is_public_at_once_without_its_reason(app, client, make, name, word):
    certificate = make.certified()
    act(app, certificate, name)

    pages = [
        main_text(client.get(f"/verify/{in_groups(certificate.code)}")),
        main_text(sent(client, content_of(app, certificate))),
    ]

    assert [word in page for page in pages] == [True, True]
    assert [REASON in page for page in pages] == [False, False]


def test_no_forgery_is_accepted_on_the_site(app, client, make, tmp_path):
    ours, theirs = make.keyring(), ring(tmp_path, organisation="ECPAT for tests")
    certificate, other = make.certified(), make.certified()
    known = read_facts(certificate.facts)
    genuine, second = content_of(app, certificate), content_of(app, other)
    made = forgeries(genuine, known, ours, theirs) | more(
        genuine, second, drawn(known), known, other.code, ours, theirs
    )

    accepted, unclear, slow = [], [], []
    for name, content in made.items():
        began = time.perf_counter()
        page = sent(client, content)
        took, words = time.perf_counter() - began, main_text(page)
        if "✓ Valid" in words:
            accepted.append(name)
        refused = page.status_code == 200 and any(one in words for one in REFUSED)
        if not refused and (page.status_code != 422 or NOT_READ not in words):
            unclear.append((name, page.status_code, words[:80]))
        if took > SECONDS:
            slow.append((name, took))

    assert len(made) >= 130
    assert (accepted, unclear, slow) == ([], [], [])
    assert ["✓ Valid" in main_text(sent(client, one)) for one in (genuine, second)] == [True, True]


@pytest.mark.parametrize("name", ["certificate.txt", "../../etc/passwd", "сертифікат", "a" * 300])
def test_the_name_of_a_file_does_not_matter(app, client, make, name: str):
    assert "✓ Valid" in main_text(sent(client, content_of(app, make.certified()), name))


def test_a_file_that_the_browser_knows_need_not_be_sent(app, client, make):
    certificate = make.certified()
    address = f"/verify/file/{hashlib.sha256(content_of(app, certificate)).hexdigest()}"

    page = client.get(address)

    assert (page.status_code, page.headers["X-Robots-Tag"]) == (200, "noindex")
    assert facts_of(page)["This file"] == "is the certificate that was issued, unchanged ✓"
    assert client.head(address).status_code == 200
    assert f'data-known-at="{address[:-64]}"' in client.get("/verify").get_data(as_text=True)


@pytest.mark.parametrize("sha256", ["0" * 64, "x", "0" * 63 + "G", "%00" * 64])
def test_a_hash_that_nobody_knows_is_missing(client, make, sha256: str):
    make.certified()

    assert client.get(f"/verify/file/{sha256}").status_code == 404
