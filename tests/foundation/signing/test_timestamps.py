"""Time stamps: from a real authority into the signature; without an answer nothing is published."""

import shutil
import socket
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from asn1crypto import cms as asn1_cms
from asn1crypto.core import ParsableOctetString
from pyhanko.sign.signers import PdfSigner

from cissapp.foundation.signing import seal, timestamp_service, timestamps
from cissapp.foundation.signing.errors import TimestampFailed
from cissapp.foundation.signing.keys import Keyring
from tests.certify.certificates.specimen import drawn, facts, ring
from tests.foundation.signing.authority import Authority, serving

needs_openssl = pytest.mark.skipif(not shutil.which("openssl"), reason="needs openssl")
pytestmark = needs_openssl


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("tsa") / "authority")


@pytest.fixture
def address(authority: Authority) -> Iterator[str]:
    authority.how = "well"
    timestamp_service.stamper.cache_clear()
    with serving(authority) as url:
        yield url


@pytest.fixture
def keys(tmp_path: Path) -> Keyring:
    return ring(tmp_path)


def stamped(keys: Keyring, url: str) -> bytes:
    return seal.sign(drawn(facts()), ring=keys, key=keys.newest(), reason="", place="", tsa_url=url)


def test_a_signature_carries_the_stamp_of_the_service(
    keys: Keyring, address: str, authority: Authority
):
    before, asked = datetime.now(UTC) - timedelta(seconds=1), authority.asked

    one, two = stamped(keys, address), stamped(keys, address)

    found = seal.examine(one, keys)
    assert found.good
    assert found.stamped_at is not None
    assert before <= found.stamped_at <= datetime.now(UTC)
    assert seal.examine(two, keys).good
    assert authority.asked - asked == 3  # once to learn the length, then once a certificate


@pytest.mark.skipif(not shutil.which("pdfsig"), reason="needs pdfsig")
def test_another_reader_finds_the_same(tmp_path: Path, keys: Keyring, address: str):
    path = tmp_path / "stamped.pdf"
    path.write_bytes(stamped(keys, address))

    said = subprocess.run(
        ["pdfsig", "-nocert", str(path)], capture_output=True, text=True, check=False
    ).stdout

    assert "Signature is Valid." in said
    assert "Total document signed" in said
    assert "ETSI.CAdES.detached" in said


@pytest.mark.parametrize("how", ["busy", "page", "nonsense"])
def test_a_service_that_gives_no_stamp_is_named(
    keys: Keyring, address: str, authority: Authority, how: str
):
    authority.how = how

    with pytest.raises(TimestampFailed, match=address):
        stamped(keys, address)


def test_a_service_that_does_not_answer_is_named(keys: Keyring, monkeypatch):
    monkeypatch.setattr(timestamp_service, "PATIENCE", 0.2)
    timestamp_service.stamper.cache_clear()
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen()
        url = f"http://127.0.0.1:{deaf.getsockname()[1]}"

        with pytest.raises(TimestampFailed, match=url):
            stamped(keys, url)


def signer_of(content: bytes) -> tuple[asn1_cms.ContentInfo, slice]:
    """The signature of a file, and where it stands."""
    start = content.index(b"/Contents <") + len(b"/Contents <")
    end = content.index(b">", start)
    held = bytes.fromhex(content[start:end].decode())
    return asn1_cms.ContentInfo.load(held), slice(start, end)


def token_of(content: bytes) -> bytes:
    """The time stamp of a file."""
    info, _place = signer_of(content)
    return info["content"]["signer_infos"][0]["unsigned_attrs"][0]["values"][0].dump()


def with_beside(content: bytes, *beside: tuple[str, list[bytes]]) -> bytes:
    """The file with other things beside its signature, where nobody signed anything."""
    info, place = signer_of(content)
    info["content"]["signer_infos"][0]["unsigned_attrs"] = asn1_cms.CMSAttributes(
        [
            asn1_cms.CMSAttribute(
                {"type": kind, "values": [asn1_cms.ContentInfo.load(one) for one in some]}
            )
            for kind, some in beside
        ]
    )
    written = info.dump().hex().upper().encode()
    room = place.stop - place.start
    assert len(written) <= room
    return content[: place.start] + written.ljust(room, b"0") + content[place.stop :]


def other_serial(token: bytes) -> bytes:
    """A stamp that says something else than was stamped."""
    found = asn1_cms.ContentInfo.load(token)
    stamped = found["content"]["encap_content_info"]
    said = stamped["content"].parsed.copy()
    said["serial_number"] = 99
    stamped["content"] = ParsableOctetString(said.dump())
    return found.dump()


def with_certificate(token: bytes, other: bytes) -> bytes:
    """A stamp that carries the certificate of somebody else, too."""
    found, strange = asn1_cms.ContentInfo.load(token), asn1_cms.ContentInfo.load(other)
    kept = [one.copy() for one in found["content"]["certificates"]]
    more = [one.copy() for one in strange["content"]["certificates"]]
    found["content"]["certificates"] = asn1_cms.CertificateSet([*kept, *more])
    return found.dump()


@pytest.fixture
def with_room(monkeypatch) -> None:
    """Signatures with room for more than they hold, as a forger might find one."""
    plain = PdfSigner.sign_pdf
    monkeypatch.setattr(
        PdfSigner, "sign_pdf", lambda self, writer: plain(self, writer, bytes_reserved=24000)
    )


def test_nothing_more_than_its_stamp_stands_beside_a_signature(
    keys: Keyring, address: str, tmp_path: Path, with_room
):
    content = stamped(keys, address)
    token = token_of(content)
    with serving(Authority(tmp_path / "strange")) as strange:
        other = token_of(stamped(keys, strange))
    stamp = timestamps.STAMP
    forged = {
        "two attributes": with_beside(content, (stamp, [token]), ("2.3.4.5", [token])),
        "another attribute": with_beside(content, ("2.3.4.5", [token])),
        "two stamps": with_beside(content, (stamp, [token, token])),
        "the stamp of another signature": with_beside(content, (stamp, [other])),
        "another number in the stamp": with_beside(content, (stamp, [other_serial(token)])),
        "certificates of strangers": with_beside(
            content, (stamp, [with_certificate(token, other)])
        ),
    }

    assert seal.examine(with_beside(content, (stamp, [token])), keys).good
    assert {name: seal.examine(one, keys).good for name, one in forged.items()} == dict.fromkeys(
        forged, False
    )
