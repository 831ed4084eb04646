"""Public keys as multikeys."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st

from cissapp.foundation.signing.keys.multibase import base58, from_base58, from_multibase, multibase

# RFC 8032, section 7.1, TEST 1: the public key.
RFC_8032 = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"


# draft-msporny-base58, section 5; the last is of Bitcoin's own tests.
@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"Hello World!", "2NEpo7TZRRrLZSi2U"),
        (
            b"The quick brown fox jumps over the lazy dog.",
            "USm3fpXnKG5EUBx2ndxBDMPVciP5hGey2Jh4NDv6gmeo1LkMeiKrLJUUBk6Z",
        ),
        (bytes.fromhex("0000287fb4cd"), "11233QC4"),
        (b"", ""),
    ],
)
def test_base58_is_that_of_the_published_examples(content: bytes, text: str):
    assert (base58(content), from_base58(text)) == (text, content)


@given(st.binary(max_size=80))
def test_what_is_written_is_read(content: bytes):
    assert from_base58(base58(content)) == content


def test_a_key_is_written_as_a_multikey():
    public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(RFC_8032))

    written = multibase(public)

    assert written == "z6MktwupdmLXVVqTzCw4i46r4uGyosGXRnR3XjN4Zq7oMMsw"
    assert from_multibase(written) == public


@pytest.mark.parametrize(
    "text",
    [
        "",
        "z",
        "z6Mk",
        "m6MktwupdmLXVVqTzCw4i46r4uGyosGXRnR3XjN4Zq7oMMsw",
        "z6MktwupdmLXVVqTzCw4i46r4uGyosGXRnR3XjN4Zq7oMMs0",
        "z" + base58(b"\xed\x01" + bytes(31)),
        "z" + base58(b"\xec\x01" + bytes(32)),
        "z" * 100_000,
    ],
)
def test_what_is_no_key_is_refused(text: str):
    with pytest.raises(ValueError, match=r"multibase|substring"):
        from_multibase(text)


def test_a_new_key_begins_like_all_of_them():
    assert multibase(Ed25519PrivateKey.generate().public_key()).startswith("z6Mk")
