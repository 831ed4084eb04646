"""Signed notes, checkpoints and cosignatures."""

import base64
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from cissapp.certify.transparency.rules import notes
from cissapp.certify.transparency.rules.notes import (
    BadNote,
    Checkpoint,
    KeyKind,
    Signature,
    SignedNote,
    Verifier,
)

# The example of the package that the format comes from, golang.org/x/mod/sumdb/note.
VKEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
NOTE = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
    "\n"
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
# The example of https://c2sp.org/tlog-checkpoint and https://c2sp.org/tlog-cosignature.
CHECKPOINT = (
    "example.com/behind-the-sofa\n"
    "20852163\n"
    "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
    "\n"
    "— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n"
    "— witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n"
)
NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
LOG = Ed25519PrivateKey.from_private_bytes(b"l" * 32)
WITNESS = Ed25519PrivateKey.from_private_bytes(b"w" * 32)
NAME = "ciss.example/log"


def verifier(
    private: Ed25519PrivateKey = LOG, name: str = NAME, kind: KeyKind = KeyKind.SIGNATURE
) -> Verifier:
    return Verifier(name, kind, private.public_key().public_bytes_raw())


def signed(text: str, private: Ed25519PrivateKey = LOG, name: str = NAME) -> SignedNote:
    return SignedNote(
        text, (Signature(name, verifier(private, name).key_id, private.sign(text.encode())),)
    )


def test_the_published_example_of_a_note_verifies():
    note, key = notes.read_note(NOTE), notes.read_vkey(VKEY)

    assert (key.name, key.kind, key.key_id.hex(), key.vkey) == (
        "PeterNeumann",
        KeyKind.SIGNATURE,
        "c74f20a3",
        VKEY,
    )
    assert key.signed(note)
    assert str(note) == NOTE
    assert not key.signed(SignedNote(note.text.replace("you", "You"), note.signatures))


def test_the_published_example_of_a_checkpoint_is_read():
    note = notes.read_note(CHECKPOINT)
    found = notes.read_checkpoint(note.text)

    assert (found.origin, found.size, found.text) == (
        "example.com/behind-the-sofa",
        20852163,
        note.text,
    )
    assert [one.name for one in note.signatures] == [
        "example.com/behind-the-sofa",
        "witness.example.com/w1",
    ]
    assert notes.cosigned_at(note.signatures[1]) == datetime.fromtimestamp(1679315147, UTC)
    assert str(note) == CHECKPOINT


def test_a_witness_signs_a_header_the_time_and_the_checkpoint():
    note = signed(Checkpoint(NAME, 7, b"r" * 32).text)

    line = notes.cosign(note.text, "witness.example/w1", WITNESS, at=NOW)

    key = verifier(WITNESS, "witness.example/w1", KeyKind.COSIGNATURE)
    message = f"cosignature/v1\ntime {int(NOW.timestamp())}\n{note.text}"
    WITNESS.public_key().verify(line.content[8:], message.encode())
    both = note.signed_also([line, line])
    assert (len(both.signatures), key.signed(both), verifier().signed(both)) == (2, True, True)
    assert notes.cosigned_at(line) == NOW
    assert notes.read_note(str(both)) == both


@pytest.mark.parametrize(
    "change",
    [
        lambda one: Signature(one.name, one.key_id, one.content[:-1]),
        lambda one: Signature(one.name, one.key_id, one.content + b"\0"),
        lambda one: Signature(one.name, one.key_id, b"\0" * 8 + one.content[8:]),
        lambda one: Signature(one.name, one.key_id, b"\xff" + one.content[1:]),
        lambda one: Signature(one.name, b"\0\0\0\0", one.content),
        lambda one: Signature("witness.example/w2", one.key_id, one.content),
        lambda one: Signature(one.name, one.key_id, one.content[8:]),
    ],
)
def test_a_changed_cosignature_is_none(change):
    text = Checkpoint(NAME, 7, b"r" * 32).text
    line = notes.cosign(text, "witness.example/w1", WITNESS, at=NOW)
    key = verifier(WITNESS, "witness.example/w1", KeyKind.COSIGNATURE)

    assert key.made(line, text)
    assert not key.made(change(line), text)


def test_a_log_key_and_a_witness_key_are_not_mixed_up():
    text = Checkpoint(NAME, 7, b"r" * 32).text
    as_log, as_witness = verifier(WITNESS, "w"), verifier(WITNESS, "w", KeyKind.COSIGNATURE)
    line = notes.cosign(text, "w", WITNESS, at=NOW)

    assert (as_log.made(line, text), as_witness.made(line, text)) == (False, True)
    assert not as_witness.signed(signed(text, WITNESS, "w"))


def test_one_wrong_line_of_a_known_key_spoils_the_note():
    note = signed(Checkpoint(NAME, 7, b"r" * 32).text)
    wrong = Signature(NAME, verifier().key_id, b"\0" * 64)

    assert verifier().signed(note)
    assert not verifier().signed(note.signed_also([wrong]))


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "\n",
        "text\n",
        "text\n\n",
        "\n\n— a AAAAAAA=\n",
        "text\n\n— a AAAAAAA=",
        "text\n\n- a AAAAAAA=\n",
        "text\n\n— a\n",
        "text\n\n— a AAAA\n",
        "text\n\n— a AAAAAA==\n",
        "text\n\n— a AAAAAAB=\n",
        "text\n\n— a AAAAAAA=\r\n",
        "text\n\n— a AAAAAAA= more\n",
        "text\n\n—  AAAAAAA=\n",
        "text\n\n— a+b AAAAAAA=\n",
        "te\txt\n\n— a AAAAAAA=\n",
        "text\n\n" + "— a AAAAAAA=\n" * 101,
        "t" * 300_000 + "\n\n— a AAAAAAA=\n",
    ],
)
def test_what_is_no_note_is_refused(raw: str):
    with pytest.raises(BadNote):
        notes.read_note(raw)


ROOT = base64.b64encode(b"r" * 32).decode()


@pytest.mark.parametrize(
    "text",
    [
        "",
        f"a\n1\n{ROOT}",
        f"a\n1\n\n{ROOT}\n",
        "a\n1\n",
        f"\n1\n{ROOT}\n",
        f"a\n01\n{ROOT}\n",
        f"a\n-1\n{ROOT}\n",
        f"a\n+1\n{ROOT}\n",
        f"a\n1.0\n{ROOT}\n",
        f"a\n٣\n{ROOT}\n",
        f"a\n{2**63}\n{ROOT}\n",
        f"a\n{10**40}\n{ROOT}\n",
        f"a\n1\n{ROOT[:-4]}\n",
        f"a\n1\n{ROOT}=\n",
        f"a\n1\n{ROOT}\n\n",
    ],
)
def test_what_is_no_checkpoint_is_refused(text: str):
    with pytest.raises(BadNote):
        notes.read_checkpoint(text)


def test_further_lines_of_a_checkpoint_are_let_be():
    assert notes.read_checkpoint(f"a\n0\n{ROOT}\nmore\n") == Checkpoint("a", 0, b"r" * 32)


@pytest.mark.parametrize(
    "vkey",
    [
        "",
        "a",
        "a+b",
        VKEY.replace("c74f20a3", "c74f20a4"),
        VKEY.replace("PeterNeumann", "Peter"),
        VKEY[:-1],
        "a+00000000+AQ==",
        "a+00000000+",
        "a b+00000000+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        VKEY.replace("+ARpc", "+Axpc"),
    ],
)
def test_what_is_no_key_is_refused(vkey: str):
    with pytest.raises(BadNote):
        notes.read_vkey(vkey)


def test_a_checkpoint_of_another_log_or_another_key_is_refused():
    good = signed(Checkpoint(NAME, 7, b"r" * 32).text)
    other_log = signed(Checkpoint("other.example/log", 7, b"r" * 32).text)
    other_key = signed(good.text, WITNESS)

    assert notes.read_signed_checkpoint(str(good), [verifier()]) == (
        good,
        Checkpoint(NAME, 7, b"r" * 32),
    )
    with pytest.raises(BadNote, match=r"from another log: other\.example/log"):
        notes.read_signed_checkpoint(str(other_log), [verifier()])
    with pytest.raises(BadNote, match="not signed with the log's key"):
        notes.read_signed_checkpoint(str(other_key), [verifier()])


@given(st.text(), st.binary())
def test_strange_input_is_refused_and_never_breaks(text: str, content: bytes):
    for raw in (text, f"{text}\n\n— a {base64.b64encode(content).decode()}\n"):
        for read in (notes.read_note, notes.read_checkpoint, notes.read_vkey):
            try:
                found = read(raw)
            except BadNote:
                continue
            assert not isinstance(found, SignedNote) or str(found) == raw
