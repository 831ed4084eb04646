"""A genuine credential with its list, made from keys alone."""

import json
from base64 import urlsafe_b64encode
from datetime import UTC, datetime, timedelta
from uuid import UUID

from cissapp.certify.certificates.document.pdf.words import certificate_words
from cissapp.certify.credentials.open_badges.checking import examine
from cissapp.certify.credentials.open_badges.document import (
    CredentialSource,
    ListPlace,
    write_credential,
)
from cissapp.certify.credentials.open_badges.proofs import add_proof
from cissapp.certify.credentials.open_badges.status_lists import sign_list
from cissapp.certify.credentials.open_badges.tokens import sign_token
from cissapp.certify.credentials.rules.findings import CredentialFindings
from cissapp.certify.credentials.rules.status_bits import (
    ListPurpose,
    StatusMessage,
    bits_of,
    bits_of_messages,
)
from cissapp.foundation.core.db import canonical
from cissapp.foundation.signing.keys import Keyring
from tests.certify.certificates import specimen as certificates

AT = datetime(2026, 11, 25, 9, tzinfo=UTC)
LATER = AT + timedelta(days=1)
KEYS_SINCE = datetime(2023, 1, 1, tzinfo=UTC)
LISTS_SINCE = datetime(2024, 1, 1, tzinfo=UTC)
BASE = "https://ciss.example"
DID = "did:web:ciss.example"
LIST = f"{BASE}/status/message-1"
INDEX = 131_072 + 4711
OLD_INDEX = 4711
CERTIFICATE = UUID("5b6d2c1e-52b4-4a52-9a0e-1f1d3a3c9e77")
FILE_SHA256 = "ab" * 32


def source(language: str = "uk", base_url: str = BASE, **changes) -> CredentialSource:
    facts = certificates.facts(language, base_url=base_url, **changes)
    programme = certificates.content()
    country = programme.countries[facts.country_code]
    *own, words = certificate_words((language,), programme.standard, country, base_url)
    place = ListPlace("message-1", INDEX)
    own_words = own[0] if own else None
    return CredentialSource(CERTIFICATE, facts, FILE_SHA256, words, base_url, place, own_words)


def of_first_edition(document: dict) -> dict:
    """Return a credential with two entries of status, as the first edition had them."""
    entries = [
        {
            "id": f"{BASE}/status/{purpose.value}-1#{OLD_INDEX}",
            "type": "BitstringStatusListEntry",
            "statusPurpose": purpose.value,
            "statusListIndex": str(OLD_INDEX),
            "statusListCredential": f"{BASE}/status/{purpose.value}-1",
        }
        for purpose in (ListPurpose.REVOCATION, ListPurpose.SUSPENSION)
    ]
    return {**document, "credentialStatus": entries}


class Specimen:
    """A credential in both forms, and lists in any state; each by a key of its own."""

    def __init__(self, ring: Keyring) -> None:
        self.ring = ring
        self.key, self.list_key = ring.keys
        self.document = write_credential(source())
        self.signed = self.sign(self.document)
        self.text = canonical(self.signed)
        self.token = self.as_token(self.document)
        self.good_lists = self.lists()

    def sign(self, document, *, at=AT, did=DID):
        return add_proof(document, did=did, ring=self.ring, key=self.key, at=at)

    def as_token(self, document, *, at=AT) -> str:
        return sign_token(document, did=DID, ring=self.ring, key=self.key, at=at)

    def list_of(self, message: StatusMessage, *places: int, at=AT, name: str = "message-1") -> str:
        """Write the list of now, with one message for all of these places."""
        bits = bits_of_messages(dict.fromkeys(places, message))
        return self.signed_bits(name, ListPurpose.MESSAGE, bits, at=at)

    def old_list_of(self, purpose: ListPurpose, *places: int, at=AT) -> str:
        return self.signed_bits(f"{purpose.value}-1", purpose, bits_of(places), at=at)

    def signed_bits(self, name: str, purpose: ListPurpose, bits: bytes, *, at=AT) -> str:
        return sign_list(
            name,
            purpose,
            bits,
            base_url=BASE,
            ring=self.ring,
            key=self.list_key,
            at=at,
        )

    def lists(self, message: StatusMessage = StatusMessage.VALID, *, at=AT) -> dict[str, str]:
        return {LIST: self.list_of(message, INDEX, at=at)}

    def old_lists(self, *, revoked: bool = False, suspended: bool = False, at=AT) -> dict[str, str]:
        sets = {ListPurpose.REVOCATION: revoked, ListPurpose.SUSPENSION: suspended}
        return {
            f"{BASE}/status/{purpose.value}-1": self.old_list_of(
                purpose, 7, *([OLD_INDEX] if is_set else []), at=at
            )
            for purpose, is_set in sets.items()
        }

    def look(self, content: str | bytes, **values) -> CredentialFindings:
        """Examine with good lists a day later, unless something else is named."""
        sent = content.encode() if isinstance(content, str) else content
        values = {"lists": self.good_lists, "at": LATER, **values}
        return examine(sent, values.pop("ring", self.ring), **values)


def packed(content: bytes | dict) -> str:
    """Write as the parts of a token are written."""
    raw = content if isinstance(content, bytes) else json.dumps(content).encode()
    return urlsafe_b64encode(raw).decode().rstrip("=")
