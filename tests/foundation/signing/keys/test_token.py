"""An issuing key whose P-256 part lies in a token: SoftHSM, through PKCS #11."""

import shutil
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from msgspec.structs import asdict

from cissapp.foundation.signing import keys, seal
from cissapp.foundation.signing.keys import (
    AwayKeys,
    BrokenKeys,
    ExposedKeys,
    NoKeys,
    ceremony,
    checks,
    endorsements,
)
from cissapp.foundation.signing.keys.token_place import TokenPlace, read
from tests.certify.certificates.specimen import drawn, facts

LIBRARIES = [
    Path("/usr/lib/softhsm/libsofthsm2.so"),
    *Path("/usr/lib").glob("*/softhsm/libsofthsm2.so"),
    Path("/usr/local/lib/softhsm/libsofthsm2.so"),
]
LIBRARY = next((str(path) for path in LIBRARIES if path.is_file()), "")
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)

pytestmark = [
    pytest.mark.skipif(not LIBRARY, reason="SoftHSM is not installed (Debian package softhsm2)"),
    # The library of the token is opened once a process, and knows one store of tokens.
]
pytest.importorskip("pkcs11", reason="python-pkcs11 is not installed")


@pytest.fixture(scope="module")
def pin_file(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A fresh token, and the file of its PIN."""
    folder = tmp_path_factory.mktemp("softhsm")
    (folder / "tokens").mkdir()
    conf = folder / "softhsm2.conf"
    conf.write_text(f"directories.tokendir = {folder / 'tokens'}\nobjectstore.backend = file\n")
    tool = shutil.which("softhsm2-util")
    if tool is None:
        pytest.skip("softhsm2-util is not installed")
    pin = folder / "token.pin"
    pin.write_text("4711\n")
    pin.chmod(0o600)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOFTHSM2_CONF", str(conf))
        told = ["--init-token", "--free", "--label", "ciss", "--pin", "4711", "--so-pin", "0815"]
        subprocess.run([tool, *told], check=True, capture_output=True)
        yield pin


@pytest.fixture(scope="module")
def home(pin_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder whose one key lies in the token, vouched for by a root elsewhere."""
    folder = tmp_path_factory.mktemp("home")
    vault = tmp_path_factory.mktemp("vault")
    root = ceremony.new_root(vault, organisation="ECPAT", at=NOW)
    request = ceremony.ask(
        folder,
        organisation="ECPAT Moldova",
        at=NOW,
        group="MD",
        place=lambda key_id: TokenPlace(LIBRARY, "ciss", f"ciss {key_id}", str(pin_file)),
    )
    text = ceremony.answer(request, vault, at=NOW).text()
    ceremony.accept(folder, text, at=NOW, root_sha256=endorsements.fingerprint(root))
    return folder


def test_the_private_part_is_in_the_token_and_in_no_file(home: Path, pin_file: Path):
    assert sorted(path.name for path in home.iterdir()) == [
        "MD-2026-A.ed25519.key.pem",
        "MD-2026-A.pem",
        "MD-2026-A.pkcs11.json",
        "keys.json",
        "log.key.pem",
        "root.pem",
    ]
    assert read(home / "MD-2026-A.pkcs11.json") == TokenPlace(
        LIBRARY, "ciss", "ciss MD-2026-A", str(pin_file)
    )


def test_a_certificate_signed_by_the_token_is_good_and_so_is_a_credential(home: Path):
    held = keys.load(home)
    key = held.signer_for("MD", NOW)

    content = seal.sign(drawn(facts()), ring=held, key=key, reason="", place="Moldova")

    assert seal.examine(content, held) == seal.Seal(
        signatures=1, intact=True, whole=True, locked=True, key=key
    )
    key.ed25519.verify(held.sign_credential(key, b"x"), b"x")


def test_threads_take_turns(home: Path):
    held = keys.load(home)
    pdf = drawn(facts())

    def one(_number: int) -> bool:
        content = seal.sign(pdf, ring=held, key=held.keys[0], reason="", place="")
        return seal.examine(content, held).good

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(one, range(12))) == [True] * 12


def test_the_keys_in_the_token_are_whole(home: Path):
    found = checks.look_over(home, at=NOW)

    # The key is that of a national group; the installation has none of its own.
    (fault,) = found.faults
    assert fault.startswith("No key of this installation can sign now.")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"token_label": "away"}, "The token away cannot be opened: there is no such token"),
        ({"library": "/nowhere.so"}, "The token ciss cannot be opened: "),
        ({"pin_file": "/nowhere"}, "The token away cannot be opened: "),
    ],
)
def test_a_token_that_is_away_is_named(home: Path, tmp_path: Path, change: dict, said: str):
    if "pin_file" in change:
        change["token_label"] = "away"
    folder = copied(home, tmp_path, change)
    held = keys.load(folder)

    with pytest.raises(AwayKeys, match=said):
        held.pdf_signer(held.keys[0])


def test_a_key_that_the_token_has_not_signs_nothing(home: Path, tmp_path: Path):
    held = keys.load(copied(home, tmp_path, {"key_label": "other"}))

    with pytest.raises(AwayKeys, match=r"The token cannot sign: Could not find private key"):
        held.pdf_signer(held.keys[0])


def test_a_pin_that_others_can_read_opens_nothing(home: Path, tmp_path: Path, pin_file: Path):
    open_pin = tmp_path / "open.pin"
    open_pin.write_text("4711")
    open_pin.chmod(0o644)
    folder = copied(home, tmp_path, {"pin_file": str(open_pin), "token_label": "not yet open"})
    held = keys.load(folder)

    for act in (lambda: held.pdf_signer(held.keys[0]), lambda: held.signer_for("MD", NOW)):
        with pytest.raises(ExposedKeys, match=r"Other users of this machine can read .*open\.pin"):
            act()


def copied(home: Path, tmp_path: Path, change: dict) -> Path:
    folder = tmp_path / "copy"
    shutil.copytree(home, folder)
    place = read(folder / "MD-2026-A.pkcs11.json")
    text = TokenPlace(**{**asdict(place), **change}).text()
    (folder / "MD-2026-A.pkcs11.json").write_text(text)
    return folder


def test_a_label_is_drawn_once(home: Path, pin_file: Path):
    from cissapp.foundation.signing.keys import token

    with pytest.raises(NoKeys, match="The token already has a key ciss MD-2026-A"):
        token.generate(TokenPlace(LIBRARY, "ciss", "ciss MD-2026-A", str(pin_file)))


def test_a_broken_note_of_the_place_is_named(tmp_path: Path):
    path = tmp_path / "2026-A.pkcs11.json"
    for text in ("", "[]", '{"library": "x"}'):
        path.write_text(text)
        with pytest.raises(BrokenKeys, match="cannot be read"):
            read(path)
