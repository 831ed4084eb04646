"""Bits, addresses, strict reading, the document of keys, contexts and pictures."""

import hashlib
import json
from datetime import timedelta
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from PIL import Image

from cissapp.certify.certificates.models import IS_CHANGE
from cissapp.certify.credentials.open_badges import one_form, pictures
from cissapp.certify.credentials.open_badges.contexts import CONTEXTS
from cissapp.certify.credentials.open_badges.document import multihash, write_credential
from cissapp.certify.credentials.open_badges.linked_data import (
    FILES,
    UnknownTerms,
    canonical_form,
    load_context,
)
from cissapp.certify.credentials.open_badges.pictures import BadgePicture
from cissapp.certify.credentials.queries import CHANGES
from cissapp.certify.credentials.rules.addresses import did_of, host_of
from cissapp.certify.credentials.rules.did import did_document
from cissapp.certify.credentials.rules.status_bits import (
    BYTES,
    ENTRIES,
    MESSAGE_BITS,
    PLACES,
    ListPurpose,
    StatusMessage,
    bits_of,
    bits_of_messages,
    decode_bits,
    encode_bits,
    is_set,
    message_at,
)
from cissapp.certify.credentials.rules.strict_json import UnreadableCredential, read_json
from tests.certify.credentials.specimen import AT, DID, Specimen, source
from tests.shipped import SHIPPED

# --- bits --------------------------------------------------------------------------------------


@given(st.sets(st.integers(0, ENTRIES - 1), max_size=30))
def test_bits_survive_packing(places):
    bits = decode_bits(encode_bits(bits_of(places)), BYTES[ListPurpose.REVOCATION])

    assert all(is_set(bits, place) for place in places)
    assert sum(byte.bit_count() for byte in bits) == len(places)


PLACE = st.integers(PLACES[ListPurpose.MESSAGE].start, PLACES[ListPurpose.MESSAGE].stop - 1)


@given(st.dictionaries(PLACE, st.sampled_from(StatusMessage), max_size=30), PLACE)
def test_a_list_of_messages_is_read_by_pairs_of_bits_and_by_single_bits(messages, other):
    """Programs that know `statusSize` read two bits a place; the others read one, at the place's number."""
    bits = decode_bits(encode_bits(bits_of_messages(messages)), BYTES[ListPurpose.MESSAGE])
    looked_at = {other: StatusMessage.VALID, **messages}

    assert {one: message_at(bits, one) for one in looked_at} == looked_at
    assert {one: is_set(bits, one) for one in looked_at} == {
        one: message is not StatusMessage.VALID for one, message in looked_at.items()
    }
    assert len(bits) * 8 // MESSAGE_BITS == PLACES[ListPurpose.MESSAGE].stop


def test_the_higher_of_two_bits_comes_first():
    place = PLACES[ListPurpose.MESSAGE].start
    bits = bits_of_messages({place: StatusMessage.WITHDRAWN})

    assert (is_set(bits, 2 * place), is_set(bits, 2 * place + 1)) == (True, False)


def test_the_first_bit_is_the_highest_of_the_first_byte():
    assert bits_of([0])[0] == 0b1000_0000
    assert bits_of([9])[:2] == bytes([0, 0b0100_0000])


def test_equal_bits_are_equal_text():
    assert encode_bits(bits_of([1, 2])) == encode_bits(bits_of([2, 1]))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "u",
        "zabc",
        "u" + "A" * 100,
        encode_bits(b"\x00" * 10),
        encode_bits(b"\x00" * 20_000),
        encode_bits(b"\x00" * 50_000_000),
        encode_bits(bits_of([]))[:-9],
    ],
)
def test_other_bit_strings_are_refused(text):
    with pytest.raises(ValueError, match="bit string"):
        decode_bits(text, BYTES[ListPurpose.REVOCATION])


# --- addresses ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("base_url", "did"),
    [
        ("https://ciss.example", "did:web:ciss.example"),
        ("http://localhost:8000", "did:web:localhost%3A8000"),
        ("https://CISS.Example", "did:web:ciss.example"),
    ],
)
def test_an_installation_is_named_by_its_host(base_url, did):
    assert did_of(base_url) == did


def test_the_host_of_a_name():
    assert host_of("did:web:localhost%3A8000") == "localhost:8000"
    assert host_of("did:key:z6Mk") is None


# --- reading -----------------------------------------------------------------------------------


@given(
    st.recursive(
        st.text(min_size=1, max_size=5) | st.integers(-9, 9) | st.booleans(),
        lambda inner: (
            st.lists(inner, min_size=1, max_size=3)
            | st.dictionaries(st.text(max_size=3), inner, min_size=1, max_size=3)
        ),
        max_leaves=8,
    )
)
def test_what_is_written_plainly_is_read(value):
    try:
        text = json.dumps({"a": value}).encode()
        json.dumps({"a": value}, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return
    assert read_json(text) == {"a": value}


@pytest.mark.parametrize(
    "text",
    [
        '{"a":1,"a":1}',
        '{"b":{"a":1,"a":2}}',
        '{"a":null}',
        '{"a":[]}',
        '{"a":{}}',
        '{"a":1.5}',
        '{"a":1e3}',
        '{"a":NaN}',
        '{"a":Infinity}',
        '{"a":"\\udc00"}',
        '{"\\ud800":1}',
        '"a"',
        "{",
        "",
        '{"a":1} x',
    ],
)
def test_what_two_readers_could_read_in_two_ways_is_refused(text):
    with pytest.raises(UnreadableCredential):
        read_json(text)


# --- linked data -------------------------------------------------------------------------------


def test_the_contexts_are_the_ones_that_were_pinned():
    written = (CONTEXTS / "README.md").read_text("utf-8")

    for name in FILES.values():
        digest = hashlib.sha256((CONTEXTS / name).read_bytes()).hexdigest()
        assert f"{digest}  {name}" in written


def test_nothing_is_fetched(monkeypatch):
    def refuse(*_args, **_values):
        raise AssertionError("somebody opens a connection")

    monkeypatch.setattr("socket.socket.connect", refuse)
    document = {**write_credential(source()), "@context": ["https://evil.example/context"]}

    with pytest.raises(UnknownTerms):
        canonical_form(document)
    with pytest.raises(UnknownTerms):
        load_context("https://www.w3.org/2018/credentials/v1")


def test_the_one_form_does_not_depend_on_the_order_of_writing():
    document = write_credential(source())
    upside_down = json.loads(json.dumps(dict(reversed(document.items()))))

    assert canonical_form(document) == canonical_form(upside_down)


def test_every_value_of_the_document_is_in_what_is_signed():
    document = write_credential(source())
    form = canonical_form(document).decode()

    from tests.certify.credentials.forgeries import leaves

    missing = [
        path
        for path, value in leaves(document)
        if path[0] != "@context" and "type" not in path and str(value) not in form
    ]

    # Names in other alphabets are written out in the one form as they are.
    assert missing == []


def test_parts_without_a_name_are_few():
    form = canonical_form(write_credential(source())).decode()

    assert "_:c14n2" not in form
    assert one_form.MOST_STEPS > 100


# --- document ----------------------------------------------------------------------------------


def test_the_text_says_what_was_found_and_what_not():
    document = write_credential(source())
    narrative = document["credentialSubject"]["achievement"]["criteria"]["narrative"]

    assert "met the criteria of level 2" in narrative
    assert narrative.endswith(SHIPPED.standard.certificate_texts["en"].not_meaning)
    english, own = document["description"].split(" / ")
    texts = SHIPPED.standard.certificate_texts
    assert english.endswith(texts["en"].not_meaning)
    assert own.endswith(texts["uk"].not_meaning)
    assert "safe school" not in json.dumps(document).lower()


def test_an_achieved_level_is_one_of_those_described():
    achievement = write_credential(source(level=3))["credentialSubject"]["achievement"]
    overall = achievement["resultDescription"][0]
    result = write_credential(source(level=3))["credentialSubject"]["result"][0]

    assert [one["level"] for one in overall["rubricCriterionLevel"]] == ["1", "2", "3"]
    assert result["achievedLevel"] == overall["rubricCriterionLevel"][2]["id"]


def test_a_hash_is_written_as_a_multihash():
    # Multihash: 12 is SHA-256, 20 are 32 bytes; multibase: u is base64url.
    assert multihash("00" * 32) == "uEiAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"


# --- keys --------------------------------------------------------------------------------------


def test_retired_keys_stay_trusted_stolen_ones_do_not(genuine: Specimen):
    retired = genuine.key.marked(retired_at=AT)
    stolen = genuine.list_key.marked(compromised_at=AT)
    too_old = replace(genuine.key, id="2019-A", multibase=None)

    document = did_document(DID, [too_old, retired, stolen])

    assert [one["id"] for one in document["verificationMethod"]] == [
        f"{DID}#{retired.id}",
        f"{DID}#{stolen.id}",
    ]
    assert [one.get("revoked") for one in document["verificationMethod"]] == [
        None,
        "2026-11-25T09:00:00Z",
    ]
    assert document["assertionMethod"] == [f"{DID}#{retired.id}"]
    assert stolen.until_at - AT > timedelta(days=1)


# --- pictures ----------------------------------------------------------------------------------


@pytest.mark.parametrize("demo", [False, True])
@pytest.mark.parametrize("level", [1, 2, 3])
def test_a_badge_shows_level_and_years_and_never_the_word_safe(level, demo):
    badge = BadgePicture(level, 2026, 2028, demo=demo)
    picture, drawn = pictures.draw_svg(badge), Image.open(BytesIO(pictures.draw_png(badge)))

    lines = [one.text for one in badge.lines]
    assert lines == ["CISS", "LEVEL", str(level), "2026 – 2028", *(["DEMO"] if demo else [])]
    assert all(f">{line}</text>" in picture for line in lines)
    assert "safe" not in picture.lower()
    assert (drawn.size, drawn.format) == ((480, 480), "PNG")
    corner, middle = (
        drawn.convert("RGBA").getpixel((0, 0)),
        drawn.convert("RGBA").getpixel((240, 20)),
    )
    assert corner[3] == 0
    assert middle[3] > 250


def test_badges_of_other_levels_look_different():
    drawn = {pictures.draw_png(BadgePicture(level, 2026, 2028, demo=False)) for level in (1, 2, 3)}

    assert len(drawn) == 3


def test_the_entries_of_the_index_are_those_that_change_a_status_list():
    found = ", ".join(f"'{event}'" for event in CHANGES)

    assert f"event IN ({found})" == IS_CHANGE
