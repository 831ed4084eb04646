"""Forgeries of one genuine credential: each named, none may be accepted."""

import copy
import hashlib
import hmac
import json
from collections.abc import Iterator
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from cissapp.certify.credentials.open_badges.linked_data import canonical_form
from cissapp.certify.credentials.open_badges.proofs import format_moment
from cissapp.foundation.core.db import canonical
from cissapp.foundation.signing.keys.multibase import base58
from tests.certify.credentials.specimen import AT, DID, Specimen, packed

Path = tuple[Any, ...]


def leaves(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Go through all that is no object and no list."""
    if isinstance(value, dict):
        for name, one in value.items():
            yield from leaves(one, (*path, name))
    elif isinstance(value, list):
        for place, one in enumerate(value):
            yield from leaves(one, (*path, place))
    else:
        yield path, value


def changed(document: Any, path: Path, value: Any) -> Any:
    """Give a copy in which one value is another."""
    made = copy.deepcopy(document)
    place = made
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return made


def without(document: Any, path: Path) -> Any:
    made = copy.deepcopy(document)
    place = made
    for step in path[:-1]:
        place = place[step]
    del place[path[-1]]
    return made


def of_values(genuine: Specimen) -> dict[str, str]:
    """Change each single value of the signed document; then take each away."""
    made = {}
    for path, value in leaves(genuine.signed):
        name = "/".join(map(str, path))
        other = value + 1 if isinstance(value, int) else f"{value}x"
        made[f"changed {name}"] = canonical(changed(genuine.signed, path, other))
        made[f"taken away {name}"] = canonical(without(genuine.signed, path))
    return made


def _objects(value: Any, path: Path = ()) -> Iterator[Path]:
    if isinstance(value, dict):
        yield path
        for name, one in value.items():
            yield from _objects(one, (*path, name))
    elif isinstance(value, list):
        for place, one in enumerate(value):
            yield from _objects(one, (*path, place))


def of_words(genuine: Specimen) -> dict[str, str]:
    """Add something to each object: words that the contexts know, and words that they do not."""
    additions = {
        "an unknown word": {"guaranteedSafe": "yes"},
        "a full address": {"https://schema.org/award": "gold"},
        "a keyword": {"@type": "https://schema.org/Award"},
        "a context": {"@context": {"safe": "https://schema.org/award"}},
        "nothing": {"image": None},
        "an empty list": {"image": []},
        "a description": {"description": "This school is safe."},
    }
    made = {}
    for path in _objects(genuine.signed):
        for name, words in additions.items():
            here = genuine.signed
            for step in path:
                here = here[step]
            if set(words) & set(here):
                continue
            bigger = {**here, **words}
            document = changed(genuine.signed, path, bigger) if path else bigger
            made[f"{name} in {'/'.join(map(str, path))}"] = canonical(document)
    return made


def _resigned(
    document: dict[str, Any], private: Ed25519PrivateKey, method: str, **changes: str
) -> str:
    options = {
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-rdfc-2022",
        "created": format_moment(AT),
        "verificationMethod": method,
        "proofPurpose": "assertionMethod",
        **changes,
    }
    with_context = {"@context": document["@context"], **options}
    data = b"".join(
        hashlib.sha256(canonical_form(one)).digest() for one in (with_context, document)
    )
    proof = {**options, "proofValue": "z" + base58(private.sign(data))}
    return canonical({**document, "proof": [proof]})


def of_issuers(genuine: Specimen) -> dict[str, str]:
    """Sign with a key of one's own, under our name or another; take proofs from elsewhere."""
    private, document = Ed25519PrivateKey.generate(), genuine.document
    ours, key_id = genuine.key.id, genuine.key.id
    other = changed(document, ("issuer", "id"), "did:web:other.example")
    foreign_list = json.loads(genuine.lists().popitem()[1])
    upside_down = {**genuine.signed, "@context": genuine.signed["@context"][::-1]}
    one_context = {**genuine.signed, "@context": genuine.signed["@context"][:1]}
    more = {**genuine.signed, "@context": [*genuine.signed["@context"], "https://evil.example/c"]}
    return {
        "own key under our name": _resigned(document, private, f"{DID}#{ours}"),
        "own key under a name of its own": _resigned(document, private, f"{DID}#evil"),
        "other issuer, own key": _resigned(other, private, f"did:web:other.example#{key_id}"),
        "other issuer, our signature": canonical(
            genuine.sign(other, did="did:web:other.example")
        ).replace("did:web:other.example#", f"{DID}#"),
        "our key, other issuer": canonical(genuine.sign(other)),
        "for another purpose": _resigned(
            document, private, f"{DID}#{ours}", proofPurpose="authentication"
        ),
        "another kind of proof": canonical(
            changed(genuine.signed, ("proof", 0, "cryptosuite"), "eddsa-jcs-2022")
        ),
        "the proof of a list": canonical({**document, "proof": foreign_list["proof"]}),
        "a status list instead": canonical(foreign_list),
        "no proof": canonical(document),
        "proof is a text": canonical({**document, "proof": "trust me"}),
        "contexts upside down": canonical(upside_down),
        "one context": canonical(one_context),
        "one context more": canonical(more),
        "signature in other marks": canonical(
            changed(
                genuine.signed,
                ("proof", 0, "proofValue"),
                "z1" + genuine.signed["proof"][0]["proofValue"][1:],
            )
        ),
    }


def of_texts(genuine: Specimen) -> dict[str, str]:
    """Say a thing twice, so that two readers could read two things."""
    text = genuine.text
    return {
        "a name twice": text.replace('"name":', '"name":"Other","name":', 1),
        "the proof twice": text.replace('"proof":', '"proof":[],"proof":', 1),
        "two documents": text + text,
        "cut off": text[:-1],
        "a number that is none": text.replace('"ttl"', '"x":NaN,"ttl"').replace(
            '"type":', '"x":NaN,"type":', 1
        ),
        "a fraction": text.replace('"type":', '"points":2.0,"type":', 1),
        "half a character": text.replace('"name":"', '"name":"\\ud800', 1),
        "nothing": "",
        "no object": "[]",
    }


def of_tokens(genuine: Specimen) -> dict[str, str]:
    """Change header, payload or signature of the token."""
    header, payload, signature = genuine.token.split(".")
    kid = f"{DID}#{genuine.key.id}"
    head = {"alg": "EdDSA", "kid": kid, "typ": "JWT"}
    private = Ed25519PrivateKey.generate()
    secret = (genuine.key.multibase or "").encode()
    richer = {**genuine.document, "name": "Other"}
    swapped = genuine.as_token(richer).split(".")[1]
    document = json.loads(json.dumps(genuine.document))

    def with_header(**changes: Any) -> str:
        return f"{packed({**head, **changes})}.{payload}.{signature}"

    def signed(header_: dict[str, Any], payload_: dict[str, Any], key: Ed25519PrivateKey) -> str:
        text = f"{packed(header_)}.{packed(payload_)}"
        return f"{text}.{packed(key.sign(text.encode()))}"

    mac = hmac.new(secret, f"{packed({**head, 'alg': 'HS256'})}.{payload}".encode(), hashlib.sha256)
    return {
        "alg none": f"{packed({**head, 'alg': 'none'})}.{payload}.",
        "alg none, our signature": with_header(alg="none"),
        "alg None": with_header(alg="nOnE"),
        "alg HS256 with the public key": (
            f"{packed({**head, 'alg': 'HS256'})}.{payload}.{packed(mac.digest())}"
        ),
        "alg ES256": with_header(alg="ES256"),
        "alg RS256": with_header(alg="RS256"),
        "own key in the header": with_header(jwk={"kty": "OKP", "crv": "Ed25519", "x": "AA"}),
        "own address of keys": with_header(jku="https://evil.example/keys"),
        "own certificates": with_header(x5u="https://evil.example/c"),
        "critical": with_header(crit=["exp"]),
        "unencoded": with_header(b64=False, crit=["b64"]),
        "another type": with_header(typ="vc+jwt"),
        "unknown key": with_header(kid=f"{DID}#evil"),
        "key of another": with_header(kid="did:web:other.example#2023-A"),
        "path as key": with_header(kid="../../keys.json"),
        "key is a number": with_header(kid=1),
        "signed with own key": signed(head, {**document, "iss": DID}, private),
        "all claims, own key": signed(
            head, json.loads(_unpacked(payload)) | {"name": "Other"}, private
        ),
        "swapped payload": f"{header}.{swapped}.{signature}",
        "no signature": f"{header}.{payload}.",
        "two parts": f"{header}.{payload}",
        "four parts": f"{genuine.token}.{signature}",
        "signature cut": genuine.token[:-2],
        "padding": f"{genuine.token}=",
        "blank": genuine.token.replace(".", " ."),
        "other last bits": _other_last_bits(genuine.token),
        "proof's signature": f"{header}.{payload}."
        + packed(genuine.signed["proof"][0]["proofValue"].encode()),
    }


def _unpacked(part: str) -> bytes:
    from base64 import urlsafe_b64decode

    return urlsafe_b64decode(part + "=" * (-len(part) % 4))


def _other_last_bits(token: str) -> str:
    """Write the same bytes with other unused bits: 64 bytes leave four of them."""
    marks = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    return token[:-1] + marks[marks.index(token[-1]) ^ 1]


def all_of(genuine: Specimen) -> dict[str, str]:
    makers = (of_values, of_words, of_issuers, of_texts, of_tokens)
    return {name: text for maker in makers for name, text in maker(genuine).items()}
