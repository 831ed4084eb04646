"""The root on another machine: ask, sign, accept; and answers that must be refused."""

import json
import re
from base64 import b64decode
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from cissapp.foundation.signing import keys, seal
from cissapp.foundation.signing.keys import (
    BrokenKeys,
    ExposedKeys,
    NoKeys,
    ceremony,
    endorsements,
    requests,
)
from tests.certify.certificates.specimen import drawn, facts

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)


class Place:
    """Two machines: one with the root, one with the keys."""

    def __init__(self, folder: Path) -> None:
        self.vault, self.home = folder / "vault", folder / "home"
        root = ceremony.new_root(self.vault, organisation="ECPAT", at=NOW)
        self.print = endorsements.fingerprint(root)

    def ask(self, group: str | None = None) -> requests.KeyRequest:
        return ceremony.ask(
            self.home,
            organisation="ECPAT Moldova",
            at=NOW,
            group=group,
            log_name="ciss.example/log",
        )

    def sign(self, request: requests.KeyRequest) -> str:
        return ceremony.answer(requests.read_request(request.text()), self.vault, at=NOW).text()

    def accept(self, text: str, root_sha256: str = "", at: datetime = LATER) -> keys.PublicKey:
        return ceremony.accept(self.home, text, at=at, root_sha256=root_sha256)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


@pytest.fixture
def elsewhere(tmp_path: Path) -> Place:
    return Place(tmp_path / "elsewhere")


# --- the way through ------------------------------------------------------------------------------


def test_a_key_is_asked_for_signed_and_put_into_use(place: Place):
    request = place.ask()
    with pytest.raises(NoKeys):
        keys.load(place.home).signer_for("MD", LATER)

    made = place.accept(place.sign(request), ceremony.read_out(place.print).upper())

    held = keys.load(place.home)
    content = seal.sign(drawn(facts()), ring=held, key=made, reason="", place="")
    checkpoint = held.sign_log(b"x")
    assert (held.keys, held.signer_for("MD", LATER), made.organisation) == (
        (made,),
        made,
        "ECPAT Moldova",
    )
    assert seal.examine(content, held).good
    held.log.public.verify(checkpoint, b"x")
    made.ed25519.verify(held.sign_credential(made, b"y"), b"y")


def test_the_roots_private_part_never_comes_near_the_keys(place: Place):
    place.accept(place.sign(place.ask()), place.print)

    assert sorted(path.name for path in place.home.iterdir()) == [
        "2026-A.ed25519.key.pem",
        "2026-A.key.pem",
        "2026-A.pem",
        "keys.json",
        "log.key.pem",
        "root.pem",
    ]
    with pytest.raises(NoKeys, match="The root is not in"):
        keys.create_keys(place.home, organisation="ECPAT", at=LATER)


def test_what_is_carried_holds_no_secret(place: Place):
    request = place.ask()
    carried = request.text() + place.sign(request)

    words = re.findall(r"[0-9A-Za-z+/=]{20,}", carried.replace("\\n", ""))
    blobs = [b64decode(word + "=" * (-len(word) % 4)) for word in words]
    secrets = [
        secret(path.read_bytes())
        for path in (*place.home.glob("*.key.pem"), *place.vault.glob("*.key.pem"))
    ]
    assert len(secrets) == 4
    assert [one for one in secrets for blob in blobs if one in blob] == []
    assert "PRIVATE" not in carried


def secret(pem: bytes) -> bytes:
    private = load_pem_private_key(pem, None)
    if isinstance(private, Ed25519PrivateKey):
        return private.private_bytes_raw()
    return private.private_numbers().private_value.to_bytes(32, "big")


def test_the_root_that_is_known_needs_no_paper_and_the_log_is_asked_for_once(place: Place):
    first = place.ask()
    place.accept(place.sign(first), place.print)
    second = place.ask("MD")

    made = place.accept(place.sign(second))

    assert (first.log_name, second.log_name, made.id, made.group) == (
        "ciss.example/log",
        None,
        "MD-2026-A",
        "MD",
    )


def test_the_same_request_gets_the_same_answer_and_another_of_that_name_none(
    place: Place, elsewhere: Place
):
    request, other = place.ask(), elsewhere.ask()

    first, second = place.sign(request), place.sign(request)

    assert first == second
    with pytest.raises(NoKeys, match="already signed a different key named 2026-A"):
        place.sign(other)


def test_a_root_is_made_once_and_may_have_a_passphrase(tmp_path: Path):
    ceremony.new_root(tmp_path / "vault", organisation="E", at=NOW, passphrase="correct horse")
    request = ceremony.ask(tmp_path / "home", organisation="E", at=NOW)
    stored = (tmp_path / "vault" / "root.key.pem").read_text()

    for typed in ("", "wrong horse"):
        with pytest.raises(BrokenKeys, match="cannot be read"):
            ceremony.answer(request, tmp_path / "vault", at=NOW, passphrase=typed)
    given = ceremony.answer(request, tmp_path / "vault", at=NOW, passphrase="correct horse")

    assert "ENCRYPTED" in stored
    assert given.key.id == "2026-A"
    with pytest.raises(NoKeys, match="There is already a root"):
        ceremony.new_root(tmp_path / "vault", organisation="E", at=NOW)


def test_a_new_root_comes_beside_the_old_one(place: Place, elsewhere: Place):
    place.accept(place.sign(place.ask()), place.print)
    request = place.ask()
    text = elsewhere.sign(request)
    with pytest.raises(BrokenKeys, match="is unknown here"):
        place.accept(text)

    place.accept(text, elsewhere.print)

    held = keys.load(place.home)
    assert [endorsements.fingerprint(key.root) for key in held.keys] == [
        place.print,
        elsewhere.print,
    ]


# --- answers that are refused ---------------------------------------------------------------------


def refusal(act: Callable[[], object]) -> str:
    with pytest.raises((NoKeys, BrokenKeys)) as refused:
        act()
    return str(refused.value)


def test_an_unknown_root_is_refused_until_the_paper_names_it(place: Place, elsewhere: Place):
    text = place.sign(place.ask())

    assert refusal(lambda: place.accept(text)) == (
        f"The root {ceremony.read_out(place.print)} is unknown here. Compare it with the fingerprint"
        " on your paper. If it is the same, add --root and that fingerprint."
    )
    assert refusal(lambda: place.accept(text, elsewhere.print)) == (
        "The answer is from a different root than the one on your paper."
    )
    assert not keys.exist(place.home)


def test_an_answer_is_refused_twice_unasked_late_or_of_a_key_that_is_not_here(
    place: Place, elsewhere: Place
):
    text = place.sign(place.ask())
    other = elsewhere.sign(elsewhere.ask("MD"))
    late = NOW + timedelta(days=9 * 365)

    said = [
        refusal(lambda: place.accept(other, elsewhere.print)),
        refusal(lambda: place.accept(text, place.print, late)),
    ]
    private = place.home / "2026-A.key.pem"
    private.chmod(0o644)
    with pytest.raises(ExposedKeys):
        place.accept(text, place.print)
    private.unlink()
    said.append(refusal(lambda: place.accept(text, place.print)))

    assert said == [
        "Key MD-2026-A was not requested here.",
        "The certificate of key 2026-A has expired.",
        f"{private} is missing",
    ]


def test_an_answer_is_accepted_once(place: Place):
    text = place.sign(place.ask())
    place.accept(text, place.print)

    assert refusal(lambda: place.accept(text)) == "Key 2026-A is already in use."


def test_an_answer_to_the_same_name_of_another_machine_is_refused(place: Place, elsewhere: Place):
    place.ask()
    text = elsewhere.sign(elsewhere.ask())

    assert refusal(lambda: place.accept(text, elsewhere.print)) == (
        "This answer is for another request."
    )


def other_certificate(raw, other):
    raw["key"]["certificate"] = other["key"]["certificate"]


def other_endorsement(raw, other):
    raw["key"]["credential"]["endorsement"] = other["key"]["credential"]["endorsement"]


def other_log(raw, other):
    raw["log"] = other["log"]


def no_log(raw, other):
    raw["log"] = None


def other_group(raw, other):
    raw["key"]["group"] = "MD"


def a_root_as_key(raw, other):
    raw["key"]["certificate"] = raw["key"]["root"]
    del raw["key"]["sha256"]


def a_key_as_root(raw, other):
    raw["key"]["root"] = raw["key"]["certificate"]


def other_format(raw, other):
    raw["format"] = "ciss-key-request-1"


def nothing(raw, other):
    raw.clear()


CHANGES: list[Callable[[Any, Any], None]] = [
    other_certificate,
    other_endorsement,
    other_log,
    no_log,
    other_group,
    a_root_as_key,
    a_key_as_root,
    other_format,
    nothing,
]


@pytest.mark.parametrize("change", CHANGES, ids=lambda one: one.__name__)
def test_a_changed_answer_is_refused(place: Place, elsewhere: Place, change):
    raw = json.loads(place.sign(place.ask()))
    change(raw, json.loads(elsewhere.sign(elsewhere.ask())))

    with pytest.raises(BrokenKeys):
        place.accept(json.dumps(raw), place.print)
    assert not keys.exist(place.home)


# --- requests that are refused --------------------------------------------------------------------


def other_part(raw, other):
    raw["credential"]["publicKeyMultibase"] = other["credential"]["publicKeyMultibase"]


def whole_other_part(raw, other):
    raw["credential"] = other["credential"]


def whole_other_log(raw, other):
    raw["log"].update({k: v for k, v in other["log"].items() if k != "name"})


def other_request(raw, other):
    raw["signing_request"] = other["signing_request"]


def a_way_out(raw, other):
    raw["id"] = "../../2026-A"


REQUESTS = [other_part, whole_other_part, whole_other_log, other_request, a_way_out, nothing]


@pytest.mark.parametrize("change", REQUESTS, ids=lambda one: one.__name__)
def test_the_root_refuses_a_request_of_somebody_who_does_not_hold_the_keys(
    place: Place, elsewhere: Place, change
):
    raw = json.loads(place.ask().text())
    change(raw, json.loads(elsewhere.ask().text()))

    with pytest.raises(BrokenKeys, match="The request cannot be used"):
        requests.read_request(json.dumps(raw))


@pytest.mark.parametrize("cut", [0, 1, 100, 700])
def test_a_truncated_paper_is_refused(place: Place, cut: int):
    request = place.ask()
    answer = place.sign(request)

    for read, text in ((requests.read_request, request.text()), (requests.read_answer, answer)):
        with pytest.raises(BrokenKeys):
            read(text[:cut])


def test_a_root_that_has_run_out_vouches_for_nothing(place: Place):
    request = place.ask()

    with pytest.raises(NoKeys, match="The root has expired"):
        ceremony.answer(request, place.vault, at=NOW + timedelta(days=26 * 365))
