"""The answer to a photo or a scan: that of the register where the square leads there, and never "not one of ours"."""

from functools import partial

import pillow_heif
import pytest

from cissapp.certify.certificates import services
from cissapp.certify.certificates.document.facts import read_facts
from cissapp.certify.certificates.rules import in_groups, new_code
from cissapp.foundation.core.actor import SYSTEM
from cissapp.foundation.core.db import session
from cissapp.foundation.core.errors import Busy
from cissapp.foundation.core.storage import files
from cissapp.foundation.intake import ocr
from cissapp.verify.verification.checking import online, pictures
from cissapp.verify.verification.rules import CheckAnswer
from tests.certify.certificates.pages import REASON, content_of, facts_of
from tests.certify.certificates.specimen import drawn, facts
from tests.client import main_text
from tests.factories import NOW
from tests.verify.verification import photos
from tests.verify.verification.test_views import sent

pytestmark = pytest.mark.usefixtures("clock_of_next_day")

OURS, ISSUER = "http://ciss.example", "did:web:ciss.example"


def check(content: bytes, keyring):
    session.commit()  # as between two requests: whoever reads a picture leaves the transaction
    return online.check_file(content, keyring, at=NOW, expiring_days=90, issuer=ISSUER)


def told(content: bytes, keyring) -> tuple[str, str]:
    """The answer, and what was said of the picture."""
    found = check(content, keyring)
    return found.answer.value, found.checks[0].sentence % found.checks[0].values


@pytest.mark.one_database("sqlite")
def test_no_verdict_on_a_picture_is_wrong(context, make):
    certificate, keyring = make.certified(), make.keyring()
    genuine = files().get(certificate.file_key)
    page = photos.printed(genuine)
    pillow_heif.register_heif_opener()
    good = {name: photos.packed(look(page)) for name, look in photos.LOOKS.items()}
    good |= {kind: photos.packed(page, kind) for kind in ("PNG", "WEBP", "HEIF")}
    good["the PDF of a scanner"] = photos.scanned(photos.noisy(page))
    good["beside the square of a bus stop"] = photos.packed(
        photos.with_square(page, "https://bus.example/42")
    )

    found = {name: told(content, keyring) for name, content in good.items()}

    leads = f"its square leads to certificate {certificate.number} in the register"
    assert found == dict.fromkeys(good, ("valid", leads))


@pytest.mark.one_database("postgresql")
def test_what_else_a_picture_shows_is_said_plainly(context, make, monkeypatch):
    certificate, other, keyring = make.certified(), make.certified(), make.keyring()
    known = read_facts(certificate.facts)
    page = photos.printed(files().get(certificate.file_key))
    bare = photos.without_square(page)
    show = partial(photos.with_square, bare)
    shown = {
        "a thumb on the square": bare,
        "no certificate": photos.tilted(bare.crop((0, 0, 500, 300))),
        "two certificates": photos.with_square(page, read_facts(other.facts).qr_text),
        "a square of another site": show(f"https://evil.example/verify/{certificate.code}"),
        "a square that is no address": show("WIFI:T:WPA;S=school;;"),
        "another page of ours": show(f"{OURS}/register"),
        "a code that nobody has": show(f"{OURS}/verify/{new_code()}"),
        "a higher level in the square": show(known.qr_text.replace("level-2", "level-3")),
    }

    # Without a square the letters are read; here nobody can.
    monkeypatch.setattr(ocr, "read_text", lambda *_: None)
    found = {name: told(photos.packed(seen), keyring) for name, seen in shown.items()}

    number = {"number": certificate.number}
    assert found == {
        "a thumb on the square": ("unreadable", pictures.UNREADABLE),
        "no certificate": ("unreadable", pictures.UNREADABLE),
        "two certificates": ("unreadable", pictures.TWO),
        "a square of another site": ("elsewhere", pictures.ELSEWHERE % {"host": "evil.example"}),
        "a square that is no address": ("elsewhere", pictures.NO_ADDRESS),
        "another page of ours": ("unreadable", pictures.NO_CERTIFICATE),
        "a code that nobody has": ("unreadable", pictures.NOT_REGISTERED),
        "a higher level in the square": ("altered", pictures.DISAGREES % number),
    }


@pytest.mark.parametrize(
    ("read", "answer"),
    [
        ("Check it {code} No. 7", CheckAnswer.VALID),
        ("{code}".replace("-", " - "), CheckAnswer.VALID),
        ("ABCD-EFGH-1234-5678-9ABC", CheckAnswer.UNREADABLE),
        ("Certificate", CheckAnswer.UNREADABLE),
        (None, CheckAnswer.UNREADABLE),
    ],
)
def test_a_code_in_print_counts_only_if_the_register_has_it(
    context, make, monkeypatch, read: str | None, answer: CheckAnswer
):
    code = in_groups(make.certified().code)
    text = read.format(code=code) if read else None

    def read_text(*_picture) -> str | None:
        assert not session().in_transaction()  # on SQLite nobody could write meanwhile
        return text

    monkeypatch.setattr(ocr, "read_text", read_text)
    photo = photos.packed(photos.Image.new("RGB", (400, 300), "white"))

    found = check(photo, make.keyring())

    assert (found.answer, found.typed) == (
        answer,
        "ABCDEFGH123456789ABC" if read and "ABCD" in read else "",
    )


@pytest.mark.one_database("sqlite")
def test_a_picture_of_what_was_withdrawn_says_so(context, make):
    certificate, keyring = make.certified(), make.keyring()
    photo = photos.packed(photos.printed(files().get(certificate.file_key)))
    services.withdraw(certificate, reason=REASON, by=SYSTEM, at=NOW)

    assert check(photo, keyring).answer is CheckAnswer.WITHDRAWN


@pytest.mark.one_database("sqlite")
def test_a_typed_page_with_our_square_is_an_altered_file(context, make):
    certificate, keyring = make.certified(), make.keyring()
    known = read_facts(certificate.facts)
    page = drawn(facts(code=certificate.code, base_url=known.base_url, level=3))
    # Its own words are out of sight: only the drawn square says whose it is.
    packed = page.replace(certificate.code[:4].encode(), b"----")

    assert check(packed, keyring).answer is CheckAnswer.ALTERED


@pytest.mark.one_database("sqlite")
@pytest.mark.parametrize("start", [b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF0000WEBP"])
def test_a_damaged_picture_was_not_read(context, make, start: bytes):
    assert check(start + bytes(500), make.keyring()).answer is CheckAnswer.UNREADABLE


def test_too_many_at_once_is_said_and_not_held_against_the_picture(context, make, monkeypatch):
    def busy(_content: bytes):
        assert not session().in_transaction()
        raise Busy

    monkeypatch.setattr(pictures, "read_squares", busy)

    assert told(b"\xff\xd8\xff", make.keyring()) == ("unreadable", pictures.BUSY)


def test_the_page_says_to_compare_and_that_nothing_is_kept(app, client, make, monkeypatch):
    monkeypatch.setattr(ocr, "read_text", lambda *_: None)
    certificate = make.certified(make.school(name="Lyceum No. 4"))
    page = photos.printed(content_of(app, certificate))

    shown = sent(client, photos.packed(page), "photo.jpg")
    unread = sent(client, photos.packed(photos.without_square(page)), "photo.jpg")

    assert (shown.status_code, facts_of(shown)["Number"]) == (200, certificate.number)
    for words in ("✓ Valid Lyceum No. 4", "Compare your picture", "We did not keep the picture."):
        assert words in main_text(shown)
    assert unread.status_code == 422
    assert "Enter the code that is printed beside the square." in main_text(unread)
    assert "Not one of ours" not in main_text(unread)


def test_a_code_that_was_read_and_is_not_known_stands_in_the_field(app, client, make):
    page = photos.without_square(photos.printed(content_of(app, make.certified())))
    code = new_code()

    answer = sent(client, photos.packed(photos.with_square(page, f"{OURS}/verify/{code}")))

    assert f'value="{"-".join(code[at : at + 4] for at in range(0, 20, 4))}"' in answer.text
