"""Keys and signatures: made, kept apart, rotated; a certificate is sealed as a whole."""

import re
import shutil
import stat
import subprocess
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from cissapp.foundation.signing import keys, seal
from cissapp.foundation.signing.keys import Keyring, NoKeys
from tests.certify.certificates.specimen import KEYS_SINCE, SCHOOLS, drawn, facts, ring, signed

needs_pdfsig = pytest.mark.skipif(shutil.which("pdfsig") is None, reason="pdfsig is not installed")


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> Keyring:
    return ring(tmp_path_factory.mktemp("ours"))


def annotated(content: bytes) -> bytes:
    """Add a text box over the page, in a further revision."""
    writer = IncrementalPdfFileWriter(BytesIO(content))
    box = generic.DictionaryObject(
        {
            generic.pdf_name("/Type"): generic.pdf_name("/Annot"),
            generic.pdf_name("/Subtype"): generic.pdf_name("/FreeText"),
            generic.pdf_name("/Rect"): generic.ArrayObject(
                [generic.NumberObject(n) for n in (260, 400, 800, 480)]
            ),
            generic.pdf_name("/Contents"): generic.TextStringObject("Another school"),
        }
    )
    page = writer.root["/Pages"]["/Kids"][0]
    page["/Annots"] = generic.ArrayObject([*page["/Annots"], writer.add_object(box)])
    writer.update_container(page)
    return (
        writer.write_to_stream_bytes()
        if hasattr(writer, "write_to_stream_bytes")
        else _written(writer)
    )


def _written(writer: IncrementalPdfFileWriter) -> bytes:
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def pdfsig(content: bytes, folder: Path) -> str:
    path = folder / "signed.pdf"
    path.write_bytes(content)
    run = subprocess.run(
        ["pdfsig", "-nssdir", str(folder), str(path)], capture_output=True, text=True, check=False
    )
    return run.stdout


# --- keys ----------------------------------------------------------------------------------------


def test_keys_are_for_the_owner_only(tmp_path: Path):
    folder = tmp_path / "keys"

    keys.create_keys(folder, organisation="ECPAT", at=KEYS_SINCE)

    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}
    assert modes == dict.fromkeys(
        [
            "root.pem",
            "root.key.pem",
            "2020-A.pem",
            "2020-A.key.pem",
            "2020-A.ed25519.key.pem",
            "log.key.pem",
            "keys.json",
        ],
        0o600,
    )
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_the_public_file_holds_no_secret(tmp_path: Path):
    made = keys.create_keys(tmp_path, organisation="ECPAT", at=KEYS_SINCE)

    text = (tmp_path / "keys.json").read_text()

    assert "PRIVATE" not in text
    assert keys.load_public(tmp_path / "keys.json").keys == (made,)
    with pytest.raises(NoKeys):
        keys.load_public(tmp_path / "keys.json").newest()


def test_the_key_is_p256_and_may_sign_only(tmp_path: Path):
    made = keys.create_keys(tmp_path, organisation="ECPAT Молдова", at=KEYS_SINCE)

    usage = made.certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    public = made.certificate.public_key()
    assert isinstance(public, ec.EllipticCurvePublicKey)
    assert public.curve.name == "secp256r1"
    assert (usage.digital_signature, usage.content_commitment, usage.key_cert_sign) == (
        True,
        True,
        False,
    )
    assert (made.organisation, made.from_at) == ("ECPAT Молдова", KEYS_SINCE)
    made.certificate.verify_directly_issued_by(made.root)


def test_after_rotation_the_new_key_signs_and_the_old_one_verifies(tmp_path: Path):
    old = ring(tmp_path)
    before = signed(facts(), old)
    keys.create_keys(tmp_path, organisation="ECPAT", at=datetime(2026, 6, 1, tzinfo=UTC))
    both = keys.load(tmp_path)

    after = signed(facts(), both)

    assert [key.id for key in both.keys] == ["2020-A", "2026-A"]
    assert [seal.examine(one, both).key.id for one in (before, after)] == ["2020-A", "2026-A"]
    assert not seal.examine(after, old).good


def test_an_empty_folder_is_an_empty_ring(tmp_path: Path):
    assert (keys.load(tmp_path).keys, keys.exist(tmp_path)) == ((), False)


# --- the seal ------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", SCHOOLS)
def test_a_certificate_is_sealed_as_a_whole(ours: Keyring, language: str):
    content = signed(facts(language), ours)

    assert seal.examine(content, ours) == seal.Seal(
        signatures=1, intact=True, whole=True, locked=True, key=ours.newest()
    )
    assert len(content) <= 50_000


def test_a_long_name_of_the_issuing_body_fits(tmp_path: Path):
    long = ring(tmp_path, organisation="Ж" * 64)

    assert seal.examine(signed(facts(), long), long).good


@needs_pdfsig
def test_pdfsig_says_valid_and_total(ours: Keyring, tmp_path: Path):
    said = pdfsig(signed(facts("uk"), ours), tmp_path)

    assert "Signature is Valid." in said
    assert "Total document signed" in said
    assert "Not total document signed" not in said
    assert re.search(r"Signature Type: ETSI.CAdES.detached", said)
    assert re.search(r"Signing Hash Algorithm: SHA-256", said)


@needs_pdfsig
def test_pdfsig_sees_a_changed_byte(ours: Keyring, tmp_path: Path):
    content = bytearray(signed(facts(), ours))
    place = content.index(b"/verify/") + 9
    content[place] ^= 1

    assert "Digest Mismatch" in pdfsig(bytes(content), tmp_path)


def test_every_changed_byte_breaks_the_seal(ours: Keyring):
    content = signed(facts("en"), ours)
    start = content.rindex(b"/Contents <") + 11
    end = content.index(b">", start) + 1
    good = []
    for place in [*range(0, len(content), 997), *range(start - 1, end, 101), end - 2, end - 1]:
        for flip in (0x01, 0x20):
            changed = bytearray(content)
            changed[place] ^= flip
            if seal.examine(bytes(changed), ours).good:
                good.append(place)

    assert good == []


def test_the_short_look_sees_a_changed_byte_and_another_key(ours: Keyring):
    """It leaves to `examine` how the signature is wrapped: a fifth of the bytes of the place that holds it."""
    content, key = signed(facts("en"), ours), ours.newest()
    start = content.rindex(b"/Contents <") + 10
    end = content.index(b">", start) + 1
    covered = [*range(0, start, 97), *range(end, len(content))]
    held = range(start, end, 17)

    def good(place: int) -> bool:
        changed = bytearray(content)
        changed[place] ^= 0x01
        return seal.is_signed_by(bytes(changed), key)

    assert seal.is_signed_by(content, key)
    assert [place for place in covered if good(place)] == []
    assert sum(map(good, held)) < len(held) / 5


def test_what_is_added_or_signed_by_others_is_not_good(ours: Keyring, tmp_path: Path):
    genuine = signed(facts(), ours)
    lookalike = ring(tmp_path, organisation="ECPAT for tests")
    forged = {
        "appended": genuine + b"\n% more",
        "annotated": annotated(genuine),
        "unsigned": drawn(facts()),
        "look-alike": signed(facts(), lookalike),
        "twice": seal.sign(drawn(facts()), ring=ours, key=ours.newest(), reason="", place="")[:-10],
        "empty": b"",
        "text": b"%PDF-1.7\nnothing",
    }

    found = {
        name: (seal.examine(one, ours).good, seal.is_signed_by(one, ours.newest()))
        for name, one in forged.items()
    }
    assert found == dict.fromkeys(forged, (False, False))
